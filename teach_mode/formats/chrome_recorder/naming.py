"""Locators as the Recorder's selectors. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase, ascii_uppercase

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.formats.xpaths import xpath_text

Selector = list[str]
_TAGS = {
    "link": ("a",),
    "button": ("button", "summary"),
    "heading": ("h1", "h2", "h3", "h4", "h5", "h6"),
    "option": ("option",),
    "listitem": ("li",),
    "row": ("tr",),
    "cell": ("td",),
}
# What stands in an attribute of a selector by `[name="…"]`.
_ATTRIBUTES = {LocatorKind.PLACEHOLDER: "placeholder", LocatorKind.TESTID: "data-testid"}


def selectors_of(locators: Sequence[Locator], looks: Fingerprint | None = None) -> list[Selector]:
    """One alternative for each locator, in their order, and for CSS within shadow roots one that sees into them.

    A text that stands anywhere in an element is left to those that name it whole, where there are any: the player takes
    whichever alternative leads anywhere first. A number among several is lost."""
    whole = [one for one in locators if not _is_loose(one)] or list(locators)
    plain = [one for one in whole if not one.nth] or whole
    found = [selector for one in plain for selector in _selectors(one, looks)]
    return [list(one) for one in dict.fromkeys(map(tuple, found))]


def loses_number(locators: Sequence[Locator]) -> bool:
    """Whether an element is known only as one of several by its number, which no selector says."""
    return all(one.nth for one in locators)


def _is_loose(locator: Locator) -> bool:
    said = locator.name if locator.kind is LocatorKind.ROLE else locator.value
    worded = locator.kind in (LocatorKind.TEXT, LocatorKind.LABEL, LocatorKind.PLACEHOLDER, LocatorKind.ROLE)
    return worded and bool(said) and not locator.exact


def _selectors(locator: Locator, looks: Fingerprint | None) -> list[Selector]:
    match locator.kind:
        case LocatorKind.ROLE:
            return [[_by_role(locator)]]
        case LocatorKind.LABEL:
            return [[f"aria/{locator.value}"]] if locator.exact else [[f'[aria-label*="{quoted(locator.value)}" i]']]
        case LocatorKind.PLACEHOLDER | LocatorKind.TESTID:
            return [[attribute_of(locator)]]
        case LocatorKind.TEXT:
            return [[f"text/{locator.value}"]]
        case LocatorKind.XPATH:
            return [[f"xpath/{locator.value}"]]
    parts = [part.strip() for part in locator.value.split(" >> ")]
    deep = looks is not None and bool(looks.shadow) and len(parts) == 1
    return [parts, [f"pierce/{parts[0]}"]] if deep else [parts]


def _by_role(locator: Locator) -> str:
    """By ARIA, which compares the whole name; by a part of it, in any case, as XPath."""
    if locator.name and not locator.exact:
        tags = "".join(f"self::{tag} or " for tag in _TAGS.get(locator.value, ()))
        said = f"translate(normalize-space(.), '{ascii_uppercase}', '{ascii_lowercase}')"
        return f"xpath///*[{tags}@role='{locator.value}'][contains({said}, {xpath_text(locator.name.lower())})]"
    return f'aria/{locator.name}[role="{locator.value}"]'


def attribute_of(locator: Locator) -> str:
    """A placeholder or a test id as CSS."""
    how = "*" if locator.kind is LocatorKind.PLACEHOLDER and not locator.exact else ""
    return f'[{_ATTRIBUTES[locator.kind]}{how}="{quoted(locator.value)}"]'


def quoted(text: str) -> str:
    """A text within the quotation marks of a selector."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ")
