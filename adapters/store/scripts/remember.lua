-- Remember where a text stands under the bands of its fingerprint.
-- KEYS: near, sent
-- ARGV: the place, how long it is kept, then the bands
local NEWEST = 20
local nth = redis.call('RPUSH', KEYS[2], ARGV[1]) - 1
for i = 3, #ARGV do
  local places = (redis.call('HGET', KEYS[1], ARGV[i]) or '') .. nth .. ' '
  local _, count = string.gsub(places, ' ', '')
  if count > NEWEST then places = string.match(places, '^%d+ (.*)') end
  redis.call('HSET', KEYS[1], ARGV[i], places)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
