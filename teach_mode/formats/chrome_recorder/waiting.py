"""`waitForElement` as a condition. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.formats.source import Located
from teach_mode.templates import literal

_TEXTS = ("innerText", "textContent")
_NAME = re.compile(r"[\w:-]+")
MOST_COUNT = 1000


def condition_of(
    step: Located, locators: tuple[Locator, ...], frame: tuple[str, ...]
) -> tuple[Condition | None, tuple[str, ...]]:
    """What is waited for, and what of it is lost. None: nothing of it can be waited for."""
    lost: list[str] = []
    wanted = tuple(_with_attributes(locators, _mapping(step, "attributes"), lost))
    text = _text_of(_mapping(step, "properties"), lost)
    count, operator = step.get("count", 1), step.get("operator", ">=")
    plain = isinstance(count, (int, float)) and not isinstance(count, bool) and 0 <= count <= MOST_COUNT
    if not plain or operator not in (">=", "==", "<="):
        return None, (f"{operator!r} {count!r} is no number of elements that could be waited for",)
    number = int(count)
    if step.get("visible") is False:  # To the Recorder's player that means: it is not so.
        if operator == "==" and number:
            lost.append(f"that there are not {number}: none is waited for")
        number, operator = {">=": (number - 1, "<="), "<=": (number + 1, ">=")}.get(operator, (0, "<="))
        if step.get("operator") == "==" and not count:
            number, operator = 1, ">="
        if number < 0:
            return None, (*lost, "it holds never")
    visible, hidden = _seen(wanted, number, operator)
    if not (visible or hidden or text):
        return None, (*lost, "it holds always")
    return Condition(visible=visible, hidden=hidden, text=text, frame=frame), tuple(lost)


def _mapping(step: Located, key: str) -> Mapping[str, Any]:
    found = step.get(key)
    return found if isinstance(found, dict) else {}


def _seen(locators: tuple[Locator, ...], count: int, operator: str) -> tuple[tuple[Locator, ...], tuple[Locator, ...]]:
    """Locators that must be seen, and that must not: of at least three the third is there, of at most two it is not."""
    at_least = count if operator in (">=", "==") else 0
    at_most = count if operator in ("<=", "==") else None
    if operator == "==" and count == 1:
        at_most = None  # Alternatives are found by several locators, each of which may find more than the one meant.
    visible = tuple(_numbered(one, at_least - 1) for one in locators) if at_least else ()
    hidden = tuple(_numbered(one, at_most) for one in locators) if at_most is not None else ()
    return visible, hidden


def _numbered(locator: Locator, number: int) -> Locator:
    return replace(locator, nth=number) if number else locator


def _with_attributes(
    locators: tuple[Locator, ...], attributes: Mapping[str, Any], lost: list[str]
) -> Iterator[Locator]:
    told = {name: value for name, value in attributes.items() if isinstance(value, str) and _NAME.fullmatch(name)}
    if not attributes:
        yield from locators
        return
    by_css = [one for one in locators if one.kind is LocatorKind.CSS]
    if not by_css or len(told) < len(attributes):
        lost.append(f"that it has {', '.join(attributes)}")
    if not by_css:
        yield from locators
        return
    more = "".join(f'[{name}="{_quoted(value)}"]' for name, value in told.items())
    for one in by_css:
        yield replace(one, value=one.value + literal(more))


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ")


def _text_of(properties: Mapping[str, Any], lost: list[str]) -> str:
    """The text that the element must have, which is then looked for in its frame."""
    texts = [value for name, value in properties.items() if name in _TEXTS and isinstance(value, str)]
    others = [name for name, value in properties.items() if name not in _TEXTS or not isinstance(value, str)]
    if others:
        lost.append(f"that its {', '.join(others)} is what the file says")
    return literal(texts[0]) if texts else ""
