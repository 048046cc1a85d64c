-- Removes the sums that a flush set aside, once they are in the database, and notes in the books how many requests of
-- which month that were. KEYS: sums set aside, books    ARGV: flush id, then months and their requests, in turn
if redis.call('LINDEX', KEYS[1], 0) == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('HSETNX', KEYS[2], 'since', redis.call('TIME')[1])
  for i = 2, #ARGV, 2 do
    redis.call('HINCRBY', KEYS[2], 'carried:' .. ARGV[i], ARGV[i + 1])
  end
end
return 1
