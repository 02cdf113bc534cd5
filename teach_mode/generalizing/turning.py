"""Turning a calendar to the month of a day, forward or back. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.demonstration import Calendar, Shown, ShownStep
from teach_mode.generalizing import moments
from teach_mode.generalizing.beats import turns_back
from teach_mode.generalizing.parameters import Known
from teach_mode.generalizing.weaving import Piece, weave_target
from teach_mode.skill import Step, Target, Turn

MOST_TURNS = 36
_NEXT_MONTH = re.compile(r"\bnext month\b", re.IGNORECASE)

Ways = tuple[Target, Target | None]
"""What turns it forward, and back if that is known. Where only one is known it is the first, whichever it is."""


def turning(step: Step, ways: Ways, heading: Piece) -> Step:
    """The step as one that turns until the month that `heading` writes is to be seen."""
    forward, back = ways
    month = Locator(kind=LocatorKind.TEXT, value=heading.place, exact=True)
    changes = Locator(kind=LocatorKind.XPATH, value=moments.month_heading(":%b" in heading.place), nth=0)
    return replace(
        step,
        target=weave_target(forward, ()),
        postcondition=None,
        until=Condition(visible=(month,)),
        changes=(changes,),
        turn=Turn(month=heading.place, back=weave_target(back, ())) if back is not None else None,
        most=MOST_TURNS,
    )


def ways_turned(pressed: Shown, around: Calendar | None) -> Ways:
    """What turns a calendar that a person turned by an element."""
    target = pressed.target
    if around is None:
        return target, None
    if turns_back(pressed):
        return (around.forward, target) if around.forward is not None else (target, None)
    return target, around.back


def ways_around(day: Shown) -> Ways | None:
    """What turns the calendar of a day that was chosen without turning; None when the page does not say."""
    if day.calendar is not None and day.calendar.forward is not None:
        return day.calendar.forward, day.calendar.back
    named = _named_in(day.target.fingerprint)
    return (named, None) if named is not None else None


def _named_in(seen: Fingerprint) -> Target | None:
    """The button that the texts around a day call "Next month"."""
    name = next((found[0] for text in seen.neighbours if (found := _NEXT_MONTH.search(text))), "")
    if not name:
        return None
    looks = Fingerprint(role="button", name=name, tag="button", frame=seen.frame)
    return Target(locators=(Locator(kind=LocatorKind.ROLE, value="button", name=name, exact=True),), fingerprint=looks)


def heading_of(known: Known, number: int, steps: Sequence[ShownStep]) -> Piece | None:
    """How the page writes the month of the day, if it does so near what was clicked."""
    texts: list[str] = []
    value = known.values[number]
    if value is None:
        return None
    for step in steps:
        texts += [step.shown.calendar.month] if step.shown and step.shown.calendar else []
        texts += step.shown.target.fingerprint.neighbours if step.shown else ()
        texts += [text for one in (*step.change.appeared, *step.change.left) for text in (one.name, one.value)]
    return moments.written_month(moments.day_of(value), known.name, tuple(texts))
