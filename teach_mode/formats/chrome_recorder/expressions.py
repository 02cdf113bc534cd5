"""JavaScript for `waitForExpression`, where the player's other steps are not enough. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from browser.locators import Locator, LocatorKind
from teach_mode.formats.chrome_recorder.naming import attribute_of

_CHOOSE = " ".join(
    (
        "(list, wanted) => {",
        "const plain = (text) => text.trim().replace(/\\s+/g, ' ');",
        "const means = (one) => one.value === wanted || plain(one.text) === plain(wanted);",
        "const found = list && [...list.options].find(means);",
        "if (!found || list.value === found.value) return Boolean(found);",
        "list.value = found.value;",
        "for (const kind of ['input', 'change']) list.dispatchEvent(new Event(kind, { bubbles: true }));",
        "return true; }",
    )
)


def is_there(locators: Sequence[Locator]) -> str:
    """Holds once one of the elements is there, by the first locator that can be said so; "" where none can.

    The player fails when a page goes away while it looks for an element, but not while it waits for an expression.
    """
    return next((found for one in locators if (found := _there(one))), "")


def _there(locator: Locator) -> str:
    if locator.kind is LocatorKind.TEXT:
        return f"document.body?.innerText.includes({json.dumps(locator.value)})"
    return _by_document(locator)


def chooses(locators: Sequence[Locator], wanted: str) -> str:
    """Chooses an option by its words where it is not chosen yet, and holds then; the player knows values alone. ""
    where the list cannot be named so."""
    field = next((found for one in locators if (found := _by_document(one) or _by_label(one))), "")
    if not field:
        return ""
    return f"({_CHOOSE})({field}, {json.dumps(wanted)})"


def _by_document(locator: Locator) -> str:
    match locator.kind:
        case LocatorKind.XPATH:
            return f"document.evaluate({json.dumps(locator.value)}, document, null, 9).singleNodeValue"
        case LocatorKind.CSS if " >> " not in locator.value:
            return f"document.querySelector({json.dumps(locator.value)})"
        case LocatorKind.TESTID | LocatorKind.PLACEHOLDER:
            return f"document.querySelector({json.dumps(attribute_of(locator))})"
    return ""


def _by_label(locator: Locator) -> str:
    called = {LocatorKind.LABEL: locator.value, LocatorKind.ROLE: locator.name}.get(locator.kind, "")
    if not called:
        return ""
    return (
        "[...document.querySelectorAll('select')].find((one) => one.ariaLabel === "
        f"{json.dumps(called)} || [...one.labels].some((label) => label.innerText.includes({json.dumps(called)})))"
    )
