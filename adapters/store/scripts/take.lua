-- Take or keep the right to read a source; returns its fence, 0 while somebody else has it.
-- KEYS: source
-- ARGV: by, now, until
local held = redis.call('HMGET', KEYS[1], 'by', 'until', 'fence')
if held[1] ~= ARGV[1] then
  if held[1] and tonumber(held[2]) > tonumber(ARGV[2]) then return 0 end
  redis.call('HINCRBY', KEYS[1], 'fence', 1)
end
redis.call('HSET', KEYS[1], 'by', ARGV[1], 'until', ARGV[3])
return tonumber(redis.call('HGET', KEYS[1], 'fence'))
