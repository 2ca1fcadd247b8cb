-- Cases as they stand: a bundle, a folded case, or false for each.
-- KEYS: case, folded; again for each case
local found = {}
for i = 1, #KEYS, 2 do
  local fields = redis.call('HGETALL', KEYS[i])
  found[#found + 1] = #fields > 0 and bundle(fields) or redis.call('GET', KEYS[i + 1])
end
return found
