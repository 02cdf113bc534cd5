"""One turn as it is heard: what is weighed before the button comes up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from cloud.ear import Ear, Heard, Weights
from cloud.speech.errors import EngineFailed
from cloud.speech.stt import AheadHeard, PartialHeard, Transcript
from wire.messages import TurnEnd, TurnStart


class Sound:
    """Evidence that is only compared."""

    async def weigh(self, sentences: Sequence[str]) -> list[float]:
        return [0.0 for _ in sentences]

    async def again(self) -> tuple[str, ...]:
        return ()


class Speech:
    """An engine in the hand of a test."""

    name = "hand"

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.tell: AheadHeard = lambda transcript: None

    async def ready(self) -> None: ...

    def open(self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None) -> Speech:
        assert on_ahead is not None
        self.tell = on_ahead
        return self

    def feed(self, pcm: bytes) -> None: ...

    async def finish(self) -> Transcript:
        return self.transcript

    def abort(self) -> None: ...

    async def close(self) -> None: ...


def heard(text: str) -> Transcript:
    return Transcript(text=text, engine="hand", evidence=Sound())


class Scales:
    """Weighs each text as itself, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.given_up: list[str] = []
        self.hold: Callable[[str], bool] = lambda text: False
        self.fails = False

    async def __call__(self, heard: Heard) -> Weights:
        self.asked.append(heard.text)
        try:
            if self.hold(heard.text):
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.given_up.append(heard.text)
            raise
        if self.fails:
            raise EngineFailed("it broke")
        return ((heard.text, -1.0),)


def ear_of(speech: Speech, scales: Scales) -> Ear:
    return Ear(TurnStart(turn=1, mode="voice"), speech, scales, "turn", lambda text: None)


async def finished(ear: Ear) -> Weights:
    return await ear.weigh(await ear.finish(TurnEnd(turn=1)))


async def test_what_was_weighed_ahead_of_the_button_is_not_weighed_again() -> None:
    said, scales = heard("set a timer"), Scales()
    ear = ear_of(speech := Speech(said), scales)
    speech.tell(said)
    assert await finished(ear) == (("set a timer", -1.0),)
    assert scales.asked == ["set a timer"]


async def test_what_was_weighed_too_early_counts_for_nothing() -> None:
    scales = Scales()
    scales.hold = lambda text: text == "set a"
    ear = ear_of(speech := Speech(heard("set a timer")), scales)
    speech.tell(heard("set a"))
    await asyncio.sleep(0)
    assert await finished(ear) == (("set a timer", -1.0),)
    await asyncio.sleep(0)
    assert scales.given_up == ["set a"]


async def test_weighing_ends_when_the_speaker_goes_on_and_when_the_turn_is_aborted() -> None:
    scales = Scales()
    scales.hold = lambda text: True
    ear = ear_of(speech := Speech(heard("set a timer")), scales)
    speech.tell(heard("one"))
    await asyncio.sleep(0)
    speech.tell(None)
    speech.tell(heard("two"))
    await asyncio.sleep(0)
    ear.abort()
    ear.abort()
    await asyncio.sleep(0)
    assert scales.given_up == ["one", "two"]


@pytest.mark.parametrize("ahead", [True, False])
async def test_an_engine_that_breaks_while_it_weighs_leaves_the_words_to_decide(ahead: bool) -> None:
    said, scales = heard("set a timer"), Scales()
    scales.fails = True
    ear = ear_of(speech := Speech(said), scales)
    if ahead:
        speech.tell(said)
    assert await finished(ear) == ()
