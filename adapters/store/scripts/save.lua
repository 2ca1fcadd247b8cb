-- Write a change of a case: itself, its trail, texts, due step, drawings owed, indexes and counts.
-- Returns 'ok', 'again' (its name was given before), 'gone', 'folded' (unfold it first), or the version that stands
-- there instead. Only with 'ok' is anything written, and the name given.
-- KEYS: case, folded, trail, open, board, aside, seen, who, thread, closed, counts, sample,
--       revision, numbers, total, states, name, due and ready of the lane before, of the lane after, then of each
--       channel
-- ARGV: the names below, then entries, texts by name, numbers by name, and pairs of a channel and what it is
--       posted under there
local id, before, after, mark, case, folded = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local lane_before, lane_after, same_step, due = ARGV[7], ARGV[8], ARGV[9] == '1', ARGV[10]
local rank, is_open, on_board, moves = ARGV[11], ARGV[12] == '1', ARGV[13] == '1', ARGV[14]
local day, keep, keep_seen, expires = ARGV[15], ARGV[16], ARGV[17], ARGV[18]
local outcome, luck, keep_tally, keep_day = ARGV[19], tonumber(ARGV[20]), ARGV[21], ARGV[22]
local state_before, state_after, keep_numbers, keep_name = ARGV[23], ARGV[24], ARGV[25], ARGV[26]
local entries, texts, numbers, at = tonumber(ARGV[27]), tonumber(ARGV[28]), tonumber(ARGV[29]), 30
local SAMPLE, MARKS = 20, 8

-- The name says which change it was given with: this very one is sent again where its answer was lost.
local given = keep_name ~= '' and redis.call('GET', KEYS[17])
if given then return given == mark and 'ok' or 'again' end

local found = redis.call('HMGET', KEYS[1], 'v', 'e')
local marks = found[2] or ''
if not found[1] then
  local header = redis.call('GETRANGE', KEYS[2], 0, 63)
  if header == '' then return 'gone' end
  return string.find(header, mark, 1, true) and 'ok' or 'folded'
end
if found[1] ~= before then
  return string.find(marks, mark, 1, true) and 'ok' or found[1]
end

if keep_name ~= '' then redis.call('SET', KEYS[17], mark, 'PX', keep_name) end

-- The case, its history and its words.
if folded ~= '' then
  redis.call('DEL', KEYS[1], KEYS[3])
  redis.call('SET', KEYS[2], folded, 'PX', keep)
else
  marks = string.sub(marks .. mark, -MARKS * #mark)
  redis.call('HSET', KEYS[1], 'v', after, 's', lane_after, 'c', case, 'e', marks)
  for i = at, at + entries - 1 do redis.call('RPUSH', KEYS[3], ARGV[i]) end
  at = at + entries
  -- Not HSET: an erased text leaves an empty one behind, which nobody who still had it may fill again.
  for i = at, at + texts * 2 - 1, 2 do redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1]) end
  at = at + texts * 2
end

-- The numbers. Cases that were open before anything was counted never make less than none.
count(KEYS[14], KEYS[15], keep_numbers, ARGV, at, at + numbers * 2 - 1)
at = at + numbers * 2
if state_before ~= state_after then
  if state_before ~= '' and redis.call('HINCRBY', KEYS[16], state_before, -1) < 1 then
    redis.call('HDEL', KEYS[16], state_before)
  end
  if state_after ~= '' then redis.call('HINCRBY', KEYS[16], state_after, 1) end
end

-- Its step. One that is the same step still keeps its lease, its tries, its place.
local function forget(lane)
  redis.call('HDEL', KEYS[1], 'l:' .. lane, 'n:' .. lane, 'a:' .. lane)
  redis.call('ZREM', KEYS[6], lane .. ' ' .. id)
end
if same_step then
  redis.call('ZADD', KEYS[21], 'XX', rank, id)
else
  if lane_before ~= '' then
    redis.call('ZREM', KEYS[18], id)
    redis.call('ZREM', KEYS[19], id)
    forget(lane_before)
  end
  if lane_after ~= '' then
    if due == '' then redis.call('ZADD', KEYS[21], rank, id) else redis.call('ZADD', KEYS[20], due, id) end
  end
end

-- The drawings. One that waits, is leased or will be tried again soon is owed already.
for i = at, #ARGV - 1, 2 do
  local lane, due_key, ready_key = 'card:' .. ARGV[i], KEYS[22 + i - at], KEYS[23 + i - at]
  if ARGV[i + 1] ~= '' then
    redis.call('HSET', KEYS[1], 'd:' .. ARGV[i], after, 'm:' .. ARGV[i], ARGV[i + 1])
    redis.call('ZREM', due_key, id)
    redis.call('ZREM', ready_key, id)
    forget(lane)
  elseif not redis.call('ZSCORE', due_key, id) then
    redis.call('ZADD', ready_key, rank, id)
    forget(lane)
  end
end

-- The indexes, and how long everything is kept.
if is_open then redis.call('ZADD', KEYS[4], rank, id) end
if on_board then redis.call('ZADD', KEYS[5], rank, id) else redis.call('ZREM', KEYS[5], id) end
local own = moves ~= '' and redis.call('GET', KEYS[8]) == id
if moves == 'closes' then
  redis.call('ZREM', KEYS[4], id)
  redis.call('RPUSH', KEYS[10], id)
  redis.call('PEXPIRE', KEYS[10], keep_day)
  if folded == '' then redis.call('HSET', KEYS[1], 'x', day) end
  redis.call('PEXPIRE', KEYS[1], keep)
  redis.call('PEXPIRE', KEYS[3], keep)
  redis.call('PEXPIRE', KEYS[7], keep_seen)
  if own then redis.call('PEXPIRE', KEYS[8], keep) end
  redis.call('ZADD', KEYS[9], 'XX', expires, id)
  redis.call('ZREMRANGEBYSCORE', KEYS[9], '-inf', '(' .. string.format('%.0f', expires - keep))
  if redis.call('ZCOUNT', KEYS[9], '+inf', '+inf') == 0 then redis.call('PEXPIRE', KEYS[9], keep) end
elseif moves == 'reopens' then
  redis.call('HDEL', KEYS[1], 'x')
  redis.call('PERSIST', KEYS[1])
  redis.call('PERSIST', KEYS[3])
  redis.call('PERSIST', KEYS[7])
  if own then redis.call('PERSIST', KEYS[8]) end
  if redis.call('ZADD', KEYS[9], 'XX', 'CH', '+inf', id) == 1 then redis.call('PERSIST', KEYS[9]) end
end

-- The day's counts, with an even choice of cases to look at.
if outcome ~= '' then
  redis.call('HINCRBY', KEYS[11], outcome, 1)
  local nth = redis.call('HINCRBY', KEYS[11], 'all', 1)
  if nth <= SAMPLE then
    redis.call('RPUSH', KEYS[12], id)
  elseif luck * nth < SAMPLE then
    redis.call('LSET', KEYS[12], math.floor(luck * nth), id)
  end
  redis.call('PEXPIRE', KEYS[11], keep_tally)
  redis.call('PEXPIRE', KEYS[12], keep_tally)
end
redis.call('INCR', KEYS[13])
return 'ok'
