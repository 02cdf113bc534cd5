"""A choice that a redesign draws another way: a list as radio buttons, links, tabs or chips, or radio buttons as a
list; and what is pointed at, drawn as something else. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from browser.fingerprint import Fingerprint
from browser.snapshot import Element
from browser.wording import stems, words_alike
from language.commitments import commits, may_commit
from language.entities import Value
from language.similarity import words_of
from language.synonyms import same_meaning
from teach_mode.skill import Action, Skill
from teach_mode.templates import names_in, render

# What a group or a field is called may be said otherwise; what is chosen may not.
CALLED_ALIKE = 0.7
# How far around an option the words may stand that say what it chooses, and the other options.
CLIMB = 3
# What chooses by being pressed.
PRESSED = frozenset({"link", "button", "tab", "option", "menuitem", "menuitemradio"})
_GROUPS = frozenset({"group", "radiogroup", "listbox", "tablist", "toolbar", "menu", "menubar", "list"})
# So much of what else there was to choose must stand beside what is pressed: under the list's name, and without.
BESIDE_CALLED = 0.5
BESIDE = 0.75
LEAST_BESIDE = 2
_COUNTER = re.compile(r"\s*(?:\(\d+\)|\[\d+\])\s*$")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# Who presses one of these does something; where a list offered it, a button did it.
_ACTS = (
    *("add", "approve", "archive", "buy", "cancel", "close", "create", "delete", "disable", "download", "log out"),
    *("open", "print", "reject", "reply", "reset", "save", "send", "submit", "suspend"),
)
# Words that an option may have more: "by price".
_LEADING_IN = frozenset(("by",))


def redrawn(
    action: Action, taught: Fingerprint, value: str, elements: Sequence[Element], offered: Sequence[str] = ()
) -> str:
    """The ref of what does the same now, "" when nothing does for sure.

    For the option `value` of a list that offered `offered`: a radio button under the list's name, something pressed
    among the other options, a list of these options; for a radio button a list; for what is pointed at, the one text
    that is `value`. `elements` are a snapshot's.
    """
    found: list[str] = []
    if action == "select" and value:
        called = taught.label or taught.name
        found = _radios(called, value, elements) or _offering(called, value, offered, elements)
        found = found or [elements[at].ref for at in _pressed(taught, called, value, offered, elements)]
    elif action == "check" and taught.role == "radio":
        found = _lists(_group_of(taught), taught.name, elements)
    elif action == "hover" and value:
        found = _texts(value, elements)
    return found[0] if len(found) == 1 else ""


def offered(template: str, skill: Skill, values: Mapping[str, Value]) -> tuple[str, ...]:
    """What could be chosen where a step chooses `template`, as its list said it; nothing where that is not known."""
    names = set(names_in(template))
    parameter = skill.parameter(names.pop()) if len(names) == 1 else None
    if parameter is None or parameter.kind != "choice":
        return ()
    return tuple(render(template, {**values, parameter.name: one.value}) for one in parameter.choices)


def option_like(value: str, options: Sequence[str]) -> str:
    """The one option that says what is chosen with a counter, an ending or a "by" more or less; "" for none."""
    found = [option for option in options if _means(option, value)]
    return found[0] if len(found) == 1 else ""


def is_chosen(state: Sequence[str]) -> bool:
    """Whether what is pressed is so already, and another press might undo it."""
    return any(one in state for one in ("pressed", "selected", "checked"))


def _radios(called: str, value: str, elements: Sequence[Element]) -> list[str]:
    named = [at for at, one in enumerate(elements) if one.role == "radio" and _says(one.name or one.label, value)]
    return [elements[at].ref for at in named if called and _is_under(called, at, elements)]


def _is_under(called: str, at: int, elements: Sequence[Element]) -> bool:
    """Whether the words that the list was called by stand close around a radio button."""
    return any(
        words_alike(called, one.text) >= CALLED_ALIKE
        for holder in _holders(at, elements)
        for one in _inside(holder, elements)
        if one.text
    )


def _holders(at: int, elements: Sequence[Element]) -> Iterator[int]:
    """What holds an element, the nearest first."""
    holder = elements[at].parent
    for _ in range(CLIMB):
        if holder < 0:
            return
        yield holder
        holder = elements[holder].parent


def _inside(holder: int, elements: Sequence[Element]) -> Iterator[Element]:
    """An element and all inside it: they stand in reading order."""
    return (elements[at] for at in _places_inside(holder, elements))


def _places_inside(holder: int, elements: Sequence[Element]) -> Iterator[int]:
    inside = {holder}
    yield holder
    for at in range(holder + 1, len(elements)):
        if elements[at].parent not in inside:
            return
        inside.add(at)
        yield at


def _offering(called: str, value: str, offered: Sequence[str], elements: Sequence[Element]) -> list[str]:
    """Lists that offer all that was offered, with a label or a name that means what the list was called by."""
    alike = [
        one
        for one in elements
        if one.tag == "select" and one.visible and offered and all(option_like(other, one.options) for other in offered)
    ]
    ways = [one for one in alike if any(words_alike(called, said) >= CALLED_ALIKE for said in (one.label, one.hint))]
    return [one.ref for one in ways if called and option_like(value, one.options)]


def _pressed(
    taught: Fingerprint, called: str, value: str, offered: Sequence[str], elements: Sequence[Element]
) -> list[int]:
    """What chooses the value by being pressed. It stands among others of its kind that choose what else was offered,
    and under no name but the list's; what would do more than choose is none."""
    others = [one for one in offered if not _is_no_choice(one) and not _means(one, value)]
    if not others or any(_acts(one) for one in (*others, value)):
        return []
    named = [at for at, one in enumerate(elements) if _is_pressed(one) and _means(one.name or one.text, value)]
    return [at for at in named if _is_of_the_list(at, taught, called, others, elements)]


def _is_no_choice(option: str) -> bool:
    """Whether an option stands for all, or asks to choose: a redesign may well say that otherwise, or leave it out."""
    words = words_of(option)
    return not words or same_meaning(option, "all") or words[0] in ("choose", "select", "pick", "please", "none")


def _acts(option: str) -> bool:
    first = words_of(option)[:1]
    return commits(option) or may_commit(option) or any(same_meaning(one, act) for one in first for act in _ACTS)


def _is_pressed(one: Element) -> bool:
    return one.role in PRESSED and one.visible and "disabled" not in one.state


def _is_of_the_list(
    at: int, taught: Fingerprint, called: str, others: Sequence[str], elements: Sequence[Element]
) -> bool:
    own = elements[at]
    for holder in _holders(at, elements):
        inside = [place for place in _places_inside(holder, elements) if elements[place].role == own.role]
        group = {
            other: place
            for other in others
            for place in inside
            if _is_pressed(elements[place]) and _means(elements[place].name or elements[place].text, other)
        }
        if not group:
            continue
        # Before the first of them may stand more of the group: what it calls everything.
        before = [place for place in inside if place < min(at, *group.values())]
        name = _name_of(holder, min([at, *group.values(), *before]), elements)
        if name and words_alike(called, name) >= CALLED_ALIKE:
            return len(group) >= BESIDE_CALLED * len(others)
        stood = name and any(words_alike(name, one.removeprefix("under ")) > 0.9 for one in _around(taught))
        return (not name or bool(stood)) and len(group) >= max(LEAST_BESIDE, BESIDE * len(others))
    return False


def _around(taught: Fingerprint) -> tuple[str, ...]:
    return (*(one for one in taught.within if one.startswith("under ")), *taught.neighbours)


def _name_of(holder: int, first: int, elements: Sequence[Element]) -> str:
    """What a group is called: its own name, or the words that stand right before its first option."""
    at = holder
    while at >= 0 and elements[at].group and not elements[at].name:
        at = elements[at].parent
    if at >= 0 and elements[at].role in _GROUPS and elements[at].name:
        return elements[at].name
    for place in range(first - 1, -1, -1):
        one = elements[place]
        if one.acted:
            return ""
        if one.name or one.text:
            return one.name or one.text
    return ""


def _lists(group: str, chosen: str, elements: Sequence[Element]) -> list[str]:
    offering = [
        one
        for one in elements
        if one.tag == "select" and one.visible and any(_says(option, chosen) for option in one.options)
    ]
    called = [one for one in offering if words_alike(group, one.label or one.name) >= CALLED_ALIKE] if group else []
    return [one.ref for one in called or (offering if not group else ())]


def _texts(value: str, elements: Sequence[Element]) -> list[str]:
    return [one.ref for one in elements if one.visible and not one.acted and _says(one.text or one.name, value)]


def _group_of(radio: Fingerprint) -> str:
    """What the group of a radio button is called, "" when it is not said."""
    held = next((one for one in radio.within if one.startswith(("group ", "radiogroup "))), "")
    return held.partition(" ")[2]


def _says(text: str, wanted: str) -> bool:
    return bool(text) and " ".join(text.split()).casefold() == " ".join(wanted.split()).casefold()


def _means(text: str, value: str) -> bool:
    """Whether an option says what is chosen: the same words but for endings and a counter behind them."""
    if _says(text, value):
        return True
    bare = _COUNTER.sub("", text)
    mine, theirs = stems(value) - _LEADING_IN, stems(bare) - _LEADING_IN
    return bool(mine) and mine == theirs and _NUMBER.findall(bare) == _NUMBER.findall(value)
