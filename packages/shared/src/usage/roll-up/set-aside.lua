-- Sets some of the waiting sums aside under a flush id, or finds those that an earlier flush set aside and did not
-- finish. KEYS: waiting sums, sums set aside    ARGV: a new flush id, how many at the most, and of about how many bytes
-- Gives the flush id and the sums; nothing where there are none.
if redis.call('EXISTS', KEYS[2]) == 0 then
  local sums, bytes = {}, 0
  while #sums < tonumber(ARGV[2]) and bytes < tonumber(ARGV[3]) do
    local text = redis.call('LPOP', KEYS[1])
    if not text then
      break
    end
    sums[#sums + 1] = text
    bytes = bytes + #text
  end
  if #sums == 0 then
    return {}
  end
  redis.call('RPUSH', KEYS[2], ARGV[1], unpack(sums))
end
return redis.call('LRANGE', KEYS[2], 0, -1)
