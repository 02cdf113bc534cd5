"""Doing what was taught from within the lesson, with the person looking on and asked before what cannot be undone."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal

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


class LessonGate:
    """A `Gate` whose question appears in the studio.

    A run in a lesson is no task: nothing outlives the lesson, and an act that a crash cut off is not looked up.
    """

    def __init__(self, skill: Skill, judge: Judge, ask: Ask) -> None:
        self._skill = skill
        self._judge = judge
        self._ask = ask
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
        """Nothing is written down."""

    async def withdraw(self, act: Act) -> None:
        """The question is asked again."""

    async def settled(self, act: Act, settled: Settled) -> None:
        """Told with the run's end."""


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
    return msgspec.structs.replace(skill, steps=skill.steps[: ids.index(to) + 1], read_back="")


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


def end_of(replayed: Replayed, gate: LessonGate) -> RunTold:
    """How a run ended, in words."""
    if replayed.error is not None:
        words = gate.sentence or str(replayed.error)
        return RunTold(kind="ended", step=replayed.error.step, words=words, outcome=replayed.outcome)
    return RunTold(kind="ended", step="", words=replayed.answer or "Done.", outcome=replayed.outcome)
