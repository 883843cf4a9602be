"""The proxies under test, and the origin behind them: how each is configured, started, and known to be up."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import socket
import time
from dataclasses import dataclass

from .cases import ASKED_ROUTES, OTHER_ROUTES
from .load import BENCH, compile_c
from .machine import find, first_line
from .processes import Failed, Process

ROOT = os.path.dirname(BENCH)
FORWARDED = ["x-request-id", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"]


@dataclass
class Settings:
    """What one start of the proxies depends on."""

    directory: str
    origin_port: int
    cpus: set[int] | None
    connections: int = 4096
    foregate_command: str = ""
    foregate_opts: str = ""
    overrides: dict[str, str] | None = None  # template variables given on the command line


@dataclass
class Proxy:
    name: str
    port: int
    process: Process
    summary: str  # the settings worth knowing


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_origin(directory: str, cpus: set[int] | None) -> Proxy:
    port = free_port()
    process = Process([compile_c("origin/origin.c", directory), "127.0.0.1", str(port)], cpus, os.path.join(directory, "origin.log"))
    origin = Proxy("origin", port, process, "")
    wait_until_up(origin, 10)
    return origin


def nginx_routes() -> str:
    asked = [f"        location {path} {{ proxy_pass http://origin; }}" for path in ASKED_ROUTES]
    other = [f"        location {path}/ {{ proxy_pass http://other; }}" for path in OTHER_ROUTES]
    return "\n".join(other + asked)


def haproxy_routes() -> str:
    asked = [f"    use_backend origin if {{ path_beg {path} }}" for path in ASKED_ROUTES]
    other = [f"    use_backend other if {{ path_beg {path}/ }}" for path in OTHER_ROUTES]
    return "\n".join(asked + other)


def foregate_routes() -> str:
    asked = [f"      {path}/*: origin" for path in ASKED_ROUTES]
    other = [f"      {path}/*: other" for path in OTHER_ROUTES]
    return "\n".join(other + asked)


def start_nginx(name: str, settings: Settings, tuning: dict[str, str]) -> Proxy:
    port, config, log = prepare(name, "nginx.conf", nginx_routes(), settings, tuning)
    process = Process([find("nginx"), "-p", settings.directory, "-c", config], settings.cpus, log)
    return Proxy(name, port, process, tuning.get("NGINX_BUFFERS", ""))


def start_haproxy(name: str, settings: Settings, tuning: dict[str, str]) -> Proxy:
    port, config, log = prepare(name, "haproxy.cfg", haproxy_routes(), settings, tuning)
    process = Process([find("haproxy"), "-db", "-f", config], settings.cpus, log)
    summary = " ".join(["tune.bufsize", *(tuning[f"HAPROXY_{part}"] for part in ("BUFSIZE", "GLOBAL", "DEFAULTS"))])
    return Proxy(name, port, process, " ".join(summary.split()))


def start_foregate(name: str, settings: Settings, tuning: dict[str, str]) -> Proxy:
    port, config, log = prepare(name, "foregate.yaml", foregate_routes(), settings, tuning)
    command = settings.foregate_command or f"{shlex.quote(os.path.join(ROOT, 'foregate'))} run --config {{config}}"
    opts = tuning["FOREGATE_JAVA_OPTS"]
    environment = {"FOREGATE_JAVA_OPTS": opts} if opts else {}
    words = [word.replace("{config}", config) for word in shlex.split(command)]
    try:
        process = Process(words, settings.cpus, log, environment, ROOT)
    except OSError as problem:
        raise Failed(f"foregate could not be started: {problem}") from problem
    return Proxy(name, port, process, opts or "defaults")


# In the order of the rounds.
STARTERS = {"nginx": start_nginx, "haproxy": start_haproxy, "foregate": start_foregate}
DEFAULT_TUNING = {
    "NGINX_LISTEN": "",
    "NGINX_BUFFERS": "proxy_buffer_size 16k; proxy_buffers 8 16k;",
    "HAPROXY_BUFSIZE": "16384",
    "HAPROXY_GLOBAL": "",
    "HAPROXY_DEFAULTS": "",
    "FOREGATE_EXTRA": "",
}


def prepare(name: str, template: str, routes: str, settings: Settings, tuning: dict[str, str]) -> tuple[int, str, str]:
    port = free_port()
    variables = {
        **tuning,
        "DIR": settings.directory,
        "NAME": name,
        "PORT": str(port),
        "ORIGIN_PORT": str(settings.origin_port),
        "CONNECTIONS": str(settings.connections),
        "ROUTES": routes,
    }
    with open(os.path.join(BENCH, "config", template)) as source:
        # Upper case only: the peers' own files use $ and ${...} for themselves.
        text = re.sub(r"\$\{([A-Z_]+)\}", lambda match: variables[match.group(1)], source.read())
    config = os.path.join(settings.directory, f"{name}-{template}")
    with open(config, "w") as target:
        target.write(text)
    return port, config, os.path.join(settings.directory, f"{name}.log")


def kind(name: str) -> str:
    """The proxy that a variant is of: "nginx" for "nginx-unbuffered"."""
    return name.partition("-")[0]


def launch(name: str, settings: Settings, tuning: dict[str, str]) -> Proxy:
    """Starts the proxy and returns at once."""
    defaults = {**DEFAULT_TUNING, "FOREGATE_JAVA_OPTS": settings.foregate_opts}
    return STARTERS[kind(name)](name, settings, {**defaults, **tuning, **(settings.overrides or {})})


def start(name: str, settings: Settings, tuning: dict[str, str]) -> Proxy:
    """Starts the proxy and waits until it answers. The first start of another checkout of Foregate may have to build it."""
    proxy = launch(name, settings, tuning)
    try:
        wait_until_up(proxy, 600 if kind(name) == "foregate" else 10)
    except BaseException:
        proxy.process.stop()
        raise
    return proxy


def wait_until_up(proxy: Proxy, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not proxy.process.alive():
            break
        try:
            if get(proxy.port, "/small")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    state = "did not answer" if proxy.process.alive() else "ended"
    raise Failed(f"{proxy.name} {state}; the end of its output:\n{proxy.process.log_tail()}")


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": "bench.example"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def unequal_work(proxy: Proxy, path: str, body_bytes: int) -> list[str]:
    """What this proxy leaves out of the work that the comparison asks of all; empty when all is well."""
    problems = []
    _, head = get(proxy.port, "/echo")
    names = {line.partition(b":")[0].strip().lower().decode("latin-1") for line in head.split(b"\r\n")[1:]}
    problems += [f"sends no {name} to the origin" for name in FORWARDED if name not in names]
    status, body = get(proxy.port, path)
    if status != 200 or len(body) != body_bytes:
        problems.append(f"answers {path} with {status} and {len(body)} bytes")
    return problems


def version(name: str, foregate_command: str = "") -> str:
    if name == "nginx":
        return first_line("nginx", "-v").replace("nginx version: ", "")
    if name == "haproxy":
        return " ".join(first_line("haproxy", "-v").split()[:3])
    if foregate_command:
        return f"foregate ({foregate_command})"
    # Builds Foregate and its start-up cache if need be, here, with all cores and before anything is measured.
    return first_line(os.path.join(ROOT, "foregate"), "version", timeout=900)
