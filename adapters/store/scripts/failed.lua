-- Give a step back for later, or set it aside after too many tries; returns 0 when it was set aside.
-- KEYS: case, due, ready, aside
-- ARGV: case ID, lane, lease, due again at, most tries, reason, now
local id, lane = ARGV[1], ARGV[2]
if redis.call('HGET', KEYS[1], 'l:' .. lane) ~= ARGV[3] then return 1 end
redis.call('HDEL', KEYS[1], 'l:' .. lane)
redis.call('ZREM', KEYS[3], id)
if redis.call('HINCRBY', KEYS[1], 'n:' .. lane, 1) < tonumber(ARGV[5]) then
  redis.call('ZADD', KEYS[2], ARGV[4], id)
  return 1
end
redis.call('ZREM', KEYS[2], id)
redis.call('HSET', KEYS[1], 'a:' .. lane, ARGV[6])
redis.call('ZADD', KEYS[4], ARGV[7], lane .. ' ' .. id)
return 0
