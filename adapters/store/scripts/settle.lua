-- Put what a call used in the place of what was set aside for it. Told twice, counts once.
-- KEYS: numbers, total, spent on the case, once
-- ARGV: tokens set aside, how long numbers are kept, how long this is remembered, whether a case asked, then names
--       and numbers
if not redis.call('SET', KEYS[4], '', 'NX', 'PX', ARGV[3]) then return end
local left = math.max(0, tonumber(redis.call('HGET', KEYS[1], 'reserved') or 0) - tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'reserved', string.format('%.0f', left))
if #ARGV > 4 and ARGV[4] == '1' then
  if redis.call('EXISTS', KEYS[3]) == 0 then count(KEYS[1], KEYS[2], ARGV[2], { 'spent:cases', 1 }, 1, 2) end
  for i = 5, #ARGV, 2 do redis.call('HINCRBY', KEYS[3], ARGV[i], ARGV[i + 1]) end
  redis.call('PEXPIRE', KEYS[3], ARGV[2])
end
count(KEYS[1], KEYS[2], ARGV[2], ARGV, 5, #ARGV)
