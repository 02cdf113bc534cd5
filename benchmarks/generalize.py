"""What does a demonstration teach? Each task of a written key is shown in a real browser, recorded, generalised, and
done again: with the values shown, with others, and on a changed page.

- `precision`, `recall`: of the parameters proposed, and of those in the key (`benchmarks/data/generalize_key.toml`).
- `replay_unchanged`: the page as it was, with the values shown and with others, as the skill's own utterance templates
  read them from a new sentence. A replay counts when it ends well and the page was acted on exactly as the person acts
  on it for that sentence (clicks, choices and texts, told by the document itself).
- `replay_mutated`: the same on the next release of the town's sites and on three mutations of the others. There the
  ledger of the town, or what was chosen and typed, must be the person's.
- `wrong_irreversible`: acts that the person did not agree to, in adversarial replays of the irreversible steps.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from playwright.async_api import Error as PlaywrightError
from rich.console import Console
from rich.table import Table

from benchmarks.generalizing.adversary import meddle
from benchmarks.generalizing.ground import MONDAY, SITES, UNCHANGED, Ground
from benchmarks.generalizing.judging import Verdict, judge, values_for
from benchmarks.generalizing.key import Said, Task, read_key
from benchmarks.generalizing.person import Person, show
from benchmarks.generalizing.watching import Trace, Watcher, marked, settled
from browser.context import TaskContext
from browser.deadline import Deadline
from browser.page import Page
from browser.pool import Pool, PoolConfig
from language.entities import Value
from teach_mode.errors import TeachError
from teach_mode.generalize import Proposal, generalize
from teach_mode.interfaces import Act, Permit, Settled
from teach_mode.replay import Replay

REPLAY_MS = 30_000
ADVERSARIAL = 500
FACTS: dict[str, Value] = {
    "name": "Ada Example", "phone": "555 0100 22", "address": "Elm Street 5", "email": "ada@example.com"
}  # fmt: skip


class Willing:
    """A person who agrees to everything."""

    async def judge(self, act: Act) -> Permit:
        return Permit(go=True)

    async def intend(self, act: Act, before: int | None) -> None: ...

    async def withdraw(self, act: Act) -> None: ...

    async def settled(self, act: Act, settled: Settled) -> None: ...


class Typed:
    """Types what the key calls a secret."""

    async def type_into(self, page: Page, at: Any, name: str, **more: Any) -> None:
        await page.fill(at, "AU", deadline=more["deadline"])


class Done(Struct, frozen=True):
    """What was done on a page: as the document tells it, and as the town's ledger does."""

    trace: Trace
    rows: tuple[dict[str, Any], ...]


class Result(Struct, frozen=True, kw_only=True):
    """What one task showed. `failed` says what went wrong, where."""

    task: Task
    proposal: Proposal | None
    verdict: Verdict | None
    unchanged: tuple[int, int] = (0, 0)
    mutated: tuple[int, int] = (0, 0)
    understood: tuple[int, int] = (0, 0)
    failed: tuple[str, ...] = ()


class Bench:
    """The ground and the browser, and what is done on them."""

    def __init__(self, ground: Ground, pool: Pool) -> None:
        self.ground = ground
        self.pool = pool

    @asynccontextmanager
    async def context(self, task: Task, variant: str = UNCHANGED) -> AsyncIterator[tuple[TaskContext, Watcher, str]]:
        """A fresh context whose acts are kept, and the page where the task begins."""
        address = self.ground.address(task.where, variant)
        for town in self.ground.towns.values():
            town.tables.bookings.clear()
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
        async with self.context(task) as (context, watcher, address):
            page = await context.new_page()
            await page.playwright.goto(address)
            await Person(page).do(task, said.values)
            trace = await watcher.seen(page)
        return self.done(trace, UNCHANGED, before)

    async def replayed(
        self, task: Task, proposal: Proposal, values: dict[str, Value], variant: str
    ) -> tuple[Done, str]:
        """What the skill does for values, and what went wrong."""
        before = self.rows(variant)
        skill = proposal.skill.at(self.ground.base(task.where, variant))
        known = {one.name for one in skill.parameters}
        facts = {name: value for name, value in FACTS.items() if name in known}
        async with self.context(task, variant) as (context, watcher, _):
            page = await context.new_page()
            replay = Replay(page, Willing(), secrets=Typed(), open_page=context.new_page)
            try:
                ended = await replay.run(skill, facts | values, Deadline.after_ms(REPLAY_MS))
            except TeachError as error:
                return self.done([], variant, before), str(error)
            wrong = "" if ended.outcome == "done" else str(ended.error or ended.outcome)
            trace = await watcher.seen(page)
        return self.done(trace, variant, before), wrong


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


async def measure(bench: Bench, task: Task) -> Result:
    """Show one task, generalise it, judge it, do it again."""
    shown = [await bench.shown(task, said) for said in task.shown]
    try:
        proposal = generalize([one[0] for one in shown])
    except TeachError as error:
        return Result(task=task, proposal=None, verdict=None, failed=(f"not generalised: {error}",))
    steps = {at: [one for each in shown for one in each[1].get(at, ())] for at in range(1, len(task.steps) + 1)}
    verdict = judge(task, proposal, steps)
    failed: list[str] = []
    understood, unchanged, mutated = [], [], []
    wants = {said.sentence + str(said.values): done for said, (_, _, done) in zip(task.shown, shown, strict=True)}
    for said in (*task.shown, *task.other):
        key = said.sentence + str(said.values)
        wanted = wants[key] if key in wants else await bench.wanted(task, said)
        values, was = values_for(said, task, proposal, verdict, MONDAY)
        understood.append(was)
        variants = bench.ground.variants(task.where) if said is [*task.shown, *task.other][-1] else ()
        for variant in (UNCHANGED, *variants):
            did, wrong = await bench.replayed(task, proposal, values, variant)
            wrong = wrong or same(task, did, wanted, variant)
            (unchanged if variant == UNCHANGED else mutated).append(not wrong)
            if wrong:
                failed.append(f"“{said.sentence}” on {variant}: {wrong}")
    counted = [(sum(each), len(each)) for each in (unchanged, mutated, understood)]
    return Result(
        task=task, proposal=proposal, verdict=verdict, unchanged=counted[0], mutated=counted[1],
        understood=counted[2], failed=tuple(failed),
    )  # fmt: skip


def rate(pairs: Sequence[tuple[int, int]]) -> float:
    """The share of all, 1 for none."""
    right, of = (sum(each) for each in zip(*pairs, strict=True)) if pairs else (0, 0)
    return round(right / of, 4) if of else 1.0


def figures(results: Sequence[Result]) -> dict[str, float]:
    """What goes into the last line."""
    verdicts = [one.verdict for one in results if one.verdict is not None]
    right, found = sum(one.right for one in verdicts), sum(one.found for one in verdicts)
    wanted = sum(len(one.task.parameters) for one in results)
    return {
        "demonstrations": sum(len(one.task.shown) for one in results),
        "tasks": len(results),
        "parameters": wanted,
        "parameters_found": found,
        "precision": round(right / found, 4) if found else 1.0,
        "recall": round(right / wanted, 4) if wanted else 1.0,
        "acts_found": rate([(one.acts_right, one.acts_right + one.acts_wrong) for one in verdicts]),
        "understood": rate([one.understood for one in results]),
        "replays_unchanged": sum(one.unchanged[1] for one in results),
        "replay_unchanged": rate([one.unchanged for one in results]),
        "replays_mutated": sum(one.mutated[1] for one in results),
        "replay_mutated": rate([one.mutated for one in results]),
    }


def wrong_with(result: Result) -> list[str]:
    """All that is wrong with one task."""
    verdict = result.verdict
    if verdict is None:
        return list(result.failed)
    odd = [*(f"missing {one}" for one in verdict.missing), *(f"extra {one}" for one in verdict.extra)]
    return [*odd, *(["the act"] if verdict.acts_wrong else []), *result.failed]


def report(results: Sequence[Result], console: Console) -> None:
    """A row for each task, with what is wrong with it."""
    table = Table("task", "found", "unchanged", "changed", "understood", "what is wrong", title="Generalising")
    for one in results:
        count = f"{one.verdict.right}/{one.verdict.wanted}" if one.verdict else "-"
        pairs = ("/".join(map(str, pair)) for pair in (one.unchanged, one.mutated, one.understood))
        table.add_row(one.task.id, count, *pairs, "; ".join(wrong_with(one))[:300])
    console.print(table)


async def run(only: str, adversarial: int, console: Console) -> dict[str, float]:
    """All of it."""
    tasks = [task for task in read_key() if only in task.id]
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as name:
        async with Ground() as ground:
            config = PoolConfig(state_dir=Path(name), allow_local=ground.hosts)
            async with Pool(config) as pool:
                bench = Bench(ground, pool)
                for task in tasks:
                    began = time.monotonic()
                    try:
                        results.append(await measure(bench, task))
                    except PlaywrightError as error:
                        stuck = f"the person herself got stuck: {error}"
                        results.append(Result(task=task, proposal=None, verdict=None, failed=(stuck[:300],)))
                    told = "; ".join(wrong_with(results[-1])) or "right"
                    console.print(f"{task.id}, {time.monotonic() - began:.1f} s: {told}", markup=False, soft_wrap=True)
                told = await meddle(bench, results, adversarial, console)
    report(results, console)
    return figures(results) | told


def main() -> None:
    """Measure, print the table and, last, one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generalize", description=__doc__)
    parser.add_argument("--only", default="", help="tasks whose id holds this")
    parser.add_argument(
        "--adversarial", type=int, default=ADVERSARIAL, help=f"adversarial replays (default {ADVERSARIAL})"
    )
    options = parser.parse_args()
    console = Console(stderr=True)
    print(msgspec.json.encode(asyncio.run(run(options.only, options.adversarial, console))).decode())


if __name__ == "__main__":
    main()
