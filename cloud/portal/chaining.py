"""Skills that call others, made in words: a chain of several, and what is to come after one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.lam.chaining import chain, prolonged
from cloud.lam.goals import Goal, Intent
from cloud.lam.mind import Mind
from cloud.lam.perception import Utterance
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body, surface_of
from cloud.tools.callees import check_calls
from cloud.tools.shelf import Shelf
from cloud.tools.versions import Whence, Why
from teach_mode.skill import Skill

MOST_CHARS = 400


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """`say`: the sentence that asks for it; `does`: what it does, as one would say it."""

    say: str
    does: str


class Then(Struct, frozen=True, forbid_unknown_fields=True):
    """What comes after a skill, as one would say it: "track it"."""

    does: str


class Chaining(Struct, frozen=True, kw_only=True):
    """`now` is the time in the person's zone, in which what is said is read."""

    doors: Doors
    shelf: Shelf
    mind: Mind
    now: Callable[[], datetime]

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (("/api/chains", "POST", self.make), ("/api/skills/{skill}/then", "POST", self.then))

    async def make(self, request: Request) -> Response:
        """Saves a new skill that does nothing but call others."""
        person = self.doors.person(request)
        given = await body(request, Wanted)
        say = " ".join(given.say.lower().split()).rstrip(".!?")
        if not say:
            raise HTTPException(422, "say which sentence asks for it")
        goal = await self._understood(given.does, person)
        skill = chain(say, given.does.strip(), goal, self.mind.toolbox)
        if self.mind.toolbox.get(skill.name) is not None:
            raise HTTPException(409, f"there is something called {skill.name!r} already; say it in other words")
        return self._saved(skill, request, "Made of others in words.")

    async def then(self, request: Request) -> Response:
        """Saves a version of a skill that goes on with another one."""
        person = self.doors.person(request)
        given = await body(request, Then)
        skill = self.shelf.current(request.path_params["skill"])
        itself = Intent(tool=skill.name, values={}, text=skill.description)
        goal = await self._understood(given.does, person, (itself,))
        return self._saved(prolonged(skill, goal, self.mind.toolbox), request, f"Then: {given.does.strip()}.")

    async def _understood(self, does: str, person: str, before: tuple[Intent, ...] = ()) -> Goal:
        if not 0 < len(does.strip()) <= MOST_CHARS:
            raise HTTPException(422, f"say what it does, in at most {MOST_CHARS} letters")
        said = Utterance(text=does.strip(), spoken=False)
        percept = await self.mind.perceive(said, person=person, now=self.now())
        goal = await self.mind.infer(percept, person=person, before=before)
        if len(goal.intents) <= len(before):
            raise HTTPException(422, goal.refusal or "I did not understand what it does")
        if percept.when:
            raise HTTPException(422, f"leave out {percept.when!r}: a schedule says when it is done")
        return goal

    def _saved(self, skill: Skill, request: Request, note: str) -> Response:
        check_calls(skill, self.mind.toolbox)
        why: Why = "edited" if skill.name in self.shelf.names() else "taught"
        saved = self.shelf.save(skill, why=why, note=note, whence=Whence(surface=surface_of(request)))
        return answer({"name": saved.name, "version": saved.version}, 201)
