"""A form that is asked page by page, with one button that leads on: which steps of a skill fill it in. Pure.

A redesign may ask the same in another order, on fewer pages or on more.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import msgspec

from browser.bystanders import MOST, bystanders
from teach_mode.leading import stood_beside
from teach_mode.skill import Step

_FILLING = frozenset({"fill", "select", "check", "uncheck"})
_PRESSED = frozenset({"button", "link"})
# What a step of such a form may have besides its element.
_PLAIN = ("id", "action", "target", "value", "tab", "when", "postcondition", "problems")


class Wizard(msgspec.Struct, frozen=True, kw_only=True):
    """What is left to be done of a form: `fills`, then the step `after` it, whose number is `end`. `onward` is a press
    that leads to the next page; `filled` are the steps that were done before, `page` those of the page shown now."""

    fills: tuple[Step, ...]
    onward: Step
    after: Step
    end: int
    filled: tuple[Step, ...]
    page: tuple[Step, ...]


def wizard_at(steps: Sequence[Step], number: int) -> Wizard | None:
    """The form that a step belongs to; those before it are done. None: nothing tells that it is asked page by page.

    It is when the same button was pressed at least twice, what came then was not there before, and nothing was filled
    in twice.
    """
    presses = [at for at, step in enumerate(steps) if _presses(step)]
    nearest = (
        next((at for at in presses if at >= number), None),
        next((at for at in reversed(presses) if at < number), None),
    )
    found = (_around(steps, number, steps[at]) for at in nearest if at is not None)
    return next((wizard for wizard in found if wizard is not None), None)


def leads_on(step: Step) -> bool:
    """Whether a step of such a form presses rather than fills in."""
    return step.action not in _FILLING


def _around(steps: Sequence[Step], number: int, onward: Step) -> Wizard | None:
    def belongs(step: Step) -> bool:
        return step.tab == onward.tab and (_fills(step) or (_presses(step) and _says_as(step, onward)))

    before = tuple(takewhile(belongs, reversed(steps[:number])))[::-1]
    left = tuple(takewhile(belongs, steps[number:]))
    end = number + len(left)
    if not left or end == len(steps) or steps[end].target is None or steps[end].tab != onward.tab:
        return None
    if not _is_paged(before + left):
        return None
    return Wizard(
        fills=tuple(filter(_fills, left)),
        onward=onward,
        after=steps[end],
        end=end,
        filled=tuple(filter(_fills, before)),
        page=tuple(takewhile(_fills, reversed(before)))[::-1],
    )


def _is_plain(step: Step) -> bool:
    bare = Step(id=step.id, action=step.action)
    plain = all(getattr(step, name) == getattr(bare, name) for name in step.__struct_fields__ if name not in _PLAIN)
    asks_page = step.when is not None and step.when.page is not None
    return plain and step.target is not None and not asks_page


def _fills(step: Step) -> bool:
    return step.action in _FILLING and _is_plain(step)


def _presses(step: Step) -> bool:
    return (
        step.action == "click"
        and _is_plain(step)
        and step.target is not None
        and step.target.fingerprint.role in _PRESSED
        and "{" not in step.target.fingerprint.name
    )


def _says_as(step: Step, other: Step) -> bool:
    if step.target is None or other.target is None:
        return False
    mine, theirs = step.target.fingerprint, other.target.fingerprint
    return bool(mine.name) and (mine.role, mine.name, mine.frame) == (theirs.role, theirs.name, theirs.frame)


def _is_paged(steps: Sequence[Step]) -> bool:
    ways = [step.target.locators for step in steps if _fills(step) and step.target is not None]
    presses = [at for at, step in enumerate(steps) if _presses(step)]
    follow = [tuple(takewhile(_fills, steps[at + 1 :])) for at in presses]
    brought = [(steps[at], then) for at, then in zip(presses, follow, strict=True) if then]
    return (
        len(presses) > 1
        and bool(brought)
        and len(set(ways)) == len(ways)
        and all(_brings(press, then) for press, then in brought)
    )


def _brings(press: Step, then: Sequence[Step]) -> bool:
    """Whether a press was what brought the fields that were filled in after it."""
    if press.target is None or len(bystanders(press.target.fingerprint.others).all) >= MOST:
        return False
    beside = [stood_beside(press.target.fingerprint, step.target.fingerprint) for step in then if step.target]
    return False in beside and True not in beside
