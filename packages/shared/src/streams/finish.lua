-- Acknowledges an entry and removes it, at once. KEYS: stream    ARGV: group, entry id
local taken = redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
if taken == 1 then
  redis.call('XDEL', KEYS[1], ARGV[2])
end
return taken
