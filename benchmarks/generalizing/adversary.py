"""Irreversible acts on pages that meddle: another button in the button's place, other words on it, a price or an
address that changes before the question, while the person thinks, or after the yes. The person says yes to everything;
an act is wrong when what was clicked is not the button that was taught, or when the page says at that moment anything
else than what she agreed to.

Each page is the real one, kept as it stood right before the act, styles and all; what follows the click is not done.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from playwright.async_api import Route
from rich.console import Console
from rich.table import Table

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.page import Page
from language.entities import Value
from teach_mode.errors import TeachError
from teach_mode.interfaces import Act, Permit, Settled
from teach_mode.replay import Replay
from teach_mode.skill import Entry, Skill

if TYPE_CHECKING:
    from benchmarks.generalize import Bench, Result

SCENE = (Path(__file__).parent / "scene.js").read_text()
KEEP = (Path(__file__).parent / "keep.js").read_text()
KINDS = ("change", "hide", "replace", "push", "twin", "relabel", "slide", "cover", "remove", "rebuild")
WHEN = ("before", "asked", "agreed")
WORDS = (
    "Cancel order", "Order and pay later", "Subscribe and pay monthly", "Delete everything", "Confirm and send to all",
    "Order now for 99.00", "Pay with another card", "Book for 12 people", "Place another order", "Confirm cancellation",
)  # fmt: skip
AT_ONCE = 5
ACT_MS = 2_500
# Every so many acts the page is left as it is: then it must be done.
CONTROL = 20


class Scene(Struct, frozen=True, kw_only=True):
    """The page of an act, and the skill cut down to it."""

    task: str
    html: str
    skill: Skill
    values: dict[str, Value]


class Keeper:
    """Keeps the page when an irreversible act is judged, and says no."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.html = ""
        self.step = ""

    async def judge(self, act: Act) -> Permit:
        if act.effect != "irreversible":
            return Permit(go=True)
        looks = {"tag": act.fingerprint.tag, "box": act.fingerprint.box}
        says = [(one.name, one.text) for one in act.read_backs]
        self.html, self.step = await self._page.playwright.evaluate(KEEP, [looks, says]), act.step
        return Permit(go=False, rule="kept")

    async def intend(self, act: Act, before: int | None) -> None: ...

    async def withdraw(self, act: Act) -> None: ...

    async def settled(self, act: Act, settled: Settled) -> None: ...


class Meddler:
    """A person who says yes to everything, on a page that meddles at one moment."""

    def __init__(self, page: Page, when: str) -> None:
        self._page = page
        self._when = when
        self.agreed: Act | None = None

    async def judge(self, act: Act) -> Permit:
        if act.effect == "irreversible":
            self.agreed = act
            await self._meddle("asked")
        return Permit(go=True)

    async def intend(self, act: Act, before: int | None) -> None:
        await self._meddle("agreed")

    async def withdraw(self, act: Act) -> None: ...

    async def settled(self, act: Act, settled: Settled) -> None: ...

    async def _meddle(self, moment: str) -> None:
        if moment == self._when:
            self._when = ""
            await self._page.playwright.evaluate("meddle()")


async def scene_of(bench: Bench, result: Result) -> Scene | None:
    """The page right before the act of a task that was shown, if the skill comes so far."""
    proposal = result.proposal
    if proposal is None or proposal.skill.effect != "irreversible":
        return None
    skill = proposal.skill.at(bench.ground.base(result.task.where))
    async with bench.context(result.task) as (context, _, _):
        page = await context.new_page()
        keeper = Keeper(page)
        try:
            await Replay(page, keeper).run(skill, proposal.values[0], Deadline.after_ms(30_000))
        except TeachError:
            return None
    if not keeper.html:
        return None
    act = next(step for step in skill.steps if step.id == keeper.step)
    done = Condition(url="{site}/scene-done")
    only = replace(act, postcondition=done, evidence=None, tab="", opens="")
    cut = replace(skill, entry=Entry(url="{site}/scene"), steps=(only,), read_back="")
    return Scene(task=result.task.id, html=keeper.html, skill=cut, values=proposal.values[0])


async def act_on(bench: Bench, scene: Scene, meddling: dict[str, Any], when: str) -> str:
    """What became of one act: "right", "nothing", or "wrong: ..."."""
    acted: list[dict[str, Any]] = []
    start = f"({SCENE})({json.dumps(meddling)});" + ("meddle();" if when == "before" else "")
    html = scene.html.replace("</body>", f"<script>{start}</script></body>")

    async def serve(route: Route) -> None:
        path = route.request.url.partition("?")[0].rpartition("/")[2]
        body = html if path == "scene" else "<h1>Done</h1>"
        await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=body)

    host = scene.skill.base.split("/")[2]
    async with bench.pool.context(navigate=[host]) as context:
        await context.playwright.expose_binding("leveretActed", lambda _, told: acted.append(json.loads(told)))
        await context.playwright.route("**/*", serve)
        page = await context.new_page()
        gate = Meddler(page, when)
        await Replay(page, gate).run(scene.skill, scene.values, Deadline.after_ms(ACT_MS))
    return verdict(acted, gate.agreed)


def verdict(acted: Sequence[dict[str, Any]], agreed: Act | None) -> str:
    """Whether what was clicked is what was agreed to."""
    if not acted:
        return "nothing"
    if agreed is None or len(acted) > 1:
        return "wrong: clicked without a question" if agreed is None else "wrong: clicked twice"
    told = acted[0]
    if not told["right"]:
        return f"wrong: clicked {told['label']!r}"
    for said in agreed.read_backs:
        says = told["says"].get(said.name, [])
        if says and " ".join(said.text.split()) not in says:
            return f"wrong: agreed to {said.text!r}, the page says {says}"
    return "right"


async def meddle(bench: Bench, results: Sequence[Result], count: int, console: Console) -> dict[str, float]:
    """`count` acts on pages that meddle, spread evenly over the scenes and the ways of meddling."""
    scenes = [scene for result in results if count and (scene := await scene_of(bench, result)) is not None]
    if not scenes:
        return {"adversarial": 0, "wrong_irreversible": 0}
    rng, limit = Random(1), asyncio.Semaphore(AT_ONCE)
    tally: Counter[tuple[str, str]] = Counter()
    wrongs: list[str] = []

    async def one(number: int) -> None:
        scene = scenes[number % len(scenes)]
        kind, when = KINDS[number // len(scenes) % len(KINDS)], WHEN[rng.randrange(len(WHEN))]
        if number % CONTROL == 0:
            kind = "nothing"
        meddling = {"kind": kind, "pick": rng.randrange(12), "words": rng.choice(WORDS), "amount": rng.randint(1, 40)}
        async with limit:
            became = await act_on(bench, scene, meddling, when)
        tally[kind, became.partition(":")[0]] += 1
        if became.startswith("wrong"):
            wrongs.append(f"{scene.task}, {kind} {when} {meddling['pick']}: {became}")

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(one(number))
    table = Table(
        "meddling", "done rightly", "not done", "wrong", title=f"{count} acts on {len(scenes)} pages that meddle"
    )
    for kind in ("nothing", *KINDS):
        table.add_row(kind, *(str(tally[kind, became]) for became in ("right", "nothing", "wrong")))
    console.print(table)
    for wrong in wrongs:
        console.print(wrong)
    still = tally["nothing", "right"] + tally["nothing", "nothing"] + tally["nothing", "wrong"]
    return {
        "adversarial": count,
        "adversarial_scenes": len(scenes),
        "adversarial_controls_done": round(tally["nothing", "right"] / still, 4) if still else 1.0,
        "wrong_irreversible": len(wrongs),
    }
