"""What the variables of a test mean at one point of it: a place in our templates, a text that is known, how many there
are of something. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from browser.conditions import Condition
from browser.locators import Locator
from teach_mode.demonstration import SecretKind
from teach_mode.formats.selenium_ide.comparing import Comparison
from teach_mode.skill import When
from teach_mode.templates import literal

VARIABLE = re.compile(r"\$\{(\w+)\}")
NBSP = "\u00a0"
_SOME = ((">", "0"), (">=", "1"), ("!=", "0"))
_NONE = (("==", "0"), ("<", "1"), ("<=", "0"))
_TRUE = (("==", "true"), ("!=", "false"))
_FALSE = (("==", "false"), ("!=", "true"))
_SOME = ((">", "0"), (">=", "1"), ("!=", "0"))
_NONE = (("==", "0"), ("<", "1"), ("<=", "0"))
_TRUE = (("==", "true"), ("!=", "false"))
_FALSE = (("==", "false"), ("!=", "true"))


class Place(Struct, frozen=True):
    """A value that is known when the skill is done: "{name}". `text` is what the file has for it, None: nothing."""

    place: str
    text: str | None = None

    @property
    def name(self) -> str:
        """The value's name."""
        return self.place[1:-1]


class Text(Struct, frozen=True):
    """A text that is known now."""

    text: str


class Items(Struct, frozen=True):
    """A list, with the values that the file has; None: it does not say."""

    name: str
    values: tuple[str, ...] | None = None


class Seen(Struct, frozen=True):
    """Whether the page was so when the variable was stored, after so many steps: how many elements there were, or what
    its address was. `condition` None: the address itself."""

    condition: Condition | None
    counts: bool = False
    after: int = 0


class Handle(Struct, frozen=True):
    """A window."""

    tab: str


class Withheld(Struct, frozen=True):
    """A secret, which no skill holds: it is typed from the vault."""

    kind: SecretKind


class Unknown(Struct, frozen=True):
    """What nobody can know from the file alone, and why."""

    why: str


Meaning = Place | Text | Items | Seen | Handle | Withheld | Unknown


def interpolated(text: str) -> str:
    """A text as the player reads it: its escapes undone."""
    return text.replace("\\\\", "\\").replace("\\r", "\r").replace("\\n", "\n")


def templated(text: str, place_of: Callable[[str], str]) -> str:
    """The template of a text with variables; `place_of` gives a variable's, by its name."""
    found, at = [], 0
    for match in VARIABLE.finditer(text):
        found.append(literal(text[at : match.start()]))
        found.append(NBSP if match[1] == "nbsp" else place_of(match[1]))
        at = match.end()
    return "".join(found) + literal(text[at:])


def templated_locator(locator: Locator, place_of: Callable[[str], str]) -> Locator:
    """A locator with variables as one with templates."""
    return replace(locator, value=templated(locator.value, place_of), name=templated(locator.name, place_of))


def when_of(comparison: Comparison, meaning: Meaning) -> When | bool | None:
    """What a comparison asks for, as ours; whether it holds at all where that is known; None where we have no such
    thing."""
    if isinstance(meaning, Items) and comparison.length:
        asked = (comparison.op, comparison.text)
        return (
            When(given=meaning.name) if asked in _SOME else When(equals={meaning.name: ""}) if asked in _NONE else None
        )
    if comparison.length:
        return None
    if isinstance(meaning, Text):
        return comparison.of(meaning.text)
    if isinstance(meaning, Place) and "|" not in meaning.place:
        return _of_place(comparison, meaning.name)
    if isinstance(meaning, Seen):
        return _of_page(comparison, meaning)
    return None


def _of_place(comparison: Comparison, name: str) -> When | None:
    if comparison.op == "==" or (not comparison.op and not comparison.holds):
        return When(equals={name: comparison.text if comparison.op else ""})
    if not comparison.op or (comparison.op == "!=" and not comparison.text):
        return When(given=name)
    return None


def _of_page(comparison: Comparison, seen: Seen) -> When | None:
    if seen.condition is None:
        same = comparison.op == "==" and comparison.text
        return When(page=Condition(url=literal(comparison.text))) if same else None
    asked = (comparison.op, comparison.text) if comparison.op else ("", "")
    there = asked in (_SOME if seen.counts else _TRUE)
    gone = asked in (_NONE if seen.counts else _FALSE)
    if not comparison.op:
        there, gone = comparison.holds, not comparison.holds
    if there:
        return When(page=seen.condition)
    opposite = turned(seen.condition)
    return When(page=opposite) if gone and opposite is not None else None


def turned(condition: Condition) -> Condition | None:
    """The opposite of a condition: what was to be seen is not to be seen, or the other way round."""
    if condition.url or condition.text or bool(condition.visible) == bool(condition.hidden):
        return None
    return replace(condition, visible=condition.hidden, hidden=condition.visible)


def both(one: When, other: When) -> When | None:
    """What asks for both; None where no single one can."""
    if any(other.equals.get(name, text) != text for name, text in one.equals.items()):
        return None
    if one.given and other.given and one.given != other.given:
        return None
    page = one.page or other.page
    if one.page is not None and other.page is not None and one.page != other.page:
        page = _both_pages(one.page, other.page)
        if page is None:
            return None
    return When(given=one.given or other.given, equals={**one.equals, **other.equals}, page=page)


def _both_pages(one: Condition, other: Condition) -> Condition | None:
    if one.frame != other.frame and one.asks_page and other.asks_page:
        return None
    pairs = [(one.url, other.url), (one.visible, other.visible), (one.hidden, other.hidden), (one.text, other.text)]
    if any(left and right for left, right in pairs):
        return None
    return Condition(
        url=one.url or other.url,
        visible=one.visible or other.visible,
        hidden=one.hidden or other.hidden,
        text=one.text or other.text,
        frame=one.frame or other.frame,
    )
