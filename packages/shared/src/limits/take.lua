-- Hands out portions of a key's windows, and spends of its quota, in one step: what is handed out within one window is
-- never more than its limit, whoever asks.
--
-- A window is a hash of `used` and `ends`, its end by this server's clock, which also tells it from the next one. It
-- begins with the first portion and is gone when it ends. A quota is a hash of `used`, `start` and `ends` of its period;
-- a period that began later takes the place of an earlier one, and never the other way round, so that a process whose
-- clock is slow brings nothing back.
--
-- KEYS: the windows, then the quota, then the marker of the request; the last two only where they are asked for
-- ARGV: number of windows, then for each: limit, length (ms), how many are wanted (0: none), how many were used while
--       nobody could be asked, whether this request needs one (1 or 0);
--       then, for a quota: limit, start, end (ms), how many were used while nobody could be asked, how many to spend
--       (1 or 0), seconds that the marker lives
-- Gives for each window: granted, left after that, ends, ms until then;
--       then, for a quota: spent (1), used up (0), this request was counted before (2), not tried (3); used, ends
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local windows = tonumber(ARGV[1])
local reply, passes, at = {}, true, 2

for i = 1, windows do
  local limit, length, want = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local owed, needed = tonumber(ARGV[at + 3]), ARGV[at + 4] == '1'
  at = at + 5
  local stored = redis.call('HMGET', KEYS[i], 'used', 'ends')
  local used, ends = tonumber(stored[1] or 0), tonumber(stored[2] or 0)
  -- One that ends later than a whole window from now was begun before the clock was set back.
  local fresh = ends <= now or ends > now + length
  if fresh then
    used, ends = 0, now + length
  end
  used = used + owed
  local free = math.max(limit - used, 0)
  -- A tenth of what is left: portions shrink to one towards the end, so that hardly anything lies about unused then.
  local granted = math.min(want, math.max(1, math.floor(free / 10)), free)
  if granted + owed > 0 then
    redis.call('HSET', KEYS[i], 'used', used + granted, 'ends', ends)
    if fresh then
      redis.call('PEXPIREAT', KEYS[i], ends)
    end
  end
  if needed and granted == 0 then
    passes = false
  end
  reply[#reply + 1] = granted
  reply[#reply + 1] = free - granted
  reply[#reply + 1] = ends
  reply[#reply + 1] = ends - now
end

local quota, marker = KEYS[windows + 1], KEYS[windows + 2]
if quota then
  local limit, start, ends = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local owed, spend, ttl = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), ARGV[at + 5]
  local stored = redis.call('HMGET', quota, 'used', 'start', 'ends')
  local used = 0
  if stored[2] and tonumber(stored[2]) >= start then
    used, start, ends = tonumber(stored[1]), tonumber(stored[2]), tonumber(stored[3])
  end
  used = used + owed
  local verdict = 0
  if not passes then
    verdict = 3
  elseif marker and redis.call('EXISTS', marker) == 1 then
    verdict = 2
  elseif spend == 0 or used + spend <= limit then
    verdict = 1
    used = used + spend
    if marker then
      redis.call('SET', marker, 1, 'EX', ttl)
    end
  end
  if owed > 0 or (verdict == 1 and spend > 0) then
    redis.call('HSET', quota, 'used', used, 'start', start, 'ends', ends)
    -- A day longer than the period: a process whose clock is slow still finds it.
    redis.call('PEXPIREAT', quota, ends + 86400000)
  end
  reply[#reply + 1] = verdict
  reply[#reply + 1] = used
  reply[#reply + 1] = ends
end
return reply
