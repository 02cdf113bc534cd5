"""The pieces of the documentation that are made from the data in this folder, and where they go.

A page keeps a place for each: from `<!-- made by python -m hardware: NAME -->` to `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from device.settings import Settings
from device.wiring import FILE, Wiring, read_wiring
from hardware import tables
from hardware.bill import Bill, bill
from hardware.case import Enclosure, enclosure
from hardware.diagram import diagram
from hardware.power import Budget, budget
from hardware.steps import Step, guide, steps

PICTURES: Final = "docs/pictures"
_PLACE: Final = re.compile(r"(<!-- made by python -m hardware: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


class Data(Struct, frozen=True):
    """All that the pages tell of. `sleep_s`: when the screen of a new device sleeps."""

    wiring: Wiring
    bill: Bill
    budget: Budget
    enclosure: Enclosure
    steps: Mapping[str, tuple[Step, ...]]
    sleep_s: float


def data(root: Path) -> Data:
    """What is written in the repository at `root`; raises ConfigError, OSError."""
    cases = enclosure(root)
    return Data(
        read_wiring((root / FILE).read_text(encoding="utf-8")),
        bill(root),
        budget(root),
        cases,
        steps(root, cases),
        Settings().sleep_s,
    )


def pieces(told: Data) -> dict[str, str]:
    """Every piece by the name that its place has."""
    wiring = told.wiring
    made = {
        "builds": tables.builds_table(wiring),
        "pins": tables.pins_table(wiring),
        "taken": tables.taken_table(wiring),
    }
    for build in wiring.builds:
        made[f"wires {build.name}"] = tables.wires_table(wiring, build)
        made[f"boot {build.name}"] = tables.boot_block(wiring, build)
        made[f"bill {build.name}"] = tables.bill_table(told.bill, build.name)
        made[f"loads {build.name}"] = tables.loads_table(told.budget, build.name)
        made[f"steps {build.name}"] = guide(build.name, told.steps[build.name])
    made["cases"] = tables.cases_table(told.enclosure)
    made["turn"] = tables.turn_table(told.budget)
    made["hours"] = tables.hours_table(told.budget, told.sleep_s)
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


def stale(root: Path, told: Data) -> dict[Path, str]:
    """The files whose contents are others than what the data says, with what they should be."""
    made = pieces(told)
    due: dict[Path, str] = {}
    for path in sorted((root / "docs").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if (fresh := filled(text, made)) != text:
            due[path] = fresh
    for name, text in pictures(told.wiring).items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            due[path] = text
    return due
