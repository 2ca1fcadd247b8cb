-- Pay a drawing up to the version that was drawn; a newer one stays owed.
-- KEYS: case, due, ready
-- ARGV: case ID, lane, channel, lease, version, posted, rank
local id, lane, channel = ARGV[1], ARGV[2], ARGV[3]
local found = redis.call('HMGET', KEYS[1], 'l:' .. lane, 'v')
if found[1] ~= ARGV[4] then return 0 end
redis.call('HSET', KEYS[1], 'd:' .. channel, ARGV[5], 'm:' .. channel, ARGV[6])
redis.call('HDEL', KEYS[1], 'l:' .. lane, 'n:' .. lane, 'a:' .. lane)
redis.call('ZREM', KEYS[2], id)
if tonumber(ARGV[5]) < tonumber(found[2]) then
  redis.call('ZADD', KEYS[3], ARGV[7], id)
else
  redis.call('ZREM', KEYS[3], id)
end
return 1
