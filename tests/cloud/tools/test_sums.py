from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cloud.lam.errors import ToolError
from cloud.lam.perception import Heard
from cloud.lam.toolbox import Toolbox
from cloud.speech.correction import PhoneticCorrector, understood
from cloud.tools.clocks import CLOCK_TOOLS, DAYS_UNTIL
from cloud.tools.notes import NoteTools
from cloud.tools.sums import SUM_TOOLS
from cloud.tools.timers import TimerTools
from language.entities import Value

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
NOBODY: Any = None  # nothing is kept here
TOOLS = Toolbox((*TimerTools(NOBODY).tools(), *NoteTools(NOBODY).tools(), *CLOCK_TOOLS, *SUM_TOOLS))
BOOK = TOOLS.phrasebook()


class FakeRun:
    """Half past two on a Monday."""

    def now(self) -> datetime:
        return NOW


async def answered(said: str) -> Any:
    """What is said to a sentence that is understood word for word."""
    meaning = understood(said, BOOK, NOW)
    assert meaning is not None, said
    ((tool, values, _),) = meaning.intents
    found: Any = TOOLS.get(tool)
    return await found.run(values, FakeRun())


@pytest.mark.parametrize(
    ("said", "sentence", "title", "body"),
    [
        ("What is 15% of 84?", "Fifteen percent of eighty four is twelve point six.", "12.6", "15 % of 84 = 12.6"),
        ("twelve times seven plus three", "Twelve times seven plus three is eighty seven.", "87", "12 × 7 + 3 = 87"),
        ("What is 12*7+3?", "Twelve times seven plus three is eighty seven.", "87", "12 × 7 + 3 = 87"),
        (
            *("split ninety six euros by four", "Ninety six euros divided by four is twenty four euros."),
            *("€24", "€96 ÷ 4 = €24"),
        ),
        (
            "Split €96 between 4 people",
            "Ninety six euros divided by four is twenty four euros.",
            "€24",
            "€96 ÷ 4 = €24",
        ),
        (
            *("How many miles are 10 kilometers?", "Ten kilometres are about six point two one miles."),
            *("6.21 mi", "10 km ≈ 6.21 mi"),
        ),
        (
            *("what is 180 degrees celsius in fahrenheit",),
            *("One hundred and eighty degrees Celsius is three hundred and fifty six degrees Fahrenheit.",),
            *("356 °F", "180 °C = 356 °F"),
        ),
        ("what percentage of 60 is 15", "Fifteen is twenty five percent of sixty.", "25 %", "15 of 60 = 25 %"),
        (
            *("add 19 % tax to 250", "Two hundred and fifty plus nineteen percent is two hundred and ninety seven"),
            *("297.5", "250 + 19 % = 297.5"),
        ),
        ("the square root of two", "The square root of two is about one point four one.", "1.41", "√2 ≈ 1.41"),
    ],
)
async def test_a_sum_is_said_with_its_answer_and_shown(said: str, sentence: str, title: str, body: str) -> None:
    outcome = await answered(said)
    assert outcome.sentence.startswith(sentence)
    assert (outcome.card.title, outcome.card.body) == (title, body)


async def test_a_tip_is_told_with_what_is_paid_then() -> None:
    outcome = await answered("twenty percent tip on 48.50")
    assert outcome.sentence == "The tip is nine seventy, and fifty eight twenty with it."
    rows = [(row.label, row.value) for row in outcome.card.rows]
    assert rows == [("Bill", "48.50"), ("Tip", "9.70"), ("Together", "58.20")]


async def test_a_long_sum_is_not_said_again() -> None:
    outcome = await answered(" plus ".join(["eleven"] * 12))
    assert outcome.sentence == "That makes one hundred and thirty two."


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("divide a hundred by zero", "Nothing can be divided by zero."),
        ("convert five metres into litres", "one is a length, the other a volume"),
        ("what's fifty dollars in euros", "I have no source for exchange rates."),
        ("what's a 20 percent tip on five miles", "not on miles"),
        ("what percent is 15 of 0", "percentage of zero"),
    ],
)
async def test_what_has_no_answer_is_told_with_the_reason(said: str, reason: str) -> None:
    with pytest.raises(ToolError, match=reason):
        await answered(said)


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("what is the time", "time"),
        ("what is the date", "date"),
        ("set a timer for ten minutes", "set_timer"),
        ("take a note that two plus two is four", "take_note"),
        ("what day is the third of march", "day_of"),
    ],
)
def test_sums_take_no_other_sentence(said: str, tool: str) -> None:
    meaning = understood(said, BOOK, NOW)
    assert meaning is not None
    assert [intent[0] for intent in meaning.intents] == [tool]


@pytest.mark.parametrize("said", ["Twelve times seven plus three.", "What is 20 - 3/4?", "What is 15% of 84?"])
def test_a_spoken_sum_is_taken_as_it_was_heard(said: str) -> None:
    heard: Heard = PhoneticCorrector().correct(said, (), BOOK, NOW, spoken=True)
    assert (heard.decision, [reading.tool for reading in heard.readings]) == ("accept", ["work_out"])


@pytest.mark.parametrize(
    ("date", "sentence"),
    [
        (
            "2026-12-25",
            "It is thirty two days, or four weeks and four days, until Friday, the twenty fifth of December.",
        ),
        ("2026-11-24", "It is one day until Tuesday, the twenty fourth of November."),
        ("2026-11-23", "That is today."),
        ("2026-11-20", "That was three days ago."),
    ],
)
async def test_the_days_until_a_date_are_counted(date: str, sentence: str) -> None:
    values: dict[str, Value] = {"date": date}
    run: Any = FakeRun()
    assert (await DAYS_UNTIL.run(values, run)).sentence.removesuffix(".") == sentence.removesuffix(".")
