"""What of a skill is found anew on a changed page: its elements, what its conditions look for, its read-backs. Pure.

Each is named by its step and its part, and looked at as a target: locators, and what the element looked like.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec.structs import replace

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator
from teach_mode.skill import Confirm, Skill, Step, Target

Element = Literal["target", "onto"]
Part = str
"""`target`, `onto`; `when`, `wait`, `postcondition`, `until`, `changes`; `condition` of the entry; `confirms.NAME`."""

ENTRY = "entry"
FIELD_TAGS = frozenset({"input", "select", "textarea"})
CONDITIONS = ("wait", "postcondition", "until")
_OF_CONFIRM = "confirms."


def of_confirm(name: str) -> Part:
    """The part that a read-back is."""
    return f"{_OF_CONFIRM}{name}"


def sought(skill: Skill, step: str, part: Part) -> Target | None:
    """The part as it was taught, a template. None: there is none, or nothing is known by which it could be found."""
    if part == "condition":
        return _of(skill.entry.condition) if step == ENTRY else None
    one = next((one for one in skill.all_steps if one.id == step), None)
    if one is None:
        return None
    if part in ("target", "onto"):
        element: Target | None = getattr(one, part)
        return element
    if part in CONDITIONS:
        return _of(getattr(one, part))
    if part == "when":
        return _of(one.when.page) if one.when else None
    if part == "changes":
        return Target(locators=one.changes, fingerprint=one.changes_looks) if one.changes_looks else None
    confirm = next((confirm for confirm in one.confirms if of_confirm(confirm.name) == part), None)
    return Target(locators=confirm.locators, fingerprint=confirm.looks or Fingerprint()) if confirm else None


def _of(condition: Condition | None) -> Target | None:
    if condition is None or condition.looks is None or not condition.asks_page:
        return None
    locators = condition.hidden if condition.wants_gone else condition.visible
    return Target(locators=locators, fingerprint=condition.looks)


def guards(skill: Skill, step: Step, part: Part) -> bool:
    """Whether a condition stands between a run and something that cannot be undone: found anew strictly or not at all.

    That is where such a skill begins, what the person said must be true before such a step, and its own conditions.
    """
    if part == "condition":
        return skill.effect == "irreversible"
    if step.effect == "irreversible":
        return True
    ids = [one.id for one in skill.steps]
    later = skill.steps[ids.index(step.id) + 1 :] if step.id in ids else ()
    return step.action == "assert" and any(one.effect == "irreversible" for one in later)


def names(confirm: Confirm, target: Target) -> bool:
    """Whether a read-back is a step's own element: by the same ways, or some of those that lead to a field. What is
    pressed may say what something else says on the next page."""
    mine, theirs = confirm.locators, target.locators
    if confirm.frame != target.fingerprint.frame:
        return False
    return mine == theirs or (bool(mine) and target.fingerprint.tag in FIELD_TAGS and set(mine) <= set(theirs))


def looking_at(condition: Condition, new: Target) -> Condition:
    """The condition with what it looks for, or wants gone, where it is now."""
    if condition.wants_gone:
        return replace(condition, hidden=new.locators, frame=new.fingerprint.frame, looks=new.fingerprint)
    return replace(condition, visible=new.locators, text="", frame=new.fingerprint.frame, looks=new.fingerprint)


def moved(condition: Condition, old: tuple[Locator, ...], new: Target) -> Condition:
    """The condition, when it asks that the very element `old` be gone, with where that is now."""
    if not condition.hidden or condition.hidden != old:
        return condition
    return replace(condition, hidden=new.locators, frame=new.fingerprint.frame)


def renewed(skill: Skill, step: str, part: Part, new: Target, words: str = "") -> Skill:
    """The skill with the part where it is now. What names the same element elsewhere goes along. A read-back bears the
    `words` that it stands under now."""
    if part == "condition":
        condition = skill.entry.condition
        entry = replace(skill.entry, condition=looking_at(condition, new) if condition else None)
        return replace(skill, entry=entry)
    old = sought(skill, step, part)

    def here(one: Step) -> Step:
        if one.id != step:
            return one
        if part in ("target", "onto"):
            return replace(one, **{part: new})
        if part in CONDITIONS:
            return replace(one, **{part: looking_at(getattr(one, part), new)})
        if part == "when" and one.when is not None and one.when.page is not None:
            return replace(one, when=replace(one.when, page=looking_at(one.when.page, new)))
        if part == "changes":
            return replace(one, changes=new.locators, changes_looks=new.fingerprint)
        return replace(one, confirms=tuple(_confirm(confirm, part, new, words) for confirm in one.confirms))

    def along(one: Step) -> Step:
        if old is None or part != "target":
            return one
        after = one.postcondition
        if one.id == step and after is not None:
            one = replace(one, postcondition=moved(after, old.locators, new))
        if any(names(confirm, old) for confirm in one.confirms):
            one = replace(one, confirms=tuple(_along(confirm, old, new) for confirm in one.confirms))
        return one

    return _each(skill, lambda one: along(here(one)))


def _each(skill: Skill, change: Callable[[Step], Step]) -> Skill:
    entry = replace(skill.entry, reconcile=tuple(map(change, skill.entry.reconcile)))
    return replace(skill, entry=entry, steps=tuple(map(change, skill.steps)))


def _confirm(confirm: Confirm, part: Part, new: Target, words: str) -> Confirm:
    if of_confirm(confirm.name) != part:
        return confirm
    looks = new.fingerprint if new.fingerprint != Fingerprint(frame=new.fingerprint.frame) else None
    title = words if words and not set("{}") & set(words) else confirm.title
    return replace(confirm, locators=new.locators, frame=new.fingerprint.frame, looks=looks, title=title)


def _along(confirm: Confirm, old: Target, new: Target) -> Confirm:
    if not names(confirm, old):
        return confirm
    looks = new.fingerprint if confirm.looks is not None else None
    return replace(confirm, locators=new.locators, frame=new.fingerprint.frame, looks=looks)
