"""An element that says a text, as one XPath. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from browser.locators import Locator, LocatorKind
from teach_mode.formats.xpaths import xpath_text

_PART = re.compile(
    r"""(?P<tag>[a-zA-Z][\w-]*|\*)|\#(?P<id>[\w-]+)|\.(?P<class>[\w-]+)|:nth-child\((?P<nth>\d+)\)"""
    r"""|\[(?P<name>[\w-]+)(?:=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w-]+)))?\]"""
)
_STEP = re.compile(r"""((?:[^\s>"'\[]|\[[^\]]*\])+)(\s*>\s*|\s+|$)""")
_WITH_TEXT = re.compile(
    r"""\((?P<path>.+)\)\[normalize-space\(\)=(?P<text>'[^']*'|"[^"]*"|concat\(.*\))\]""", re.DOTALL
)


def with_text(locators: Iterable[Locator], text: str) -> Locator | None:
    """The first of these that can be asked for its text, and that it says just this; None where none can."""
    wanted = " ".join(text.split())
    for locator in locators:
        path = _path_of(locator)
        if path is not None:
            return Locator(kind=LocatorKind.XPATH, value=f"({path})[normalize-space()={xpath_text(wanted)}]")
    return None


def apart(locator: Locator) -> tuple[str, str] | None:
    """The XPath and the text, still quoted, of such a locator; None for another one."""
    match = _WITH_TEXT.fullmatch(locator.value) if locator.kind is LocatorKind.XPATH and locator.nth is None else None
    return (match["path"], match["text"]) if match is not None else None


def _path_of(locator: Locator) -> str | None:
    if locator.nth is not None:
        return None
    if locator.kind is LocatorKind.XPATH:
        return locator.value
    if locator.kind is LocatorKind.TESTID:
        return f"//*[@data-testid={xpath_text(locator.value)}]"
    return path_of_css(locator.value) if locator.kind is LocatorKind.CSS else None


def path_of_css(selector: str) -> str | None:
    """The XPath of a selector of tags, ids, classes, attributes, places among siblings, children and descendants."""
    path, at, axis = "", 0, "//"
    for match in _STEP.finditer(selector.strip()):
        if match.start() != at:
            return None
        step = _step_of(match[1])
        if step is None:
            return None
        path += axis + step
        axis = "/" if ">" in match[2] else "//"
        at = match.end()
    return path if path and at == len(selector.strip()) else None


def _step_of(compound: str) -> str | None:
    tag, conditions, at = "*", [], 0
    for match in _PART.finditer(compound):
        if match.start() != at or (match["tag"] and at):
            return None
        at = match.end()
        if match["tag"]:
            tag = match["tag"]
        elif match["id"]:
            conditions.append(f"@id={xpath_text(match['id'])}")
        elif match["class"]:
            spaced = xpath_text(f" {match['class']} ")
            conditions.append(f"contains(concat(' ',normalize-space(@class),' '),{spaced})")
        elif match["nth"]:
            conditions.append(f"count(preceding-sibling::*)={int(match['nth']) - 1}")
        else:
            value = next((one for one in (match["double"], match["single"], match["bare"]) if one is not None), None)
            conditions.append(f"@{match['name']}" + ("" if value is None else f"={xpath_text(value)}"))
    if at != len(compound):
        return None
    return tag + "".join(f"[{one}]" for one in conditions)
