"""Conditions as commands: waited for, or asked in an `if`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from msgspec.structs import replace

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.formats.selenium_ide import scripts
from teach_mode.formats.selenium_ide.locators import Way, ways_of
from teach_mode.formats.selenium_ide.variables import Line, Variables

WAIT_MS = "10000"
# How often an address is looked at; each look takes some milliseconds.
MOST_LOOKS = "500"


class Asking:
    """Writes the conditions of one test."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables
        self._numbers = count(1)

    def ways(self, locators: Sequence[Locator]) -> tuple[Way, ...]:
        """All ways in which Selenium can name an element, the surest first."""
        # That it is the first of several goes without saying.
        kept = [one for one in locators if one.nth != 0 or replace(one, nth=None) not in locators]
        found = [way for one in kept for way in ways_of(self._variables.locator(one))]
        return tuple(sorted(dict.fromkeys(found), key=lambda way: not way.sure))

    def waited_for(self, condition: Condition) -> list[Line] | None:
        """The commands that wait until all of it holds, in the frame of now; None where a part cannot be said."""
        lines: list[Line] = []
        if condition.url:
            name = f"address_is_right_{next(self._numbers)}"
            lines += [("do", "", ""), self._address(condition.url, name), ("repeatIf", f"!${{{name}}}", MOST_LOOKS)]
        for command, locators in (
            ("waitForElementVisible", condition.visible),
            ("waitForElementNotVisible", condition.hidden),
            ("waitForElementVisible", _texts(condition.text)),
        ):
            ways = self.ways(locators)
            if locators and not ways:
                return None
            if ways:
                lines.append((command, ways[0].written, WAIT_MS))
        return lines

    def asked(self, condition: Condition) -> tuple[list[Line], str, str] | None:
        """The commands that look, what must be true of them, and its opposite; None where a part cannot be said."""
        lines: list[Line] = []
        true: list[str] = []
        false: list[str] = []
        if condition.url:
            name = f"address_is_right_{next(self._numbers)}"
            lines.append(self._address(condition.url, name))
            true.append(f"${{{name}}}")
            false.append(f"!${{{name}}}")
        for locators, there in ((condition.visible, True), (condition.hidden, False), (_texts(condition.text), True)):
            ways = self.ways(locators)
            if locators and not ways:
                return None
            if ways:
                name = f"seen_{next(self._numbers)}"
                lines.append(("storeElementCount", ways[0].written, name))
                true.append(f"${{{name}}} > 0" if there else f"${{{name}}} == 0")
                false.append(f"${{{name}}} == 0" if there else f"${{{name}}} > 0")
        if not true:
            return None
        return lines, " && ".join(true), false[0] if len(false) == 1 else f"!({' && '.join(true)})"

    def _address(self, template: str, name: str) -> Line:
        return ("executeScript", scripts.address_test(self._variables.pattern(template)), name)


def _texts(text: str) -> tuple[Locator, ...]:
    return (Locator(kind=LocatorKind.TEXT, value=text),) if text else ()
