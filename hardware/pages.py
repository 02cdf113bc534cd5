"""The pieces of the documentation that are made from the data in this folder, and where they go.

A page keeps a place for each: from `<!-- made by python -m hardware: NAME -->` to `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from device.wiring import Wiring
from hardware import tables
from hardware.diagram import diagram

PICTURES: Final = "docs/pictures"
_PLACE: Final = re.compile(r"(<!-- made by python -m hardware: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pieces(wiring: Wiring) -> dict[str, str]:
    """Every piece by the name that its place has."""
    made = {
        "builds": tables.builds_table(wiring),
        "pins": tables.pins_table(wiring),
        "taken": tables.taken_table(wiring),
    }
    for build in wiring.builds:
        made[f"wires {build.name}"] = tables.wires_table(wiring, build)
        made[f"boot {build.name}"] = tables.boot_block(wiring, build)
    return made


def pictures(wiring: Wiring) -> dict[str, str]:
    """The drawings, by their files."""
    return {f"{PICTURES}/wiring-{build.name}.svg": diagram(wiring, build) for build in wiring.builds}


def places(page: str) -> list[str]:
    """The names of the pieces that a page keeps a place for."""
    return [name for _, name, _ in _PLACE.findall(page)]


def filled(page: str, made: Mapping[str, str]) -> str:
    """The page with these pieces in their places; a place with another name is left as it is."""

    def piece(found: re.Match[str]) -> str:
        head, name, end = found.groups()
        return f"{head}{made[name]}\n{end}" if name in made else found[0]

    return _PLACE.sub(piece, page)


def stale(root: Path, wiring: Wiring) -> dict[Path, str]:
    """The files whose contents are others than what the data says, with what they should be."""
    made = pieces(wiring)
    due: dict[Path, str] = {}
    for path in sorted((root / "docs").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if (fresh := filled(text, made)) != text:
            due[path] = fresh
    for name, text in pictures(wiring).items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            due[path] = text
    return due
