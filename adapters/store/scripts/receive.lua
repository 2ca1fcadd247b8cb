-- Open a case, unless its mention is known; returns the digest of the text known, false for a new one.
-- KEYS: seen, case, folded, trail, who, open, ready, thread (where another post began it)
-- ARGV: digest, case ID, rank, version, lane, case, entry, then texts by name
local known = redis.call('GET', KEYS[1])
if known then return known end
if redis.call('EXISTS', KEYS[2], KEYS[3]) > 0 then return ARGV[1] end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[2], 'v', ARGV[4], 's', ARGV[5], 'c', ARGV[6], unpack(ARGV, 8))
redis.call('RPUSH', KEYS[4], ARGV[7])
redis.call('SET', KEYS[5], ARGV[2])
redis.call('ZADD', KEYS[6], ARGV[3], ARGV[2])
redis.call('ZADD', KEYS[7], ARGV[3], ARGV[2])
if KEYS[8] then
  redis.call('ZADD', KEYS[8], '+inf', ARGV[2])
  redis.call('PERSIST', KEYS[8])
end
return false
