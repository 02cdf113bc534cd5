"""A spoken request with a recurrence: the recurrence is taken as heard, the request as the sound says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cloud.lam.perception import Perceiver, Utterance
from cloud.lam.toolbox import Outcome, Toolbox
from cloud.speech.correction import PhoneticCorrector
from cloud.speech.framing import framed
from cloud.speech.hearing import weigh
from cloud.tools.spoken import SpokenTool
from language.entities import Slot
from language.recurrences.framing import frame_of
from tests.cloud.speech.test_hearing import SoundOf

NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


async def nothing(arguments: object, run: object) -> Outcome:
    raise AssertionError("nothing is done here")


PEOPLE = Slot(name="people", kind="integer", least=1, most=10)
TABLE = SpokenTool(
    name="book_table",
    description="book a table",
    utterances=("book a table for {people}", "book a table for {people} {when}"),
    slots=(PEOPLE, Slot(name="when", kind="when", required=False)),
    work=nothing,
)
NOTE = SpokenTool(
    name="take_note",
    description="take a note",
    utterances=("take a note that {text}",),
    slots=(Slot(name="text", kind="text"),),
    work=nothing,
)
TOOLBOX = Toolbox((TABLE, NOTE))


@pytest.mark.parametrize(
    ("heard", "said", "when"),
    [
        ("Every Friday at 7, look a table for nine.", "every friday at 7 book a table for nine", "Every Friday at 7"),
        ("Look a table for nine every Friday at 7.", "book a table for nine every friday at 7", "every Friday at 7"),
    ],
)
async def test_the_sound_decides_about_the_request_within_its_times(heard: str, said: str, when: str) -> None:
    corrector = PhoneticCorrector()
    asked = framed(heard, corrector, NOW)
    assert asked is not None
    weights = await weigh(heard, SoundOf(said), asked, (TOOLBOX.phrasebook(),), NOW)
    assert weights[1][0] == said
    perceiver = Perceiver(TOOLBOX, corrector)
    percept = await perceiver.perceive(Utterance(text=heard, spoken=True, alternatives=weights), now=NOW)
    assert percept.when == when
    assert [(reading.tool, reading.values) for reading in percept.readings] == [("book_table", {"people": 9})]


async def test_by_sound_alone_too() -> None:
    perceiver = Perceiver(TOOLBOX, PhoneticCorrector())
    percept = await perceiver.perceive(
        Utterance(text="Every day at noon, look a table for nine.", spoken=True), now=NOW
    )
    assert (percept.when, percept.text) == ("Every day at noon", "book a table for nine")


@pytest.mark.parametrize("text", ["take a note that I swim every Monday at eight", "book a table for two at seven"])
async def test_what_can_be_said_as_it_stands_is_no_schedule(text: str) -> None:
    percept = await Perceiver(TOOLBOX, PhoneticCorrector()).perceive(Utterance(text=text, spoken=False), now=NOW)
    assert percept.when == ""
    assert percept.readings[0].tool in ("take_note", "book_table")


async def test_days_in_a_request_are_seen_from_its_first_time() -> None:
    perceiver = Perceiver(TOOLBOX, PhoneticCorrector())
    text = "every Monday at ten book a table for two tomorrow at seven"
    percept = await perceiver.perceive(Utterance(text=text, spoken=False), now=NOW)
    assert percept.readings[0].values == {"people": 2, "when": "2026-12-01T19:00"}, "the Tuesday after the Monday"


def test_a_frame_is_taken_off_and_put_back() -> None:
    frame = frame_of("Every weekday at eight, read my notes.", NOW)
    assert frame is not None
    assert frame.inner("every weekday at eight read my mail") == "read my mail"
    assert frame.inner("every weekday at nine read my mail") == ""
    assert frame.around("read my mail") == "every weekday at eight read my mail"
    assert frame_of("read my notes", NOW) is None
