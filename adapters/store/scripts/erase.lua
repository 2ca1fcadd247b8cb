-- Empty a case's texts, all or those named; returns how many.
-- KEYS: case, revision
-- ARGV: field names of texts; none for all
local names = ARGV
if #names == 0 then
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.sub(field, 1, 2) == 't:' then names[#names + 1] = field end
  end
end
local erased = 0
for _, name in ipairs(names) do
  if redis.call('HEXISTS', KEYS[1], name) == 1 then
    redis.call('HSET', KEYS[1], name, '')
    erased = erased + 1
  end
end
redis.call('INCR', KEYS[2])
return erased
