"""Walks a journey: taught, asked for by voice, asked for again on the next release."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace
from playwright.async_api import Error as PlaywrightError

from benchmarks.journeys.journey import Asked, Journey
from benchmarks.journeys.school import School
from examples.demo.run import Run

FIRST, NEXT = "1", "2"
Came = Literal["done", "refused", "wrong"]


class Answer(Struct, frozen=True, kw_only=True):
    """What came of a request. "refused": nothing was done; "wrong": something else than what was meant."""

    came: Came
    said: str
    rows: tuple[dict[str, Any], ...]
    lines: str


class Walked(Struct, frozen=True, kw_only=True):
    """How far a journey came. `problem` says why it could not be taught."""

    journey: Journey
    problem: str = ""
    spoken: Answer | None = None
    redrawn: Answer | None = None


async def walk(school: School, journey: Journey, *, release: str = NEXT, typed: bool = False) -> Walked:
    """All of a journey; what could not be taught is not asked for. `typed`: nothing is spoken."""
    school.town.redraw({journey.site: FIRST})
    try:
        await teach(school, journey)
    except (AssertionError, PlaywrightError, TimeoutError) as error:
        return Walked(journey=journey, problem=f"{type(error).__name__}: {error}")
    first, then = (replace(one, typed=typed or one.typed) for one in (journey.spoken, journey.redrawn))
    spoken = await ask(school, first)
    school.town.redraw({journey.site: release})
    return Walked(journey=journey, spoken=spoken, redrawn=await ask(school, then))


async def teach(school: School, journey: Journey) -> None:
    """Shows it on the canvas and saves it. Raises AssertionError or Playwright's errors where that cannot be done."""
    await school.lesson(journey.sentence)
    await journey.show(school.teacher, school.town)
    await school.teacher.save()


async def ask(school: School, asked: Asked) -> Answer:
    """Asks for it, and looks at what came of it."""
    asked.before(school.town)
    try:
        run, lines = await school.request(asked.text, typed=asked.typed)
    except TimeoutError:
        return Answer(came="refused", said="it did not end", rows=(), lines="")
    said = " ".join(data["text"] for data in run.of("said"))
    return Answer(came=judged(asked, run, said), said=said, rows=tuple(run.ledger), lines=lines)


def judged(asked: Asked, run: Run, said: str) -> Came:
    """What it was, by the ledger, the ends of the tasks, and what was said."""
    wanted = [] if asked.row is None else [asked.row]
    if len(run.ledger) > len(wanted) or not all(_fits(*pair) for pair in zip(wanted, run.ledger, strict=False)):
        return "wrong"
    ends = [end["status"] for end in run.of("task_done")]
    if not ends or set(ends) != {"done"} or len(run.ledger) < len(wanted):
        return "refused"
    seen = [text for approval in run.approvals for text in (approval["text"], *approval["rows"].values())]
    shown = all(any(str(row[field]) in text for text in seen) for row in run.ledger for field in asked.shown)
    return "done" if shown and asked.says.lower() in said.lower() else "wrong"


def _fits(wanted: Any, row: dict[str, Any]) -> bool:
    return all(value(row[key]) if callable(value) else row[key] == value for key, value in wanted.items())
