"""The town's sites in their releases, frozen: its own marks say which element is which, and are taken out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
from playwright.async_api import Browser

import examples.town
from benchmarks.healing.keying import Frozen
from benchmarks.healing.looking import TAKE_OVER, a_page, address, freeze, open_frozen, open_page, unmark
from benchmarks.healing.redesigning import marked, marks_file
from benchmarks.healing.store import name_of
from examples.town import Town
from examples.town.town import SITES

RELEASES = ("1", "2", "3")
PAIRS = (("1", "2"), ("2", "3"), ("1", "3"))
MONDAY = datetime(2026, 3, 9, 12, 0)


async def town_pages(browser: Browser, base: str) -> dict[tuple[str, str], Frozen]:
    """The start page of every site in every release; made again when anything of the town has changed."""
    code = _town_code()
    found: dict[tuple[str, str], Frozen] = {}
    for release in RELEASES:
        wanted = {
            site: Frozen(name_of("town", site, release, TAKE_OVER, code), f"town/{site}/{release}.html")
            for site in SITES
        }
        if not all(marks_file(page.id).exists() for page in wanted.values()):
            async with Town(now=lambda: MONDAY, releases=dict.fromkeys(SITES, release), marks=True) as town:
                for site, page in wanted.items():
                    await _freeze(browser, base, getattr(town.addresses, site), page)
        found |= {(site, release): page for site, page in wanted.items()}
    return found


def _town_code() -> str:
    folder = Path(examples.town.__file__).parent
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".png"))
    return name_of(*(path.read_bytes().hex() for path in files))


async def _freeze(browser: Browser, base: str, url: str, page: Frozen) -> None:
    async with a_page(browser) as tab:
        await open_page(tab, url)
        await tab.evaluate(TAKE_OVER)
        await freeze(tab, page.id)
    async with a_page(browser) as tab:
        await open_frozen(tab, base + address(page.place, page.id))
        marks = await marked(tab)
    marks_file(page.id).write_bytes(msgspec.json.encode(marks))
    unmark(page.id)
