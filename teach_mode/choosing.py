"""Choosing from a list: by its option, by what is pressed in its place, or from one that opens when it is pressed."""

from __future__ import annotations

from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.errors import ActionTimeout, ElementMissing
from browser.eyes import changed
from browser.page import Page
from browser.snapshot import Element, Snapshot
from teach_mode.redrawn import PRESSED, is_chosen, option_like

# How long the very option may take to come before one that says it otherwise is taken.
OPTION_MS = 2_000
LOOK_MS = 2_000
OPENS_MS = 250
_OPTIONS = frozenset(("option", "menuitem", "menuitemradio", "treeitem"))


async def choose(page: Page, at: Sighting, value: str, limit: Deadline) -> None:
    """Choose `value` in, or by, the element. Raises BrowserError, when it offers no such option ElementMissing."""
    if at.seen.role == "radio":
        await page.check(at, deadline=limit)
    elif at.seen.tag == "select":
        await _from_list(page, at, value, limit)
    elif at.seen.role in PRESSED:
        await _by_pressing(page, at, limit)
    else:
        await _from_what_opens(page, at, value, limit)


async def _from_list(page: Page, at: Sighting, value: str, limit: Deadline) -> None:
    try:
        await page.select(at, value, deadline=limit.sooner_of(OPTION_MS))
    except ActionTimeout:
        own = _own(await page.snapshot(deadline=limit.sooner_of(LOOK_MS)), at)
        said = option_like(value, own.options) if own is not None else ""
        await page.select(at, said or value, deadline=limit)


async def _by_pressing(page: Page, at: Sighting, limit: Deadline) -> None:
    own = _own(await page.snapshot(deadline=limit.sooner_of(LOOK_MS)), at)
    if own is None or not is_chosen(own.state):
        await page.click(at, deadline=limit)


async def _from_what_opens(page: Page, at: Sighting, value: str, limit: Deadline) -> None:
    """From a list that the page draws itself: an option in it, or one that came when it was pressed, which may stand
    anywhere. Options of another list were there before."""
    before: frozenset[str] | None = None
    while True:
        snapshot = await page.snapshot(deadline=limit.sooner_of(LOOK_MS))
        options = {one.ref: one.name or one.text for one in snapshot.elements if one.role in _OPTIONS and one.visible}
        own = _own(snapshot, at)
        inside = {ref for ref in options if own is not None and own in snapshot.above(snapshot.get(ref))}
        mine = {
            ref: said
            for ref, said in options.items()
            if ref in inside or ref not in (options if before is None else before)
        }
        said = option_like(value, tuple(mine.values()))
        if said:
            [ref] = [ref for ref, text in mine.items() if text == said]
            option = await page.at(snapshot, ref, deadline=limit.sooner_of(LOOK_MS))
            return await page.click(option, deadline=limit)
        if limit.passed:
            raise ElementMissing(
                f"the list {at.seen.name or at.seen.label!r} offers no {value!r}; teach the step again"
            )
        if before is None:
            before = frozenset(options) - inside
            await page.click(at, deadline=limit)
        await changed(at.frame, limit.sooner_of(OPENS_MS))


def _own(snapshot: Snapshot, at: Sighting) -> Element | None:
    """The element in a snapshot."""
    for one in snapshot.elements:
        place = snapshot.place(one.ref)
        if place.ref == at.ref and place.frame == at.frame:
            return one
    return None
