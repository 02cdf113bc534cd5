"""Did it happen? After a click whose answer nobody saw, the site's own history is asked."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.errors import BrowserError, ConditionTimeout
from browser.fingerprint import Fingerprint
from browser.locators import Locator
from browser.page import Page
from browser.stillness import watching
from language.entities import Value
from teach_mode.errors import SkillContradictory
from teach_mode.kin import kin_of
from teach_mode.skill import Evidence, Skill, Step
from teach_mode.templates import render_all, render_url
from teach_mode.values import complete

LOOK_MS = 15_000
# How long what tells that the items can be counted may take to come, where they can be told by their looks.
READY_MS = 5_000


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What the site's history shows. `happened` None: it could not be told. `url` is where it was looked."""

    happened: bool | None
    before: int | None
    after: int | None
    url: str


def irreversible_step(skill: Skill, step: str = "") -> Step:
    """The skill's irreversible step, by its id when there are several. Raises SkillContradictory."""
    found = [one for one in skill.steps if one.effect == "irreversible" and step in ("", one.id)]
    if len(found) != 1:
        raise SkillContradictory(f"{skill.name}: {len(found)} irreversible steps called {step!r}; name one of them")
    return found[0]


class Counted(msgspec.Struct, frozen=True):
    """How many items the history shows. `anew`: they are shown another way than taught, and were counted as that."""

    items: int
    anew: bool = False


async def count(
    skill: Skill, evidence: Evidence, values: Mapping[str, Value], page: Page, deadline: Deadline
) -> Counted | None:
    """How many items the history shows now. None when that cannot be told: that none is found says nothing, where the
    page itself does not say that it is the one that was taught, or shows what may be items. Raises BrowserError."""
    await page.goto(render_url(evidence.url, values), deadline=deadline)
    ready: Condition = render_all(evidence.ready, values)
    if evidence.looks is None:
        await page.wait_for(ready, deadline=deadline)
    elif not await _is_ready(page, ready, deadline):
        return await _anew(skill, evidence.looks, values, page, deadline)
    items: tuple[Locator, ...] = render_all(evidence.items, values)
    if await page.holds(Condition(visible=items, frame=ready.frame), deadline=deadline):
        return Counted((await page.find(items, frame=ready.frame, deadline=deadline)).matches)
    if evidence.looks is not None and (anew := await _anew(skill, evidence.looks, values, page, deadline)) is not None:
        return anew
    return Counted(0) if ready.visible or ready.text else None


async def _is_ready(page: Page, ready: Condition, deadline: Deadline) -> bool:
    try:
        await page.wait_for(ready, deadline=deadline.sooner_of(READY_MS))
    except ConditionTimeout:
        return False
    return True


async def _anew(
    skill: Skill, looks: Fingerprint, values: Mapping[str, Value], page: Page, deadline: Deadline
) -> Counted | None:
    """What looks as the items did, once the page is at rest."""
    with watching(page.playwright) as stillness:
        if not await stillness.still(page.playwright.main_frame, deadline):
            return None
    item: Fingerprint = render_all(looks, values)
    found = await kin_of(page, item, fits=lambda one: skill.may_be_at(one.origin), deadline=deadline)
    return Counted(len(found), anew=True) if found else None


async def find_evidence(
    skill: Skill,
    values: Mapping[str, Value],
    page: Page,
    before: int | None,
    *,
    anew: bool = False,
    step: str = "",
    deadline: Deadline | None = None,
) -> Found:
    """Look on the site whether the irreversible step happened, on any page of any context of the same person.

    `values` are the skill's, as for a run; `before` is the count written down with the intent, `anew` whether the page
    was another one than taught then. A step that says nothing of evidence leaves it unknown. So does a page that shows
    fewer items than before, or shows them another way than when they were counted; and one that was counted anew proves
    what is on it, and nothing by what is not.
    """
    evidence = irreversible_step(skill, step).evidence
    if evidence is None:
        return Found(happened=None, before=before, after=None, url="")
    given = complete(skill, {name: value for name, value in values.items() if skill.parameter(name)})
    deadline = deadline or Deadline.after_ms(LOOK_MS)
    url = render_url(evidence.url, given)
    try:
        counted = await count(skill, evidence, given, page, deadline.sooner_of(LOOK_MS))
    except BrowserError:
        counted = None
    if counted is None or before is None or counted.anew != anew or counted.items < before:
        after = counted.items if counted is not None else None
        return Found(happened=None, before=before, after=after, url=url)
    happened = counted.items > before or (None if anew or not evidence.whole else False)
    return Found(happened=happened, before=before, after=counted.items, url=url)
