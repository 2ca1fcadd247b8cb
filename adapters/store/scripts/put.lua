-- Move a cursor, unless a newer reader has taken over.
-- KEYS: source
-- ARGV: fence, cursor
if tonumber(redis.call('HGET', KEYS[1], 'fence') or 0) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'cursor', ARGV[2])
return 1
