"""`leveret skill` on the shelf itself, while no cloud runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from cloud.cli import program
from cloud.tools.shelf import Shelf
from teach_mode.checks import read_skill, write_skill
from teach_mode.skill import Skill

ROOT = Path(__file__).parents[3]
PIZZA = ROOT / "examples" / "skills" / "pizza.json"
PNG = b"\x89PNG\r\n\x1a\n"
runner = CliRunner()


def run(folder: Path, *words: str, ends: int = 0, stays: bool = True) -> str:
    where = ("--data-dir", str(folder)) if stays else ()
    result = runner.invoke(program, ["skill", *words, *where], catch_exceptions=False)
    assert result.exit_code == ends, result.output
    return result.output


def told(folder: Path, *words: str, ends: int = 0) -> Any:
    return json.loads(run(folder, *words, "--json", ends=ends))


@pytest.fixture
def pizza() -> Skill:
    return read_skill(PIZZA)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    run(tmp_path, "import", str(PIZZA))
    return tmp_path


def test_an_empty_shelf_says_what_to_do(tmp_path: Path) -> None:
    assert "leveret skill import" in run(tmp_path, "list")
    assert told(tmp_path, "list") == {"skills": [], "removed": []}


def test_a_file_becomes_a_skill_whose_source_is_known(data: Path, pizza: Skill) -> None:
    (card,) = told(data, "list")["skills"]
    whence = {"surface": "command line", "source": "pizza.json (Leveret)"}
    assert (card["name"], card["version"], card["why"], card["whence"]) == ("order_pizza", 1, "imported", whence)
    assert Shelf(data / "skills").current("order_pizza") == pizza
    assert "pizza.json (Leveret)" in run(data, "history", "order_pizza").replace("\n", "")


def test_a_dry_run_shows_what_it_may_do_and_keeps_nothing(tmp_path: Path) -> None:
    said = run(tmp_path, "import", str(PIZZA), "--dry-run")
    assert "Click “Order and pay”. You are asked before it, every time" in said
    assert told(tmp_path, "list")["skills"] == []


def test_a_name_that_is_taken_is_refused_but_for_a_next_version(data: Path) -> None:
    assert "give this one another name" in run(data, "import", str(PIZZA), ends=3)
    run(data, "import", str(PIZZA), "--name", "dinner")
    run(data, "import", str(PIZZA), "--replace")
    newest = told(data, "history", "order_pizza")["versions"][0]
    assert (newest["why"], newest["from_version"]) == ("edited", 1)  # a file of ours, taken out and changed by hand
    assert [one["version"] for one in told(data, "list")["skills"]] == [1, 2]
    assert "is the name of something that I can do already" in run(
        data, "import", str(PIZZA), "--name", "set_timer", "--replace", ends=3
    )


def test_of_several_files_the_good_ones_are_kept(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"format": 1, "steps": [], "origins": {}}')
    found = told(tmp_path / "data", "import", str(bad), str(tmp_path / "none.side"), str(PIZZA), ends=2)["files"]
    assert [(one["exit"], len(one["saved"])) for one in found] == [(2, 0), (2, 0), (0, 1)]
    assert "cannot be read" in found[1]["error"]


def test_a_recording_of_another_tool_is_noted_by_line(tmp_path: Path) -> None:
    recording = {
        "title": "Look for a book",
        "steps": [
            {"type": "navigate", "url": "https://library.example/"},
            {"type": "click", "selectors": [["aria/Search"]], "offsetX": 1, "offsetY": 1},
            {"type": "customStep", "name": "mystery", "parameters": {}},
        ],
    }
    file = tmp_path / "book.json"
    file.write_text(json.dumps(recording, indent=2))
    said = run(tmp_path / "data", "import", str(file))
    assert "could not be carried" in said and "line " in said
    (one,) = told(tmp_path / "data", "list")["skills"]
    assert one["whence"]["source"] == "book.json (Chrome DevTools Recorder)"


def test_of_a_file_with_several_tests_one_can_be_chosen(tmp_path: Path) -> None:
    file = ROOT / "tests" / "teach_mode" / "formats" / "files" / "selenium-ide" / "several-tests.side"
    assert "one name" in run(tmp_path, "import", str(file), "--name", "renew", ends=2)
    assert "there is no test 9" in run(tmp_path, "import", str(file), "--test", "9", ends=2)
    run(tmp_path, "import", str(file), "--test", "2", "--name", "renew")
    assert [one["name"] for one in told(tmp_path, "list")["skills"]] == ["renew"]
    found = told(tmp_path, "import", str(file))["files"][0]
    assert [one["name"] for one in found["saved"]] == ["look_up_a_book", "renew_a_book"]
    assert "a test became no skill: only opens" in found["skills"][0]["notes"][0]["words"]


def test_it_says_in_words_what_a_skill_does(data: Path) -> None:
    said = run(data, "show", "order_pizza")
    for words in ("your address, into “Address”", "size: one of small, medium, large", "Held to your limit: Total"):
        assert words in said
    assert json.loads(run(data, "show", "order_pizza", "--file"))["name"] == "order_pizza"
    assert told(data, "show", "order_pizza")["powers"][0]["key"] == "acts"


def test_what_is_not_there_is_named(data: Path) -> None:
    assert "there is no skill 'fly'" in run(data, "show", "fly", ends=2)
    assert told(data, "history", "fly", ends=2)["code"] == "skill_unknown"
    assert told(data, "revert", "order_pizza", "7", ends=2)["code"] == "version_unknown"


def test_versions_are_compared_and_gone_back_to(data: Path, pizza: Skill, tmp_path: Path) -> None:
    shelf = Shelf(data / "skills")
    renamed = write_skill(pizza).replace(b"Order and pay", b"Buy it now")
    healed = msgspec.json.decode(renamed, type=Skill)
    pictures = {"pay-before.png": PNG + b"old", "pay-after.png": PNG + b"new"}
    shelf.save(healed, why="healed", pictures=pictures)
    said = run(data, "diff", "order_pizza", "--lines")
    assert "finds “Buy it now” in place of “Order and pay”" in said and "+" in said
    found = told(data, "diff", "order_pizza", "--pictures", str(tmp_path / "seen"), "--html", str(tmp_path / "p.html"))
    assert (found["from"], found["to"], found["written"]) == (1, 2, ["pay-before.png", "pay-after.png"])
    assert (tmp_path / "seen" / "pay-after.png").read_bytes() == PNG + b"new"
    assert "Buy it now" in (tmp_path / "p.html").read_text()
    assert told(data, "revert", "order_pizza", "1") == {"version": 3}
    assert [one["why"] for one in told(data, "history", "order_pizza")["versions"]] == [
        "reverted",
        "healed",
        "imported",
    ]
    assert "They are the same" in run(data, "diff", "order_pizza", "1", "3")


def test_a_removal_can_be_undone(data: Path) -> None:
    run(data, "remove", "order_pizza")
    found = told(data, "list")
    assert found["skills"] == [] and found["removed"][0]["name"] == "order_pizza"
    assert told(data, "restore", "order_pizza") == {"version": 1}
    assert "no skill 'order_pizza' was removed" in run(data, "restore", "order_pizza", ends=2)


def test_a_skill_goes_out_as_our_file_or_as_that_of_another_tool(data: Path, pizza: Skill, tmp_path: Path) -> None:
    ours = tmp_path / "mine.json"
    run(data, "export", "order_pizza", "-o", str(ours))
    assert read_skill(ours) == pizza
    theirs = tmp_path / "theirs.json"
    values = (
        "--value",
        "size=large",
        "--value",
        "kind=funghi",
        "--value",
        "toppings=olives",
        "--value",
        "toppings=rocket",
    )
    values += ("--value", "name=Ada Example", "--value", "phone=555 0100", "--value", "address=Elm Street 5")
    exported = told(data, "export", "order_pizza", "--format", "chrome-recorder", "-o", str(theirs), *values)
    assert exported["notes"] and "Elm Street 5" in theirs.read_text()
    back = told(tmp_path / "bob", "import", str(theirs))["files"][0]["skills"][0]
    assert (back["tool"], back["effect"]) == ("Chrome DevTools Recorder", "irreversible")
    wrong = told(data, "export", "order_pizza", "--format", "chrome-recorder", "--value", "size=huge", ends=2)
    assert wrong["error"] == "size='huge' is no choice that can be had; there are small, medium, large"
    assert "there is no format 'x'" in told(data, "export", "order_pizza", "--format", "x", ends=2)["error"]


def test_without_a_cloud_nothing_is_run(data: Path) -> None:
    result = runner.invoke(program, ["skill", "run", "order_pizza", "--data-dir", str(data)])
    assert "leveret serve" in str(result.exception)


def test_a_good_file_holds_and_what_is_weak_is_told(tmp_path: Path) -> None:
    said = run(tmp_path, "validate", str(PIZZA), stays=False)
    assert "holds together" in said and "line 31: step 'empty-cart'" in said
    run(tmp_path, "validate", "--strict", str(PIZZA), ends=1, stays=False)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"action": "click"', '"action": "clack"', 30, "clack"),
        ('"utterances"', '"uterances"', 655, "did you mean 'utterances'"),
        ('"format": 1', '"format": 9', 2, "this version reads format 1"),
        ("{", "{,", 1, "not JSON"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    text = PIZZA.read_text()
    assert old in text
    file = tmp_path / "bad.json"
    file.write_text(text.replace(old, new, 1))
    result = runner.invoke(program, ["skill", "validate", str(file), "--json"], catch_exceptions=False)
    (found,) = json.loads(result.output)
    (problem,) = found["problems"]
    assert result.exit_code == 1 and words in problem["words"] and problem["line"] == line


def test_all_that_does_not_hold_together_is_told_at_once(tmp_path: Path, pizza: Skill) -> None:
    steps = tuple(msgspec.structs.replace(step, for_each="nobody") for step in pizza.steps[:2])
    file = tmp_path / "bad.json"
    file.write_bytes(write_skill(msgspec.structs.replace(pizza, steps=steps, read_back="{nothing}", name="Bad Name")))
    (found,) = json.loads(runner.invoke(program, ["skill", "validate", str(file), "--json"]).output)
    assert [one["line"] > 0 for one in found["problems"]].count(True) >= 3
    assert len(found["problems"]) >= 4


@pytest.fixture
def shared(data: Path, tmp_path: Path) -> Path:
    """Ada's pizza skill as she hands it on, in a file."""
    file = tmp_path / "pizza.leveret.json"
    run(data, "share", "order_pizza", "--author", "Ada Example", "-o", str(file))
    return file


def test_a_shared_skill_is_shown_and_kept_only_once_it_is_accepted(shared: Path, tmp_path: Path) -> None:
    bob = tmp_path / "bob"
    said = run(bob, "import", str(shared), ends=3)
    for words in ("Made by Ada Example", "whose key is new to you", "You are asked before it, every time", "--accept "):
        assert words in said
    assert told(bob, "list")["skills"] == []
    assert "was not accepted" in run(bob, "import", str(shared), "--accept", "0" * 16, ends=3)
    digest = said.partition("--accept ")[2].split()[0]
    run(bob, "import", str(shared), "--accept", digest)
    (card,) = told(bob, "list")["skills"]
    assert (card["why"], card["whence"]["author"], len(card["whence"]["maker"])) == ("shared", "Ada Example", 19)
    assert "who also made order_pizza" in run(bob, "import", str(shared), "--dry-run")


def test_a_shared_skill_never_takes_the_place_of_ones_own(shared: Path, data: Path) -> None:
    digest = told(data, "import", str(shared), "--dry-run")["files"][0]["skills"][0]["shared"]["digest"]
    assert "give this one another name" in run(data, "import", str(shared), "--accept", digest, "--replace", ends=3)
    run(data, "import", str(shared), "--accept", digest, "--name", "adas_pizza")
    run(data, "import", str(shared), "--accept", digest, "--name", "adas_pizza", "--replace")
    assert [(one["name"], one["version"]) for one in told(data, "list")["skills"]] == [
        ("adas_pizza", 2),
        ("order_pizza", 1),
    ]


def test_nothing_of_the_owner_is_in_what_is_handed_on(tmp_path: Path, pizza: Skill) -> None:
    config = tmp_path / "leveret.toml"
    config.write_text('[owner]\nname = "Ada Example"\naddress = "Elm Street 5"\n')
    steps = tuple(
        msgspec.structs.replace(step, value="To Elm Street 5") if step.action == "fill" else step
        for step in pizza.steps
    )
    Shelf(tmp_path / "d" / "skills").save(msgspec.structs.replace(pizza, steps=steps), why="taught")
    words = ("share", "order_pizza", "--dry-run", "--config", str(config))
    assert "is asked for" in run(tmp_path / "d", *words)
    run(tmp_path / "d", *words[:2], *words[3:], "-o", str(tmp_path / "x.json"))
    assert "Elm Street" not in (tmp_path / "x.json").read_text()


def test_what_a_shared_file_wants_of_a_terminal_is_not_done(tmp_path: Path, pizza: Skill) -> None:
    odd = msgspec.structs.replace(pizza, description="Order\x1b[2J \u202eazzip")
    Shelf(tmp_path / "skills").save(odd, why="taught")
    said = run(tmp_path, "show", "order_pizza")
    assert "\x1b" not in said and "\u202e" not in said
