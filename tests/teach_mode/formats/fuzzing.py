"""Files of nonsense for importers: real ones of every format, changed by seed in ways that files are broken, or are
meant to break whoever reads them."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from teach_mode.checks import parse_skill
from teach_mode.errors import ImportRefused
from teach_mode.formats.registry import FORMATS, import_skill
from tests.teach_mode.formats.keyed import FILES

NASTY: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1e308, float("inf"), 2**80, "", " ", [], {}, [[]], [None], {"a": {"b": {}}}),
    *("{", "}", "{}", "{{", "{x|y}", "[[", "${x}", "${${x}}", "$", "&a", "*a", "!!python/object:os.system", "\t- x"),
    *("\0", "\ud800", "\u202e", "\ufeff", "🍕" * 50, "a" * 40_000, "[" * 500, "(a*)*" * 200, " " * 9_000 + "x"),
    *("http://[::1", "https://a:99999/", "http://", "//x", "javascript:alert(1)", "file:///etc/passwd", "about:blank"),
    *("https://é.example/", "https://u:p@h.example/", "https://a.example/{x}", "aria/", "text/", "pierce/", "xpath/"),
    *('aria/[role="', "xpath///*[@id='", "css=", "id=", "xpath=//", "link=", 'internal:role=button[name="', ">> >>"),
    *("nth=99999999999", ">>", '[a="', "a,b{", "security code" * 3_000, ["x"] * 3_000, "Pay now", "password"),
)
NAMES = ("type", "target", "value", "command", "steps", "selectors", "name", "url")
SLOW_S, HEAVY_BYTES = 1.0, 100_000_000
Change = Callable[[Random, bytes], bytes]


class Case(Struct, frozen=True):
    """A file of nonsense. `named` is the format it is said to have, "" when that is to be found out."""

    data: bytes
    named: str
    about: str


class Came(Struct):
    """What came of many: how many became skills, how many were refused, the slowest on the processor, in s."""

    cases: int = 0
    skills: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    slowest: str = ""


def real_files() -> dict[str, list[tuple[str, bytes]]]:
    """The files of every format, without their keys."""
    return {
        name: [(path.name, path.read_bytes()) for path in sorted((FILES / name).iterdir()) if path.name != "key.json"]
        for name in FORMATS
        if (FILES / name).is_dir()
    }


def cases(seed: int, number: int) -> Iterator[Case]:
    """So many changed files, of each format alike."""
    random, files = Random(seed), real_files()
    names = list(files)
    for at in range(number):
        name = names[at % len(names)]
        called, data = random.choice(files[name])
        for _ in range(random.choice((1, 1, 1, 2, 4))):
            change = random.choice(CHANGES)
            data = change(random, data)[:3_000_000]
        if random.random() < 0.02:
            data += random.choice(files[random.choice(names)])[1]
        yield Case(data, name if random.random() < 0.9 else "", called)


def read(case: Case, came: Came) -> None:
    """Read one: a valid skill or a refusal by name; anything else is raised."""
    began_s = time.process_time()
    try:
        found = import_skill(case.data, case.about, case.named)
    except ImportRefused as error:
        came.refused += 1
        if not str(error) or error.line < 0:
            raise AssertionError(f"a refusal without words, or on line {error.line}") from error
    else:
        came.skills += 1
        for one in found:
            again = parse_skill(msgspec.json.encode(one.skill), case.about)
            if again != one.skill or any(note.line < 0 or not note.words for note in one.notes):
                raise AssertionError(f"{case.about}: not what is read back, or a note without words")
    took_s = time.process_time() - began_s
    came.cases += 1
    if took_s > came.slowest_s:
        came.slowest_s, came.slowest = took_s, f"{case.named} {case.about}, {len(case.data):,} bytes"


def _bytes(random: Random, data: bytes) -> bytes:
    made = bytearray(data or b"x")
    for _ in range(random.choice((1, 1, 4, 30))):
        made[random.randrange(len(made))] = random.choice((random.randrange(256), 34, 123, 92, 10, 58, 32))
    return bytes(made)


def _cut(random: Random, data: bytes) -> bytes:
    start, end = sorted((random.randrange(len(data) + 1), random.randrange(len(data) + 1)))
    return random.choice((data[:start], data[start:], data[:start] + data[end:]))


def _twice(random: Random, data: bytes) -> bytes:
    start, end = sorted((random.randrange(len(data) + 1), random.randrange(len(data) + 1)))
    return data[:start] + data[start:end] * random.choice((2, 3, 40)) + data[end:]


def _lines(random: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    for _ in range(random.choice((1, 3))):
        at = random.randrange(len(lines))
        kind = random.randrange(5)
        if kind == 0:
            lines[at] = b"  " * random.randrange(6) + lines[at].strip()
        elif kind == 1:
            lines.insert(at, random.choice(lines))
        elif kind == 2 and len(lines) > 1:
            del lines[at]
        elif kind == 3:
            random.shuffle(lines)
        else:
            lines[at] += random.choice((b" # x", b",", b":", b" &a", b" *a", b"\\", b"'''", b"(", b"):", b"\t"))
    return b"\n".join(lines)


def _words(random: Random, data: bytes) -> bytes:
    """A word of the file by another of it, or by something nasty."""
    text = data.decode("utf-8", "replace")
    words = [word for word in text.replace('"', " ").split() if len(word) > 1] or ["x"]
    old = random.choice(words)
    nasty = random.choice(NASTY)
    new = random.choice((random.choice(words), str(nasty)[:5_000], old * 2, ""))
    return text.replace(old, new, random.choice((1, 1, 1000))).encode("utf-8", "surrogatepass")


def _tree(random: Random, data: bytes) -> bytes:
    """A JSON file (or the lines of one) with nodes of it exchanged, left out, repeated, renamed, nested."""
    try:
        root = json.loads(data)
    except ValueError:
        lines = data.splitlines() or [b""]
        at = random.randrange(len(lines))
        try:
            root = json.loads(lines[at])
        except ValueError:
            return _words(random, data)
        lines[at] = json.dumps(_changed(random, root)).encode("utf-8", "surrogatepass")
        return b"\n".join(lines)
    indent = random.choice((None, 1, 2))
    return json.dumps(_changed(random, root), indent=indent).encode("utf-8", "surrogatepass")


def _changed(random: Random, root: Any) -> Any:
    holders: list[Any] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, (dict, list)) and node:
            holders.append(node)
            stack += node.values() if isinstance(node, dict) else node
    if not holders:
        return random.choice(NASTY)
    for _ in range(random.choice((1, 1, 2, 5))):
        node = random.choice(holders)
        if not node:
            continue
        key = random.choice(list(node)) if isinstance(node, dict) else random.randrange(len(node))
        kind = random.randrange(6)
        if kind <= 1:
            node[key] = copy.deepcopy(random.choice(NASTY))
        elif kind == 2:
            del node[key]
        elif kind == 3:
            node[key] = copy.deepcopy(random.choice(holders)) if len(json.dumps(root)) < 200_000 else None
        elif kind == 4 and isinstance(node, list):
            node[key:key] = copy.deepcopy(node[key : key + 2]) * random.choice((1, 5, 200))
        elif isinstance(node, dict):
            node[random.choice(("type", "target", "value", "command", "steps", "selectors", "name", "url"))] = node.pop(
                key
            )
    return root


# What breaks a file whole comes seldom: then all that is read is that it is broken.
CHANGES: tuple[Change, ...] = (_bytes, _cut, _twice, _lines, _lines, *(_words,) * 5, *(_tree,) * 10)
