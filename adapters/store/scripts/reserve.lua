-- Set tokens of a day aside, unless that would be too many; returns whether. Asked twice, answers the same.
-- KEYS: numbers, once
-- ARGV: tokens, limit, how long numbers are kept, how long an answer is kept
local answered = redis.call('GET', KEYS[2])
if answered then return tonumber(answered) end
local used = 0
for _, number in ipairs(redis.call('HMGET', KEYS[1], 'spent:tokens_in', 'spent:tokens_out', 'reserved')) do
  used = used + (tonumber(number) or 0)
end
local fits = used + tonumber(ARGV[1]) <= tonumber(ARGV[2]) and 1 or 0
if fits == 1 then
  redis.call('HINCRBY', KEYS[1], 'reserved', ARGV[1])
  if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
end
redis.call('SET', KEYS[2], fits, 'PX', ARGV[4])
return fits
