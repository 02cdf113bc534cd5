"""Did it happen? After a click whose answer nobody saw, the site's own history is asked."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.errors import BrowserError
from browser.locators import Locator
from browser.page import Page
from language.entities import Value
from teach_mode.errors import SkillContradictory
from teach_mode.skill import Evidence, Skill, Step
from teach_mode.templates import render_all, render_url
from teach_mode.values import complete

LOOK_MS = 15_000


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


async def count(skill: Skill, evidence: Evidence, values: Mapping[str, Value], page: Page, deadline: Deadline) -> int:
    """How many items the history shows now. Raises BrowserError when it cannot be read."""
    url = render_url(evidence.url, values)
    await page.goto(url, deadline=deadline)
    ready: Condition = render_all(evidence.ready, values)
    await page.wait_for(ready, deadline=deadline)
    items: tuple[Locator, ...] = render_all(evidence.items, values)
    if not await page.holds(Condition(visible=items), deadline=deadline):
        return 0
    return (await page.find(items, deadline=deadline)).matches


async def find_evidence(
    skill: Skill,
    values: Mapping[str, Value],
    page: Page,
    before: int | None,
    *,
    step: str = "",
    deadline: Deadline | None = None,
) -> Found:
    """Look on the site whether the irreversible step happened, on any page of any context of the same person.

    `values` are the skill's, as for a run; `before` is the count written down with the intent. A step that says nothing
    of evidence leaves it unknown.
    """
    evidence = irreversible_step(skill, step).evidence
    if evidence is None:
        return Found(happened=None, before=before, after=None, url="")
    given = complete(skill, {name: value for name, value in values.items() if skill.parameter(name)})
    deadline = deadline or Deadline.after_ms(LOOK_MS)
    url = render_url(evidence.url, given)
    try:
        after = await count(skill, evidence, given, page, deadline.sooner_of(LOOK_MS))
    except BrowserError:
        return Found(happened=None, before=before, after=None, url=url)
    return Found(happened=None if before is None else after > before, before=before, after=after, url=url)
