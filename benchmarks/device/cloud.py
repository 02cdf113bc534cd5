"""A small cloud that hears every turn, tells what it hears twice a second, and answers as long as is asked of it."""

from __future__ import annotations

from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from wire.events import Audio, CloudEvent
from wire.limits import SAMPLE_BYTES, SAMPLE_RATE_HZ
from wire.messages import Transcript, TurnDone, TurnEnd
from wire.outcomes import Outcome

__all__ = ["DEVICE", "KEY", "Cloud", "small_cloud"]

_PARTIAL_BYTES = SAMPLE_RATE_HZ * SAMPLE_BYTES // 2
_WORDS = "remember that the blue bicycle needs a new chain and two brake pads before we ride to the old mill".split()


def small_cloud(answer: bytes, *, key: bytes = KEY) -> Cloud:
    """`answer`: the sound that it says to each turn."""
    told: dict[int, int] = {}

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
            sentence = " ".join(_WORDS)
            session.send(Transcript(turn=event.turn, text=sentence, final=True))
            say = session.start_saying(event.turn, sentence)
            session.say(say, answer)
            session.end_saying(say)
            session.send(TurnDone(turn=event.turn, outcome=Outcome.ANSWERED, sentence=sentence))

    return Cloud(on_event, key=key)
