"""What is asked of the proxies. A further kind of traffic is a further entry of CASES, and of LOADERS in load.py where none
of those can make it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    path: str
    body_bytes: int
    connections: int
    loader: str = "wrk"  # of load.py
    certificate: str = ""  # "ecdsa" or "rsa" for TLS
    streams: int = 1  # of HTTP/2, on each connection at a time
    # What the peers need to be at their best here, as variables of their templates. Foregate is never tuned per case.
    tuning: dict[str, str] = field(default_factory=dict)
    # Further instances of peers, tuned in another way: the name before the dash says of which.
    variants: dict[str, dict[str, str]] = field(default_factory=dict)


# The routes besides those that are asked for: a proxy with one route would not have to route.
OTHER_ROUTES = [f"/service-{number:02d}" for number in range(1, 18)]
ASKED_ROUTES = ["/small", "/10k", "/1m", "/echo"]

SMALL_MESSAGES = {
    "NGINX_BUFFERS": "proxy_buffer_size 16k; proxy_buffers 8 16k;",
    "HAPROXY_BUFSIZE": "16384",
}
LARGE_MESSAGES = {
    "NGINX_BUFFERS": "proxy_buffer_size 16k; proxy_buffers 4 32k; proxy_busy_buffers_size 64k;",
    "HAPROXY_BUFSIZE": "65536",
}
# Not what nginx does unless told; the connection to the origin then lasts as long as the client takes.
NGINX_UNBUFFERED = {
    "NGINX_BUFFERS": "proxy_buffering off; proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 64k;",
}
# Kernel splicing between the two sockets.
HAPROXY_SPLICE = {"HAPROXY_DEFAULTS": "option splice-response"}
# Not the default: sockets can't be handed over to another process with it.
IO_URING = {"FOREGATE_EXTRA": "process: { transport: io-uring }"}

CASES = {
    case.name: case
    for case in [
        Case("small", "100 bytes, keep-alive", "/small", 100, 64, tuning=SMALL_MESSAGES,
             variants={"foregate-io-uring": IO_URING}),
        Case("10k", "10 KB, keep-alive", "/10k", 10 * 1024, 64, tuning=SMALL_MESSAGES,
             variants={"foregate-io-uring": IO_URING}),
        Case("1m", "1 MB, keep-alive", "/1m", 1024 * 1024, 16, loader="pull", tuning=LARGE_MESSAGES,
             variants={"nginx-unbuffered": NGINX_UNBUFFERED, "haproxy-splice": HAPROXY_SPLICE,
                       "foregate-io-uring": IO_URING}),
        Case("tls", "100 bytes over TLS 1.3, keep-alive", "/small", 100, 64, certificate="ecdsa", tuning=SMALL_MESSAGES),
        Case("ecdsa", "a full handshake with an ECDSA certificate for each request", "/small", 100, 8,
             loader="handshakes", certificate="ecdsa", tuning=SMALL_MESSAGES),
        Case("rsa", "a full handshake with an RSA-2048 certificate for each request", "/small", 100, 8,
             loader="handshakes", certificate="rsa", tuning=SMALL_MESSAGES),
        Case("h2", "100 bytes, HTTP/2 over TLS, 8 × 32 streams", "/small", 100, 8, loader="h2load",
             certificate="ecdsa", streams=32, tuning=SMALL_MESSAGES),
        Case("h2-single", "100 bytes, HTTP/2 over TLS, 64 × 1 stream", "/small", 100, 64, loader="h2load",
             certificate="ecdsa", tuning=SMALL_MESSAGES),
        Case("h2-1m", "1 MB, HTTP/2 over TLS, 8 × 2 streams", "/1m", 1024 * 1024, 8, loader="h2load",
             certificate="ecdsa", streams=2, tuning=LARGE_MESSAGES),
    ]
}
