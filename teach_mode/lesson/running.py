"""Doing what was taught from within the lesson, with the person looking on and asked before what cannot be undone."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from language.entities import Value, read
from teach_mode.errors import LessonRefused
from teach_mode.generalize import Proposal
from teach_mode.interfaces import Act, Permit, Settled
from teach_mode.lesson.told import Question, RunTold
from teach_mode.replay import Replayed, StepEvent
from teach_mode.skill import Skill

Judge = Callable[[Act, Skill], Permit | Literal["ask"]]
"""The house's rules on an act: go, no, or ask the person."""
Ask = Callable[[Question], Awaitable[bool]]


class Record(Protocol):
    """Keeps what happens between a yes and its end, durably: the part of a `Gate` that outlives a lesson."""

    async def intend(self, act: Act, before: int | None) -> None: ...

    async def withdraw(self, act: Act) -> None: ...

    async def settled(self, act: Act, settled: Settled) -> None: ...


Trial = Callable[[Record | None], Awaitable[Replayed]]
"""A run that is given where to put its acts on record."""


async def unrecorded(skill: Skill, values: Mapping[str, Value], trial: Trial) -> Replayed:
    """A trial in a house that keeps no record."""
    return await trial(None)


class LessonGate:
    """A `Gate` whose question appears in the studio. Its acts go on `record`, where the house keeps one."""

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
            yes = await self._ask(question_of(act))
            verdict = Permit(go=yes, rule="answer_yes" if yes else "answer_no", sentence="" if yes else "You said no.")
        self.sentence = verdict.sentence
        return verdict

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


def end_of(replayed: Replayed, sentence: str) -> RunTold:
    """How a run ended, in words; `sentence` is the gate's."""
    if replayed.error is not None:
        words = sentence or str(replayed.error)
        return RunTold(kind="ended", step=replayed.error.step, words=words, outcome=replayed.outcome)
    return RunTold(kind="ended", step="", words=replayed.answer or "Done.", outcome=replayed.outcome)
