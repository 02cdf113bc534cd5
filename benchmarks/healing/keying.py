"""Writes the answer key of the release pairs, `data/key.jsonl`: run once and committed, then only read.

    python -m benchmarks.healing.keying

The rule is `truth.py`'s; a pair of elements becomes a line when its recorded locator, the address of the usual kind
(test id, id, name, else child numbers from the nearest id), does not lead to exactly the right element any more. At
most 30 lines a page, drawn with a seed; of what stands on every page, such as a menu, at most five lines a pair of
releases. The later page of a `key` line is the one with scrambled keys.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec
from playwright.async_api import Browser
from playwright.async_api import Error as PlaywrightError

from benchmarks.healing.fetching import fetch_all, folder_of, pages_of
from benchmarks.healing.looking import PageUnseen, a_page, freeze, gathered, look_at, open_page
from benchmarks.healing.mutations import Plan
from benchmarks.healing.packages import PACKAGES, Package, Release
from benchmarks.healing.progress import Progress
from benchmarks.healing.redesigning import redesigned
from benchmarks.healing.store import DATA, PAGES, name_of
from benchmarks.healing.truth import Method, Same, same_elements

KEY = DATA / "key.jsonl"
MOST_LINES = 30
MOST_ALIKE = 5
SCRAMBLE = Plan(seed=4, page=("ids", "names", "links"), targets=())


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One element of two releases; `before` and `after` are places in the frozen pages, the names help the reader."""

    package: str
    page: str
    releases: tuple[str, str]
    before: str
    after: str
    method: Method
    locator: str
    names: tuple[str, str]


class Frozen(msgspec.Struct, frozen=True):
    """A frozen page: its name in the cache, and its place in its package."""

    id: str
    place: str


def key() -> tuple[Line, ...]:
    """The committed key."""
    return tuple(msgspec.json.decode(line, type=Line) for line in KEY.read_text(encoding="utf-8").splitlines() if line)


async def frozen_page(browser: Browser, base: str, package: Package, release: Release, page: str) -> Frozen:
    """A package's page, rendered and frozen if it is not yet."""
    inside = pages_of(package, release)[page]
    place = f"{folder_of(package, release).name}/{inside}"
    frozen = Frozen(name_of(place), place)
    if not (PAGES / f"{frozen.id}.html").exists():
        async with a_page(browser) as tab:
            await open_page(tab, f"{base}/p/{place}")
            await freeze(tab, frozen.id)
    return frozen


async def scrambled(browser: Browser, base: str, page: Frozen) -> Frozen:
    """The page with its ids, field names and link addresses changed, consistently."""
    return await redesigned(browser, base, page, SCRAMBLE)


def page_names(package: Package, older: Release, newer: Release) -> list[str]:
    """The pages that both releases have, the richest in content first; at most as many as the package is to give."""
    left, right = pages_of(package, older), pages_of(package, newer)
    top = folder_of(package, newer)
    both = sorted(left.keys() & right.keys(), key=lambda name: (-(top / right[name]).stat().st_size, name))
    return both[: package.most]


async def lines_of(
    browser: Browser, base: str, package: Package, pair: tuple[Release, Release], page: str
) -> list[Line]:
    """The key's lines for one page of two releases."""
    older, newer = [await frozen_page(browser, base, package, release, page) for release in pair]
    before = await look_at(browser, base, older.place, older.id)
    after = await look_at(browser, base, newer.place, newer.id)
    found = same_elements(before.knowns, after.knowns)
    usual = sorted({before.usuals[same.before.path] for same in found})
    hidden = await scrambled(browser, base, newer)
    resolved = {
        "key": (await look_at(browser, base, hidden.place, hidden.id, usual)).resolved,
        "": (await look_at(browser, base, newer.place, newer.id, usual)).resolved,
    }
    broken = [
        same
        for same in found
        if resolved["key" if same.method == "key" else ""].get(before.usuals[same.before.path]) != (same.after.path,)
    ]
    where = (package.name, page, (pair[0].version, pair[1].version))
    return [_line(same, where, before.usuals[same.before.path]) for same in _drawn(broken, where)]


def _drawn(found: Sequence[Same], where: tuple[str, str, tuple[str, str]]) -> list[Same]:
    chance = random.Random(repr(where))
    kept = set(chance.sample(range(len(found)), min(MOST_LINES, len(found))))
    return [same for at, same in enumerate(found) if at in kept]


def _line(same: Same, where: tuple[str, str, tuple[str, str]], locator: str) -> Line:
    package, page, releases = where
    return Line(
        package=package, page=page, releases=releases, before=same.before.path, after=same.after.path,
        method=same.method, locator=locator, names=(same.before.name[:60], same.after.name[:60]),
    )  # fmt: skip


async def _tried(browser: Browser, base: str, package: Package, pair: tuple[Release, Release], page: str) -> list[Line]:
    try:
        return await lines_of(browser, base, package, pair, page)
    except (PageUnseen, PlaywrightError) as error:
        print(f"left out: {package.name} {page}: {str(error).splitlines()[0]}", file=sys.stderr)
        return []


async def write_key(only: Sequence[str]) -> None:
    """Make the key anew, or only the lines of some packages."""
    from benchmarks.healing.looking import chromium
    from benchmarks.healing.serving import serving

    kept = [line for line in key() if line.package not in only] if only and KEY.exists() else []
    with serving() as base:
        async with chromium() as browser:
            wanted = [package for package in PACKAGES if not only or package.name in only]
            for package in fetch_all(wanted, Progress()):
                jobs = [
                    _tried(browser, base, package, pair, page)
                    for pair in pairwise(package.releases)
                    for page in page_names(package, *pair)
                ]
                made = [line for lines in await gathered(jobs) for line in lines]
                print(f"{package.name}: {len(made)}", file=sys.stderr)
                kept += made
                _keep(kept)


def _keep(kept: Sequence[Line]) -> None:
    alike: Counter[tuple[object, ...]] = Counter()
    text = ""
    for line in kept:
        same = (line.package, line.releases, line.names)
        alike[same] += 1
        if alike[same] <= MOST_ALIKE:
            text += json.dumps(msgspec.to_builtins(line), ensure_ascii=False) + "\n"
    KEY.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(write_key(sys.argv[1:]))
