"""Items of one kind on a page that shows them another way now: all of them, for sure or none."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from browser.candidates import gather
from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.page import Page
from teach_mode.healing import choose


async def kin_of(
    page: Page, item: Fingerprint, *, fits: Callable[[Sighting], bool], deadline: Deadline
) -> tuple[Sighting, ...]:
    """All of the one kind that `item`, its places filled, is of now; a kind is judged by its member most like the item.

    None of them where two kinds could be meant, or the page could not be seen whole. Raises PageGone.
    """
    gathered = await gather(page.playwright, item, deadline)
    kinds: dict[Hashable, list[Sighting]] = {}
    for one in gathered.candidates if gathered.complete else ():
        if one.visible and fits(one):
            kinds.setdefault(_kind(one.seen), []).append(one)
    groups = list(kinds.values())
    likest = [max(group, key=lambda one: one.similarity).seen for group in groups]
    choice = choose(item, likest, irreversible=False)
    return tuple(groups[choice.index]) if choice.index is not None else ()


def _kind(seen: Fingerprint) -> Hashable:
    return seen.frame, seen.shadow, seen.tag, seen.role, seen.classes, seen.attributes.get("data-testid", "")
