"""Interleaved rounds: every proxy of a case is up and warm, one at a time is loaded, and all are counted."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from statistics import median
from typing import Callable

from .cases import Case
from .load import Load
from .processes import busy_seconds
from .proxies import Proxy


@dataclass(frozen=True)
class Round:
    """One proxy under load once. Times in seconds unless the name says otherwise."""

    proxy: str
    requests: int
    errors: int
    wall_seconds: float
    cpu_seconds: float  # the loaded proxy's
    cpu_micros_per_request: float
    requests_per_second: float
    p50_micros: float
    p99_micros: float
    p999_micros: float
    rss_bytes: int
    proxy_core_busy: float  # shares of 1 from here on
    load_cores_busy: float
    foreign_on_proxy_core: float
    foreign_on_load_cores: float
    idle_proxies_cpu: float


@dataclass(frozen=True)
class Cores:
    proxy: set[int]
    load: set[int]


@dataclass(frozen=True)
class Rig:
    """What stays the same over all cases."""

    cores: Cores
    load: Load
    origin: Proxy


@dataclass(frozen=True)
class Plan:
    rounds: int
    seconds: float
    warmup: float
    retries: int  # per proxy and case


# A round in which other programs took more than this share of a core is repeated, as long as retries are left.
FOREIGN_LIMIT = 0.10


def run_round(rig: Rig, case: Case, loaded: Proxy, others: list[Proxy], seconds: float) -> Round:
    cores, origin = rig.cores, rig.origin
    cpu, idle = loaded.process.cpu_seconds(), total_cpu(others)
    origin_cpu = origin.process.cpu_seconds()
    busy_proxy, busy_load = busy_seconds(cores.proxy), busy_seconds(cores.load)
    start = time.monotonic()
    result = rig.load.run(case, loaded.port, seconds)
    # What the proxy still does for the last answers and for the connections that were closed belongs to them.
    time.sleep(0.05)
    wall = time.monotonic() - start
    busy_proxy = busy_seconds(cores.proxy) - busy_proxy
    busy_load = busy_seconds(cores.load) - busy_load
    cpu = loaded.process.cpu_seconds() - cpu
    idle = total_cpu(others) - idle
    origin_cpu = origin.process.cpu_seconds() - origin_cpu
    # The origin may be the one that is loaded; it runs on the cores for load.
    own_on_proxy_core = idle + (0.0 if loaded is origin else cpu)
    return Round(
        proxy=loaded.name,
        requests=result.requests,
        errors=result.errors,
        wall_seconds=wall,
        cpu_seconds=cpu,
        cpu_micros_per_request=cpu * 1e6 / max(1, result.requests),
        requests_per_second=result.requests / result.seconds,
        p50_micros=result.p50_micros,
        p99_micros=result.p99_micros,
        p999_micros=result.p999_micros,
        rss_bytes=loaded.process.rss_bytes(),
        proxy_core_busy=cpu / wall,
        load_cores_busy=busy_load / wall / len(cores.load),
        foreign_on_proxy_core=max(0.0, busy_proxy - own_on_proxy_core) / wall,
        foreign_on_load_cores=max(0.0, busy_load - result.cpu_seconds - origin_cpu) / wall / len(cores.load),
        idle_proxies_cpu=idle / wall,
    )


def disturbed(done: Round) -> bool:
    return max(done.foreign_on_proxy_core, done.foreign_on_load_cores) > FOREIGN_LIMIT


def total_cpu(proxies: list[Proxy]) -> float:
    return sum(proxy.process.cpu_seconds() for proxy in proxies)


def run_case(rig: Rig, case: Case, proxies: list[Proxy], plan: Plan, progress: Callable[[str], None]) -> list[Round]:
    for proxy in proxies:
        progress(f"{case.name}: warming {proxy.name} for {plan.warmup:g} s")
        rig.load.run(case, proxy.port, plan.warmup)
    rounds = []
    retries = {proxy.name: plan.retries for proxy in proxies}
    for number in range(plan.rounds):
        for proxy in proxies:
            others = [other for other in proxies if other is not proxy]
            done = run_round(rig, case, proxy, others, plan.seconds)
            while disturbed(done) and retries[proxy.name] > 0:
                retries[proxy.name] -= 1
                progress(f"{case.name}: round {number + 1} of {proxy.name} was disturbed by other programs, repeated")
                done = run_round(rig, case, proxy, others, plan.seconds)
            rounds.append(done)
            progress(f"{case.name}: round {number + 1}/{plan.rounds} {proxy.name}: "
                     f"{done.cpu_micros_per_request:.2f} µs CPU per request, {done.requests_per_second:.0f} requests/s")
    return rounds


@dataclass(frozen=True)
class Summary:
    """Medians over the rounds of one proxy in one case; the extremes of the CPU time; the sums of what went wrong."""

    proxy: str
    cpu_micros: float
    cpu_micros_min: float
    cpu_micros_max: float
    requests_per_second: float
    p50_micros: float
    p99_micros: float
    p999_micros: float
    rss_bytes: float
    proxy_core_busy: float
    load_cores_busy: float
    errors: int
    foreign: float
    idle_proxies_cpu: float


def summarize(name: str, rounds: list[Round]) -> Summary:
    own = [done for done in rounds if done.proxy == name]

    def middle(field: str) -> float:
        return median(getattr(done, field) for done in own)

    cpu = [done.cpu_micros_per_request for done in own]
    return Summary(
        proxy=name,
        cpu_micros=median(cpu),
        cpu_micros_min=min(cpu),
        cpu_micros_max=max(cpu),
        requests_per_second=middle("requests_per_second"),
        p50_micros=middle("p50_micros"),
        p99_micros=middle("p99_micros"),
        p999_micros=middle("p999_micros"),
        rss_bytes=middle("rss_bytes"),
        proxy_core_busy=middle("proxy_core_busy"),
        load_cores_busy=middle("load_cores_busy"),
        errors=sum(done.errors for done in own),
        foreign=max(max(done.foreign_on_proxy_core, done.foreign_on_load_cores) for done in own),
        idle_proxies_cpu=max(done.idle_proxies_cpu for done in own),
    )


def as_json(rounds: list[Round]) -> list[dict]:
    return [asdict(done) for done in rounds]
