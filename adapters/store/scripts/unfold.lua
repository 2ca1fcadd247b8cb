-- Put a folded case back as it was, if it is still the one the client has unpacked.
-- KEYS: case, folded, trail
-- ARGV: folded, how many fields and values, those, then the entries
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local keep, fields = redis.call('PTTL', KEYS[2]), tonumber(ARGV[2])
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], unpack(ARGV, 3, 2 + fields))
redis.call('RPUSH', KEYS[3], unpack(ARGV, 3 + fields))
redis.call('PEXPIRE', KEYS[1], keep)
redis.call('PEXPIRE', KEYS[3], keep)
return 1
