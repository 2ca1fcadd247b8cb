-- Lease what is due, worst first; returns a lane, a case ID and a bundle for each step.
-- A lane with a pace gives one step, and then none until its pace has passed: the slot goes to whoever is worst
-- when it becomes free. A drawing in such a lane that was begun before, and never saved, comes back as '?'.
-- KEYS: paused, open, then due, ready and pace of each lane
-- ARGV: now, end of the lease, its name, what a case's key begins with, then each lane with how many and its pace
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

-- Whoever looks a little late, as every worker does, does not slow the lane down: the slots stay where they are.
local LATE = 250

local function lease_it(lane, due, id, key)
  redis.call('HSET', key, 'l:' .. lane, lease)
  redis.call('ZADD', due, ends, id)
  found[#found + 1] = lane
  found[#found + 1] = id
  found[#found + 1] = bundle(redis.call('HGETALL', key))
end

local function take(lane, due, ready, most)
  local worst = redis.call('ZPOPMIN', ready, most)
  for j = 1, #worst, 2 do
    local id, key = worst[j], case_key .. worst[j]
    if is_owed(lane, key) then lease_it(lane, due, id, key) end
  end
end

local function take_one(lane, due, ready, slot, pace)
  local free = tonumber(redis.call('GET', slot) or '0')
  if tonumber(now) < free then return end
  while true do
    local worst = redis.call('ZPOPMIN', ready)
    if not worst[1] then return end
    local id, key = worst[1], case_key .. worst[1]
    if is_owed(lane, key) then
      lease_it(lane, due, id, key)
      redis.call('HSETNX', key, 'm:' .. string.match(lane, '^card:(.*)'), '?')
      local from = now - free > LATE and now or free
      redis.call('SET', slot, string.format('%.0f', from + pace), 'PX', pace + 60000)
      return
    end
  end
end

for i = 5, #ARGV, 3 do
  local lane, pace, at = ARGV[i], tonumber(ARGV[i + 2]), 3 + (i - 5)
  local due, ready = KEYS[at], KEYS[at + 1]
  if lane ~= 'publish' or redis.call('EXISTS', KEYS[1]) == 0 then
    promote(due, ready)
    if pace > 0 then
      take_one(lane, due, ready, KEYS[at + 2], pace)
    else
      take(lane, due, ready, ARGV[i + 1])
    end
  end
end
return found
