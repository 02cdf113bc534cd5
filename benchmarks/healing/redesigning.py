"""A frozen page taken through a plan: the redesigned page, frozen under a name of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from playwright.async_api import Browser

from benchmarks.healing.looking import a_page, address, freeze, name_of, open_page
from benchmarks.healing.mutations import Plan
from benchmarks.healing.store import PAGES

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
    plain = msgspec.to_builtins(plan)
    frozen = name_of(page.id, msgspec.json.encode(plan).decode(), script())
    made = msgspec.structs.replace(page, id=frozen)
    if not (PAGES / f"{frozen}.html").exists():
        async with a_page(browser) as tab:
            await open_page(tab, base + address(page.place, page.id))
            await tab.evaluate(script(), plain)
            await freeze(tab, frozen)
    return made
