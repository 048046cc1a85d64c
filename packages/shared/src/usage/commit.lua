-- Takes a batch of entries into account, whole or not at all: the windows of the keys it touched, what was found in
-- them, its sums for the roll-up, and its removal from the stream.
--
-- It is refused (0) unless the entries are the oldest of the group that are pending, in this order and with this
-- consumer, so that XACK takes each of them and a key's events are folded in the order in which they came; and unless
-- nobody else committed since the windows were read (the revision). A command that the driver sends a second time
-- after a lost reply is refused the same way, since its entries are gone.
--
-- KEYS: stream, revision, due, roll-up, anomaly stream, books, then one window a key
-- ARGV: group, consumer, revision, the next one, seconds a window lives, sums ('' for none), how many events they hold,
--       number of entries, their ids, number of findings, the findings, number of traceparents (as many, or 0), these ('' for
--       none),
--       number of these, then in turn when a key is due (ms) and its id, number of keys that are due no more, their ids,
--       then the text of each window
-- Gives 1, or 0 where it is refused.
local group, consumer, revision, next_revision, ttl, sums = unpack(ARGV, 1, 6)
local at = 8
local function take_list()
  local count = tonumber(ARGV[at])
  local list = {}
  for i = 1, count do
    list[i] = ARGV[at + i]
  end
  at = at + count + 1
  return list
end
local ids = take_list()
local findings = take_list()
local traces = take_list()
local due = take_list()
local calm = take_list()

if (redis.call('GET', KEYS[2]) or '0') ~= revision then
  return 0
end
if #ids > 0 then
  local pending = redis.call('XPENDING', KEYS[1], group, '-', '+', #ids)
  for i = 1, #ids do
    if not pending[i] or pending[i][1] ~= ids[i] or pending[i][2] ~= consumer then
      return 0
    end
  end
  redis.call('XACK', KEYS[1], group, unpack(ids))
  redis.call('XDEL', KEYS[1], unpack(ids))
end
-- One command for many members costs a third of one for each.
local function call_with(command, members)
  for from = 1, #members, 1000 do
    redis.call(command, KEYS[3], unpack(members, from, math.min(from + 999, #members)))
  end
end
call_with('ZADD', due)
call_with('ZREM', calm)
for i = 7, #KEYS do
  redis.call('SET', KEYS[i], ARGV[at + i - 7], 'EX', ttl)
end
for i, finding in ipairs(findings) do
  if (traces[i] or '') == '' then
    redis.call('XADD', KEYS[5], '*', 'finding', finding)
  else
    redis.call('XADD', KEYS[5], '*', 'finding', finding, 'trace', traces[i])
  end
end
if sums ~= '' then
  redis.call('RPUSH', KEYS[4], sums)
  redis.call('HINCRBY', KEYS[6], 'folded', ARGV[7])
end
redis.call('SET', KEYS[2], next_revision)
return 1
