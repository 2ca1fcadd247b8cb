-- Take up again what was set aside of a case; returns how many steps.
-- KEYS: case, open, aside, then ready of each lane
-- ARGV: case ID, now, then the lanes
local id, taken = ARGV[1], 0
for i = 3, #ARGV do
  if redis.call('ZREM', KEYS[3], ARGV[i] .. ' ' .. id) == 1 then
    local rank = redis.call('ZSCORE', KEYS[2], id) or string.format('%.0f', 2 * 2 ^ 42 + ARGV[2])
    redis.call('HDEL', KEYS[1], 'n:' .. ARGV[i], 'a:' .. ARGV[i])
    redis.call('ZADD', KEYS[i + 1], rank, id)
    taken = taken + 1
  end
end
return taken
