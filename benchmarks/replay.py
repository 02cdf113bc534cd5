"""How much does care cost? The pizza skill as the cloud runs it, against a plain Playwright script and other players.

Skill and script start in a fresh context with the same options, on the same warm browser; `@puppeteer/replay` and the
others of `benchmarks/replaying` in one of their own, each on its own warm browser, the same Chromium. All go through an
egress proxy, and end with the same assertion (the order's number and its time of arrival are read). The clock runs from
the moment the context is open to the moment its last reader is done. The rounds are interleaved and take turns in who
goes first; after `--pairs` of them there are more until the median of the ratios to the script is known to `SWING`, or
there are `MOST_PAIRS`, or `--minutes` are over. A peer that cannot be had is reported as not run.

Ours is `SkillTool.run` with its real store: every fingerprint verified, every step judged, the read-backs read twice,
the evidence counted, the question, intent and result synced to SQLite, progress written, the browser filmed. The
person says yes 700 ms after the question is asked, which is when a device first takes an answer; the time from the
question to the yes is subtracted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from benchmarks.replaying import puppeteer, selenium
from benchmarks.replaying.ours import ME, Runner, TimedPool, scripted_ms
from benchmarks.replaying.peers import Ground, Lanes, Peer
from benchmarks.replaying.rounds import (
    OURS,
    PAIRS,
    SCRIPT,
    Round,
    Times,
    enough,
    in_turn,
    median_ratio,
    ratios,
    swing_of,
)
from browser import launch
from browser.egress import Egress, EgressPolicy
from browser.hosts import parse_patterns
from browser.pool import PoolConfig
from cloud.store import Store, file_url, insert_new, persons

PEERS: tuple[Peer, ...] = (puppeteer.PEER, puppeteer.LEAN_PEER, selenium.PEER, selenium.WARM)
GOALS = {SCRIPT: 1.08} | {peer.name: peer.goal for peer in PEERS}
TITLES = {OURS: "replay", SCRIPT: "Playwright script"} | {peer.name: peer.title for peer in PEERS}
WARM_UP = 3
MINUTES = 11.0


@asynccontextmanager
async def town_beside() -> AsyncIterator[str]:
    """The town in a process of its own, with no latency; the pizza shop's address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "examples.town", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise SystemExit("the town does not say where it is")
        yield json.loads(await process.stdout.readline())["pizza"]
    finally:
        process.terminate()
        await process.wait()


class Measured(Struct, frozen=True):
    """The rounds that count, the peers that did not run, each with its reason, and what those said that failed."""

    rounds: list[Round]
    missing: dict[str, str]
    failures: dict[str, list[str]]


async def timed(order: Awaitable[float | None]) -> Times | None:
    """One order with its processor time; None when it failed."""
    began_s = time.process_time()
    took_ms = await order
    return Times(took_ms, (time.process_time() - began_s) * 1000) if took_ms is not None else None


async def measure(pairs: int, minutes: float = MINUTES, peers: Sequence[Peer] = PEERS) -> Measured:
    """At least so many rounds, unless the time is up, after a warm-up that does not count."""
    until_s = time.monotonic() + minutes * 60
    found: list[Round] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = await Store.open(file_url(folder / "store.db"))
        stack.push_async_callback(store.close)
        async with store.write() as connection:
            await insert_new(connection, persons, {"id": ME, "name": "Ada", "zone": "UTC", "created_at": 0.0})
        base = await stack.enter_async_context(town_beside())
        town = base.removeprefix("http://")
        config = PoolConfig(state_dir=folder / "browser", allow_local=(town,))
        pool = await stack.enter_async_context(TimedPool(config))
        runner = Runner(store, pool, base, folder)
        egress = Egress(EgressPolicy(parse_patterns([town]), (), parse_patterns([town])))
        await egress.start()
        stack.push_async_callback(egress.close)
        ground = Ground(base=base, chromium=await chromium(config), proxy=egress.port, folder=folder)
        lanes = await stack.enter_async_context(Lanes(ground, peers))

        async def order(name: str, number: int) -> float | None:
            if name == OURS:
                return await runner.run_ms(number)
            if name == SCRIPT:
                return await scripted_ms(pool, runner.skill.navigates, base)
            return await lanes.order_ms(name)

        number = 0
        while not enough(found, pairs) and (len(found) < 2 or time.monotonic() < until_s):
            done: dict[str, Times] = {}
            for name in in_turn([OURS, SCRIPT, *lanes.names], number):
                times = await timed(order(name, number))
                if times is not None:
                    done[name] = times
            if number >= WARM_UP:
                found.append(done)
            number += 1
    return Measured(found, lanes.missing, lanes.failures)


async def chromium(config: PoolConfig) -> Path:
    """The Chromium that our own pool takes."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        bundled = playwright.chromium.executable_path
    return launch.find_chromium(config.chromium, bundled, launch.account(config.user))


def report(measured: Measured) -> dict[str, Any]:
    """Print the table; what goes into the last line."""
    found = measured.rounds
    table = Table(
        "", "median", "fastest", "slowest", "Python's processor time", "ratio", "goal", title="Order a pizza, ms"
    )
    told: dict[str, Any] = {"pairs": len(found)}
    for name in (name for name in TITLES if any(name in one for one in found)):
        took = [one[name].took_ms for one in found if name in one]
        python_ms = statistics.median(one[name].python_ms for one in found if name in one)
        times = (statistics.median(took), min(took), max(took), python_ms)
        ratio = "" if name == OURS else f"{median_ratio(found, name):.3f} ± {swing_of(ratios(found, name)):.3f}"
        table.add_row(TITLES[name], *(f"{one:.0f}" for one in times), ratio, str(GOALS.get(name, "")))
        if name != OURS:
            told[f"ratio_vs_{name}"] = round(median_ratio(found, name), 4)
        told[f"{name}_ms_p50"] = round(statistics.median(took), 1)
    for name, why in measured.missing.items():
        table.add_row(TITLES[name], "not run", "", "", "", "", why)
    Console().print(table)
    told["swing"] = round(swing_of(ratios(found, SCRIPT)), 4)
    failed = {name: {"orders": len(words), "last": words[-1]} for name, words in measured.failures.items()}
    return told | ({"not_run": measured.missing} if measured.missing else {}) | ({"failed": failed} if failed else {})


def main() -> None:
    """Measure, print the table and, last, one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"how many rounds at least (default {PAIRS})")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"how long at most (default {MINUTES:g})")
    options = parser.parse_args()
    print(msgspec.json.encode(report(asyncio.run(measure(options.pairs, options.minutes)))).decode())


if __name__ == "__main__":
    main()
