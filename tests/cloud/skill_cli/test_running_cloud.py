"""`leveret skill` beside a cloud that runs: it does what is asked, and knows at once what was saved."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cloud.app import running
from cloud.cli import program
from cloud.tools.errors import ShelfBusy
from cloud.tools.ownership import owning
from tests.cloud.test_app import config, engines

PIZZA = Path(__file__).parents[3] / "examples" / "skills" / "pizza.json"


async def leveret(folder: Path, *words: str, ends: int = 0) -> Any:
    """A command in a thread of its own, as another process would give it; its JSON."""
    line = ["skill", *words, "--json", "--data-dir", str(folder)]
    result = await asyncio.to_thread(CliRunner().invoke, program, line, catch_exceptions=False)
    assert result.exit_code == ends, result.output
    return json.loads(result.stdout)


async def test_a_running_cloud_knows_at_once_what_a_command_saved_and_runs_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await leveret(data, "import", str(PIZZA))
    async with running(config(tmp_path), speech=engines()) as cloud:
        await leveret(data, "import", str(PIZZA), "--name", "dinner")
        assert cloud.brain.toolbox.get("dinner") is not None
        await leveret(data, "remove", "order_pizza")
        assert cloud.brain.toolbox.get("order_pizza") is None
        assert await leveret(data, "restore", "order_pizza") == {"version": 1}
        ended = await leveret(data, "run", "take_note", "--value", "text=Buy milk")
        assert (ended["status"], "Buy milk" in ended["sentence"]) == ("done", True)
        assert (await leveret(data, "run", "dinner", "--value", "size=huge", ends=2))["code"] == "value_refused"
    assert [one["name"] for one in (await leveret(data, "list"))["skills"]] == ["dinner", "order_pizza"]


async def test_two_never_write_at_once(tmp_path: Path) -> None:
    async with owning(tmp_path, "command"):
        with pytest.raises(ShelfBusy, match="another command") as busy:
            async with owning(tmp_path, "command", wait_s=0):
                pass
        assert not busy.value.by_cloud
    async with owning(tmp_path, "cloud"):
        with pytest.raises(ShelfBusy, match="a cloud that runs") as busy:
            async with owning(tmp_path, "command"):
                pass
        assert busy.value.by_cloud


async def test_a_command_waits_for_another_one(tmp_path: Path) -> None:
    async with owning(tmp_path, "command"):
        waiting = asyncio.create_task(leveret(tmp_path, "list"))
        await asyncio.sleep(0)
        assert not waiting.done()
    assert (await waiting)["skills"] == []
