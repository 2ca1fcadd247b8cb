-- Keep a leased step for longer; 0 when the lease was lost.
-- KEYS: case, due
-- ARGV: case ID, lane, lease, its new end
if redis.call('HGET', KEYS[1], 'l:' .. ARGV[2]) ~= ARGV[3] then return 0 end
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[2], 'XX', ARGV[4], ARGV[1])
return 1
