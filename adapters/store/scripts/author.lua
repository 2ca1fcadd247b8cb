-- Find an author's cases that are still kept: how many there are, then the newest.
-- KEYS: author
-- ARGV: what a case's key begins with, and a folded one's, the case to leave out, how many to name, to count
local found, most, all = { 0 }, tonumber(ARGV[4]), tonumber(ARGV[5])
for _, id in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
  if found[1] < all and id ~= ARGV[3] and redis.call('EXISTS', ARGV[1] .. id, ARGV[2] .. id) > 0 then
    found[1] = found[1] + 1
    if found[1] <= most then found[#found + 1] = id end
  end
end
return found
