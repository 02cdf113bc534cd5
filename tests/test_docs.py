"""What the documentation says is so. `python -m tests.test_docs --update` writes the help of the commands anew."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec
import pytest
from typer import Typer

import cloud.config
import cloud.portal
import device.builds
import device.config
from cloud.cli import program
from cloud.events import Kind
from cloud.lam.goals import Origin
from cloud.lam.judgement import ACT_RULES, SINKS, STEP_RULES
from cloud.lam.toolbox import Tool, Toolbox
from cloud.metrics import Metrics
from cloud.people.belongings import Belongings
from cloud.portal.http import Room
from cloud.schedules.deciding import Schedule
from cloud.tasks.crashpoints import Point
from cloud.tools.builtin import add_builtins
from cloud.tools.schedules import ScheduleTools, put_into
from cloud.tools.skills import SkillTool
from cloud.tools.sources import source_tools
from device.away import SENTENCES
from device.booting import parser as boot_parser
from device.check.command import parser as check_parser
from device.main import parser
from device.simulation import EXIT_DEADLINE, EXIT_OFFLINE, EXITS
from language import templates
from language.entities import SlotKind, read
from language.recurrences.rule import Recurrence
from release.__main__ import parser as release_parser
from release.command import parser as update_parser
from teach_mode import skill as skills
from teach_mode.checks import read_skill
from teach_mode.schema import schema_text
from teach_mode.templates import FILTERS
from wire.outcomes import CLOSES, OUTCOMES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
OPERATIONS = DOCS / "operations.md"
SKILLS = tuple(sorted((ROOT / "examples" / "skills").glob("*.json")))
MAIL = Schedule(
    id="mail",
    person="ada",
    name="read me my unread mail",
    text="read me my unread mail",
    rule=Recurrence(unit="day", start="2026-11-23", times=("08:00",)),
    effect="read",
    created_at=0.0,
    settled_at=0.0,
)
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=ZoneInfo("UTC"))


def pages() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def rows(page: Path, *, heading: str) -> list[list[str]]:
    """The cells of all tables below a heading, up to the next heading of its rank or above."""
    rank = heading.partition(" ")[0]
    text = page.read_text()
    start = text.index(f"\n{heading}\n") + 1
    ends = [
        match.start() for match in re.finditer(rf"^#{{1,{len(rank)}}} ", text, re.MULTILINE) if match.start() > start
    ]
    section = text[start : min(ends, default=len(text))]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]
    return [row for row in cells if not set("".join(row)) <= {"-", ":", " "}]


def bare(cell: str) -> str:
    return cell.strip("`")


def shown(default: Any) -> str:
    """How a default stands in the tables."""
    if default in ("", (), {}):
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


# Settings ------------------------------------------------------------------------------------------------------------


def value_at(config: Any, dotted: str) -> Any:
    for name in dotted.split("."):
        config = getattr(config, name)
    return config


def test_every_setting_of_the_cloud_is_documented_with_its_variable_and_default() -> None:
    told = {
        bare(row[0]): (bare(row[1]), bare(row[2])) for row in rows(OPERATIONS, heading="### The cloud's settings")[1:]
    }
    keys = cloud.config.all_keys()
    variables = {key: cloud.config.PREFIX + key.replace(".", "_").upper() for key in keys}
    assert told == {key: (variables[key], shown(value_at(cloud.config.Config(), key))) for key in keys}


def test_every_setting_of_the_device_is_documented_with_its_variable_and_default() -> None:
    told = {
        bare(row[0]): (bare(row[1]), bare(row[2])) for row in rows(OPERATIONS, heading="### The device's settings")[1:]
    }
    fields = device.config.Config.__struct_fields__
    assert told == {
        name: (device.config.PREFIX + name.upper(), shown(getattr(device.config.Config(), name))) for name in fields
    }


def test_every_build_and_its_pins_are_documented() -> None:
    told = {bare(row[0]) for row in rows(DOCS / "builds.md", heading="## Two builds")[1:]}
    assert set(device.builds.builds()) == told
    head, *table = [row for row in rows(DOCS / "wiring.md", heading="## Pins") if len(row) == 1 + len(told)]
    for at, name in enumerate(head[1:], 1):
        written = {bare(row[0]): -1 if row[at] == "none" else int(row[at]) for row in table}
        assert written == device.builds.pins_of(device.builds.builds()[bare(name)])


# Commands ------------------------------------------------------------------------------------------------------------


# One process for all of them: what is imported for one is there for the next.
HELPS = """
import contextlib, io, json, sys
from typer.main import get_command
from cloud.cli import program
from device.away import SENTENCES
from device.booting import parser as boot_parser
from device.check.command import parser as check_parser
from device.main import parser
from release.__main__ import parser as release_parser
from release.command import parser as update_parser
told = {}
for name in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        get_command(program).main([*name.split(), "--help"], prog_name="leveret", standalone_mode=False)
    told[f"leveret {name}".strip()] = said.getvalue().strip()
told["leveret-device"] = parser().format_help().strip()
told["leveret-device check"] = check_parser().format_help().strip()
told["leveret-device boot"] = boot_parser().format_help().strip()
told["leveret-device update"] = update_parser("leveret-device update").format_help().strip()
told["leveret-release"] = release_parser().format_help().strip()
print(json.dumps(told))
"""


def helps() -> dict[str, str]:
    """What each command says of itself, without boxes."""
    plain = {**os.environ, "TYPER_USE_RICH": "0", "COLUMNS": "100", "NO_COLOR": "1"}
    names = json.dumps(["", *sorted(leveret_commands())])
    line = [sys.executable, "-c", HELPS, names]
    run = subprocess.run(line, cwd=ROOT, env=plain, capture_output=True, text=True, check=True)
    told: dict[str, str] = json.loads(run.stdout)
    return told


def leveret_commands() -> set[str]:
    """All commands; those of a group with its name before theirs, and the group itself."""

    def named(app: Typer, before: str) -> set[str]:
        own = (before + str(one.name or getattr(one.callback, "__name__", "")) for one in app.registered_commands)
        found = set(own)
        for group in app.registered_groups:
            assert group.typer_instance is not None
            found |= {f"{before}{group.name}"} | named(group.typer_instance, f"{before}{group.name} ")
        return found

    return named(program, "")


def help_block(told: dict[str, str]) -> str:
    return "\n".join(f"#### `{name} --help`\n\n```text\n{text}\n```\n" for name, text in told.items())


BLOCK = re.compile(r"(<!-- help: written by tests/test_docs.py -->\n).*?(<!-- end of help -->)", re.DOTALL)


def test_the_help_of_every_command_stands_in_the_documentation() -> None:
    found = BLOCK.search(OPERATIONS.read_text())
    assert found is not None
    written, real = found[0].split(), f"{found[1]}{help_block(helps())}{found[2]}".split()
    assert written == real, "run `python -m tests.test_docs --update`"


def options_of(made: ArgumentParser) -> set[str]:
    return {option for action in made._actions for option in action.option_strings}


def commands_of(made: ArgumentParser) -> dict[str, set[str]]:
    """The commands of a parser, each with its options."""
    found = [action.choices for action in made._actions if isinstance(action, _SubParsersAction)]
    return {name: options_of(one) for commands in found for name, one in commands.items()}


def test_every_command_named_in_a_page_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    options = options_of(parser())
    check_options = options_of(check_parser())
    boot_options = options_of(boot_parser())
    update_options = options_of(update_parser("leveret-device update"))
    release_commands = commands_of(release_parser())
    commands = leveret_commands()
    groups = {name.partition(" ")[0] for name in commands if " " in name}
    wrong = []
    for page in pages():
        for code in re.findall(r"`([^`\n]+)`|^((?:make|leveret)\b.*)$", page.read_text(), re.MULTILINE):
            line = (code[0] or code[1]).partition("#")[0].split()
            if not line:
                continue
            called = line[1] if len(line) > 1 and not line[1].startswith("-") else ""
            if line[0] == "make" and called and called not in targets:
                wrong.append((page.name, " ".join(line)))
            if line[0] == "leveret" and called and called not in commands:
                wrong.append((page.name, " ".join(line)))
            grouped = len(line) > 2 and re.fullmatch(r"[a-z]+", line[2]) and called in groups
            if line[0] == "leveret" and grouped and f"{called} {line[2]}" not in commands:
                wrong.append((page.name, " ".join(line)))
            flags = {word.partition("=")[0] for word in line if word.startswith("--")}
            known = {"check": check_options, "update": update_options, "boot": boot_options}.get(called, options)
            if line[0] == "leveret-release" and called and not flags <= release_commands.get(called, set()):
                wrong.append((page.name, " ".join(line)))
            if line[0] == "leveret-release" and called and called not in release_commands:
                wrong.append((page.name, " ".join(line)))
            if line[0] == "leveret-device" and not flags <= known:
                wrong.append((page.name, " ".join(line)))
    assert not wrong


def test_every_make_target_is_in_the_readme_and_the_readme_names_no_other() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)\b", (ROOT / "README.md").read_text()))
    assert named == targets - {"help"}


# Links ---------------------------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower().replace("`", "")).replace(" ", "-") for head in heads}


def test_every_relative_link_leads_somewhere() -> None:
    broken = []
    for page in pages():
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
            if "://" in target or target.startswith("mailto:"):
                continue
            path, _, anchor = target.partition("#")
            place = (page.parent / path).resolve() if path else page
            if not place.exists() or (anchor and place.suffix == ".md" and anchor not in anchors(place)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken


def test_every_page_of_the_documentation_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert not [page.name for page in DOCS.glob("*.md") if f"docs/{page.name}" not in readme]


def test_every_file_and_test_that_a_page_names_exists() -> None:
    rooms = "language|wire|release|device|browser|teach_mode|cloud|examples|tests|docs|benchmarks"
    names = re.compile(rf"`((?:{rooms})/[\w./-]+)(?:::(\w+))?`")
    wrong = []
    for page in pages():
        for path, test in names.findall(page.read_text()):
            place = ROOT / path
            if not place.exists() or (test and f"def {test}(" not in place.read_text()):
                wrong.append((page.name, path, test))
    assert not wrong


def test_pictures_are_small_and_shown() -> None:
    text = "".join(page.read_text() for page in pages())
    for picture in (DOCS / "pictures").iterdir():
        assert picture.stat().st_size < 200_000, picture
        assert f"pictures/{picture.name}" in text, picture


# What can be said, and what is said ----------------------------------------------------------------------------------


def toolbox() -> Toolbox:
    """All tools by name and words; none of them is run, so they need nothing to stand on."""
    made = Toolbox()
    nothing: Any = None
    own = Belongings(lists=nothing, journal=nothing, changes=nothing)
    add_builtins(
        made, store=nothing, memory=nothing, timers=nothing, belongings=own, archive=nothing, cancel_others=nothing
    )
    for tool in source_tools({}, None):
        made.add(tool)
    schedules = ScheduleTools(records=None, toolbox=made, zone_of=None, put_now=None)  # type: ignore[arg-type]
    made.add(schedules.adder())
    put_into(made, schedules, (MAIL,))
    for path in SKILLS:
        made.add(SkillTool(read_skill(path), None, None))  # type: ignore[arg-type]
    return made


def taught(page: Path) -> dict[str, list[str]]:
    table = rows(page, heading="## What can be said today")[1:]
    return {bare(row[0]): re.findall(r'"([^"]+)"', row[1]) for row in table}


def test_the_user_guide_names_every_tool_and_no_other() -> None:
    assert set(taught(DOCS / "user-guide.md")) == {tool.name for tool in toolbox()}


@pytest.mark.parametrize(
    ("name", "sentence"), [(n, s) for n, said in taught(DOCS / "user-guide.md").items() for s in said]
)
def test_every_sentence_of_the_user_guide_is_one_of_its_tools(name: str, sentence: str) -> None:
    tool: Tool | None = toolbox().get(name)
    assert tool is not None
    slots = {slot.name: slot for slot in tool.slots}
    matched = (templates.match(sentence, templates.parse(said), slots, MONDAY, read) for said in tool.utterances)
    assert any(values is not None for values in matched)


def test_every_sentence_of_an_ending_is_explained() -> None:
    told = {
        row[0].strip('"') for row in rows(DOCS / "user-guide.md", heading="## What it says when something is wrong")
    }
    sentences = {ending.sentence for ending in (*OUTCOMES.values(), *CLOSES.values())} | set(SENTENCES)
    assert not sentences - told
    assert not told - sentences - {"sentence"}


def test_every_sentence_of_a_failed_part_is_one_that_the_device_says() -> None:
    said = tomllib.loads((ROOT / "device/languages/en.toml").read_text())["sentences"].values()
    shown = {re.sub(r"\{\w+\}", "…", sentence) for sentence in said}
    told = {row[0].strip('"') for row in rows(DOCS / "user-guide.md", heading="## What it says when a part fails")[1:]}
    assert told <= shown, told - shown


def test_every_sentence_that_leads_to_a_remedy_is_explained_in_the_user_guide() -> None:
    guide = (DOCS / "user-guide.md").read_text()
    said = re.findall(r'"([A-Z…][^"]+[.?])"', (DOCS / "troubleshooting.md").read_text())
    assert said
    assert [sentence for sentence in said if f'"{sentence}"' not in guide and f"“{sentence}”" not in guide] == []


def test_exit_codes_are_those_of_the_device() -> None:
    told = {int(row[0]) for row in rows(DOCS / "user-guide.md", heading="## A device without hardware")[1:]}
    assert told == {*EXITS.values(), EXIT_OFFLINE, EXIT_DEADLINE, 2}


# Operations ----------------------------------------------------------------------------------------------------------


def test_every_metric_is_documented() -> None:
    text = Metrics().exposition().decode()
    families = set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE))
    told = {bare(row[0]).partition("{")[0] for row in rows(OPERATIONS, heading="## Metrics")[1:]}
    assert told == {name for name in families if not name.endswith("_created")}


def test_every_crash_point_is_documented() -> None:
    told = {bare(row[0]) for row in rows(OPERATIONS, heading="### Crash points")[1:]}
    assert told == set(get_args(Point))


def test_every_address_of_the_portal_is_documented() -> None:
    real = {(method, path) for room in portal_rooms() for path, method, _ in room.table()}
    told = {(row[0], bare(path)) for row in rows(OPERATIONS, heading="## The API")[1:] for path in row[1].split(", ")}
    assert told == {(method, re.sub(r":\w+}", "}", path)) for method, path in real}


def portal_rooms() -> Iterator[Room]:
    """Every room of the portal, with nothing in it."""
    for found in pkgutil.iter_modules(cloud.portal.__path__, "cloud.portal."):
        for _, kind in inspect.getmembers(importlib.import_module(found.name), inspect.isclass):
            if kind.__module__ == found.name and hasattr(kind, "table") and kind is not Room:
                yield kind(**dict.fromkeys(getattr(kind, "__struct_fields__", ())))


def test_every_kind_of_event_is_documented() -> None:
    text = OPERATIONS.read_text()
    assert not [kind for kind in get_args(Kind) if f"`{kind}`" not in text]


# Skills and security -------------------------------------------------------------------------------------------------


def test_the_skill_format_is_described_field_by_field() -> None:
    text = (DOCS / "skills.md").read_text()
    parts = [part for _, part in inspect.getmembers(skills, inspect.isclass) if issubclass(part, msgspec.Struct)]
    fields = {name for part in parts if part is not msgspec.Struct for name in part.__struct_fields__}
    words = fields | set(FILTERS) | set(get_args(skills.Action)) | set(get_args(SlotKind))
    assert not [word for word in sorted(words) if not re.search(rf"`{re.escape(word)}\b[^`]*`", text)]


def test_the_schema_is_the_one_of_the_code() -> None:
    assert (DOCS / "skill.schema.json").read_text() == schema_text()


def test_every_piece_of_a_skill_that_is_shown_can_be_read() -> None:
    pieces = re.findall(r"```json\n(.*?)```", (DOCS / "skills.md").read_text(), re.DOTALL)
    kinds = {
        "id": skills.Step,
        "url": skills.Entry,
        "format": skills.Skill,
        "first": skills.Loop,
        "kind": skills.Parameter,
    }
    assert pieces
    for piece in pieces:
        raw = json.loads(piece)
        kind = next((kind for key, kind in kinds.items() if key in raw), None)
        if kind is not None:
            msgspec.convert(raw, kind)


def test_every_rule_of_judgement_is_documented() -> None:
    text = (DOCS / "security.md").read_text()
    named = [rule.__name__ for rule in (*STEP_RULES, *ACT_RULES)]
    assert not [name for name in (*named, *sorted(SINKS), *get_args(Origin)) if f"`{name}`" not in text]


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        raise SystemExit("python -m tests.test_docs --update")
    block = help_block(helps())
    OPERATIONS.write_text(BLOCK.sub(lambda found: f"{found[1]}{block}{found[2]}", OPERATIONS.read_text()))
