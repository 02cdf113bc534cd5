"""`python -m examples.town --port 0`: prints the addresses as one JSON line, then serves until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from examples.town.town import Town, check_releases


def clock_from(start: str | None) -> Callable[[], datetime]:
    """The wall clock, or one that runs on from `start` (ISO 8601, local)."""
    if start is None:
        return datetime.now
    ahead: timedelta = datetime.fromisoformat(start) - datetime.now()
    return lambda: datetime.now() + ahead


def arguments() -> argparse.Namespace:
    """What stands on the command line."""
    parser = argparse.ArgumentParser(prog="python -m examples.town", description="A small town of websites to act on.")
    parser.add_argument("--port", type=int, default=8123, help="port on 127.0.0.1; 0 takes a free one (default 8123)")
    parser.add_argument("--latency-ms", type=float, default=0, help="delay of every reply")
    parser.add_argument("--now", help="the town's time at start, such as 2026-11-23T14:00 (default: the real time)")
    parser.add_argument("--ledger", type=Path, help="also append the ledger to this file, a JSON row a line")
    parser.add_argument(
        "--release", action="append", default=[], metavar="SITE=NUMBER", help="how a site is drawn, such as pizza=2"
    )
    parser.add_argument("--marks", action="store_true", help="mark what matters with data-truth, for benchmarks")
    given = parser.parse_args()
    given.releases = dict(pair.split("=", 1) if "=" in pair else (pair, "") for pair in given.release)
    try:
        check_releases(given.releases)
    except ValueError as error:
        parser.error(str(error))
    return given


async def serve(options: argparse.Namespace) -> None:
    """Run the town until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stopped.set)
    now = clock_from(options.now)
    async with Town(
        port=options.port,
        now=now,
        latency_ms=options.latency_ms,
        ledger=options.ledger,
        releases=options.releases,
        marks=options.marks,
    ) as town:
        print(msgspec.json.encode(town.addresses).decode(), flush=True)
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
