"""Options and facts that the three commands have in common."""

from __future__ import annotations

import argparse
import datetime
import json

from . import machine, proxies


def add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", default=",".join(proxies.STARTERS), metavar="A,B", help="proxies (default: all)")
    parser.add_argument("--json", metavar="FILE", help="also write all figures to FILE")
    parser.add_argument("--foregate-opts", default="", metavar="OPTS", help="options for Foregate's JVM (FOREGATE_JAVA_OPTS)")
    parser.add_argument("--foregate-command", default="", metavar="COMMAND",
                        help="start this instead of ./foregate run --config {config}")
    parser.add_argument("--proxy-core", type=int, metavar="N", help="core for the proxies (default: the last)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="overrides",
                        help="override a variable of bench/config, e.g. HAPROXY_BUFSIZE=32768")
    parser.add_argument("--keep", action="store_true", help="keep the temporary directory with configurations and logs")


def parse(parser: argparse.ArgumentParser) -> argparse.Namespace:
    chosen = parser.parse_args()
    chosen.only = pick(parser, "--only", chosen.only, proxies.STARTERS)
    for item in chosen.overrides:
        if "=" not in item:
            parser.error(f"--set: {item} is not NAME=VALUE")
    chosen.overrides = dict(item.split("=", 1) for item in chosen.overrides)
    return chosen


def pick(parser: argparse.ArgumentParser, option: str, text: str, known: dict) -> list[str]:
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in known:
            parser.error(f"{option}: {name} is not one of {', '.join(known)}")
    return [name for name in known if name in names]


def settings(chosen: argparse.Namespace, directory: str, origin_port: int, cpus: set[int] | None) -> proxies.Settings:
    return proxies.Settings(directory, origin_port, cpus, foregate_command=chosen.foregate_command,
                            foregate_opts=chosen.foregate_opts, overrides=chosen.overrides)


def facts(chosen: argparse.Namespace) -> dict:
    return {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": machine.describe(),
        "versions": {name: proxies.version(name, chosen.foregate_command) for name in chosen.only},
    }


def print_facts(chosen: argparse.Namespace, title: str) -> dict:
    seen = facts(chosen)
    print(f"Foregate side by side, {seen['date']}: {title}")
    print(f"machine: {seen['machine']}")
    print("versions: " + "; ".join(seen["versions"].values()), flush=True)
    return seen


def write_json(chosen: argparse.Namespace, content: dict) -> None:
    if chosen.json:
        with open(chosen.json, "w") as target:
            json.dump({**facts(chosen), **content}, target, indent=1)
            target.write("\n")
