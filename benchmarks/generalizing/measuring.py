"""One task of the key: shown, generalised, judged, and done again with these values and others, here and on changed
pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import zip_longest
from typing import Any

import msgspec
from msgspec import Struct

from benchmarks.generalizing.adversary import Keeper, Scene
from benchmarks.generalizing.ground import MONDAY, SITES, UNCHANGED, Ground
from benchmarks.generalizing.judging import Verdict, judge, values_for
from benchmarks.generalizing.key import Said, Task
from benchmarks.generalizing.person import Person, show
from benchmarks.generalizing.watching import Trace, Watcher, marked, settled
from benchmarks.generalizing.willing import Typed
from browser.context import TaskContext
from browser.deadline import Deadline
from browser.pool import Pool
from language.entities import Value
from teach_mode.errors import TeachError
from teach_mode.generalize import Proposal, generalize
from teach_mode.replay import Replay

# Long enough for a busy machine: how long a single step may take is the skill's own business.
REPLAY_MS = 90_000
FACTS: dict[str, Value] = {
    "name": "Ada Example", "phone": "555 0100 22", "address": "Elm Street 5", "email": "ada@example.com"
}  # fmt: skip


class Done(Struct, frozen=True):
    """What was done on a page: as the document tells it, and as the town's ledger does."""

    trace: Trace
    rows: tuple[dict[str, Any], ...]


class Again(Struct, frozen=True):
    """What a replay did, what went wrong, and the page of its irreversible act."""

    did: Done
    wrong: str
    scene: Scene | None = None


class Result(Struct, frozen=True, kw_only=True):
    """What one task showed; of `understood`, `unchanged` and `mutated` how many went well, and of how many. `failed`
    says what went wrong, where; `scene` is the page of its irreversible act."""

    task: Task
    verdict: Verdict | None = None
    unchanged: tuple[int, int] = (0, 0)
    mutated: tuple[int, int] = (0, 0)
    understood: tuple[int, int] = (0, 0)
    failed: tuple[str, ...] = ()
    scene: Scene | None = None


class Bench:
    """A ground and the browser, and what is done on them: one task at a time."""

    def __init__(self, ground: Ground, pool: Pool) -> None:
        self.ground = ground
        self.pool = pool

    @asynccontextmanager
    async def context(
        self, task: Task, variant: str = UNCHANGED, further: int = 0
    ) -> AsyncIterator[tuple[TaskContext, Watcher, str]]:
        """A fresh context whose acts are kept, and the page where the task begins."""
        address = self.ground.address(task.where, variant, further)
        for town in self.ground.towns.values():
            town.tables.bookings.clear()
            town.desk.returns.clear()
        host = address.split("/")[2]
        async with self.pool.context(navigate=[host]) as context:
            watcher = Watcher()
            await watcher.start(context)
            yield context, watcher, address

    def rows(self, variant: str) -> int:
        return len(self.ground.towns[variant].ledger.rows()) if variant in self.ground.towns else 0

    def done(self, trace: Trace, variant: str, before: int) -> Done:
        """What has happened since the ledger had `before` rows."""
        rows = self.ground.towns[variant].ledger.rows()[before:] if variant in self.ground.towns else ()
        told = tuple({k: v for k, v in msgspec.to_builtins(row).items() if k not in ("number", "at")} for row in rows)
        return Done(settled(trace), told)

    async def shown(self, task: Task, said: Said) -> tuple[Any, dict[int, list[str]], Done]:
        """One demonstration, its steps, and what it did."""
        before = self.rows(UNCHANGED)
        async with self.context(task) as (context, watcher, address):
            made, steps, page = await show(context, address, task, said.sentence, said.values)
            trace = await watcher.seen(page)
        return made, steps, self.done(trace, UNCHANGED, before)

    async def wanted(self, task: Task, said: Said) -> Done:
        """What the person does for a sentence."""
        before = self.rows(UNCHANGED)
        async with self.context(task, further=said.further) as (context, watcher, address):
            page = await context.new_page()
            await page.playwright.goto(address)
            await Person(page).do(task, said.values)
            trace = await watcher.seen(page)
        return self.done(trace, UNCHANGED, before)

    async def replayed(
        self, task: Task, proposal: Proposal, values: dict[str, Value], variant: str, further: int = 0
    ) -> Again:
        """What the skill does for values, and what went wrong."""
        before = self.rows(variant)
        skill = proposal.skill.at(self.ground.base(task.where, variant, further))
        known = {one.name for one in skill.parameters}
        values = {name: value for name, value in FACTS.items() if name in known} | values
        async with self.context(task, variant) as (context, watcher, _):
            page = await context.new_page()
            keeper = Keeper(page)
            replay = Replay(page, keeper, secrets=Typed(), open_page=context.new_page)
            try:
                ended = await replay.run(skill, values, Deadline.after_ms(REPLAY_MS))
            except TeachError as error:
                return Again(self.done([], variant, before), str(error))
            wrong = "" if ended.outcome == "done" else str(ended.error or ended.outcome)
            trace = await watcher.seen(page)
        return Again(self.done(trace, variant, before), wrong, keeper.scene(task.id, skill, values))


def same(task: Task, did: Done, wanted: Done, variant: str) -> str:
    """What is wrong with what was done, "" when it is what the person does."""
    if did.rows != wanted.rows and (variant == UNCHANGED or task.irreversible):
        return f"ledger {did.rows} instead of {wanted.rows}"
    in_town = task.where.partition(":")[0] in SITES
    if variant != UNCHANGED and in_town:
        return "" if task.irreversible or marked(did.trace) == marked(wanted.trace) else "chose something else"
    if did.trace == wanted.trace:
        return ""
    odd = next(pair for pair in zip_longest(did.trace, wanted.trace) if pair[0] != pair[1])
    return f"did {odd[0]} instead of {odd[1]}"


async def act_of(bench: Bench, task: Task) -> Result:
    """The page of a task's irreversible act alone: shown, generalised, done once."""
    said = task.shown[0]
    proposal = generalize([(await bench.shown(task, one))[0] for one in task.shown])
    again = await bench.replayed(task, proposal, proposal.values[0], UNCHANGED)
    failed = (f"“{said.sentence}”: {again.wrong}",) if again.wrong else ()
    return Result(task=task, failed=failed, scene=again.scene)


async def measure(bench: Bench, task: Task) -> Result:
    """Show one task, generalise it, judge it, do it again."""
    shown = [await bench.shown(task, said) for said in task.shown]
    try:
        proposal = generalize([one[0] for one in shown])
    except TeachError as error:
        return Result(task=task, failed=(f"not generalised: {error}",))
    steps = {at: [one for each in shown for one in each[1].get(at, ())] for at in range(1, len(task.steps) + 1)}
    verdict = judge(task, proposal, steps)
    failed: list[str] = []
    understood, unchanged, mutated = list[bool](), list[bool](), list[bool]()
    scenes: list[Scene] = []
    wants = {str(said): done for said, (_, _, done) in zip(task.shown, shown, strict=True)}
    for said in (*task.shown, *task.other):
        wanted = wants[str(said)] if str(said) in wants else await bench.wanted(task, said)
        values, was = values_for(said, task, proposal, verdict, MONDAY)
        understood.append(was)
        variants = bench.ground.variants(task.where) if said is [*task.shown, *task.other][-1] else ()
        for variant in (UNCHANGED, *variants):
            again = await bench.replayed(task, proposal, values, variant, said.further)
            wrong = again.wrong or same(task, again.did, wanted, variant)
            (unchanged if variant == UNCHANGED else mutated).append(not wrong)
            if wrong:
                failed.append(f"“{said.sentence}” on {variant}: {wrong}")
            scenes += [again.scene] if again.scene is not None and variant == UNCHANGED else []
    counted = [(sum(each), len(each)) for each in (unchanged, mutated, understood)]
    return Result(
        task=task, verdict=verdict, unchanged=counted[0], mutated=counted[1], understood=counted[2],
        failed=tuple(failed), scene=scenes[0] if scenes else None,
    )  # fmt: skip
