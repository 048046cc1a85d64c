-- Appends one sub-batch to a partition's stream, once per request: a request that is sent again (after a lost reply, or
-- by the driver after a reconnect) finds its marker and adds nothing.
-- KEYS: stream, marker, books
-- ARGV: the sub-batch, seconds the marker lives, how many of its events count, the traceparent ('' for none)
if not redis.call('SET', KEYS[2], 1, 'NX', 'EX', ARGV[2]) then
  return 0
end
if ARGV[4] == '' then
  redis.call('XADD', KEYS[1], '*', 'batch', ARGV[1])
else
  redis.call('XADD', KEYS[1], '*', 'batch', ARGV[1], 'trace', ARGV[4])
end
redis.call('HINCRBY', KEYS[3], 'accepted', ARGV[3])
return 1
