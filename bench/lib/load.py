"""Load generators. Each runs once, on the cores for load, and says what it saw."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import Callable

from .cases import Case
from .processes import Failed

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@dataclass(frozen=True)
class LoadResult:
    requests: int
    seconds: float
    p50_micros: float
    p99_micros: float
    p999_micros: float
    errors: int
    cpu_seconds: float  # of the load generator itself


def compile_c(source: str, directory: str) -> str:
    """Builds bench/SOURCE into the directory and returns the program."""
    program = os.path.join(directory, os.path.splitext(os.path.basename(source))[0])
    if not os.path.exists(program):
        compiled = subprocess.run(["gcc", "-O2", "-Wall", "-o", program, os.path.join(BENCH, source)],
                                  capture_output=True, text=True)
        if compiled.returncode != 0:
            raise Failed(f"gcc could not build {source}:\n{compiled.stderr}")
    return program


def wrk(case: Case, port: int, seconds: int, directory: str) -> list[str]:
    scheme = "https" if case.certificate else "http"
    return ["wrk", "-t1", f"-c{case.connections}", f"-d{seconds}s", "--timeout", "10s",
            "-s", os.path.join(BENCH, "load", "report.lua"), f"{scheme}://127.0.0.1:{port}{case.path}"]


def pull(case: Case, port: int, seconds: int, directory: str) -> list[str]:
    return [compile_c("load/pull.c", directory), str(port), case.path, str(case.connections), str(seconds)]


def h2load(case: Case, port: int, seconds: int, directory: str) -> list[str]:
    return [sys.executable, os.path.join(BENCH, "load", "h2load.py"), str(port), case.path, str(case.connections),
            str(case.streams), str(seconds), directory]


def handshakes(case: Case, port: int, seconds: int, directory: str) -> list[str]:
    return [sys.executable, os.path.join(BENCH, "load", "handshakes.py"), str(port), case.path, str(case.connections),
            str(seconds)]


# A command that prints a line as in load/report.lua.
LOADERS: dict[str, Callable[[Case, int, int, str], list[str]]] = {"wrk": wrk, "pull": pull, "h2load": h2load, "handshakes": handshakes}


class Load:
    """Runs load on its cores; `loader` overrides the case's own choice of a generator."""

    def __init__(self, directory: str, cpus: set[int], loader: str | None = None):
        self.directory = directory
        self.cpus = cpus
        self.loader = loader

    def name(self, case: Case) -> str:
        return self.loader or case.loader

    def run(self, case: Case, port: int, seconds: float) -> LoadResult:
        command = LOADERS[self.name(case)](case, port, max(1, round(seconds)), self.directory)
        pinned = ["taskset", "-c", ",".join(map(str, sorted(self.cpus)))]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(pinned + command, capture_output=True, text=True, timeout=seconds + 60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        for line in done.stdout.splitlines():
            if line.startswith("RESULT "):
                seen = json.loads(line[len("RESULT "):])
                return LoadResult(
                    requests=seen["requests"], seconds=seen["seconds"], p50_micros=seen["p50"],
                    p99_micros=seen["p99"], p999_micros=seen["p999"], errors=sum(seen["errors"].values()),
                    cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        raise Failed(f"the load generator failed on {case.path}: {done.stdout}{done.stderr}")
