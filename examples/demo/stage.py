"""Town and cloud as processes of their own on free loopback ports, for as long as the block runs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from cloud.people.accounts import Accounts
from examples.town.town import Addresses

ROOT = Path(__file__).parent.parent.parent
STOP_S = 10.0
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
async def stage(out: Path, *, keep_data: bool = False, latency_ms: float = 0) -> AsyncIterator[Stage]:
    """Starts both. Their logs are in `out`; so is the cloud's data, new each time unless it is to be kept."""
    data_dir = out / "data"
    if not keep_data:
        shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.mkdir(parents=True, exist_ok=True)
    async with contextlib.AsyncExitStack() as stack:
        town_command = [sys.executable, "-m", "examples.town", "--port", "0", "--latency-ms", str(latency_ms)]
        town = msgspec.json.decode(await _start(stack, town_command, out / "town.log"), type=Addresses)
        line = await _start(stack, cloud_command(town, data_dir), out / "cloud.log", OWNER)
        url = str(msgspec.json.decode(line)["url"])
        token = (data_dir / "people" / "owner.token").read_text().strip()
        yield Stage(town=town, cloud=url, token=token, data_dir=data_dir)


def cloud_command(town: Addresses, data_dir: Path) -> list[str]:
    """The cloud, told of the town's sites; only the town's own port may be reached on loopback."""
    port = town.pizza.rpartition(":")[2]
    command = [sys.executable, "-m", "cloud.cli", "serve", "--port", "0", "--data-dir", str(data_dir), "--log", "json"]
    command += ["--skills", str(ROOT / "examples" / "skills"), "--allow-local", f"*.localhost:{port}"]
    return [*command, "--site", f"pizza={town.pizza}", "--site", f"bistro={town.bistro}"]


async def _start(
    stack: contextlib.AsyncExitStack, command: Sequence[str], log: Path, environ: dict[str, str] | None = None
) -> str:
    """Starts a process and returns the first line that it prints: where it can be reached."""
    name = command[2]
    with log.open("wb") as words:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=words,
            env={**os.environ, **(environ or {}), "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    stack.push_async_callback(_stop, process)
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        await process.wait()
        last = log.read_text(errors="replace").strip().splitlines()[-1:] or ["nothing was said"]
        raise StageError(f"{name} did not start: {last[0]} (see {log})")
    return line.decode()


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
