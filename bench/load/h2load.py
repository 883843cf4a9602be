"""Runs h2load (nghttp2) over TLS and prints its figures as load/report.lua does.

    h2load.py PORT PATH CONNECTIONS STREAMS SECONDS DIRECTORY
"""

import json
import os
import re
import subprocess
import sys

port, path, connections, streams, seconds, directory = sys.argv[1:]
log = os.path.join(directory, "h2load.log")
# Windows that hold several large bodies: what is compared is the proxies' work, not a client that makes them wait.
done = subprocess.run(
    ["h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-D{seconds}", "-w24", "-W26", f"--log-file={log}",
     f"https://127.0.0.1:{port}{path}"],
    capture_output=True, text=True)
found = re.search(r"requests: (\d+) total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout",
                  done.stdout)
elapsed = re.search(r"finished in ([\d.]+)(m?s)", done.stdout)
status = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", done.stdout)
if not found or not elapsed or not status:
    sys.exit(done.stdout + done.stderr)
with open(log) as lines:
    micros = sorted(int(line.rsplit("\t", 1)[1]) for line in lines)
os.remove(log)


def percentile(share: float) -> int:
    return micros[min(len(micros) - 1, int(len(micros) * share))] if micros else 0


print("RESULT " + json.dumps({
    "requests": int(status[1]),
    "seconds": float(elapsed[1]) / (1000 if elapsed[2] == "ms" else 1),
    "p50": percentile(0.5), "p99": percentile(0.99), "p999": percentile(0.999), "max": percentile(1),
    "errors": {"status": sum(int(status[i]) for i in (2, 3, 4)), "errored": int(found[4]), "timeout": int(found[5])},
}))
