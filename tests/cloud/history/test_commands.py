"""`leveret history` on a folder on which no cloud runs."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cloud.cli import program
from cloud.clock import utc_seconds
from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.history.story import RunStory
from cloud.history.trace import pack, read_trace
from cloud.people.accounts import OWNER
from cloud.people.keys import keys_of
from cloud.people.vault import Vault
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.records import Tasks

CANARY = "pass/canary+Zq7 ä&"


async def lived(data: Path) -> None:
    """Two runs, in the second of which a secret of the vault stands after all."""
    store = await Store.open(file_url(data / "leveret.db"))
    async with store.write() as connection:
        await insert_new(connection, persons, {"id": OWNER, "name": "Ada", "zone": "UTC", "created_at": 0.0})
    keys = keys_of(data / "people", "", {})
    keys.open()
    kept = {"kind": "password", "origins": ["https://lodge.example"]}
    await Vault(store, keys, utc_seconds).put(OWNER, "lodge", CANARY, **kept)  # type: ignore[arg-type]
    log = EventLog(store, utc_seconds)
    tasks = Tasks(log)
    for number, text in enumerate(("order a pizza", "book a table"), 1):
        command = HandleUtterance(key=f"portal:{number}", person=OWNER, text=text)
        task, _ = await tasks.open(command, f"t{number}")
        await log.append(OWNER, task.id, "said", {"text": f"The site said {CANARY}."})
        await tasks.finish(task.id, "done", "Done.", None)
    await store.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    asyncio.run(lived(folder))
    return folder


def leveret(*line: str, data: Path | None = None) -> Result:
    where = ["--data-dir", str(data)] if data is not None else []
    return CliRunner().invoke(program, ["history", *line, *where], env={"COLUMNS": "200"}, catch_exceptions=True)


def told(result: Result) -> Any:
    return json.loads(result.stdout)


def test_runs_are_listed_found_and_told(data: Path) -> None:
    listed = leveret("list", data=data)
    assert listed.exit_code == 0, listed.output
    assert listed.stdout.index("book a table") < listed.stdout.index("order a pizza")
    found = leveret("search", "pizz", "--by", "portal", "--json", data=data)
    assert [one["task"] for one in told(found)["runs"]] == ["t1"]
    shown = leveret("show", "last", data=data)
    assert "book a table" in shown.stdout
    assert told(leveret("show", "t1", "--json", data=data))["text"] == "order a pizza"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("search", "submarine"), 1),
        (("list", "--since", "2999-01-01"), 1),
        (("list", "--since", "yesterday"), 2),
        (("show", "t9"), 2),
        (("export", "t9"), 2),
        (("forget", "t9", "--yes"), 2),
        (("forget", "t1"), 3),
        (("forget",), 2),
    ],
)
def test_exit_codes_say_what_came_of_it(data: Path, line: tuple[str, ...], code: int) -> None:
    assert leveret(*line, data=data).exit_code == code


def test_a_run_is_exported_without_a_secret_that_only_the_vault_knows_and_opened_again(
    data: Path, tmp_path: Path
) -> None:
    place = tmp_path / "one.leveret-trace"
    saved = leveret("export", "t1", "--to", str(place), "--json", data=data)
    assert saved.exit_code == 0, saved.output
    assert "Passwords, codes and card numbers are not in it." in saved.stderr
    story = read_trace(place.read_bytes()).story
    assert story.said[0].text == "The site said [hidden]."
    opened = leveret("open", str(place))
    assert opened.exit_code == 0, opened.output
    assert "From a file, not from your history" in opened.stdout
    assert "order a pizza" in opened.stdout


def test_what_is_no_trace_is_refused_in_a_sentence(tmp_path: Path) -> None:
    place = tmp_path / "bad.leveret-trace"
    place.write_bytes(b"PK")
    opened = leveret("open", str(place))
    assert "no trace file" in str(opened.exception)


def test_a_trace_moves_no_cursor_and_writes_no_markup(tmp_path: Path) -> None:
    story = RunStory(run="t", text="\x1b[2Jhello [bold]you[/bold]\r\x07", status="done", began=1.0, ended=2.0)
    place = tmp_path / "bad.leveret-trace"
    place.write_bytes(pack(story, {}, words="x\x1b[31m", values=True, made=1.0, by="y\x9b"))
    opened = leveret("open", str(place))
    assert opened.exit_code == 0, opened.output
    assert not {"\x1b", "\x9b", "\x07", "\r"} & set(opened.stdout)
    assert "[bold]you[/bold]" in opened.stdout


def test_a_run_is_forgotten_and_restored(tmp_path: Path) -> None:
    asyncio.run(lived(tmp_path))
    assert leveret("forget", "t1", "--yes", data=tmp_path).exit_code == 0
    assert leveret("show", "t1", data=tmp_path).exit_code == 2
    assert told(leveret("restore", "--json", data=tmp_path)) == {"count": 1}
    assert leveret("show", "t1", data=tmp_path).exit_code == 0
    assert told(leveret("forget", "--all", "--yes", "--json", data=tmp_path))["count"] == 2
    assert leveret("list", data=tmp_path).exit_code == 1
