"""Town and cloud as processes of their own on free loopback ports, for as long as the block runs."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cloud.people.accounts import Accounts
from examples.town.town import SITES, Addresses

ROOT = Path(__file__).parent.parent.parent
STOP_S = 10.0
_PR_SET_PDEATHSIG = 1
# Heard as well on a busy machine as on an idle one; nobody stands there and waits.
PATIENT = {"LEVERET_LIMITS_WEIGH_S": "60"}
# The demonstration is the same everywhere, and fetches nothing.
PINNED = {"LEVERET_STT": "moonshine", "LEVERET_TTS": "espeak"}
# What a form is filled with; nobody's data.
OWNER = {
    "LEVERET_OWNER_NAME": "Leveret Owner",
    "LEVERET_OWNER_ADDRESS": "Elm Street 5",
    "LEVERET_OWNER_PHONE": "555 0100",
    "LEVERET_OWNER_EMAIL": "owner@leveret.example",
}


class StageError(Exception):
    """Town or cloud did not start; says which, and where its words are."""


class Stage(Struct, frozen=True, kw_only=True):
    """What stands: addresses, the owner's token, and the folder of the cloud."""

    town: Addresses
    cloud: str
    token: str
    data_dir: Path

    @property
    def device_url(self) -> str:
        """Where devices connect."""
        return self.cloud.replace("http", "ws", 1) + "/device"

    @property
    def accounts(self) -> Accounts:
        """The accounts of the cloud."""
        return Accounts(self.data_dir / "people")


@contextlib.asynccontextmanager
async def stage(out: Path, *, keep_data: bool = False) -> AsyncIterator[Stage]:
    """Starts both. Their logs are in `out`; so is the cloud's data, new each time unless it is to be kept."""
    data_dir = out / "data"
    if not keep_data:
        await asyncio.to_thread(shutil.rmtree, data_dir, ignore_errors=True)
    async with town(out) as addresses, cloud(out, addresses, data_dir) as process:
        yield stage_of(addresses, process, data_dir)


def stage_of(addresses: Addresses, process: Running, data_dir: Path) -> Stage:
    """The stage of a town and a cloud that run already."""
    token = (data_dir / "people" / "owner.token").read_text().strip()
    return Stage(town=addresses, cloud=str(process.said["url"]), token=token, data_dir=data_dir)


class Running:
    """A process that said where it can be reached. `kill` is a power cut."""

    def __init__(self, process: asyncio.subprocess.Process, said: dict[str, Any]) -> None:
        self.process = process
        self.said = said

    async def kill(self) -> None:
        """SIGKILL, at once; returns when it is dead."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when it takes over ten seconds."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_S):
                    await self.process.wait()
            except TimeoutError:
                await self.kill()


@contextlib.asynccontextmanager
async def town(out: Path, *flags: str) -> AsyncIterator[Addresses]:
    """The town on a free port."""
    command = [sys.executable, "-m", "examples.town", "--port", "0", *flags]
    async with process(command, out / "town.log") as running:
        yield msgspec.convert(running.said, Addresses)


@contextlib.asynccontextmanager
async def cloud(
    out: Path, addresses: Addresses, data_dir: Path, *flags: str, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """The cloud, told of the town's sites; only the town's own port may be reached on loopback.

    `flags` go to `leveret serve` (`--port`, …), `environ` on top of the environment (`LEVERET_CRASH_AT`, …).
    """
    port = addresses.pizza.rpartition(":")[2]
    command = [sys.executable, "-m", "cloud.cli", "serve", "--port", "0", "--data-dir", str(data_dir), "--log", "json"]
    command += ["--skills", str(ROOT / "examples" / "skills"), "--allow-local", f"*.localhost:{port}"]
    for name in SITES:
        command += ["--site", f"{name}={getattr(addresses, name)}"]
    async with process(
        [*command, *flags], out / "cloud.log", {**OWNER, **PATIENT, **PINNED, **(environ or {})}
    ) as running:
        yield running


@contextlib.asynccontextmanager
async def process(
    command: Sequence[str], log: Path, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """A process for as long as the block runs; its first line is JSON and says where it can be reached.

    Raises StageError when it ends before that.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as words:
        started = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=words,
            env={**os.environ, **(environ or {}), "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    running = Running(started, {})
    try:
        assert started.stdout is not None
        line = await started.stdout.readline()
        if not line:
            await started.wait()
            raise StageError(f"{command[2]} did not start: {_last_words(log)} (see {log})")
        running.said = msgspec.json.decode(line)
        yield running
    finally:
        await running.stop()


def die_with_parent() -> None:
    """In the child, before it begins: SIGTERM when whoever started it is gone, however that came (Linux alone)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _last_words(log: Path) -> str:
    return (log.read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
