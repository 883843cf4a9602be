"""The table that people read."""

from __future__ import annotations

from .measure import Summary


def table(headings: list[str], rows: list[list[str]]) -> str:
    """The first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in [headings, *rows]) for column in range(len(headings))]

    def line(row: list[str]) -> str:
        first, *rest = zip(row, widths)
        return ("  " + first[0].ljust(first[1]) + "".join("  " + text.rjust(width) for text, width in rest)).rstrip()

    return "\n".join([line(headings), "  " + "-" * (sum(widths) + 2 * (len(widths) - 1)), *map(line, rows)])


def ratio(own: float, peer: float | None) -> str:
    return f"{own / peer:.2f}" if peer else "-"


def milliseconds(micros: float) -> str:
    return f"{micros / 1000:.2f}"


def megabytes(size: float) -> str:
    return f"{size / 1024 / 1024:.1f}"


def case_table(summaries: list[Summary]) -> str:
    cpu = {summary.proxy: summary.cpu_micros for summary in summaries}
    peers = [summary.proxy for summary in summaries if summary.proxy != "foregate"]
    headings = ["proxy", "CPU µs/req", "min–max", "requests/s", "p50 ms", "p99 ms", "p99.9 ms", "RSS MB",
                "proxy core %", "load cores %", "errors", *(f"CPU/{peer}" for peer in peers)]
    rows = [[
        summary.proxy,
        f"{summary.cpu_micros:.2f}",
        f"{summary.cpu_micros_min:.2f}–{summary.cpu_micros_max:.2f}",
        f"{summary.requests_per_second:,.0f}",
        milliseconds(summary.p50_micros),
        milliseconds(summary.p99_micros),
        milliseconds(summary.p999_micros),
        megabytes(summary.rss_bytes),
        f"{summary.proxy_core_busy * 100:.0f}",
        f"{summary.load_cores_busy * 100:.0f}",
        str(summary.errors),
        *(ratio(summary.cpu_micros, cpu[peer]) for peer in peers),
    ] for summary in summaries]
    return table(headings, rows)


def warnings(summaries: list[Summary]) -> list[str]:
    """What makes these figures worth less than they look."""
    found = []
    for summary in summaries:
        if summary.errors:
            found.append(f"{summary.proxy}: {summary.errors} requests failed")
        if summary.foreign > 0.05:
            found.append(f"{summary.proxy}: other programs took up to {summary.foreign * 100:.0f} % of a core "
                         "during a round: repeat on a quiet machine")
        if summary.idle_proxies_cpu > 0.01:
            found.append(f"while {summary.proxy} was loaded, the idle proxies used up to "
                         f"{summary.idle_proxies_cpu * 100:.1f} % of the core")
        if summary.load_cores_busy > 0.97 and summary.proxy_core_busy < 0.9:
            found.append(f"{summary.proxy}: load and origin filled their cores first; requests/s is theirs, "
                         "CPU µs/req is still the proxy's")
    return found


def final_table(results: dict[str, list[Summary]]) -> str:
    """CPU µs per request of every proxy in every case, and how Foregate compares."""
    names = list(dict.fromkeys(summary.proxy for summaries in results.values() for summary in summaries))
    headings = ["CPU µs/req", *names]
    peers = [name for name in names if name != "foregate" and "foregate" in names]
    headings += [f"foregate/{peer}" for peer in peers]
    rows = []
    for case, summaries in results.items():
        cpu = {summary.proxy: summary.cpu_micros for summary in summaries}
        row = [case, *(f"{cpu[name]:.2f}" if name in cpu else "-" for name in names)]
        rows.append(row + [ratio(cpu["foregate"], cpu.get(peer)) for peer in peers])
    return table(headings, rows)
