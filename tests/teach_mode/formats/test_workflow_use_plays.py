"""Workflows on the town: ours played by workflow-use's own player, without a model, and workflow-use's done by us. The
town's ledger is the judge."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
import yaml
from playwright.async_api import async_playwright

from benchmarks.replaying.peers import Beside, beside
from benchmarks.replaying.players import PLAYERS
from browser import launch
from browser.deadline import Deadline
from examples.town import Town
from teach_mode.formats.registry import export_skill, import_skill
from teach_mode.replay import Replay
from teach_mode.skill import Skill

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

BOOK = Path(__file__).parent / "town" / "workflow-use" / "book.yaml"
ADA = {"name": "Ada Example", "phone": "555 0100 22"}
PATIENCE_S = 300


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def player() -> AsyncIterator[Beside]:
    """The player in its own environment; `./setup.sh test` brings it."""
    async with async_playwright() as playwright:
        chromium = launch.find_chromium("", playwright.chromium.executable_path, launch.account())
    python = PLAYERS / ".venv" / "bin" / "python"
    async with beside([str(python), "workflow.py", str(chromium)], PLAYERS) as started:
        yield started


def booked(town: Town) -> list[tuple[int, str, str, str]]:
    rows: list[dict[str, Any]] = [json.loads(msgspec.json.encode(row)) for row in town.ledger.rows()]
    return [(row["people"], row["when"], row["name"], row["phone"]) for row in rows]


async def test_a_skill_of_the_town_is_played_by_workflow_use(
    town: Town, bistro: Skill, player: Beside, tmp_path: Path
) -> None:
    values = {"people": 2, "when": "2026-11-28T19:00", "name": "Somebody", "phone": "0"}
    exported = export_skill(bistro, "workflow-use-json", values)
    assert any("does not ask" in note.words for note in exported.notes)
    (tmp_path / "book.json").write_bytes(exported.data)
    request = {"file": str(tmp_path / "book.json"), "inputs": ADA}
    await player.ask(request, PATIENCE_S)
    assert booked(town) == [(2, "2026-11-28T19:00", "Ada Example", "555 0100 22")]


async def test_the_same_workflow_is_written_in_yaml(bistro: Skill) -> None:
    in_json, in_yaml = (export_skill(bistro, f"workflow-use-{form}") for form in ("json", "yaml"))
    assert yaml.safe_load(in_yaml.data) == json.loads(in_json.data)
    assert in_yaml.notes == in_json.notes


async def test_a_workflow_is_done_with_the_values_that_it_asks_for(
    town: Town, open_task: Any, scripted_gate: Any
) -> None:
    data = BOOK.read_bytes().replace(b":8123", f":{town.port}".encode())
    [found] = import_skill(data, BOOK.name)
    assert [note.words for note in found.notes if "model" in note.words]
    async with open_task(found.skill) as task:
        replay = Replay(await task.new_page(), scripted_gate(), open_page=task.new_page)
        values = {"party": "3 people", "guest": "Ada Example"}
        replayed = await replay.run(found.skill, values, Deadline.after_ms(90_000))
    assert (replayed.outcome, replayed.error) == ("done", None)
    assert booked(town) == [(3, "2026-11-28T19:00", "Ada Example", "555 0100 22")]
