"""A crowd at one gateway process: the processes, what is measured of the gateway meanwhile, and the sums at the end."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct, field

from cloud.people.accounts import Accounts
from device.clock import steady_ms
from tests.crowd.caller import Books, Weather
from tests.crowd.callers import Shift, call, name
from tests.crowd.gateway import standing

ROOT = Path(__file__).parent.parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")


class Usage(Struct, kw_only=True):
    """The gateway's process, looked at every second."""

    rss_now_kb: int = 0
    rss_idle_kb: int = 0
    rss_most_kb: int = 0
    files_idle: int = 0
    files_most: int = 0
    cpu: list[tuple[float, float]] = field(default_factory=list)  # when (monotonic s), share of a core in that second

    def look(self, pid: int) -> None:
        """Take the measures once; a process that is over has none."""
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        except OSError:
            return
        kb = next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
        self.rss_now_kb = kb
        self.rss_idle_kb = self.rss_idle_kb or kb
        self.files_idle = self.files_idle or files
        self.rss_most_kb = max(self.rss_most_kb, kb)
        self.files_most = max(self.files_most, files)


def cpu_s(pid: int) -> float | None:
    """Seconds of CPU that a process has had, None when it is over."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Crowd(Struct, kw_only=True):
    """What it came to. `delivered` counts what the planner was given, by its text."""

    books: Books
    delivered: Counter[str]
    usage: Usage
    killed_at_ms: int = 0
    back_at_ms: int = 0

    @property
    def missing(self) -> list[str]:
        return [text for text in self.books.said if text not in self.delivered]

    @property
    def doubled(self) -> list[str]:
        return [text for text, times in self.delivered.items() if times > 1]

    @property
    def never_said(self) -> list[str]:
        return sorted(self.delivered.keys() - set(self.books.said))

    @property
    def clean(self) -> bool:
        return self.books.clean and not (self.missing or self.doubled or self.never_said)


class Plan(Struct, frozen=True, kw_only=True):
    """How many devices in how many processes (0: in this one, with the gateway), for how long; whether it is killed."""

    devices: int
    processes: int
    seconds: float
    think_s: float
    seed: int
    weather: Weather
    within_s: float = 0.0
    kill_after_s: float = 0.0
    down_s: float = 0.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def pair(folder: Path, devices: int) -> None:
    accounts = Accounts(folder)
    accounts.open()
    for number in range(1, devices + 1):
        accounts.pair(name(number))


async def _start(*words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, stdout=asyncio.subprocess.PIPE, cwd=ROOT, limit=1 << 30
    )


class Standing:
    """The gateway process, which can be killed and begun again."""

    def __init__(self, folder: Path, devices: int) -> None:
        self._words = ("tests.crowd.gateway", str(folder), str(free_port()), str(devices))
        self.port = int(self._words[2])
        self.usage = Usage()
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Returns once it listens."""
        self.process = await _start(*self._words)
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        assert line == b"ready\n", "the gateway did not start: what it says stands above"

    async def stop(self, *, kill: bool = False) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill() if kill else self.process.terminate()
            await self.process.wait()

    def look(self) -> None:
        """The measures of now."""
        if self.process is not None:
            self.usage.look(self.process.pid)

    async def watch(self) -> None:
        """Looks at it every second, until cancelled."""
        while True:
            process, began_s = self.process, time.monotonic()
            before = cpu_s(process.pid) if process is not None else None
            await asyncio.sleep(1)
            # One that was killed meanwhile has no figures.
            if process is None or before is None or (after := cpu_s(process.pid)) is None:
                continue
            now_s = time.monotonic()
            self.usage.cpu.append((now_s, (after - before) / (now_s - began_s)))
            self.look()


@asynccontextmanager
async def _watched(process: Standing) -> AsyncIterator[None]:
    watching = asyncio.create_task(process.watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.wait({watching})
        await process.stop()


async def gather(plan: Plan) -> Crowd:
    """The whole crowd, from pairing to the sums."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        pair(folder, plan.devices)
        if not plan.processes:
            return await _inside(plan, folder)
        process = Standing(folder, plan.devices)
        await process.start()
        process.look()
        killed_at_ms = back_at_ms = 0
        async with _watched(process):
            calling = asyncio.create_task(_call(plan, folder, process.port))
            if plan.kill_after_s:
                await asyncio.sleep(plan.kill_after_s)
                killed_at_ms = steady_ms()
                await process.stop(kill=True)
                await asyncio.sleep(plan.down_s)
                await process.start()
                back_at_ms = steady_ms()
            books = await calling
        delivered = _delivered(folder, again=bool(plan.kill_after_s))
    return Crowd(
        books=books,
        delivered=delivered,
        usage=process.usage,
        killed_at_ms=killed_at_ms,
        back_at_ms=back_at_ms,
    )


async def _inside(plan: Plan, folder: Path) -> Crowd:
    """All in this process: its own usage says nothing, and nobody can be killed."""
    port = free_port()
    async with standing(folder, port, plan.devices):
        books = await _call(plan, folder, port)
    return Crowd(books=books, delivered=_delivered(folder), usage=Usage())


def _delivered(folder: Path, *, again: bool = False) -> Counter[str]:
    """How often the planner was given what. `again`: the same key counts once, as for a runner that knows it."""
    lines = (folder / "delivered").read_text().splitlines()
    return Counter(line.partition(" ")[2] for line in (set(lines) if again else lines))


async def _call(plan: Plan, folder: Path, port: int) -> Books:
    each = -(-plan.devices // max(1, plan.processes))
    shifts = [
        Shift(
            folder=str(folder),
            port=port,
            first=first,
            last=min(first + each - 1, plan.devices),
            seconds=plan.seconds,
            think_s=plan.think_s,
            seed=plan.seed,
            weather=plan.weather,
            within_s=plan.within_s,
        )
        for first in range(1, plan.devices + 1, each)
    ]
    if not plan.processes:
        return await call(shifts[0])
    total = Books()
    processes = [await _start("tests.crowd.callers", msgspec.json.encode(shift).decode()) for shift in shifts]
    try:
        for out, _ in await asyncio.gather(*(process.communicate() for process in processes)):
            total.add(msgspec.json.decode(out, type=Books))
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
                await process.wait()
    return total
