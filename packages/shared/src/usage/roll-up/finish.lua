-- Removes the sums that a flush set aside, once they are in the database. KEYS: sums set aside    ARGV: flush id
if redis.call('LINDEX', KEYS[1], 0) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 1
