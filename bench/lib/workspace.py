"""What every command needs around its work: a temporary directory, and nothing left behind on any way out."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager
from typing import Iterator

from .processes import Failed, raise_file_limit
from .proxies import Proxy


class Workspace:
    def __init__(self, directory: str):
        self.directory = directory
        self.running: list[Proxy] = []

    def add(self, proxy: Proxy) -> Proxy:
        self.running.append(proxy)
        return proxy

    def stop(self, proxies: list[Proxy]) -> None:
        for proxy in proxies:
            proxy.process.stop()
            self.running.remove(proxy)


@contextmanager
def workspace(keep: bool) -> Iterator[Workspace]:
    """Ends everything that was added, by pid, on return, on failure, on Ctrl-C and on SIGTERM."""
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    raise_file_limit()
    space = Workspace(tempfile.mkdtemp(prefix="foregate-bench-"))
    # nginx started by root runs its worker as another user.
    os.chmod(space.directory, 0o711)
    try:
        yield space
    except Failed as failure:
        print(f"bench: {failure}", file=sys.stderr)
        sys.exit(3)
    except KeyboardInterrupt:
        print("bench: interrupted", file=sys.stderr)
        sys.exit(130)
    finally:
        # A second Ctrl-C must not leave anything running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for proxy in reversed(space.running):
            proxy.process.stop()
        if keep:
            print(f"bench: kept {space.directory}", file=sys.stderr)
        else:
            shutil.rmtree(space.directory, ignore_errors=True)


def interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt
