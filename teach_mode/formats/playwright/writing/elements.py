"""Elements of a skill in Playwright's two notations: calls of Python, and the selectors of a recording. Pure."""

from __future__ import annotations

import json

from browser.locators import Locator, LocatorKind
from teach_mode.formats.playwright.chains import SelectorUnreadable
from teach_mode.formats.playwright.selectors import parse
from teach_mode.formats.playwright.writing.texts import Texts
from teach_mode.templates import literal

_FRAMES = ":is(iframe, frame)"
_ENTER = " >> internal:control=enter-frame >> "
_BY = {
    LocatorKind.LABEL: "get_by_label",
    LocatorKind.PLACEHOLDER: "get_by_placeholder",
    LocatorKind.TEXT: "get_by_text",
}


def in_python(locator: Locator, frame: tuple[str, ...], page: str, texts: Texts) -> str:
    """An element as a call: `page.get_by_role("button", name="Save", exact=True)`."""
    at = page
    for one in frame:
        selector, nth = _frame(one)
        at += f".frame_locator({texts.of(selector)})" + (f".nth({nth})" if nth else "")
    exact = ", exact=True" if locator.exact else ""
    match locator.kind:
        case LocatorKind.ROLE:
            name = f", name={texts.of(locator.name)}{exact}" if locator.name else ""
            found = f".get_by_role({texts.of(locator.value)}{name})"
        case LocatorKind.TESTID:
            found = f".get_by_test_id({texts.of(locator.value)})"
        case LocatorKind.CSS | LocatorKind.XPATH:
            found = f".locator({texts.of(_selector(locator))})"
        case _:
            found = f".{_BY[locator.kind]}({texts.of(locator.value)}{exact})"
    return at + found + (f".nth({locator.nth})" if locator.nth is not None else "")


def as_selector(locator: Locator, frame: tuple[str, ...] = ()) -> str:
    """An element, its places filled, as a recording names it: `internal:role=button[name="Save"s]`."""
    at = ""
    for one in frame:
        selector, nth = _frame(one)
        at += selector + (f" >> nth={nth}" if nth else "") + _ENTER
    case = "s" if locator.exact else "i"
    match locator.kind:
        case LocatorKind.ROLE:
            found = f"internal:role={locator.value}" + (
                f"[name={_attribute(locator.name)}{case}]" if locator.name else ""
            )
        case LocatorKind.TESTID:
            found = f"internal:testid=[data-testid={_attribute(locator.value)}s]"
        case LocatorKind.PLACEHOLDER:
            found = f"internal:attr=[placeholder={_attribute(locator.value)}{case}]"
        case LocatorKind.CSS | LocatorKind.XPATH:
            found = _selector(locator)
        case _:
            found = f"internal:{locator.kind}={json.dumps(locator.value, ensure_ascii=False)}{case}"
    return at + found + (f" >> nth={locator.nth}" if locator.nth is not None else "")


def _attribute(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _selector(locator: Locator) -> str:
    """CSS or XPath with its engine's name, where Playwright would take it for another one."""
    try:
        parts = parse(locator.value)
    except SelectorUnreadable:
        parts = ()
    plain = bool(parts) and all(part.engine == locator.kind.value for part in parts)
    return locator.value if plain else f"{locator.kind}={locator.value}"


def _frame(address: str) -> tuple[str, int]:
    """The selector of a frame by its address, a template, and which one of several."""
    own, _, place = address.partition(" nth=")
    nth = int(place) if place.isdecimal() else 0
    kind, _, value = own.partition("=")
    if kind == "index":
        return _FRAMES, int(value) if value.isdecimal() else 0
    if kind == "name":
        return f"{_FRAMES}:is([name={_attribute(value)}], [id={_attribute(value)}])", nth
    path = "/" + value.removeprefix("{site}").partition("://")[2].partition("/")[2] if "://" in value else value
    return f"{_FRAMES}[src*={_attribute(path.removeprefix(literal('{site}')).removeprefix('{site}'))}]", nth
