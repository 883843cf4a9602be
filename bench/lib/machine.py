"""The machine under the benchmark: which cores to use, and one line that says where the figures come from."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess

from .processes import Failed


def require(*programs: str) -> None:
    packages = {"taskset": "util-linux"}
    missing = [program for program in programs if find(program) is None]
    if missing:
        names = " ".join(packages.get(program, program) for program in missing)
        raise Failed(f"not installed: {', '.join(missing)}. On Debian: apt-get install {names}\n"
                     "(Debian starts nginx and haproxy as services: systemctl disable --now nginx haproxy)")


def find(program: str) -> str | None:
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def split_cores(proxy: int | None) -> tuple[set[int], set[int]]:
    """One core for the proxy, the others, without its hardware siblings, for the load and the origin."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        raise Failed("this needs two cores: one for the proxy, one for load and origin")
    chosen = allowed[-1] if proxy is None else proxy
    if chosen not in allowed:
        raise Failed(f"core {chosen} is not among {allowed}")
    others = set(allowed) - siblings(chosen) - {chosen}
    if not others:
        raise Failed(f"all cores share hardware with core {chosen}: two threads of one core cannot be told apart")
    return {chosen}, others


def siblings(cpu: int) -> set[int]:
    result: set[int] = set()
    try:
        with open(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list") as siblings_list:
            for part in siblings_list.read().strip().split(","):
                first, _, last = part.partition("-")
                result.update(range(int(first), int(last or first) + 1))
    except (OSError, ValueError):
        pass
    return result


CONGESTION = "/proc/sys/net/ipv4/tcp_congestion_control"


def own_network(congestion: str) -> None:
    """Moves this process and its children to a network of their own, with that congestion control in it. As root only.

    A machine that is set to BBR paces even its loopback with timers, for every proxy alike, which drowns what the proxies do;
    cubic is what Linux comes with."""
    if os.geteuid() != 0 or congestion == current_congestion() or find("ip") is None:
        return
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000) != 0:  # CLONE_NEWNET
        return
    subprocess.run([find("ip"), "link", "set", "lo", "up"], check=True)
    with open(CONGESTION, "w") as setting:
        setting.write(congestion)


def current_congestion() -> str:
    with open(CONGESTION) as setting:
        return setting.read().strip()


def describe() -> str:
    model = "unknown processor"
    with open("/proc/cpuinfo") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    with open("/proc/meminfo") as meminfo:
        gigabytes = int(meminfo.readline().split()[1]) / 1024 / 1024
    return f"{os.cpu_count()} cores, {model}, {gigabytes:.0f} GB, Linux {os.uname().release}, {current_congestion()}"


def first_line(*command: str, timeout: float = 10) -> str:
    try:
        done = subprocess.run([find(command[0]) or command[0], *command[1:]], capture_output=True, text=True, timeout=timeout)
        lines = (done.stdout + done.stderr).strip().splitlines()
        return lines[0].strip() if lines else "unknown version"
    except (OSError, subprocess.TimeoutExpired):
        return "unknown version"
