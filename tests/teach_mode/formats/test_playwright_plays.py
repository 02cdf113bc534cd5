"""Playwright's files on the town: our scripts run under Playwright, sync and async, and what its codegen recorded is
done by us. The town's ledger is the judge."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import sync_playwright

from browser.deadline import Deadline
from browser.launch import find_chromium
from examples.town import Town
from language.entities import Value
from teach_mode.formats.registry import export_skill, import_skill
from teach_mode.replay import Replay
from teach_mode.skill import Skill
from teach_mode.uploads import Folder
from tests.teach_mode.formats.keyed import FILES

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

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


def rows_of(town: Town) -> list[dict[str, Any]]:
    return [json.loads(msgspec.json.encode(row)) for row in town.ledger.rows()]


def function_of(skill: Skill, values: Mapping[str, Value], form: str = "playwright-python") -> Any:
    """The test that an exported script has in it."""
    script = export_skill(skill, form, values).data
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(script, f"{skill.name}.py", "exec"), names)  # It is our own.
    return names[f"test_{skill.name}"]


def run_by_itself(*tests: Any) -> None:
    """The tests with Playwright's synchronous interface, in a thread of their own."""
    with sync_playwright() as playwright:
        found = find_chromium("", playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for test in tests:
            test(browser.new_page())
        browser.close()


def is_as_asked(town: Town) -> bool:
    """Whether one pizza and one table are as `PIZZA` and `TABLE` say."""
    pizza, table = sorted(rows_of(town), key=lambda row: row["site"] == "bistro")
    asked = {**PIZZA, "toppings": ["olives", "extra-cheese"]}
    return {name: pizza[name] for name in asked} == asked and {name: table[name] for name in TABLE} == TABLE


async def test_scripts_of_our_skills_do_on_the_town_what_the_skills_do(town, pizza, bistro, pool):
    await asyncio.to_thread(run_by_itself, function_of(pizza, PIZZA), function_of(bistro, TABLE))
    assert is_as_asked(town)


async def test_scripts_for_asyncio_do_so_too(town, pizza, bistro, open_task):
    for skill, values in ((pizza, PIZZA), (bistro, TABLE)):
        async with open_task(skill) as task:
            page = await task.new_page()
            await function_of(skill, values, "playwright-python-async")(page.playwright)
    assert is_as_asked(town)


async def done_by_us(
    data: bytes, name: str, town: Town, open_task: Any, gate: Any, values: Mapping[str, Value], folder: Path
) -> Any:
    """The only skill of a file, on the town of the test."""
    [found] = import_skill(data.replace(b"localhost:8123", f"localhost:{town.port}".encode()), name)
    (folder / "torn.png").write_bytes(b"png")
    async with open_task(found.skill) as task:
        replay = Replay(
            await task.new_page(), gate, open_page=task.new_page, folder=folder / "came", files=Folder(folder)
        )
        given = {one.name: values[one.name] for one in found.skill.parameters if one.name in values}
        done = await replay.run(found.skill, given, Deadline.after_ms(60_000))
    assert done.error is None and done.outcome == "done", (name, str(done.error))
    return done


async def test_what_codegen_recorded_is_done_by_us(town, open_task, scripted_gate, tmp_path):
    (tmp_path / "came").mkdir()
    names = ("pizza-order.jsonl", "bistro-table.py", "tickets-search-async.py", "returns-label.jsonl")

    async def do(name: str) -> None:
        data = (FILES / f"playwright-{'jsonl' if name.endswith('l') else 'python'}" / f"recorded-{name}").read_bytes()
        await done_by_us(data, name, town, open_task, scripted_gate(), {}, tmp_path)

    await asyncio.gather(*map(do, names))
    sites = Counter(row["site"] for row in rows_of(town))
    assert sites == {"pizza": 1, "bistro": 1, "returns": 1}
    [pizza] = [row for row in rows_of(town) if row["site"] == "pizza"]
    assert (pizza["kind"], pizza["size"], pizza["toppings"], pizza["quantity"]) == ("diavola", "large", ["olives"], 2)


async def test_what_codegen_recorded_is_a_script_by_way_of_a_skill(town, monkeypatch, tmp_path):
    """A popup, a download, an upload, frames in frames: by Playwright again, but written by us."""
    (tmp_path / "torn.png").write_bytes(b"png")
    monkeypatch.chdir(tmp_path)  # Files lie beside the script.
    tests = []
    for name in ("returns-label", "tickets-search", "waterworks-reading"):
        data = (FILES / "playwright-jsonl" / f"recorded-{name}.jsonl").read_bytes()
        [found] = import_skill(data.replace(b"localhost:8123", f"localhost:{town.port}".encode()), f"{name}.jsonl")
        tests.append(function_of(found.skill, {}))
    await asyncio.to_thread(run_by_itself, *tests)
    [returned] = rows_of(town)
    assert (returned["site"], returned["photo"]) == ("returns", "torn.png")


async def test_what_we_write_comes_back_and_does_the_same(town, pizza, bistro, open_task, scripted_gate, tmp_path):
    (tmp_path / "came").mkdir()
    lists = {"toppings": PIZZA["toppings"]}
    recording = export_skill(pizza, "playwright-jsonl", PIZZA).data
    await done_by_us(recording, "order.jsonl", town, open_task, scripted_gate(), {}, tmp_path)
    script = export_skill(bistro, "playwright-python-async", TABLE).data
    done = await done_by_us(script, "book.py", town, open_task, scripted_gate(), lists, tmp_path)
    assert is_as_asked(town) and done.answer.startswith("Booked: a table for 2")
