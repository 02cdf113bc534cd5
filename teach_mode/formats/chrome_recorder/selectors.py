"""The Recorder's selectors as locators. Pure.

A selector is a text or a chain of parts, each inside of what the part before found (a shadow host, an ancestor). A part
is CSS, or `aria/Name`, `text/Words`, `xpath/…`, `pierce/CSS`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from browser.locators import Locator, LocatorKind
from teach_mode.skill import Action
from teach_mode.templates import literal

_ARIA = re.compile(r'^(?P<name>.*?)(?:\[\s*role\s*=\s*["\'](?P<role>[\w-]+)["\']\s*\])?$', re.DOTALL)
_NEWER = re.compile(r"::-p-(?P<kind>aria|text|xpath)\((?P<value>.*)\)", re.DOTALL)
_PIERCING = re.compile(r">>>>?")
_ARIA_NAME = re.compile(r'\[\s*name\s*=\s*"(?P<name>[^"]*)"\s*\]')
# The roles that an element of a name has, for what is done to it, where the selector names none.
_PRESSED = ("button", "link", "checkbox", "radio", "tab", "menuitem", "option")
_TYPED = ("textbox", "searchbox", "combobox", "spinbutton")
_ROLES: dict[str, tuple[str, ...]] = {"fill": _TYPED, "select": ("combobox", "listbox")}
_NO_ROLES = frozenset(("generic", "StaticText", "text", "none", "presentation"))
MOST_ALTERNATIVES = 12
MOST_CHARS = 2_000


class Ways(Struct, frozen=True):
    """`locators` for all alternatives, in their order and each once; `sure` those that say what the element is, and not
    only what it may be; `lost` the alternatives that could not be read, in words."""

    locators: tuple[Locator, ...]
    sure: tuple[Locator, ...]
    lost: tuple[str, ...] = ()


def ways_of(selectors: Any, action: Action) -> Ways:
    """The alternatives as locators for what is done to the element."""
    found: list[Locator] = []
    sure: list[Locator] = []
    lost: list[str] = []
    alternatives = selectors if isinstance(selectors, list) else [selectors] if isinstance(selectors, str) else []
    for one in alternatives[:MOST_ALTERNATIVES]:
        parts = [one] if isinstance(one, str) else one
        if not isinstance(parts, list) or not parts or not all(map(_is_part, parts)):
            lost.append(repr(one)[:80])
            continue
        ways = _chain(parts, action)
        if not ways.locators:
            lost.append(" > ".join(parts)[:80])
        found += ways.locators
        sure += ways.sure
    if (more := len(alternatives) - MOST_ALTERNATIVES) > 0:
        lost.append(f"{more} more")
    return Ways(tuple(dict.fromkeys(found)), tuple(sure), tuple(lost))


def _is_part(part: Any) -> bool:
    return isinstance(part, str) and bool(part.strip()) and len(part) <= MOST_CHARS


def _chain(parts: Sequence[str], action: Action) -> Ways:
    """A chain as locators. CSS below CSS stays a chain; another kind at the end is looked for by itself, since it sees
    into shadow roots anyway."""
    last = parts[-1]
    kind, value = _kind(last)
    if kind == "css" or kind == "pierce":
        around = [_kind(part)[1] for part in parts[:-1] if _kind(part)[0] in ("css", "pierce")]
        return _surely(Locator(kind=LocatorKind.CSS, value=literal(" >> ".join([*around, value]))))
    if kind == "text":
        return _surely(*(Locator(kind=LocatorKind.TEXT, value=literal(value), exact=exact) for exact in (True, False)))
    if kind == "xpath":
        return _surely(Locator(kind=LocatorKind.XPATH, value=literal(value)))
    return _aria(parts, action)


def _surely(*locators: Locator) -> Ways:
    return Ways(locators, locators[:1])


def _kind(part: str) -> tuple[str, str]:
    """Its kind and what stands after the prefix; the newer form `::-p-aria(…)` is the same as `aria/…`."""
    if (newer := _NEWER.fullmatch(part)) is not None:
        return newer["kind"], newer["value"]
    if ">>>" in part:
        return "css", " >> ".join(piece.strip() for piece in _PIERCING.split(part) if piece.strip(" :scope"))
    prefix, sign, rest = part.partition("/")
    return (prefix, rest) if sign and prefix in ("aria", "text", "xpath", "pierce") else ("css", part)


def _aria(parts: Sequence[str], action: Action) -> Ways:
    """`aria/Name`, `aria/Name[role="button"]`, and the chain `aria/Name`, `aria/[role="…"]`: a part within the named
    one, which is found by its role, or is the named one itself by what it says."""
    name, role = "", ""
    for part in parts:
        kind, value = _kind(part)
        if kind != "aria":
            continue
        named = _ARIA_NAME.search(value)
        own = _ARIA.match(_ARIA_NAME.sub("", value))
        name = (named["name"] if named else own["name"] if own else "").strip() or name
        role = (own["role"] or "") if own else ""
    if role in _NO_ROLES:
        role = ""
    if not name:
        return _surely(Locator(kind=LocatorKind.ROLE, value=role)) if role else Ways((), ())
    text = literal(name)
    roles = (role,) if role else _ROLES.get(action, _PRESSED)
    by_role = [Locator(kind=LocatorKind.ROLE, value=one, name=text, exact=True) for one in roles]
    if role and len(parts) == 1:
        return _surely(*by_role)
    by_label = Locator(kind=LocatorKind.LABEL, value=text, exact=True)
    if action in _ROLES:
        by_placeholder = Locator(kind=LocatorKind.PLACEHOLDER, value=text, exact=True)
        return Ways((by_label, *by_role, by_placeholder), (by_label,))
    return Ways((by_label, Locator(kind=LocatorKind.TEXT, value=text, exact=True), *by_role), (by_label,))
