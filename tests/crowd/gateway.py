"""A process with the real gateway, its store, its event log and its web server; what hears, plans and speaks is cheap.

    python -m tests.crowd.gateway FOLDER PORT DEVICES

It prints `ready` once it listens. What the planner is given stands in FOLDER/delivered, one key and text a line.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from cloud.clock import utc_seconds
from cloud.commands import Command, HandleUtterance
from cloud.desk import Works
from cloud.ear import Heard, Weights
from cloud.events import EventLog
from cloud.gateway import Gateway
from cloud.homes import Home, command_of, home_of
from cloud.logs import Redactor, set_up
from cloud.metrics import Metrics
from cloud.people.accounts import OWNER, Accounts
from cloud.people.tickets import Tickets
from cloud.received import Received
from cloud.serving import bind, serving
from cloud.speech.stt import AheadHeard, PartialHeard, Transcript
from cloud.store import Store, file_url, insert_new, persons
from cloud.turns import Pictures, Turns
from tests.crowd import said
from wire import limits
from wire.cloud_link import Snapshot
from wire.messages import SetTimer

# Every answer lasts half a second.
PIECE_SAMPLES = limits.SAMPLE_RATE_HZ // 10
PIECES = 5
BROKEN = "something else"


class Stream:
    """One utterance."""

    def __init__(self) -> None:
        self._pcm = bytearray()

    def feed(self, pcm: bytes) -> None:
        self._pcm += pcm

    async def finish(self) -> Transcript:
        what = said.heard(bytes(self._pcm))
        return Transcript(text=what.text if what else BROKEN, engine="crowd")

    def abort(self) -> None:
        self._pcm.clear()


class Hearing:
    """Speech to text that hears who says what."""

    name = "crowd"

    async def ready(self) -> None: ...

    def open(self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None) -> Stream:
        return Stream()

    async def close(self) -> None: ...


class Voice:
    """Says a text in the sound of who is answered."""

    name = "crowd"

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        for _ in range(PIECES):
            yield said.read(text).pcm(PIECE_SAMPLES)
            await asyncio.sleep(0)

    async def prepare(self, texts: Iterable[str]) -> None: ...

    async def close(self) -> None: ...


class Planner:
    """Answers each request with its own words. What it began before a crash it does not begin again."""

    def __init__(self, events: EventLog, delivered: Path) -> None:
        self._events = events
        self._delivered = os.open(delivered, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def submit(self, command: Command) -> None:
        if not isinstance(command, HandleUtterance):
            return
        os.write(self._delivered, f"{command.key} {command.text}\n".encode())
        if await self._events.read(command.person, task=command.key, limit=1):
            return
        async with self._events.writing() as writing:
            told = [
                ("heard", {"text": command.text, "device": command.device, "turn": command.turn}),
                ("said", {"text": command.text}),
                ("task_done", {"status": "done", "sentence": command.text}),
            ]
            await writing.append_all(command.person, command.key, [(*one, writing.now) for one in told])

    async def home(self, task: str) -> Home:
        """Where a task came from that an earlier gateway began."""
        heard = (await self._events.read(OWNER, task=task, limit=1))[0].data
        return home_of(heard["device"], heard["turn"])

    async def stop_ringing(self, person: str, timer: str, snooze_s: float) -> None: ...

    async def set_timer(self, person: str, told: SetTimer) -> None: ...

    def close(self) -> None:
        os.close(self._delivered)


async def _weigh(heard: Heard) -> Weights:
    return ()


async def _snapshot(person: str) -> Snapshot:
    return Snapshot(person="Crowd")


@asynccontextmanager
async def standing(folder: Path, port: int, devices: int) -> AsyncIterator[None]:
    """It listens for as long as the block runs."""
    accounts = Accounts(folder)
    accounts.open()
    store = await Store.open(file_url(folder / "leveret.db"))
    async with store.write() as connection:
        await insert_new(connection, persons, {"id": OWNER, "name": "", "zone": "UTC", "created_at": 0.0})
    events = EventLog(store, utc_seconds)
    turns = Turns(store, utc_seconds)
    planner = Planner(events, folder / "delivered")
    works = Works(
        stt=Hearing(),
        tts=Voice(),
        turns=turns,
        pictures=Pictures(folder / "pictures"),
        submit=planner.submit,
        stop_ringing=planner.stop_ringing,
        set_timer=planner.set_timer,
        weigh=_weigh,
        metrics=Metrics(),
    )
    gateway = Gateway(
        accounts,
        events,
        works,
        _snapshot,
        planner.home,
        received=Received(folder / "received.json"),
        tickets=Tickets(accounts.folder / "devices", utc_seconds),
        most_devices=devices,
    )
    ready = asyncio.Event()
    running = asyncio.create_task(gateway.run(await events.cursor(), ready))
    await ready.wait()
    for turn in await turns.unsubmitted():
        await planner.submit(command_of(turn))
        await turns.mark_submitted(turn.key)
    app = Starlette(routes=[WebSocketRoute("/device", gateway.serve)])
    async with serving(app, bind("127.0.0.1", port)):
        yield
        gateway.close()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    planner.close()
    await store.close()


async def main(folder: Path, port: int, devices: int) -> None:
    """Serve until SIGTERM."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with standing(folder, port, devices):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await over.wait()


if __name__ == "__main__":
    set_up(Redactor(), level="error")
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
