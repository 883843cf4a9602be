"""Holds idle keep-alive connections. Run as a program: hold.py PORT COUNT [tls]; prints "held N" once all are open and each has
had one answer, then waits until its standard input ends."""

from __future__ import annotations

import resource
import socket
import ssl
import sys

# Ephemeral ports per source address; the kernel's default range has 28,232.
PER_ADDRESS = 20_000


def open_one(port: int, number: int, secure: ssl.SSLContext | None) -> socket.socket:
    source = f"127.0.0.{1 + number // PER_ADDRESS}"
    connection = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
    # Otherwise the request waits for the acknowledgement of the handshake's last message, which the other side delays.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if secure:
        connection = secure.wrap_socket(connection, server_hostname="bench.example")
    connection.sendall(b"GET /small HTTP/1.1\r\nHost: bench.example\r\n\r\n")
    received = b""
    while True:
        more = connection.recv(4096)
        if not more:
            raise OSError("closed before a whole answer")
        received += more
        head, end, body = received.partition(b"\r\n\r\n")
        if end and len(body) >= 100:
            break
    if not head.startswith(b"HTTP/1.1 200"):
        raise OSError(f"answered {head.splitlines()[0]!r}")
    return connection


def main() -> None:
    port, count = int(sys.argv[1]), int(sys.argv[2])
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    secure = ssl._create_unverified_context() if sys.argv[3:] == ["tls"] else None
    held = []
    try:
        for number in range(count):
            held.append(open_one(port, number, secure))
    except OSError as problem:
        print(f"failed at connection {len(held) + 1}: {problem}", flush=True)
        sys.exit(1)
    print(f"held {len(held)}", flush=True)
    sys.stdin.read()
    # How many the proxy has not closed in the meantime.
    alive = 0
    for connection in held:
        connection.setblocking(False)
        try:
            alive += connection.recv(1) != b""
        except (BlockingIOError, ssl.SSLWantReadError):
            alive += 1
        except OSError:
            pass
    print(f"alive {alive}", flush=True)


if __name__ == "__main__":
    main()
