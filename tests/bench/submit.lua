-- Sends each line of a file once, as the body of a POST: wrk -s submit.lua URL -- FILE
-- A line that begins with a path goes there: "/api/v1/... {...}".
local bodies, sent, host = {}, 0, nil

function init(arguments)
    for line in io.lines(arguments[1]) do bodies[#bodies + 1] = line end
    host = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"]
        .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
    sent = sent + 1
    local body, path = bodies[sent] or bodies[#bodies], wrk.path
    if body:byte(1) == 47 then
        local space = body:find(" ", 1, true)
        path, body = body:sub(1, space - 1), body:sub(space + 1)
    end
    return "POST " .. path .. host .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\nMEASURED {"requests": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "errors": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
