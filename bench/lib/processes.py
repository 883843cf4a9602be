"""Processes of the benchmark: start them pinned, count their CPU time and memory from /proc, end them by pid."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """Something the benchmark cannot go on without; the message is for the user."""


FILES_WANTED = 65_536


def raise_file_limit() -> int:
    """Raises the limit of open files for this process and its children, as far as it is allowed to; returns it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES_WANTED:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_WANTED, FILES_WANTED))
            return FILES_WANTED
        except (ValueError, OSError):
            pass  # only root may
    if hard == resource.RLIM_INFINITY:
        hard = FILES_WANTED
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Process:
    """A child in a session of its own, with everything that it starts, pinned to `cpus` (None: not pinned)."""

    def __init__(self, command: list[str], cpus: set[int] | None, log: str, env: dict[str, str] | None = None,
                 directory: str | None = None):
        self.command = command
        self.log = log
        pinned = ["taskset", "-c", ",".join(map(str, sorted(cpus)))] if cpus else []
        with open(log, "ab") as output:
            self.popen = subprocess.Popen(
                pinned + command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd=directory,
                env={**os.environ, **(env or {})},
            )

    def alive(self) -> bool:
        return self.popen.poll() is None

    def pids(self) -> list[int]:
        """The process and all its living descendants."""
        children: dict[int, list[int]] = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                fields = stat_fields(int(name))
                if fields:
                    children.setdefault(int(fields[1]), []).append(int(name))
        found, queue = [], [self.popen.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            queue.extend(children.get(pid, []))
        return found

    def cpu_seconds(self) -> float:
        """User and system time of all threads, and of all children, living and ended ones."""
        ticks = 0
        for pid in self.pids():
            fields = stat_fields(pid)
            if fields:
                ticks += sum(int(value) for value in fields[11:15])
        return ticks / TICKS_PER_SECOND

    def rss_bytes(self) -> int:
        """VmRSS of all processes; pages that they share count for each of them."""
        total = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/status") as status:
                    for line in status:
                        if line.startswith("VmRSS:"):
                            total += int(line.split()[1]) * 1024
            except OSError:
                pass
        return total

    def log_tail(self, lines: int = 15) -> str:
        with open(self.log, errors="replace") as log:
            return "".join(log.readlines()[-lines:])

    def stop(self, seconds: float = 10) -> None:
        pids = self.pids() if self.alive() else []
        for pid in pids:
            send(pid, signal.SIGTERM)
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        deadline = time.monotonic() + 2
        while any(exists(pid) for pid in pids) and time.monotonic() < deadline:
            self.popen.poll()
            time.sleep(0.02)
        for pid in pids:
            if exists(pid):
                send(pid, signal.SIGKILL)
        self.popen.wait()


def stat_fields(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat behind the command's name: [0] state, [1] parent, [11] to [14] the CPU times."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()
    except OSError:
        return None


def exists(pid: int) -> bool:
    fields = stat_fields(pid)
    return fields is not None and fields[0] != "Z"


def send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def busy_seconds(cpus: set[int]) -> float:
    """Time that these cores have been busy with anything, since boot."""
    ticks = 0
    with open("/proc/stat") as stat:
        for line in stat:
            name, *values = line.split()
            if name.startswith("cpu") and name[3:].isdigit() and int(name[3:]) in cpus:
                user, nice, system, _idle, _iowait, irq, softirq = map(int, values[:7])
                ticks += user + nice + system + irq + softirq
    return ticks / TICKS_PER_SECOND
