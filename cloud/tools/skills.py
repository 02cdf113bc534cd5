"""Taught skills as tools: replayed in a context of their own, behind the gate, with a filmstrip."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog

from browser.context import TaskContext
from browser.deadline import Deadline
from browser.errors import BrowserError
from browser.pool import Pool
from browser.sending import sending
from cloud.errors import VaultError
from cloud.lam.carrying import READ
from cloud.lam.errors import BadArguments, ToolError
from cloud.lam.toolbox import Effect, Outcome, Row, Run, Tool
from cloud.tasks.errors import ActBarred
from cloud.tasks.intents import Intent
from cloud.tasks.running import TaskRun
from cloud.tools.acts import is_proof
from cloud.tools.callees import facts_for
from cloud.tools.filmstrip import Filmstrip, filming, keeping_frames
from cloud.tools.gate import Desk, TaskGate
from cloud.tools.handover import TaskAttendant
from cloud.tools.healings import Pick, read_then, which, with_targets
from cloud.tools.secrets import VaultSecrets
from cloud.tools.tellings import Telling, named
from cloud.tools.trail import HEALED, Trail, ending, keep_pictures
from language.entities import Slot, Value
from teach_mode.checks import read_skill
from teach_mode.errors import StepLost, StepObstructed, ValueRefused
from teach_mode.evidence import find_evidence
from teach_mode.healer import Healed
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed, StepEvent
from teach_mode.skill import Call, Skill
from teach_mode.templates import one_line
from teach_mode.traces import Traces
from teach_mode.uploads import Folder, wants_photo

log = structlog.get_logger(__name__)

Earlier = Callable[[str, int], Tool | None]
# A click that a crash cut off may still be on its way to the site: "it did not happen" is not believed sooner.
SETTLE_S = 6.0
LOOK_MS = 30_000.0
# How often in one run the person may pick an element.
MOST_PICKS = 3
NO_PHOTO = "I need a photo for that. Take one while you say it."
PHOTO_NAME = "photo.jpg"
# How much of a text that was read is known to the steps after.
MOST_READ = 1000


class SkillTool:
    """A `SiteTool` that replays one skill. Its run must be a `TaskRun`: an act needs a lease and what was asked."""

    def __init__(
        self,
        skill: Skill,
        pool: Pool,
        desk: Desk,
        earlier: Earlier = lambda name, version: None,
        find: Earlier = lambda name, version: None,
    ) -> None:
        self.skill = skill
        self._pool = pool
        self._desk = desk
        self._earlier = earlier
        self._find = find

    @property
    def name(self) -> str:
        return self.skill.name

    @property
    def description(self) -> str:
        return self.skill.description

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its parameters, and what the skills that it calls must know of the person."""
        return (*self.skill.parameters, *facts_for(self.skill, self._find))

    @property
    def acts(self) -> bool:
        return bool(self.skill.steps)

    @property
    def calls(self) -> tuple[Call, ...]:
        return self.skill.calls

    @property
    def gives(self) -> tuple[str, ...]:
        return (*self.skill.reads, *(name for call in self.skill.calls for name in call.keeps))

    @property
    def utterances(self) -> tuple[str, ...]:
        return self.skill.utterances

    @property
    def effect(self) -> Effect:
        return self.skill.effect

    @property
    def lists(self) -> tuple[str, ...]:
        return tuple(step.saves for step in self.skill.steps if step.many)

    @property
    def navigates(self) -> tuple[str, ...]:
        return self.skill.navigates

    @property
    def version(self) -> int:
        return self.skill.version

    def at_version(self, version: int) -> Tool | None:
        """The tool of another version of this skill, None when there is none that can be used."""
        return self if version == self.version else self._earlier(self.name, version)

    async def run(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        """Replays the skill; after a crash in the middle of its act it looks for evidence instead."""
        if not isinstance(run, TaskRun):
            raise ToolError("This skill can only be run by a task.")
        values = {name: value for name, value in arguments.items() if self.skill.parameter(name) is not None}
        if wants_photo(self.skill) and not run.picture:
            return Outcome(status="failed", sentence=NO_PHOTO, data={"code": "no_photo"})
        earlier = await self._desk.intents.of_step(run.task, run.step)
        acts = [intent for intent in earlier if intent.result != "not_acted"]
        try:
            if acts:
                return await self.look_up(acts[-1], values, run)
            return self._hidden(await self._replay(values, run))
        except ValueRefused as error:
            raise BadArguments(f"The details do not fit: {error}.") from error
        except ActBarred as error:
            log.warning("act_barred", task=run.task, reason=str(error))
            raise ToolError(self._telling(run).maybe(), unknown=True) from error
        except BrowserError as error:
            log.warning("browser_failed", task=run.task, code=error.code, reason=str(error))
            reason = self._desk.hide(str(error))
            raise ToolError(f"I could not use {self._site}: {reason}", unknown=await self._is_open(run)) from error

    def _hidden(self, outcome: Outcome) -> Outcome:
        """Without the secrets that a site may have said back."""
        hide, card = self._desk.hide, outcome.card
        if card is not None:
            card = msgspec.structs.replace(card, rows=tuple(Row(row.label, hide(row.value)) for row in card.rows))
        seen = tuple(hide(text) for text in outcome.evidence)
        data: dict[str, Any] = {
            key: hide(value) if isinstance(value, str) else value for key, value in outcome.data.items()
        }
        if READ in data:
            data[READ] = {name: as_read(value, hide) for name, value in data[READ].items()}
        return msgspec.structs.replace(outcome, sentence=hide(outcome.sentence), card=card, evidence=seen, data=data)

    @property
    def _site(self) -> str:
        return urlsplit(self.skill.base).hostname or self.skill.base

    @property
    def _origin(self) -> str:
        parts = urlsplit(self.skill.base)
        return f"{parts.scheme}://{parts.netloc}"

    def _telling(self, run: TaskRun) -> Telling:
        return Telling(self.skill, self._site, run.plan_step.words)

    async def _replay(self, values: Mapping[str, Value], run: TaskRun) -> Outcome:
        """Replays it; where an element is lost the person may pick, and it is begun again with what was picked."""
        skill: Skill = self.skill
        traces = Traces(skill, lambda deed: run.tell("changed", msgspec.to_builtins(deed)))
        picked: tuple[Healed, ...] = ()
        for picks_left in reversed(range(MOST_PICKS + 1)):
            replayed, gate = await self._replay_once(skill, values, run, traces)
            await self._learn(replayed, picked, run)
            pick = await self._pick(replayed, skill, run) if picks_left else None
            if pick is None:
                break
            picked = (*picked, pick.healed)
            if (read := read_then(replayed, skill, pick)) is not None:
                replayed = read
                await self._learn(replayed, picked, run)
                break
            skill, _ = with_targets(self.skill, picked)
        return self._telling(run).outcome(replayed, gate, traces)

    async def _pick(self, replayed: Replayed, skill: Skill, run: TaskRun) -> Pick | None:
        error = replayed.error
        if not isinstance(error, StepLost) or isinstance(error, StepObstructed) or replayed.settled is not None:
            return None
        return await which(error, skill, replayed.values, run, self._desk.asks, expiry_s=self._desk.ask_s)

    async def _learn(self, replayed: Replayed, picked: tuple[Healed, ...], run: TaskRun) -> None:
        """Keeps what was confirmed, by the page or by the person who picked it, and tells what was found elsewhere."""
        done = {step.step for step in replayed.steps}
        by_person = [msgspec.structs.replace(one, confirmed=True) for one in picked if one.step in done]
        found = (*by_person, *replayed.healed)
        if not found:
            return
        healings = self._desk.healings
        steps = []
        for one in found:
            before = healings.before(self.skill, one) if healings is not None else one.before
            told = {"step": one.step, "was": named(one.old, replayed), "now": one.words, "score": round(one.score, 3)}
            pictures = await asyncio.to_thread(keep_pictures, run.folder / HEALED, one.step, before, one.after)
            steps.append(told | {"confirmed": one.confirmed, "pictures": pictures})
        good = [one for one in found if one.confirmed]
        note = "picked by the person" if by_person else ""
        kept = healings.keep(self.name, good, note=note, task=run.task) if healings and good else None
        await run.event("healed", {"skill": self.name, "version": kept.version if kept else 0, "steps": steps})

    async def _replay_once(
        self, skill: Skill, values: Mapping[str, Value], run: TaskRun, traces: Traces
    ) -> tuple[Replayed, TaskGate]:
        trail = Trail(skill, run.note, lambda: run.now().timestamp())
        gate = TaskGate(skill, run, self._desk, trail)
        of = len(skill.steps) + 1

        @asynccontextmanager
        async def theirs(run: TaskRun, context: TaskContext) -> AsyncIterator[None]:
            with traces.aside():
                async with self._desk.showing(run, context):
                    yield

        def on_event(event: StepEvent) -> None:
            traces.take(event)
            trail.took(event)
            if event.kind == "begun":
                run.tell("progress", {"text": event.words, "number": min(event.number, of), "of": of})

        began = run.now()
        async with keeping_frames(run) as strip:
            async with self._signed_in(run) as context:
                page = await context.new_page()
                attendant = TaskAttendant(self._site, self.name, run, self._desk.asks, strip, context, theirs)
                with sending(context, traces.sent), trail.followed():
                    async with filming(page, strip), self._typing(run, strip) as secrets:
                        replay = Replay(
                            page,
                            gate,
                            ranker=self._desk.ranker,
                            secrets=secrets,
                            attendant=attendant,
                            open_page=context.new_page,
                            folder=run.folder / "files",
                            files=await self._files(run),
                            on_event=on_event,
                        )
                        replayed = await replay.run(skill, values, deadline_of(run))
                if "login" in attendant.brought:
                    await self._keep_session(run, context)
        gate.closed = attendant.closed or gate.closed
        took_ms = (run.now() - began).total_seconds() * 1000
        ended = ending(skill, replayed, run.folder / "files")
        run.tell("replayed", ended | {"number": run.step, "sites": list(trail.sites), "took_ms": round(took_ms)})
        return replayed, gate

    @asynccontextmanager
    async def _signed_in(self, run: TaskRun) -> AsyncIterator[TaskContext]:
        """A context of the task's own. Where the person was signed in they are still, and what came of it is kept."""
        hosts = self.skill.navigates, self.skill.loads
        connections = self._desk.connections
        state = await connections.state(run.person, self._origin) if connections is not None else None
        async with self._pool.context(navigate=hosts[0], load=hosts[1], storage_state=state) as context:
            yield context
            if state is not None or any(step.secret for step in self.skill.all_steps):
                await self._keep_session(run, context)

    async def _keep_session(self, run: TaskRun, context: TaskContext) -> None:
        if self._desk.connections is None:
            return
        try:
            state = await context.storage_state()
            await self._desk.connections.keep(run.person, self._origin, state, self.skill.origins.navigate)
        except (BrowserError, VaultError) as error:
            log.warning("session_not_kept", task=run.task, code=error.code)

    async def _files(self, run: TaskRun) -> Folder:
        """What the skill may upload: its own files, and the photo that came with the request."""
        desk, photo = self._desk, None
        picture = await desk.pictures.read(run.person, run.picture) if desk.pictures and run.picture else None
        if picture is not None:
            photo = run.folder / "given" / PHOTO_NAME
            await asyncio.to_thread(_put, photo, picture)
        kept = desk.kept(self.name, self.version) if desk.kept is not None else run.folder / "given"
        return Folder(kept, photo)

    @asynccontextmanager
    async def _typing(self, run: TaskRun, strip: Filmstrip) -> AsyncIterator[VaultSecrets | None]:
        """What types the person's secrets, when there is a vault."""
        desk = self._desk
        if desk.vault is None:
            yield None
            return
        secrets = VaultSecrets(
            desk.vault, run.person, strip, clock=lambda: run.now().timestamp(), watch_code=desk.watch_code
        )
        async with secrets:
            yield secrets

    async def look_up(self, intent: Intent, values: Mapping[str, Value], run: TaskRun) -> Outcome:
        """After a crash. An act is on record, so nothing is clicked: the site's own history is asked what happened."""
        return self._hidden(await self._looked_up(intent, values, run))

    async def _looked_up(self, intent: Intent, values: Mapping[str, Value], run: TaskRun) -> Outcome:
        result, evidence = intent.result, intent.evidence
        if result is None or result == "unknown":
            await run.progress("Looking up what happened")
            happened, url = await self._look(intent, values, run)
            result = "unknown" if happened is None else "done" if happened else "not_acted"
            evidence = (url,)
            await self._desk.intents.settle(intent.id, result, run.lease, evidence=evidence)
        if result == "done" and self._acts_after(intent.name):
            return Outcome(status="unknown", sentence=self._telling(run).partly(intent.words), evidence=evidence)
        if result == "done":
            sentence = f"Your request went through: {intent.words}."
            return Outcome(status="done", sentence=sentence, evidence=evidence)
        if result == "unknown":
            return Outcome(status="unknown", sentence=self._telling(run).maybe(), evidence=evidence)
        # It failed, or it never left.
        sentence = f"Your request did not go through: {intent.words}. Ask again if you still want it."
        return Outcome(status="failed", sentence=sentence, evidence=evidence)

    async def _look(self, intent: Intent, values: Mapping[str, Value], run: TaskRun) -> tuple[bool | None, str]:
        """Whether it happened, and where that was looked up. A no counts only when the site has had time."""
        while True:
            wait_s = intent.written_at + SETTLE_S - run.now().timestamp()
            try:
                async with self._signed_in(run) as context:
                    page = await context.new_page()
                    deadline = Deadline.after_ms(min(LOOK_MS, deadline_of(run).left_ms()))
                    found = await find_evidence(
                        self.skill, values, page, intent.before, step=intent.name, deadline=deadline
                    )
            except BrowserError as error:
                log.warning("evidence_unreachable", task=run.task, reason=str(error))
                return None, ""
            if found.happened and not await is_proof(intent, found.after, self._desk.intents, self._desk.ask_s):
                return None, found.url
            if found.happened is not False or wait_s <= 0:
                return found.happened, found.url
            await asyncio.sleep(min(wait_s, SETTLE_S))

    async def _is_open(self, run: TaskRun) -> bool:
        acts = await self._desk.intents.of_step(run.task, run.step)
        return any(intent.result in (None, "unknown") for intent in acts)

    def _acts_after(self, step: str) -> bool:
        """Whether the skill does something else that cannot be undone after this step."""
        ids = [one.id for one in self.skill.steps if one.effect == "irreversible"]
        return step in ids[:-1]


def bound(skill: Skill, sites: Mapping[str, str]) -> Skill:
    """The skill at the address that `sites` has for its site. Raises SkillOriginRefused."""
    return skill.at(sites[skill.site]) if skill.site in sites else skill


def as_read(value: Value, hide: Callable[[str], str]) -> Value:
    """What was read, as it is kept for the steps after: one line, of a bounded length, without secrets."""
    if isinstance(value, tuple):
        return tuple(as_read(one, hide) for one in value)  # type: ignore[misc]
    return hide(one_line(value))[:MOST_READ] if isinstance(value, str) else value


def load_skills(
    paths: Iterable[Path], sites: Mapping[str, str], pool: Pool, desk: Desk, find: Earlier = lambda name, version: None
) -> tuple[SkillTool, ...]:
    """Skills from files, each bound to the address under `sites` of its site. `find` gives what they call. Raises
    SkillError."""
    return tuple(SkillTool(bound(read_skill(path), sites), pool, desk, find=find) for path in paths)


def deadline_of(run: Run) -> Deadline:
    """The run's deadline as the browser wants it."""
    left_s = run.deadline.timestamp() - run.now().timestamp()  # two times of one zone would subtract as on a wall
    return Deadline.after_ms(max(left_s * 1000, 1.0))


def _put(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.write_bytes(data)
