"""Ways to name an element that survive a reload, and their Playwright forms."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

import msgspec

if TYPE_CHECKING:
    from playwright.async_api import FrameLocator
    from playwright.async_api import Locator as PlaywrightLocator
    from playwright.async_api import Page as PlaywrightPage


class LocatorKind(StrEnum):
    """What a locator's `value` means."""

    ROLE = "role"
    LABEL = "label"
    PLACEHOLDER = "placeholder"
    TEXT = "text"
    TESTID = "testid"
    CSS = "css"
    XPATH = "xpath"


class Locator(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way to name an element.

    `value` is the role, label, placeholder, text, test id, CSS or XPath; `name` the accessible name, for a role only.
    Texts match anywhere and in any case unless `exact`. `nth` picks among several, from 0. CSS sees into open shadow
    roots, and `a >> b` looks for b inside a. The frame is the fingerprint's, or the `frame` that a call is given.
    """

    kind: LocatorKind
    value: str
    name: str = ""
    exact: bool = False
    nth: int | None = None

    def described(self) -> str:
        """The locator in words, for messages: `button 'Order'`, `label 'Address'`."""
        if self.kind is LocatorKind.ROLE:
            return f"{self.value} {self.name!r}" if self.name else self.value
        return f"{self.kind} {self.value!r}"


def to_playwright(locator: Locator, root: PlaywrightPage | FrameLocator) -> PlaywrightLocator:
    """The same locator as Playwright's own."""
    match locator.kind:
        case LocatorKind.ROLE:
            name = locator.name or None
            found = root.get_by_role(cast(Any, locator.value), name=name, exact=locator.exact if name else None)
        case LocatorKind.LABEL:
            found = root.get_by_label(locator.value, exact=locator.exact)
        case LocatorKind.PLACEHOLDER:
            found = root.get_by_placeholder(locator.value, exact=locator.exact)
        case LocatorKind.TEXT:
            found = root.get_by_text(locator.value, exact=locator.exact)
        case LocatorKind.TESTID:
            found = root.get_by_test_id(locator.value)
        case LocatorKind.CSS:
            found = root.locator(f"css={locator.value}")
        case LocatorKind.XPATH:
            found = root.locator(f"xpath={locator.value}")
    return found if locator.nth is None else found.nth(locator.nth)
