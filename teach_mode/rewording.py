"""What a condition looks for, or a loop reads, on a page that words it otherwise now: for sure or not at all."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from browser.candidates import remember
from browser.conditions import Condition, Sighting
from browser.deadline import Deadline
from browser.errors import BrowserError
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.page import Page
from language.entities import Value
from teach_mode.claims import says_still
from teach_mode.healing import Choice
from teach_mode.interfaces import Ranker
from teach_mode.retarget import is_named, retargeted, still_says
from teach_mode.seeking import seek, target_of
from teach_mode.skill import Skill, Target
from teach_mode.templates import render_all

TRY_MS = 300
TEXT_CHARS = 80
_WORDED = frozenset((LocatorKind.ROLE, LocatorKind.LABEL, LocatorKind.PLACEHOLDER, LocatorKind.TEXT))
_PLACED = frozenset((LocatorKind.CSS, LocatorKind.XPATH, LocatorKind.TESTID))


class Reworded(msgspec.Struct, frozen=True, kw_only=True):
    """Where it is now, a template, and the element; how sure that is. `gone`: nothing on the page
    could be it, strictly: nothing says so."""

    new: Target | None
    choice: Choice
    at: Sighting | None
    gone: bool = False


async def reworded(
    page: Page,
    skill: Skill,
    raw: Target,
    values: Mapping[str, Value],
    *,
    strictly: bool,
    changing: bool,
    ranker: Ranker | None,
    deadline: Deadline,
) -> Reworded:
    """The element that says now what `raw`, a template, was taught to say, if that is sure.

    `changing`: its numbers come and go, and so it is named by its place; a condition is named by its words alone, so
    that it holds for nothing else.

    Raises BrowserError.
    """
    taught: Target = render_all(raw, values)

    def fits(one: Sighting) -> bool:
        says = says_still(taught.fingerprint, one.seen, strictly=strictly, numbers=not changing)
        return one.visible and says and skill.may_be_at(one.origin) and still_says(one.seen, raw, values)

    found = await seek(
        page, taught, irreversible=strictly, ranker=ranker, deadline=deadline, fits=fits, named=is_named(raw)
    )
    at = found.sighting
    if at is None:
        gone = found.complete and found.choice.reason in (("empty",) if strictly else ("empty", "nothing_like_it"))
        return Reworded(new=None, choice=found.choice, at=None, gone=gone)
    if changing or not _is_worded(raw):
        placed = await target_of(page, at, raw, values, deadline)
        locators = tuple(one for one in placed.locators if one.kind in _PLACED) if placed else ()
        new = msgspec.structs.replace(placed, locators=locators) if placed else None
    else:
        seen = await remember(at, deadline)
        new = retargeted(seen, await _holding(page, seen), raw, values)
    return Reworded(new=new if new is not None and new.locators else None, choice=found.choice, at=at)


def _is_worded(raw: Target) -> bool:
    """Whether what was taught goes by words; a condition on a text always does."""
    return not raw.locators or any(one.kind in _WORDED for one in raw.locators)


async def _holding(page: Page, seen: Fingerprint) -> tuple[Locator, ...]:
    """Ways to name the element by what it says, those that the page answers to."""
    ways = []
    for way in _says(seen):
        try:
            shown = Condition(visible=(way,), frame=seen.frame)
            if await page.holds(shown, deadline=Deadline.after_ms(TRY_MS)):
                ways.append(way)
        except BrowserError:
            continue
    return tuple(ways)


def _says(seen: Fingerprint) -> tuple[Locator, ...]:
    found = []
    if seen.role and seen.name:
        found.append(Locator(kind=LocatorKind.ROLE, value=seen.role, name=seen.name, exact=True))
    if seen.text and len(seen.text) <= TEXT_CHARS:
        found.append(Locator(kind=LocatorKind.TEXT, value=seen.text, exact=True))
    return tuple(found)
