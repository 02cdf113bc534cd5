"""A choice that a redesign draws another way: a list as radio buttons, or radio buttons as a list. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from browser.fingerprint import Fingerprint
from browser.snapshot import Element
from browser.wording import words_alike
from teach_mode.skill import Action

# What a group or a field is called may be said otherwise; what is chosen may not.
CALLED_ALIKE = 0.7
# How far around a radio button the words may stand that say what it chooses.
CLIMB = 3


def redrawn(action: Action, taught: Fingerprint, value: str, elements: Sequence[Element]) -> str:
    """The ref of what chooses the same now, "" when nothing does for sure: a radio button for the option `value` of a
    list, a list for a radio button. `elements` are a snapshot's."""
    if action == "select" and value:
        found = _radios(taught.label or taught.name, value, elements)
    elif action == "check" and taught.role == "radio":
        found = _lists(_group_of(taught), taught.name, elements)
    else:
        return ""
    return found[0] if len(found) == 1 else ""


def _radios(called: str, value: str, elements: Sequence[Element]) -> list[str]:
    named = [at for at, one in enumerate(elements) if one.role == "radio" and _says(one.name or one.label, value)]
    return [elements[at].ref for at in named if called and _is_under(called, at, elements)]


def _is_under(called: str, at: int, elements: Sequence[Element]) -> bool:
    """Whether the words that the list was called by stand close around a radio button."""
    holder = elements[at].parent
    for _ in range(CLIMB):
        if holder < 0:
            return False
        if any(words_alike(called, one.text) >= CALLED_ALIKE for one in _inside(holder, elements) if one.text):
            return True
        holder = elements[holder].parent
    return False


def _inside(holder: int, elements: Sequence[Element]) -> Iterator[Element]:
    """An element and all inside it: they stand in reading order."""
    inside = {holder}
    yield elements[holder]
    for at in range(holder + 1, len(elements)):
        if elements[at].parent not in inside:
            return
        inside.add(at)
        yield elements[at]


def _lists(group: str, chosen: str, elements: Sequence[Element]) -> list[str]:
    offering = [
        one
        for one in elements
        if one.tag == "select" and one.visible and any(_says(option, chosen) for option in one.options)
    ]
    called = [one for one in offering if words_alike(group, one.label or one.name) >= CALLED_ALIKE] if group else []
    return [one.ref for one in called or (offering if not group else ())]


def _group_of(radio: Fingerprint) -> str:
    """What the group of a radio button is called, "" when it is not said."""
    held = next((one for one in radio.within if one.startswith(("group ", "radiogroup "))), "")
    return held.partition(" ")[2]


def _says(text: str, wanted: str) -> bool:
    return bool(text) and " ".join(text.split()).casefold() == " ".join(wanted.split()).casefold()
