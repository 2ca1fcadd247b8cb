-- Add to a day's numbers and to those of all time; `list` has names and numbers from `first` to `last`.
local function count(day, total, keep, list, first, last)
  for i = first, last, 2 do
    redis.call('HINCRBY', day, list[i], list[i + 1])
    redis.call('HINCRBY', total, list[i], list[i + 1])
  end
  if redis.call('PTTL', day) < 0 then redis.call('PEXPIRE', day, keep) end
end

