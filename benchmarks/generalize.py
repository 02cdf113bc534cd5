"""What does a demonstration teach? Each task of a written key is shown in a real browser, recorded, generalised, and
done again: with the values shown, with others, and on a changed page.

- `precision`, `recall`: of the parameters proposed, and of those in the key (`benchmarks/data/generalize_key.toml`).
- `replay_unchanged`: the page as it was, with the values shown and with others, as the skill's own utterance templates
  read them from a new sentence. A replay counts when it ends well and the page was acted on exactly as the person acts
  on it for that sentence (clicks, choices and texts, told by the document itself).
- `replay_mutated`: the same on the next release of the town's sites and on three mutations of the others. There the
  ledger of the town, or what was chosen and typed, must be the person's.
- `loops_found`: of the loops in the key and those proposed, how many are the same steps over the same thing.
- `wrong_irreversible`: acts that the person did not agree to, in adversarial replays of the irreversible steps.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
from playwright.async_api import Error as PlaywrightError
from rich.console import Console
from rich.table import Table

from benchmarks.generalizing.adversary import meddle
from benchmarks.generalizing.ground import Ground
from benchmarks.generalizing.key import Task, read_key
from benchmarks.generalizing.measuring import Bench, Result, act_of, measure
from browser.pool import Pool, PoolConfig

ADVERSARIAL = 500
# So many tasks are measured at once, each on a ground of its own: a person's pauses are long.
LANES = 4


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
        "loops": sum(len(one.task.loops) for one in results),
        "loops_found": rate([(one.loops_right, one.loops_right + one.loops_wrong) for one in verdicts]),
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
    odd += ["the act"] if verdict.acts_wrong else []
    odd += ["the loop"] if verdict.loops_wrong else []
    return [*odd, *result.failed]


def report(results: Sequence[Result], console: Console) -> None:
    """A row for each task, with what is wrong with it."""
    table = Table("task", "found", "unchanged", "changed", "understood", "what is wrong", title="Generalising")
    for one in results:
        count = f"{one.verdict.right}/{one.verdict.wanted}" if one.verdict else "-"
        pairs = ("/".join(map(str, pair)) for pair in (one.unchanged, one.mutated, one.understood))
        table.add_row(one.task.id, count, *pairs, "; ".join(wrong_with(one))[:300])
    console.print(table)


async def measured(bench: Bench, task: Task, acts: bool) -> Result:
    """What one task showed; a person who gets stuck herself counts as nothing shown."""
    try:
        return await (act_of if acts else measure)(bench, task)
    except PlaywrightError as error:
        return Result(task=task, failed=(f"the person herself got stuck: {error}"[:300],))


async def all_measured(benches: Sequence[Bench], tasks: Sequence[Task], acts: bool, console: Console) -> list[Result]:
    """All tasks in their order, one at a time on each ground."""
    results: dict[str, Result] = {}
    waiting = list(reversed(tasks))

    async def lane(bench: Bench) -> None:
        while waiting:
            task, began = waiting.pop(), time.monotonic()
            results[task.id] = await measured(bench, task, acts)
            told = "; ".join(wrong_with(results[task.id])) or "right"
            took_s = time.monotonic() - began
            line = f"{len(results)} of {len(tasks)}: {task.id}, {took_s:.1f} s: {told}"
            console.print(line, markup=False, soft_wrap=True)

    async with asyncio.TaskGroup() as group:
        for bench in benches:
            group.create_task(lane(bench))
    return [results[task.id] for task in tasks]


async def run(only: str, adversarial: int, lanes: int, acts: bool, console: Console) -> dict[str, float]:
    """All of it; with `acts`, the adversarial replays alone."""
    began = time.monotonic()
    tasks = [task for task in read_key() if only in task.id and (task.irreversible or not acts)]
    async with AsyncExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory())
        grounds = [await stack.enter_async_context(Ground()) for _ in range(lanes)]
        hosts = tuple(host for ground in grounds for host in ground.hosts)
        pool = await stack.enter_async_context(Pool(PoolConfig(state_dir=Path(name), allow_local=hosts)))
        results = await all_measured([Bench(ground, pool) for ground in grounds], tasks, acts, console)
        scenes = [one.scene for one in results if one.scene is not None]
        told = await meddle(pool, scenes, adversarial, console)
    took = {"took_s": round(time.monotonic() - began)}
    if acts:
        return told | took
    report(results, console)
    return figures(results) | told | took


def main() -> None:
    """Measure, print the table and, last, one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generalize", description=__doc__)
    parser.add_argument("--only", default="", help="tasks whose id holds this")
    parser.add_argument(
        "--adversarial", type=int, default=ADVERSARIAL, help=f"adversarial replays (default {ADVERSARIAL})"
    )
    parser.add_argument("--acts", action="store_true", help="the adversarial replays alone")
    parser.add_argument("--lanes", type=int, default=LANES, help=f"tasks measured at once (default {LANES})")
    options = parser.parse_args()
    console = Console(stderr=True)
    told = asyncio.run(run(options.only, options.adversarial, options.lanes, options.acts, console))
    print(msgspec.json.encode(told).decode())


if __name__ == "__main__":
    main()
