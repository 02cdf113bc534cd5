"""What runs learn of changed pages: new versions of skills, with pictures; and the person's pick when none was sure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
import structlog
from msgspec import Struct

from cloud.lam.goals import Question
from cloud.tasks.asks import Ask, Asks, Choice, digest_of
from cloud.tasks.running import TaskRun
from cloud.tools.errors import ShelfError
from cloud.tools.shelf import Shelf
from cloud.tools.versions import Whence
from language.entities import Value
from teach_mode.errors import SkillError, StepLost
from teach_mode.healer import Healed, Likely
from teach_mode.parts import renewed, sought
from teach_mode.replayed import Replayed, StepSeen
from teach_mode.sentences import name_of
from teach_mode.skill import Skill
from teach_mode.templates import render_all, render_sentence

log = structlog.get_logger(__name__)

WORDS_CHARS = 60


class Healings:
    """Writes what was learnt onto the shelf, once that is open."""

    def __init__(self) -> None:
        self._shelf: Shelf | None = None

    def open(self, shelf: Shelf) -> None:
        """From now on what is learnt is kept there."""
        self._shelf = shelf

    def keep(self, name: str, healed: Iterable[Healed], *, note: str = "", task: str = "") -> Skill | None:
        """The next version of the skill, with the elements that were found anew; None: there was nothing to keep.

        What another run or a person changed meanwhile stays as they left it.
        """
        if self._shelf is None:
            return None
        try:
            skill = self._shelf.current(name)
            changed, kept = with_targets(skill, healed)
            if not kept:
                return None
            seen = [one for one in kept if one.part in ("target", "onto")]
            pictures = {f"{one.step}-after.jpg": one.after for one in kept if one.after}
            pictures |= {f"{one.step}-after.jpg": one.after for one in seen if one.after}
            pictures |= {f"{one.step}-before.jpg": before for one in seen if (before := self.before(skill, one))}
            words = note or "; ".join(f"{one.step}: now “{one.words}”" for one in kept)
            whence = Whence(surface="run", task=task)
            return self._shelf.save(changed, why="healed", note=words, pictures=pictures, whence=whence)
        except (ShelfError, SkillError) as error:
            log.warning("healing_not_kept", skill=name, reason=str(error))
            return None

    def before(self, skill: Skill, healed: Healed) -> bytes:
        """The element as it was shown, or as an earlier healing left it."""
        if healed.before or self._shelf is None:
            return healed.before
        for version in self._shelf.versions(skill.name):
            for picture in (f"{healed.step}-after.jpg", f"{healed.step}.jpg"):
                if found := self._shelf.picture(skill.name, version.number, picture):
                    return found
        return b""


def with_targets(skill: Skill, healed: Iterable[Healed]) -> tuple[Skill, tuple[Healed, ...]]:
    """The skill with the new targets, and which of them were put in: those whose step still has the old one. Pure."""
    kept: list[Healed] = []
    for one in healed:
        if one.new is not None and sought(skill, one.step, one.part) == one.old:
            kept.append(one)
            skill = renewed(skill, one.step, one.part, one.new, one.words)
    return skill, tuple(kept)


class Pick(Struct, frozen=True, kw_only=True):
    """What the person picked; `text` is what it says, where it is to be read."""

    healed: Healed
    text: str


async def which(
    error: StepLost, skill: Skill, values: Mapping[str, Value], run: TaskRun, asks: Asks, *, expiry_s: float
) -> Pick | None:
    """Asks the person which element is meant, and waits; None: none of them, or no answer in time. `values` are the
    run's."""
    step = next((one for one in skill.all_steps if one.id == error.step), None)
    old = getattr(step, error.part) if step is not None else None
    likely: tuple[Likely, ...] = error.candidates
    if old is None or not likely:
        return None
    words = tuple(one.words[:WORDS_CHARS] for one in likely)
    reads = step is not None and step.action == "read"
    asked = "What shall I read?" if reads else f"Which of these is {name_of(render_all(old, values))} now?"
    text = f"The site has changed. {asked}"
    numbers = tuple(str(number) for number in range(1, len(words) + 1))
    question = Question(text=text, tool=skill.name, slot="", choices=words, values=numbers)
    earlier = await asks.of_step(run.task, run.step)
    ask = Ask(
        id=f"{run.task}:{run.step}:{len(earlier) + 1}",
        task=run.task,
        person=run.person,
        step=run.step,
        kind="choice",
        digest=digest_of(task=run.task, step=error.step, part=error.part, words=words),
        text=text,
        choices=tuple(map(Choice, numbers, words)),
        data={"question": msgspec.to_builtins(question)},
    )
    with run.waiting():
        opened = await asks.open(ask, expiry_s=expiry_s)
        closed = await asks.wait(opened.id)
    if closed.closed != "chosen" or closed.answer not in numbers:
        return None
    one = likely[numbers.index(closed.answer)]
    healed = Healed(
        step=error.step, part=error.part, old=old, new=one.target, score=one.score, margin=0.0, words=one.words
    )
    return Pick(healed=healed, text=one.text)


def read_then(replayed: Replayed, skill: Skill, pick: Pick) -> Replayed | None:
    """The run with what was picked as its answer, where nothing was left to do but to read that: so nothing is done a
    second time for it. None: there was. Pure."""
    at = next((number for number, one in enumerate(skill.steps) if one.id == pick.healed.step), len(skill.steps))
    if not pick.text or any(one.action != "read" for one in skill.steps[at:]) or len(skill.steps) - at != 1:
        return None
    step = skill.steps[at]
    values = {**replayed.values, step.saves: pick.text}
    answer = render_sentence(skill.read_back, {**values, "site": skill.base})
    seen = StepSeen(step=step.id, words=pick.healed.words, url="", similarity=pick.healed.score, took_ms=0.0)
    steps = (*replayed.steps, seen)
    return msgspec.structs.replace(replayed, outcome="done", answer=answer, values=values, steps=steps, error=None)
