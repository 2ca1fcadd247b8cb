-- Find texts that share a band: where each stands and the text itself, the newest 20 of each band.
-- KEYS: near and sent of each span, the newest first
-- ARGV: since, what a case's key begins with, then the bands
-- A place is "<when> <digest> <author> <case ID>"; the answer is a bundle of places and texts.
local since, case_key, NEWEST = tonumber(ARGV[1]), ARGV[2], 20
local found, seen = {}, {}

local function look(sent, span, nth)
  local name = span .. ' ' .. nth
  if seen[name] ~= nil then return seen[name] end
  seen[name] = false
  local place = redis.call('LINDEX', sent, nth)
  local at, digest, id = string.match(place or '', '^(%d+) (%S+) %S+ (.*)')
  if not at or tonumber(at) < since then return false end
  local text = redis.call('HGET', case_key .. id, 't:' .. digest)
  if not text or text == '' then return false end
  found[#found + 1] = place
  found[#found + 1] = text
  seen[name] = true
  return true
end

for i = 3, #ARGV do
  local left = NEWEST
  for span = 1, #KEYS, 2 do
    local places = {}
    for nth in string.gmatch(redis.call('HGET', KEYS[span], ARGV[i]) or '', '%d+') do places[#places + 1] = nth end
    for j = #places, 1, -1 do
      if left > 0 and look(KEYS[span + 1], span, places[j]) then left = left - 1 end
    end
  end
end
return bundle(found)
