-- Sends the lines of a file as the bodies of POST requests, in turn.
-- Arguments after `--`: the file, and a value for Authorization or nothing.
local requests = {}
local next_request = 0

function init(args)
  local headers = { ["content-type"] = "application/json" }
  if args[2] then headers.authorization = args[2] end
  for body in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, headers, body)
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%.1f,"p99":%.1f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
