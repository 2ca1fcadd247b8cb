-- Lease what is due, worst first; returns a lane, a case ID and a bundle for each step.
-- KEYS: paused, open, then due and ready of each lane
-- ARGV: now, end of the lease, its name, what a case's key begins with, then each lane with how many
local now, ends, lease, case_key = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
-- How many become due at once in one call; the rest in the next.
local PROMOTED = 500
-- A closed case's drawing waits as if it were due now: 2 * 2^42 is where the tier of most cases begins.
local CLOSED = string.format('%.0f', 2 * 2 ^ 42 + now)
local found = {}

local function promote(due, ready)
  local late = redis.call('ZRANGE', due, '-inf', now, 'BYSCORE', 'LIMIT', 0, PROMOTED)
  for _, id in ipairs(late) do
    redis.call('ZADD', ready, redis.call('ZSCORE', KEYS[2], id) or CLOSED, id)
  end
  if #late > 0 then redis.call('ZREM', due, unpack(late)) end
end

local function is_owed(lane, key)
  local channel = string.match(lane, '^card:(.*)')
  if not channel then return redis.call('HGET', key, 's') == lane end
  local drawn = redis.call('HMGET', key, 'v', 'd:' .. channel)
  return drawn[1] and tonumber(drawn[2] or 0) < tonumber(drawn[1])
end

for i = 5, #ARGV, 2 do
  local lane, due, ready = ARGV[i], KEYS[i - 2], KEYS[i - 1]
  if lane ~= 'publish' or redis.call('EXISTS', KEYS[1]) == 0 then
    promote(due, ready)
    local worst = redis.call('ZPOPMIN', ready, ARGV[i + 1])
    for j = 1, #worst, 2 do
      local id, key = worst[j], case_key .. worst[j]
      if is_owed(lane, key) then
        redis.call('HSET', key, 'l:' .. lane, lease)
        redis.call('ZADD', due, ends, id)
        found[#found + 1] = lane
        found[#found + 1] = id
        found[#found + 1] = bundle(redis.call('HGETALL', key))
      end
    end
  end
end
return found
