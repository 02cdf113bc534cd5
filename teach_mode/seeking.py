"""Looking over the whole page for an element that is no longer where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from browser.candidates import gather, place, remember
from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.errors import BrowserError
from browser.fingerprint import ANY_END, Fingerprint
from browser.page import Page
from language.entities import Value
from teach_mode.healing import Choice, choose
from teach_mode.interfaces import Ranker
from teach_mode.retarget import retargeted, ways
from teach_mode.skill import Target

# How long one locator may take to be tried.
TRY_MS = 300


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a search brought: the element, or None; the choice; the likeliest of the page, best first; and whether all
    of the page was looked over in the time there was."""

    sighting: Sighting | None
    choice: Choice
    likely: tuple[Sighting, ...]
    complete: bool


async def seek(
    page: Page,
    target: Target,
    *,
    irreversible: bool,
    ranker: Ranker | None,
    deadline: Deadline,
    fits: Callable[[Sighting], bool] = lambda one: True,
    named: bool = False,
) -> Found:
    """The element of `target`, its places filled, over all frames and open shadow roots; `fits` says what may be it,
    `named` that what fits bears a value in its own words.

    A page too large to be seen whole gives nothing for an irreversible step. Raises PageGone.
    """
    gathered = await gather(page.playwright, target.fingerprint, deadline)
    fitting = [one for one in gathered.candidates if fits(one)]
    sought = target.fingerprint
    prints = [begun(one.seen, sought) for one in fitting]
    sought = begun(sought, sought)
    choice = choose(sought, prints, irreversible=irreversible, named=named)
    if choice.index is None and choice.ranked and ranker is not None and not irreversible:
        top = [index for index, _ in choice.ranked]
        order = await ranker.rank(sought, [prints[index] for index in top])
        preferred = [top[index] for index in order if 0 <= index < len(top)]
        choice = choose(sought, prints, irreversible=irreversible, order=preferred)
    sure = choice.index is not None and (gathered.complete or not irreversible)
    return Found(
        sighting=fitting[choice.index] if sure and choice.index is not None else None,
        choice=choice,
        complete=gathered.complete,
        likely=tuple(fitting[index] for index, _ in choice.ranked),
    )


def begun(seen: Fingerprint, sought: Fingerprint) -> Fingerprint:
    """An element as far as is known how it begins: what is sought as "Airport…" may go on in any way."""
    cut = {}
    for name in ("name", "text"):
        start = getattr(sought, name).removesuffix(ANY_END)
        if start != getattr(sought, name) and getattr(seen, name).lower().startswith(start.lower()):
            cut[name] = start
    return msgspec.structs.replace(seen, **cut) if cut else seen


async def target_of(
    page: Page, at: Sighting, old: Target, values: Mapping[str, Value], deadline: Deadline
) -> Target | None:
    """A target, as a template, for an element found elsewhere; every locator of it was tried and finds it alone.

    None when none does, or none that would serve other values. Raises BrowserError.
    """
    seen = await remember(at, deadline)
    alone = []
    for way in ways(seen, await place(at, deadline)):
        try:
            found = await page.find((way,), frame=seen.frame, deadline=Deadline.after_ms(TRY_MS))
        except BrowserError:
            continue
        if found.unique and found.ref == at.ref and found.frame == at.frame:
            alone.append(way)
    return retargeted(seen, tuple(alone), old, values) if alone else None
