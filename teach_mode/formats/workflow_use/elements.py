"""How workflow-use names an element, as locators. Pure.

Over the years there were: CSS and XPath (`cssSelector`, `xpath`), what can be read (`target_text`, with hints of where
it stands), and lists of strategies (`selectorStrategies`). All that a step has are alternatives, the surest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from browser.locators import Locator, LocatorKind
from teach_mode.formats.source import Located
from teach_mode.formats.xpaths import xpath_text
from teach_mode.skill import Action
from teach_mode.templates import literal

MOST_STRATEGIES = 12
_TEXT_CHARS = 120
# "Submit (in Personal Information)", "Edit (item 2 of 3)": what is read, and where it stands.
_PLACE = re.compile(r"^(?P<text>.+?)\s*\((?:in (?P<within>[^()]+)|item (?P<item>\d{1,3}) of \d{1,3})\)\s*$", re.DOTALL)
_POSITION = re.compile(r"^(?:item (\d{1,3}) of \d{1,3}|(first))$")
_IDENTIFIER = re.compile(r"[A-Za-z][\w.-]*")
# What stood for "no element" in workflows that were made of an agent's run.
_NOTHING = frozenset(("", "element", "none", "null"))
_PRESSED = ("button", "link", "checkbox", "radio", "option", "tab", "menuitem")
_TYPED = ("textbox", "searchbox", "combobox", "spinbutton")
_ROLES: dict[Action, tuple[str, ...]] = {"fill": _TYPED, "select": ("combobox", "listbox")}
_TAG_ROLES = {"button": ("button",), "a": ("link",), "select": ("combobox",), "textarea": ("textbox",)}


class Named(Struct, frozen=True):
    """`locators` best first; `sure` those that say what the element is, and not only what it may be; `notes` what of
    its naming could not be taken."""

    locators: tuple[Locator, ...]
    sure: tuple[Locator, ...]
    notes: tuple[str, ...] = ()


def named(step: Located, action: Action) -> Named:
    """The element of a step for what is done to it."""
    text, within, nth, notes = _read_text(step)
    tag = _word(step, "elementTag").lower()
    found: list[Locator] = []
    sure: list[Locator] = []
    if text:
        roles = _ROLES[action] if action in _ROLES else _TAG_ROLES.get(tag, _PRESSED)
        if within:
            found.append(Locator(kind=LocatorKind.XPATH, value=_after(within, text)))
        ways = list(_by_text(text, roles, action, nth))
        found += ways
        sure += [one for one in ways if one.kind is LocatorKind.LABEL] or ways[:1]
    strategies = list(_strategies(step.get("selectorStrategies"), notes))
    selectors = [*_selectors(step), *_pressed_words(step, tag)]
    sure = [*strategies, *selectors, *sure]
    if tag and not any(one.kind is LocatorKind.CSS for one in sure):
        sure.append(Locator(kind=LocatorKind.CSS, value=tag))
    # What is read counts before what a page is built of; a strategy before what its text may be.
    found = [*strategies, *found, *selectors]
    return Named(tuple(dict.fromkeys(found)), tuple(sure), tuple(notes))


def _read_text(step: Located) -> tuple[str, str, int | None, list[str]]:
    text = next((word for key in ("target_text", "targetText", "button_text") if (word := _word(step, key))), "")
    text = "" if text.lower() in _NOTHING else text
    within, nth, notes = _word(step, "container_hint"), None, []
    if (placed := _PLACE.match(text)) is not None:
        text, within = placed["text"], placed["within"] or within
        nth = int(placed["item"]) - 1 if placed["item"] else None
    hint = _word(step, "position_hint")
    if hint and nth is None:
        position = _POSITION.match(hint.lower())
        if position is None:
            notes.append(f"which of several it is, {hint[:60]!r}, is said in a way that no skill has")
        else:
            nth = int(position[1]) - 1 if position[1] else 0
    if nth is not None and nth < 0:
        nth = None
    if not text and not _has_selectors(step):
        text = _word(step, "elementText")
    if len(text) > _TEXT_CHARS:
        notes.append(f"a text of {len(text)} letters names its element; others of its names are taken")
        text = ""
    return text, within, nth, notes


def _has_selectors(step: Located) -> bool:
    return bool(_word(step, "cssSelector") or _word(step, "xpath") or step.get("selectorStrategies"))


def _by_text(text: str, roles: tuple[str, ...], action: Action, nth: int | None) -> Iterator[Locator]:
    said = literal(text)
    by_role = [Locator(kind=LocatorKind.ROLE, value=role, name=said, exact=True, nth=nth) for role in roles]
    by_label = Locator(kind=LocatorKind.LABEL, value=said, exact=True, nth=nth)
    if action in ("fill", "select"):
        yield by_label
        yield from by_role
        yield Locator(kind=LocatorKind.PLACEHOLDER, value=said, exact=True, nth=nth)
    else:
        yield from by_role if len(by_role) == 1 else ()
        yield by_label
        yield Locator(kind=LocatorKind.TEXT, value=said, exact=True, nth=nth)
        yield from by_role if len(by_role) > 1 else ()
    if _IDENTIFIER.fullmatch(text):
        for css in (f"[id='{text}']", f"[name='{text}']", f"[data-testid='{text}']"):
            yield Locator(kind=LocatorKind.CSS, value=css, nth=nth)
    yield Locator(kind=LocatorKind.TEXT, value=said, nth=nth)


def _strategies(given: Any, notes: list[str]) -> Iterator[Locator]:
    listed = [one for one in given if isinstance(one, Located)] if isinstance(given, list) else []
    for one in sorted(listed, key=_priority)[:MOST_STRATEGIES]:
        value, kind = _word(one, "value"), _word(one, "type")
        metadata = one["metadata"] if isinstance(one.get("metadata"), Located) else Located()
        found = _strategy(kind, literal(value), _word(metadata, "role")) if value else None
        if found is None:
            notes.append(f"a way to its element that no skill has: {kind[:40] or 'one without a type'}")
        else:
            yield found
    if len(listed) > MOST_STRATEGIES:
        notes.append(f"{len(listed) - MOST_STRATEGIES} more ways to its element")


def _strategy(kind: str, value: str, role: str) -> Locator | None:
    match kind:
        case "text_exact":
            return Locator(kind=LocatorKind.TEXT, value=value, exact=True)
        case "role_text" if role:
            return Locator(kind=LocatorKind.ROLE, value=role, name=value, exact=True)
        case "role_text" | "text_fuzzy":
            return Locator(kind=LocatorKind.TEXT, value=value)
        case "aria_label":
            return Locator(kind=LocatorKind.LABEL, value=value, exact=True)
        case "placeholder":
            return Locator(kind=LocatorKind.PLACEHOLDER, value=value, exact=True)
        case "title" | "alt_text":
            return Locator(kind=LocatorKind.CSS, value=f'[{kind.removesuffix("_text")}="{_quoted(value)}"]')
        case "xpath":
            return Locator(kind=LocatorKind.XPATH, value=whole_xpath(value))
        case "css" | "css_selector":
            return Locator(kind=LocatorKind.CSS, value=value)
        case _:
            return None


def _selectors(step: Located) -> Iterator[Locator]:
    if css := _word(step, "cssSelector"):
        if css.startswith("xpath="):
            yield Locator(kind=LocatorKind.XPATH, value=literal(whole_xpath(css[6:])))
        else:
            # A chain "css=outer >> deep=inner": each inside of the shadow root of the one before.
            parts = [re.sub(r"^(?:css|deep)=", "", part.strip()) for part in css.split(">>")]
            yield Locator(kind=LocatorKind.CSS, value=literal(" >> ".join(part for part in parts if part)))
    if xpath := _word(step, "xpath"):
        yield Locator(kind=LocatorKind.XPATH, value=literal(whole_xpath(xpath)))


def _pressed_words(step: Located, tag: str) -> Iterator[Locator]:
    """What a recorder saw on the button or link that was pressed."""
    words = _word(step, "elementText")
    if tag in ("button", "a", "label", "summary") and 0 < len(words) <= _TEXT_CHARS:
        yield Locator(kind=LocatorKind.TEXT, value=literal(words), exact=True)


def whole_xpath(xpath: str) -> str:
    """An XPath that is looked for in the whole page: recorders write "html/body/div" and "body/div[2]"."""
    plain = xpath.strip().removeprefix("xpath=")
    if plain.startswith(("/", "(", "id(", ".")):
        return plain
    return f"/{plain}" if plain.startswith("html") else f"//{plain}"


def _after(within: str, text: str) -> str:
    """The first element that says `text` after what says `within`: a heading, a legend, a row's name."""
    return literal(
        f"(//*[normalize-space()={xpath_text(within)}])[1]/following::*[normalize-space()={xpath_text(text)}"
        f" or @value={xpath_text(text)} or @aria-label={xpath_text(text)}][1]"
    )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _priority(strategy: Located) -> float:
    given = strategy.get("priority")
    return float(given) if isinstance(given, (int, float)) and -1e6 < given < 1e6 else 999.0


def _word(thing: Located, key: str) -> str:
    value = thing.get(key)
    return value.strip() if isinstance(value, str) else ""
