-- Asks for each line of a file as a path, over and over: wrk -s page.lua URL -- FILE [ORIGIN]
local paths, asked, tail = {}, 0, nil

function init(arguments)
    for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
    tail = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"]
        .. "\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: nl"
    -- As a script on another site asks.
    if arguments[2] then tail = tail .. "\r\nOrigin: " .. arguments[2] end
    tail = tail .. "\r\n\r\n"
end

function request()
    asked = asked % #paths + 1
    return "GET " .. paths[asked] .. tail
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\nMEASURED {"requests": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "errors": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
