"""The cases of one half of the page families, made from the committed key and from drawn redesigns.

    python -m benchmarks.healing.cases [dev|test]

makes them (minutes the first time, seconds after), of the half `dev` with more whose element is gone than are reported,
and writes `.bench-cache/healing/dev.json`, for tuning: `Export`,
with for each case the sought `Fingerprint`, the page whose candidates count (`pages[case.page]`, from the real walk of
every frame and open shadow root), and `right`, the indices of the candidates that are the element, empty when it is
gone.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Coroutine, Iterable
from functools import partial
from itertools import groupby
from typing import Any, Literal

import msgspec
from playwright.async_api import Browser
from playwright.async_api import Error as PlaywrightError

from benchmarks.healing.families import Half, half_of
from benchmarks.healing.fetching import fetch_all, pages_of
from benchmarks.healing.keying import Frozen, Line, frozen_page, key, scrambled
from benchmarks.healing.looking import Look, PageUnseen, chromium, gathered, look_at
from benchmarks.healing.mutations import PAGE_WIDE, Plan, gone_plan, present_plan, stands_in
from benchmarks.healing.packages import PACKAGES, Package, Release
from benchmarks.healing.progress import Progress
from benchmarks.healing.redesigning import marks_of, redesigned
from benchmarks.healing.redrawn import PAIRS, town_pages
from benchmarks.healing.serving import serving
from benchmarks.healing.store import CACHE
from browser.bystanders import remembered
from browser.fingerprint import Fingerprint

SOUGHT_A_PAGE = 6
GONE_A_PAGE = 2
# So many where healing is tuned: how seldom a wrong element is used can only be told by many.
GONE_TO_TUNE = 10
ROUNDS = 1
TOWN_A_PAIR = 12
BROWSERS = 4


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An element, its page before and its page after.

    `truth` holds its place, then others that do as well; it is empty when the element is gone.
    """

    id: str
    family: str
    source: Literal["release", "redesign", "town"]
    detail: str
    before: Frozen
    after: Frozen
    sought: str
    locator: str
    truth: tuple[str, ...] = ()

    @property
    def present(self) -> bool:
        """Whether the element is still there."""
        return bool(self.truth)

    def right(self, used: str) -> bool:
        """Whether using the element at this place is using the one sought: it, a part of it, or what does as well."""
        return bool(self.truth) and (used in self.truth or used.startswith(f"{self.truth[0]}."))


class Cases(msgspec.Struct, frozen=True):
    """The cases, what is seen on their pages (by a page's id), and how many lines of the key could not be used."""

    cases: tuple[Case, ...]
    looks: dict[str, Look]
    dropped: int


class Exported(msgspec.Struct, frozen=True):
    """A case for tuning."""

    id: str
    family: str
    source: str
    detail: str
    page: str
    present: bool
    sought: Fingerprint
    right: tuple[int, ...]


class Export(msgspec.Struct, frozen=True):
    """All cases of a half for tuning, and the candidates of their pages."""

    pages: dict[str, tuple[Fingerprint, ...]]
    cases: tuple[Exported, ...]


class Maker:
    """Makes the cases of a half with one browser and one server, `gone` of a page with their elements taken away."""

    def __init__(self, browser: Browser, base: str, gone: int) -> None:
        self._browser = browser
        self._base = base
        self._gone = gone
        self.looks: dict[str, Look] = {}
        self.dropped = 0

    async def look(self, page: Frozen, usual: Iterable[str] = (), sought: Iterable[str] = ()) -> Look:
        """What is seen on a frozen page."""
        found = await look_at(self._browser, self._base, page.place, page.id, sorted(set(usual)), sorted(set(sought)))
        self.looks[page.id] = found
        return found

    async def from_key(self, package: Package, lines: list[Line]) -> list[Case]:
        """Cases of one page in two releases: those of the key, and those whose element was then taken away."""
        releases = {release.version: release for release in package.releases}
        first = lines[0]
        older, newer = [
            await frozen_page(self._browser, self._base, package, releases[version], first.page)
            for version in first.releases
        ]
        before, after = await self.look(older), await self.look(newer)
        names = {known.path: known.name for known in before.knowns}, {known.path: known.name for known in after.knowns}
        valid = [
            line
            for line in lines
            if names[0].get(line.before, "")[:60] == line.names[0]
            and names[1].get(line.after, "")[:60] == line.names[1]
        ]
        self.dropped += len(lines) - len(valid)
        hidden = newer
        if any(line.method == "key" for line in valid):
            hidden = await scrambled(self._browser, self._base, newer)
            await self.look(hidden)
        where = f"{package.name} {first.releases[0]} -> {first.releases[1]} {first.page}"
        found = [
            Case(
                id=f"{where} {line.before}", family=package.page_family, source="release", detail=line.method,
                before=older, after=hidden if line.method == "key" else newer, sought=line.before,
                locator=line.locator, truth=(line.after, *after.also.get(line.after, ())),
            )
            for line in valid
        ]  # fmt: skip
        by_after = {line.after: line for line in valid if line.method != "key"}
        allowed = [known for known in after.knowns if known.path in by_after]
        plan = gone_plan(where, after.knowns, allowed, self._gone)
        if plan.targets:
            without = await redesigned(self._browser, self._base, newer, plan)
            left = (await self.look(without)).knowns
            names_of = {known.path: known.name for known in allowed}
            found += [
                Case(
                    id=f"{where} {by_after[target.path].before} {target.changes[0]}", family=package.page_family,
                    source="release", detail=target.changes[0], before=older, after=without,
                    sought=by_after[target.path].before, locator=by_after[target.path].locator,
                )
                for target in plan.targets
                if not stands_in(names_of[target.path], left)
            ]  # fmt: skip
        return found

    async def from_redesigns(self, package: Package, release: Release, page: str, number: int) -> list[Case]:
        """Cases of one page and of redesigns drawn of it: one that keeps the sought elements, one that does not."""
        base = await frozen_page(self._browser, self._base, package, release, page)
        before = await self.look(base)
        where = f"{package.name} {release.version} {page} #{number}"
        kept = present_plan(where, before.knowns, SOUGHT_A_PAGE)
        chance = random.Random(f"{where} gone")
        gone = msgspec.structs.replace(
            gone_plan(where, before.knowns, before.knowns, self._gone),
            page=tuple(sorted(chance.sample(PAGE_WIDE, 2), key=PAGE_WIDE.index)),
        )
        found: list[Case] = []
        for plan, present in ((kept, True), (gone, False)):
            if plan.targets:
                found += await self._of_plan(package.page_family, where, base, plan, present)
        return found

    async def from_town(self, half: Half) -> list[Case]:
        """Cases of the town's sites, told by the marks that the town itself has for what an element means."""
        pages = await town_pages(self._browser, self._base)
        found: list[Case] = []
        for site in sorted({site for site, _ in pages}):
            if half_of(f"town-{site}") == half:
                for older, newer in PAIRS:
                    found += await self._of_redrawn(f"town-{site}", pages[site, older], pages[site, newer])
        return found

    async def _of_redrawn(self, family: str, older: Frozen, newer: Frozen) -> list[Case]:
        before, marks, places = await self.look(older), marks_of(older.id), marks_of(newer.id)
        known = {mark: place for mark, place in marks.items() if place in before.usuals and mark in places}
        wanted = [places[mark] for mark in known]
        after = await self.look(newer, [before.usuals[place] for place in known.values()], wanted)
        broken = [
            (mark, place)
            for mark, place in sorted(known.items())
            if places[mark] in after.usuals and after.resolved.get(before.usuals[place]) != (places[mark],)
        ]
        chance = random.Random(f"{older.place} {newer.place}")
        return [
            Case(
                id=f"{family} {older.place} -> {newer.place} {mark}", family=family, source="town", detail=mark,
                before=older, after=newer, sought=place, locator=before.usuals[place],
                truth=(places[mark], *after.also.get(places[mark], ())),
            )
            for mark, place in chance.sample(broken, min(TOWN_A_PAIR, len(broken)))
        ]  # fmt: skip

    async def _of_plan(self, family: str, where: str, base: Frozen, plan: Plan, present: bool) -> list[Case]:
        before = self.looks[base.id]
        names_of = {known.path: known.name for known in before.knowns}
        after = await redesigned(self._browser, self._base, base, plan)
        marks = marks_of(after.id)
        seen = await self.look(after, [before.usuals[target.path] for target in plan.targets], marks.values())
        found = []
        for target in plan.targets:
            place = marks.get(target.mark, "")
            locator = before.usuals[target.path]
            if present and (not place or seen.resolved.get(locator) == (place,)):
                continue
            if not present and stands_in(names_of[target.path], seen.knowns):
                continue
            found.append(
                Case(
                    id=f"{where} {target.path} {'' if present else target.changes[0]}", family=family,
                    source="redesign", detail="+".join((*target.changes, *plan.page)), before=base, after=after,
                    sought=target.path, locator=locator,
                    truth=(place, *seen.also.get(place, ())) if present else (),
                )
            )  # fmt: skip
        return found


class BrowserLost(Exception):
    """The browser died; what it rendered is kept."""


async def make_cases(half: Half, base: str, progress: Progress, gone: int = GONE_A_PAGE) -> Cases:
    """All cases of a half, in a fixed order. Raises BrowserLost when browser after browser dies."""
    for _ in range(BROWSERS - 1):
        try:
            async with chromium() as browser:
                return await make(half, base, browser, progress, gone)
        except (BrowserLost, PlaywrightError) as error:
            print(f"a new browser: {str(error).splitlines()[0]}", file=sys.stderr)
    async with chromium() as browser:
        return await make(half, base, browser, progress, gone)


async def make(half: Half, base: str, browser: Browser, progress: Progress, gone: int) -> Cases:
    """All cases of a half, with one browser."""
    maker = Maker(browser, base, gone)
    jobs = []
    lines = key()
    for package in fetch_all([one for one in PACKAGES if half_of(one.page_family) == half], progress):
        own = [line for line in lines if line.package == package.name]
        for _, group in groupby(own, lambda line: (line.releases, line.page)):
            jobs.append(maker.from_key(package, list(group)))
        for number in range(ROUNDS):
            newest = package.releases[-1]
            names = sorted(pages_of(package, newest))
            for page in random.Random(package.name).sample(names, min(package.most, len(names))):
                jobs.append(maker.from_redesigns(package, newest, page, number))
    made = await gathered([_tried(job) for job in (*jobs, maker.from_town(half))], partial(progress, "pairs of pages"))
    cases = tuple(case for found in made for case in found if _seen(case, maker.looks))
    return Cases(cases, maker.looks, maker.dropped)


async def _tried(job: Coroutine[Any, Any, list[Case]]) -> list[Case]:
    try:
        return await job
    except (PageUnseen, PlaywrightError) as error:
        if "has been closed" in str(error):
            raise BrowserLost(str(error)) from error
        print(f"left out: {str(error).splitlines()[0]}", file=sys.stderr)
        return []


def _seen(case: Case, looks: dict[str, Look]) -> bool:
    """Whether the element can be told at all before, and nothing lies over it on either page."""
    before, after = looks[case.before.id], looks[case.after.id]
    if case.sought in before.covered or any(place in after.covered for place in case.truth[:1]):
        return False
    return any(candidate.path == case.sought for candidate in before.candidates)


def export(found: Cases) -> Export:
    """The cases as fingerprints alone."""
    prints = {page: {one.path: one.print for one in look.candidates} for page, look in found.looks.items()}
    used = {case.after.id for case in found.cases}
    return Export(
        pages={page: tuple(one.print for one in found.looks[page].candidates) for page in sorted(used)},
        cases=tuple(
            Exported(
                id=case.id, family=case.family, source=case.source, detail=case.detail, page=case.after.id,
                present=case.present,
                sought=remembered(prints[case.before.id][case.sought], prints[case.before.id].values()),
                right=tuple(at for at, one in enumerate(found.looks[case.after.id].candidates) if case.right(one.path)),
            )
            for case in found.cases
        ),
    )  # fmt: skip


async def _main(half: Half) -> None:
    with serving() as base:
        found = await make_cases(half, base, Progress(), GONE_TO_TUNE if half == "dev" else GONE_A_PAGE)
    (CACHE / f"{half}.json").write_bytes(msgspec.json.encode(export(found)))
    present = sum(case.present for case in found.cases)
    print(f"{half}: {present} present, {len(found.cases) - present} gone, {found.dropped} lines of the key not usable")


if __name__ == "__main__":
    asyncio.run(_main("test" if sys.argv[1:] == ["test"] else "dev"))
