"""A small cloud that hears every turn, tells what it hears twice a second, and answers as long as is asked of it."""

from __future__ import annotations

import asyncio

from benchmarks.device.pace import paced
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from wire.events import Audio, CloudEvent
from wire.limits import SAMPLE_BYTES, SAMPLE_RATE_HZ
from wire.link import Session
from wire.messages import Transcript, TurnDone, TurnEnd
from wire.outcomes import Outcome

__all__ = ["DEVICE", "KEY", "Cloud", "small_cloud"]

_PARTIAL_BYTES = SAMPLE_RATE_HZ * SAMPLE_BYTES // 2
_SENTENCE = "remember that the blue bicycle needs a new chain and two brake pads before we ride to the old mill"
_WORDS = _SENTENCE.split()


def small_cloud(answer: bytes, *, key: bytes = KEY) -> Cloud:
    """`answer`: the sound that it says to each turn."""
    told: dict[int, int] = {}
    speaking: list[asyncio.Task[None]] = []

    async def on_event(cloud: Cloud, event: CloudEvent) -> None:
        session = cloud.session
        if session is None:
            return
        if isinstance(event, Audio):
            halves = len(cloud.turns[event.turn].pcm) // _PARTIAL_BYTES
            if halves > told.get(event.turn, 0):
                told[event.turn] = halves
                session.send(Transcript(turn=event.turn, text=" ".join(_WORDS[: 1 + halves % len(_WORDS)])))
        elif isinstance(event, TurnEnd):
            session.send(Transcript(turn=event.turn, text=_SENTENCE, final=True))
            say = session.start_saying(event.turn, _SENTENCE)
            speaking.append(asyncio.create_task(speak(cloud, session, say)))
            session.send(TurnDone(turn=event.turn, outcome=Outcome.ANSWERED, sentence=_SENTENCE))

    async def speak(cloud: Cloud, session: Session, say: int) -> None:
        async for piece in paced(answer):
            session.say(say, piece)
            await cloud.flush()
        session.end_saying(say)
        await cloud.flush()

    return Cloud(on_event, key=key)
