-- Notes one more secret that failed from an address. Gives 1 at the one that reaches the threshold, once a window.
-- KEYS: the address's set of secrets. ARGV: what tells the secret, the window (s), the threshold
local known = redis.call('SCARD', KEYS[1])
if known >= tonumber(ARGV[3]) then return 0 end
if redis.call('SADD', KEYS[1], ARGV[1]) == 0 then return 0 end
if known == 0 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return known + 1 == tonumber(ARGV[3]) and 1 or 0
