"""A frozen page taken through a plan: the redesigned page, frozen under a name of its own, its marks kept apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from playwright.async_api import Browser, Page

from benchmarks.healing.looking import a_page, address, freeze, open_frozen, unmark
from benchmarks.healing.mutations import Plan
from benchmarks.healing.store import PAGES, name_of

if TYPE_CHECKING:
    from benchmarks.healing.keying import Frozen

_HERE = Path(__file__).parent


def script() -> str:
    """The redesign as one expression."""
    places = (_HERE / "places.js").read_text(encoding="utf-8")
    redesign = (_HERE / "redesign.js").read_text(encoding="utf-8")
    return f"(plan) => {{ {places}\nconst redesign = {redesign};\nreturn redesign(plan); }}"


async def redesigned(browser: Browser, base: str, page: Frozen, plan: Plan) -> Frozen:
    """The page after the plan; made once."""
    frozen = name_of(page.id, msgspec.json.encode(plan).decode(), script())
    made = msgspec.structs.replace(page, id=frozen)
    if not marks_file(frozen).exists():
        async with a_page(browser) as tab:
            await open_frozen(tab, base + address(page.place, page.id))
            await tab.evaluate(script(), msgspec.to_builtins(plan))
            await freeze(tab, frozen)
        async with a_page(browser) as tab:
            await open_frozen(tab, base + address(page.place, frozen))
            marks = await marked(tab)
        marks_file(frozen).write_bytes(msgspec.json.encode(marks))
        unmark(frozen)
    return made


def marks_of(frozen: str) -> dict[str, str]:
    """Where the sought elements of a redesigned page stand, by their marks."""
    return msgspec.json.decode(marks_file(frozen).read_bytes(), type=dict[str, str])


def marks_file(frozen: str) -> Path:
    """The file that keeps them."""
    return PAGES / f"{frozen}.marks.json"


async def marked(tab: Page) -> dict[str, str]:
    """The places of the marked elements of every frame."""
    places = (_HERE / "places.js").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for frame in tab.frames:
        found |= await frame.evaluate(f"() => {{ {places}\nreturn places.marked(); }}")
    return found
