"""Thousands of turns of one device, as fast as they go: is it ever stuck, and does it grow?

A press is told late, so that it is a hold at once; all else takes its usual way, over a real socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import threading
from array import array
from pathlib import Path
from typing import Final

from msgspec import Struct

from device.clock import steady_ms
from device.gestures import HOLD_MS
from device.handheld import Handheld, Setup
from device.inputs import Typed
from device.modes import mode_of
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, SimulatedButton
from device.state import Mode
from tests.census import open_files
from tests.device.bad_day import IMPATIENT, Listener, Talker
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from wire.events import CloudEvent
from wire.link import Identity
from wire.messages import Card, Progress, TaskDone, Transcript, TurnDone, TurnEnd, Understood
from wire.outcomes import Outcome

_PATIENCE_S: Final = 30.0
_ANSWER: Final = array("h", [1] * 800).tobytes()
# Every so many turns the link breaks, and every so many the gateway forgets all but what is durable.
_DROP_EVERY: Final = 50
_FORGET_EVERY: Final = 170


class Soak(Struct, kw_only=True):
    """What the turns came to. RSS in kB; `early` is after a fifth of the turns."""

    turns: int = 0
    stuck: int = 0
    rss_early_kb: int = 0
    rss_end_kb: int = 0
    files_more: int = 0
    threads_more: int = 0
    tasks_more: int = 0

    @property
    def growth(self) -> float:
        return self.rss_end_kb / self.rss_early_kb - 1


def rss_kb() -> int:
    """This process, now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


async def _answer(cloud: Cloud, event: CloudEvent) -> None:
    """A whole answer: words, a task, a card, speech."""
    if not isinstance(event, TurnEnd) or cloud.session is None:
        return
    turn, session = event.turn, cloud.session
    session.send(Transcript(turn=turn, text=f"wish {turn}", final=True))
    session.send(Understood(turn=turn, text=f"Wish {turn}", task=f"t{turn}"))
    session.send(Progress(turn=turn, task=f"t{turn}", text="Doing it", step=1, of=2))
    session.send(Card(turn=turn, title=f"Card {turn}", body="What came of it."))
    say = session.start_saying(turn, "Done.")
    session.say(say, _ANSWER)
    session.end_saying(say)
    session.send(TaskDone(turn=turn, task=f"t{turn}", outcome=Outcome.DONE))
    session.send(TurnDone(turn=turn, outcome=Outcome.DONE))
    # The cloud of tests remembers everything; this one is to be as lean after a day as after a minute.
    cloud.events.clear()
    for old in [one for one in cloud.turns if one < turn - 20]:
        cloud.turns.pop(old)
        cloud.memories.pop(old, None)


async def soak(turns: int, seed: int) -> Soak:
    """So many turns, spoken and typed, with a link that breaks now and then."""
    dice, came = random.Random(seed), Soak()
    async with Cloud(_answer, allowed=IMPATIENT).open() as cloud:
        button, talker = SimulatedButton(), Talker(random.Random(seed), lambda _: None, pace_s=0)
        listener = Listener(lambda: device.state.last_turn)
        setup = Setup(address=cloud.address, identity=Identity(device=DEVICE, key=KEY, boot=dice.randbytes(16).hex()))
        device = Handheld(setup, Parts(button, talker, listener, PngScreen()), dice=dice)
        running = asyncio.create_task(device.run())
        await device.journal.wait("joined")
        before = (0, 0, 0)
        for at in range(turns):
            if at % _DROP_EVERY == _DROP_EVERY - 1:
                await (cloud.forget() if at % _FORGET_EVERY < _DROP_EVERY else cloud.drop())
            await _one(device, button, talker, dice)
            listener.heard.clear()
            came.turns += 1
            came.stuck += not await _idle(device)
            if at == turns // 5:
                gc.collect()
                came.rss_early_kb, before = rss_kb(), _census()
        gc.collect()
        came.rss_end_kb = rss_kb()
        after = _census()
        came.files_more, came.threads_more, came.tasks_more = (b - a for a, b in zip(before, after, strict=True))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return came


def _census() -> tuple[int, int, int]:
    return open_files().total(), threading.active_count(), len(asyncio.all_tasks())


async def _one(device: Handheld, button: SimulatedButton, talker: Talker, dice: random.Random) -> None:
    if dice.random() < 0.3:
        device.feed(Typed("a wish"))
        return
    position = device.journal.position
    button.down(steady_ms() - HOLD_MS)
    await device.journal.wait("turn_began", position)
    await talker.said(dice.randint(1, 10))
    button.up()
    await talker.closed.wait()


async def _idle(device: Handheld) -> bool:
    """The turn is over, and the device waits for the next one."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while not (device.settled and device.state.online and mode_of(device.state) in (Mode.IDLE, Mode.CARD)):
                await _something(device)
    except TimeoutError:
        return False
    return True


async def _something(device: Handheld) -> None:
    """An acknowledgement is no entry of the journal, so it is waited for by the clock."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(device.journal.changed(), 0.01)
