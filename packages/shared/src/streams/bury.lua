-- Moves an entry that cannot be read to the dead-letter stream, whole, and takes it out of the way.
-- KEYS: stream, dead-letter stream    ARGV: group, entry id, why
local found = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return 0
end
if found[1] then
  redis.call('XADD', KEYS[2], '*', 'id', ARGV[2], 'why', ARGV[3], unpack(found[1][2]))
end
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
