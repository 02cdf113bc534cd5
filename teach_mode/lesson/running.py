"""Doing what was taught from within the lesson, with the person looking on and asked before what cannot be undone."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from language.entities import Value, read
from teach_mode.deeds import Deed, Halt, so_far, with_deeds
from teach_mode.errors import LessonRefused
from teach_mode.generalize import Proposal
from teach_mode.interfaces import Act, Permit, Settled
from teach_mode.lesson.told import Question, RunTold
from teach_mode.once import alongside
from teach_mode.replayed import Replayed, StepEvent
from teach_mode.skill import Skill

ANSWERED = {"yes": "", "no": "You said no."}
UNANSWERED = "Nobody answered in time."

Judge = Callable[[Act, Skill], Permit | Literal["ask"]]
"""The house's rules on an act: go, no, or ask the person."""
Ask = Callable[[Question], Coroutine[Any, Any, bool]]


class Record(Protocol):
    """Keeps what a run asks and does, durably: the part of a `Gate` that outlives a lesson."""

    def changed(self, deed: Deed) -> None:
        """A step changed something that can be undone."""
        ...

    def agree(self, act: Act) -> Coroutine[Any, Any, str]:
        """Asks the person wherever they are, and waits: "yes", "no", or another word for that nobody answered."""
        ...

    async def answer(self, yes: bool) -> None:
        """The answer was given in the lesson."""
        ...

    async def intend(self, act: Act, before: int | None) -> None: ...

    async def withdraw(self, act: Act) -> None: ...

    async def settled(self, act: Act, settled: Settled) -> None: ...


Trial = Callable[[Record | None], Awaitable[Replayed]]
"""A run that is given where to put its acts on record."""


async def unrecorded(skill: Skill, values: Mapping[str, Value], trial: Trial) -> Replayed:
    """A trial in a house that keeps no record."""
    return await trial(None)


class LessonGate:
    """A `Gate` whose question appears in the studio; with a `record`, where its acts go, wherever the person is. The
    first answer counts."""

    def __init__(self, skill: Skill, judge: Judge, ask: Ask, record: Record | None) -> None:
        self._skill = skill
        self._judge = judge
        self._ask = ask
        self._record = record
        self.sentence = ""

    async def judge(self, act: Act) -> Permit:
        """Go or not. Waits for the person before what cannot be undone."""
        verdict = self._judge(act, self._skill)
        if verdict == "ask":
            answer = await self._answer(act)
            verdict = Permit(go=answer == "yes", rule=f"answer_{answer}", sentence=ANSWERED.get(answer, UNANSWERED))
        self.sentence = verdict.sentence
        return verdict

    async def _answer(self, act: Act) -> str:
        if self._record is None:
            return "yes" if await self._ask(question_of(act)) else "no"
        async with alongside(self._ask(question_of(act))) as here, alongside(self._record.agree(act)) as anywhere:
            await asyncio.wait((here, anywhere), return_when=asyncio.FIRST_COMPLETED)
            if not anywhere.done():
                await self._record.answer(await here)
            return await anywhere

    async def intend(self, act: Act, before: int | None) -> None:
        """Writes down that the click comes now."""
        if self._record is not None:
            await self._record.intend(act, before)

    async def withdraw(self, act: Act) -> None:
        """The question is asked again."""
        if self._record is not None:
            await self._record.withdraw(act)

    async def settled(self, act: Act, settled: Settled) -> None:
        """Writes down how it ended."""
        if self._record is not None:
            await self._record.settled(act, settled)


def question_of(act: Act) -> Question:
    """What the person is asked, with a digest of exactly what would happen."""
    seen = msgspec.structs.replace(act.fingerprint, box=None)
    exactly = (act.skill, act.step, act.action, act.origin, seen, act.value, act.values, act.read_backs)
    return Question(
        digest=hashlib.sha256(msgspec.json.encode(exactly)).hexdigest(),
        text=act.question or "This cannot be undone. Shall I?",
        rows=tuple((says.title or says.name, says.text) for says in act.read_backs),
    )


def part_of(skill: Skill, to: str) -> Skill:
    """The skill up to and with one of its steps. Raises LessonRefused."""
    ids = [step.id for step in skill.steps]
    if to not in ids:
        raise LessonRefused("this step is not part of the skill yet")
    end = ids.index(to)
    begun = (loop for loop in skill.loops if ids.index(loop.first) <= end)
    loops = tuple(msgspec.structs.replace(one, last=to) if ids.index(one.last) > end else one for one in begun)
    return msgspec.structs.replace(skill, steps=skill.steps[: end + 1], loops=loops, read_back="")


def values_for(proposal: Proposal, given: Mapping[str, str], now: datetime) -> dict[str, Value]:
    """The values that were shown, with those that the person gives in words. Raises LessonRefused."""
    values: dict[str, Value] = dict(proposal.values[-1]) if proposal.values else {}
    for name, text in given.items():
        parameter = proposal.skill.parameter(name)
        if parameter is None:
            raise LessonRefused(f"there is no parameter {name!r}")
        if not text.strip():
            values.pop(name, None)
            continue
        value = read(parameter, text, now)
        if value is None:
            known = ", ".join(choice.value for choice in parameter.choices)
            raise LessonRefused(f"{text!r} is no {(known and 'one of ' + known) or parameter.kind} for {name}")
        values[name] = value
    return values


def told_of(event: StepEvent) -> RunTold:
    """A step of a run."""
    return RunTold(kind=event.kind, step=event.step, words=event.words)


def end_of(replayed: Replayed, sentence: str, halt: Halt) -> RunTold:
    """How a run ended, in words; `sentence` is the gate's, `halt` where it was then."""
    if replayed.error is not None:
        words = with_deeds(sentence or str(replayed.error), so_far(halt))
        return RunTold(kind="ended", step=replayed.error.step, words=words, outcome=replayed.outcome)
    return RunTold(kind="ended", step="", words=replayed.answer or "Done.", outcome=replayed.outcome)
