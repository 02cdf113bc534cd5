"""`.side` files on the town: ours played by the code of selenium-side-runner in a Chromium driven by chromedriver, and
those of Selenium IDE done by us. The town's ledger is the judge."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from benchmarks.replaying.peers import Beside, beside
from benchmarks.replaying.players import PLAYERS, node
from browser.deadline import Deadline
from examples.town import Town
from language.entities import Value
from teach_mode.formats.registry import export_skill, import_skill
from teach_mode.replay import Replay
from teach_mode.skill import Skill

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

FILES = Path(__file__).parent / "files" / "selenium-ide"
PIZZA: dict[str, Value] = {
    "size": "large",
    "kind": "quattro-formaggi",
    "toppings": ("olives", "extra-cheese"),
    "quantity": 2,
    "name": "Ada Example",
    "phone": "555 0100 22",
    "address": "Elm Street 5",
}
TABLE: dict[str, Value] = {"people": 2, "when": "2027-01-25T19:00", "name": "Ada Example", "phone": "555 0100 22"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def runner() -> AsyncIterator[Beside]:
    """selenium-side-runner on one warm browser; `./setup.sh test` brings both."""
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    driver = shutil.which("chromedriver")
    assert browser and driver, "chromium-driver is not installed: ./setup.sh test"
    async with beside([node(), "side.mjs", browser, driver], PLAYERS) as started:
        yield started


def rows_of(town: Town) -> list[dict[str, Any]]:
    return [json.loads(msgspec.json.encode(row)) for row in town.ledger.rows()]


def named(name: str, town: Town) -> Skill:
    """The skill of a file of the town, moved to the town of the test."""
    data = (FILES / name).read_bytes().replace(b"localhost:8123", f"localhost:{town.port}".encode())
    [found] = import_skill(data, name)
    return found.skill


async def played(runner: Beside, skill: Skill, values: Mapping[str, Value], reads: list[str]) -> dict[str, str]:
    project = json.loads(export_skill(skill, "selenium-ide", values).data)
    answer = await runner.ask({"project": project, "reads": reads})
    return {name: str(value) for name, value in answer["values"].items()}


async def replayed(open_task: Any, skill: Skill, values: dict[str, Value], gate: Any) -> dict[str, Any]:
    async with open_task(skill) as task:
        done = await Replay(await task.new_page(), gate, open_page=task.new_page).run(
            skill, values, Deadline.after_ms(60_000)
        )
    assert done.error is None and done.outcome == "done", str(done.error)
    return done.values


async def test_the_runner_orders_the_pizza_and_books_the_table_of_our_skills(runner, town, pizza, bistro):
    ordered = await played(runner, pizza, PIZZA, ["number", "total"])
    booked = await played(runner, bistro, TABLE, ["number"])
    order, booking = rows_of(town)
    wanted = {"size": "large", "kind": "quattro-formaggi", "toppings": ["olives", "extra-cheese"], "quantity": 2}
    assert {name: order[name] for name in wanted} == wanted
    assert (order["address"], order["number"], order["total"]) == ("Elm Street 5", ordered["number"], ordered["total"])
    assert (booking["when"], booking["people"], booking["number"]) == ("2027-01-25T19:00", 2, booked["number"])


async def test_what_selenium_recorded_is_done_by_us_and_from_our_export_by_the_runner(
    runner, town, open_task, scripted_gate
):
    reading = str(town.meters.meters["W-4472"].last + 31)
    one_at_a_time = asyncio.Lock()

    async def both(name: str, values: dict[str, Value], reads: list[str]) -> None:
        skill = named(name, town)
        ours = await replayed(open_task, skill, dict(values), scripted_gate())
        async with one_at_a_time:
            theirs = await played(runner, skill, values, reads)
        assert all(ours[read] and theirs[read] for read in reads), name

    await asyncio.gather(
        both("town-waterworks.side", {"reading": reading}, ["receipt"]),  # frames
        both("town-returns.side", {}, ["number", "printed"]),  # a window, closed again
        both("town-chores.side", {}, []),  # a question of the page
    )
    same = [{key: one[key] for key in one if key not in ("number", "at", "reading", "items")} for one in rows_of(town)]
    acts = Counter(json.dumps(one, sort_keys=True) for one in same)
    assert len(acts) == 4 and set(acts.values()) == {2}, acts
