-- Sets some of the waiting sums aside under a flush id, or finds those that an earlier flush set aside and did not
-- finish. KEYS: waiting sums, sums set aside    ARGV: a new flush id, how many at the most
-- Gives the flush id and the sums; nothing where there are none.
if redis.call('EXISTS', KEYS[2]) == 0 then
  local sums = redis.call('LPOP', KEYS[1], ARGV[2])
  if not sums then
    return {}
  end
  redis.call('RPUSH', KEYS[2], ARGV[1], unpack(sums))
end
return redis.call('LRANGE', KEYS[2], 0, -1)
