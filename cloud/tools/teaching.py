"""What the house gives to a lesson: the rules for its acts, the shelf for its skills, the vault for its secrets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any, Literal

from msgspec import Struct

from cloud.clock import Clock
from cloud.lam import judgement
from cloud.lam.toolbox import Toolbox, example
from cloud.people.vault import Vault
from cloud.tools.errors import ShelfError
from cloud.tools.gate import as_judged
from cloud.tools.secrets import VaultSecrets
from cloud.tools.shelf import Shelf
from cloud.tools.skills import SkillTool
from cloud.tools.versions import Whence
from language.entities import Value
from teach_mode.errors import LessonRefused
from teach_mode.interfaces import Act, Permit, Ranker
from teach_mode.lesson.running import Trial
from teach_mode.lesson.told import Saved
from teach_mode.replayed import Replayed
from teach_mode.skill import Skill
from teach_mode.studio import House

NOTHING: Any = None  # a skill's tool that is judged, and never run


class Teaching(Struct, frozen=True, kw_only=True):
    """`trial` tries a skill for a person, its acts on record. `cap`: the most that one act may cost, "": no cap."""

    shelf: Shelf
    toolbox: Toolbox
    vault: Vault
    clock: Clock
    now: Callable[[], datetime]
    trial: Callable[[str, Skill, Mapping[str, Value], Trial], Awaitable[Replayed]]
    cap: str = ""
    ranker: Ranker | None = None
    watch_code: Callable[[str], None] = lambda code: None

    def house(self, person: str) -> House:
        """The house of one person's lesson."""

        @asynccontextmanager
        async def secrets() -> AsyncIterator[VaultSecrets]:
            typing = VaultSecrets(self.vault, person, Unveiled(), clock=self.clock, watch_code=self.watch_code)
            async with typing:
                yield typing

        return House(
            judge=lambda act, skill: judged(act, skill, person=person, cap=self.cap),
            save=self._save,
            now=self.now,
            secrets=secrets,
            ranker=self.ranker,
            trial=partial(self.trial, person),
        )

    def _save(self, skill: Skill, pictures: Mapping[str, bytes], files: Mapping[str, bytes], note: str) -> Saved:
        try:
            saved = self.shelf.save(
                skill, why="taught", note=note, pictures=pictures, files=files, whence=Whence(surface="studio")
            )
        except ShelfError as error:
            raise LessonRefused(str(error)) from error
        tool = self.toolbox.get(saved.name)
        said = example(tool, self.now()) if tool is not None else ""
        return Saved(name=saved.name, version=saved.version, example=said)


class Unveiled:
    """Nothing of a lesson's pictures is kept: the person who typed the secret is the only one who sees them."""

    def drop(self) -> None:
        """Nothing is kept."""

    def lift(self) -> None:
        """Nothing is kept."""


def judged(act: Act, skill: Skill, *, person: str, cap: str) -> Permit | Literal["ask"]:
    """The rules of `lam/judgement.py` on an act of a lesson's run, which the person set going with its values."""
    proposed = as_judged(act, skill, skill.description, dict.fromkeys(act.values, "said"))
    request = judgement.Request(person=person, text=skill.description, tools=(skill.name,), cap=cap)
    verdict = judgement.judge_act(proposed, SkillTool(skill, NOTHING, NOTHING), request)
    if verdict.decision == "ask":
        return "ask"
    return Permit(go=verdict.decision == "go", rule=verdict.rule, sentence=verdict.reason)
