-- Many clients behind one proxy: each request says for whom it is, of five hundred. One of them looks for what isn't there.
local targets = { "/api/orders", "/api/items", "/shop", "/" }
-- Not local: done() asks each thread for it.
failed = 0
local threads = {}

function setup(thread)
  thread:set("seed", #threads + os.time())
  table.insert(threads, thread)
end

function init()
  math.randomseed(seed)
end

function delay()
  return math.random(10, 30)
end

function request()
  local client = math.random(500)
  if client == 1 then
    return wrk.format("GET", "/missing/" .. math.random(1000), { ["X-Forwarded-For"] = "10.7.7.7" })
  end
  local address = "10.8." .. math.floor(client / 250) .. "." .. client % 250
  return wrk.format("GET", targets[math.random(#targets)], { ["X-Forwarded-For"] = address })
end

function response(status)
  if status >= 500 then
    failed = failed + 1
  end
end

function done(summary, latency)
  local seen = 0
  for _, thread in ipairs(threads) do
    seen = seen + thread:get("failed")
  end
  local errors = summary.errors
  print(string.format("RESULT %d %d %d", summary.requests, seen, errors.connect + errors.read + errors.write + errors.timeout))
end
