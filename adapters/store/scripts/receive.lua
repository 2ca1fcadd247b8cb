-- Open a case, unless its mention is known; returns the digest of the text known, false for a new one.
-- KEYS: seen, case, folded, trail, who, open, ready, numbers, total, states, author, address,
--       thread (where another post began it)
-- ARGV: digest, case ID, rank, version, lane, case, entry, state, what it counts as, how long that is kept,
--       when it came, how long its author's cases are known, how many of them, whether it has an address,
--       then texts by name
local known = redis.call('GET', KEYS[1])
if known then return known end
if redis.call('EXISTS', KEYS[2], KEYS[3]) > 0 then return ARGV[1] end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[2], 'v', ARGV[4], 's', ARGV[5], 'c', ARGV[6], unpack(ARGV, 15))
redis.call('RPUSH', KEYS[4], ARGV[7])
redis.call('SET', KEYS[5], ARGV[2])
redis.call('ZADD', KEYS[6], ARGV[3], ARGV[2])
redis.call('ZADD', KEYS[7], ARGV[3], ARGV[2])
redis.call('ZADD', KEYS[11], ARGV[11], ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[11], 0, -1 - ARGV[13])
redis.call('PEXPIRE', KEYS[11], ARGV[12])
if ARGV[14] == '1' and redis.call('SCARD', KEYS[12]) < 50 then
  redis.call('SADD', KEYS[12], ARGV[2])
  redis.call('PEXPIRE', KEYS[12], ARGV[12])
end
if KEYS[13] then
  redis.call('ZADD', KEYS[13], '+inf', ARGV[2])
  redis.call('PERSIST', KEYS[13])
end
count(KEYS[8], KEYS[9], ARGV[10], { ARGV[9], 1 }, 1, 2)
redis.call('HINCRBY', KEYS[10], ARGV[8], 1)
return false
