"""A file of another tool before it is understood: within limits, decoded, its JSON with the lines that things stand on.

Whatever the bytes are, what is asked of a `Source` answers or raises ImportRefused, soon and with little memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from teach_mode.errors import ImportRefused

MOST_BYTES = 2_000_000
# Objects and lists of a JSON file, and how deep they nest.
MOST_NODES = 60_000
MOST_DEPTH = 64
MOST_STEPS = 3_000
_ARCHIVES = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
}
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_PIECE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[{}\[\]]', re.DOTALL)
_LONE = re.compile(r"[\ud800-\udfff]")


class Located(dict[str, Any]):
    """An object of a JSON file. `line`: where it begins, from 1."""

    __slots__ = ("line",)
    line: int


class Source:
    """The bytes of a file and its name. Nothing is read before it is asked for."""

    def __init__(self, data: bytes, filename: str = "") -> None:
        self.data = data
        self.filename = filename

    @cached_property
    def text(self) -> str:
        """The file as text, its lines ending in a newline alone. Raises ImportRefused."""
        if len(self.data) > MOST_BYTES:
            raise ImportRefused(
                f"{self.called} has {len(self.data):,} bytes, and {MOST_BYTES:,} are the most; "
                "divide it into several, or check that it is a recording at all"
            )
        for magic, what in _ARCHIVES.items():
            if self.data.startswith(magic):
                raise ImportRefused(f"{self.called} is {what}; unpack it and import the files inside one by one")
        encoding = next((name for bom, name in _BOMS.items() if self.data.startswith(bom)), "utf-8")
        try:
            text = self.data.decode(encoding)
        except UnicodeDecodeError as error:
            raise ImportRefused(f"{self.called} is no text: {error.reason} at byte {error.start}") from error
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise ImportRefused(f"{self.called} is no text: line {line} has a zero byte", line=line)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def called(self) -> str:
        """The file in messages."""
        return self.filename or "the file"

    @cached_property
    def json(self) -> Any:
        """The file as JSON; every object in it is a `Located`. Raises ImportRefused."""
        lines = _lines_of_objects(self.text, self.called)

        def located(pairs: list[tuple[str, Any]]) -> Located:
            found = Located(pairs)
            found.line = next(lines, 0)
            return found

        try:
            read = json.loads(self.text, object_pairs_hook=located)
        except json.JSONDecodeError as error:
            raise ImportRefused(f"{self.called} is not JSON: {error}", line=error.lineno) from error
        except (ValueError, RecursionError) as error:  # a number of thousands of digits
            raise ImportRefused(f"{self.called} is not JSON that can be read: {error}") from error
        return _whole(read) if "\\u" in self.text else read


def _lines_of_objects(text: str, called: str) -> Iterator[int]:
    """The line on which each object begins, in the order in which they end. Raises ImportRefused at once."""
    ended: list[int] = []
    open_lines: list[int] = []
    line, counted, nodes = 1, 0, 0
    for match in _PIECE.finditer(text):
        piece = match[0]
        if piece in ("{", "["):
            line += text.count("\n", counted, match.start())
            counted = match.start()
            nodes += 1
            open_lines.append(line)
            if len(open_lines) > MOST_DEPTH:
                raise ImportRefused(f"{called}: line {line} is nested more than {MOST_DEPTH} deep", line=line)
            if nodes > MOST_NODES:
                raise ImportRefused(f"{called} has more than {MOST_NODES:,} objects and lists", line=line)
        elif piece in ("}", "]"):
            began = open_lines.pop() if open_lines else line
            if piece == "}":
                ended.append(began)
    return iter(ended)


def _whole(thing: Any) -> Any:
    """The same with no half of a character in it (an escape such as \\ud800 alone)."""
    if isinstance(thing, str):
        return _LONE.sub("\ufffd", thing)
    if isinstance(thing, Located):
        items = [(_whole(key), _whole(value)) for key, value in thing.items()]
        thing.clear()
        thing.update(items)
        return thing
    return [_whole(one) for one in thing] if isinstance(thing, list) else thing
