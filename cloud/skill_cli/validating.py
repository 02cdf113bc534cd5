"""`leveret skill validate`: all that is wrong with a skill file, each with its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from teach_mode.checks import all_problems, parse_skill
from teach_mode.errors import ImportRefused, SkillContradictory, SkillError, SkillOriginRefused
from teach_mode.formats.source import Source
from teach_mode.skill import Skill
from teach_mode.weaknesses import weaknesses

_STEP = re.compile(r"\bstep '([a-z0-9_-]+)'|evidence of '([a-z0-9_-]+)'|loop from '([a-z0-9_-]+)'")
_PATH = re.compile(r"(?<=\bat )`?\$((?:\.\w+|\[\d+\])*)")
_PART = re.compile(r"\.(\w+)|\[(\d+)\]")
_FIELD = re.compile(r"unknown field '([^']+)'|parameter '([^']+)'|^\"?([a-z_]+)\"?(?:[.:]| is )")


class Problem(Struct, frozen=True):
    """Something that is wrong or weak. `line` from 1, 0: of the whole. `words` begin with the place."""

    line: int
    words: str


class Checked(Struct, frozen=True, kw_only=True):
    """What was found in a file."""

    file: str
    problems: tuple[Problem, ...] = ()
    weaknesses: tuple[Problem, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it can be used."""
        return not self.problems


def checked(path: Path) -> Checked:
    """What is wrong with a file. Raises OSError when it cannot be read."""
    source = Source(path.read_bytes(), path.name)
    try:
        source.json  # noqa: B018 - within limits, before anything else reads it
        skill = parse_skill(source.text.encode(), path.name)
    except (SkillContradictory, SkillOriginRefused):
        skill = msgspec.json.decode(source.text.encode(), type=Skill)
        return Checked(file=str(path), problems=tuple(_at(source, words) for words in all_problems(skill)))
    except ImportRefused as error:
        return Checked(file=str(path), problems=(Problem(error.line, _placed(error.line, str(error))),))
    except SkillError as error:
        return Checked(file=str(path), problems=(_at(source, str(error)),))
    weak = (f"step {one.step!r}: {one.words}" if one.step else one.words for one in weaknesses(skill))
    return Checked(file=str(path), weaknesses=tuple(_at(source, words) for words in weak))


def _at(source: Source, words: str) -> Problem:
    """The problem with the line that its words speak of."""
    line = 0
    if step := _STEP.search(words):
        line = _line_of(source.text, rf'"(?:id|first)"\s*:\s*"{re.escape(next(filter(None, step.groups())))}"')
    else:
        if path := _PATH.search(words):
            line = _line_at(source.json, path[1])
        if field := _FIELD.search(words.removeprefix(f"{source.called}: ")):
            name = re.escape(next(filter(None, field.groups())))
            key = _line_of(source.text, rf'"{name}"\s*:', line)
            line = key or line or _line_of(source.text, rf'"name"\s*:\s*"{name}"')
    return Problem(line, _placed(line, words))


def _line_at(thing: Any, path: str) -> int:
    """The line of the innermost object on a way such as `.steps[3].target`."""
    line = 0
    for key, number in _PART.findall(path):
        line = getattr(thing, "line", line)
        try:
            thing = thing[key] if key else thing[int(number)]
        except (LookupError, TypeError):
            break
    return int(getattr(thing, "line", line))


def _line_of(text: str, pattern: str, after: int = 0) -> int:
    """The line of the first match from a line on; 0: there is none."""
    start = sum(len(line) for line in text.splitlines(keepends=True)[: max(after - 1, 0)])
    found = re.compile(pattern).search(text, start)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _placed(line: int, words: str) -> str:
    return f"line {line}: {words}" if line and not words.startswith("line ") else words
