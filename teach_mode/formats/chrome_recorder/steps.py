"""The steps of a user flow, one after the other, handed to an `Assembly`. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from browser.conditions import Condition
from teach_mode.formats.assembling import Assembly
from teach_mode.formats.chrome_recorder.selectors import ways_of
from teach_mode.formats.looks import looks_of
from teach_mode.formats.source import Located
from teach_mode.skill import Action, Target
from teach_mode.templates import literal
from teach_mode.verbatim import pattern

CLICKS: dict[str, Action] = {"primary": "click", "secondary": "right_click", "auxiliary": "middle_click"}


class Flow:
    """Of one user flow."""

    def __init__(self, made: Assembly) -> None:
        self._made = made
        self._ways: dict[str, Callable[[Located], None]] = {
            "navigate": self._navigate,
            "click": self._click,
            "doubleClick": self._double_click,
            "hover": self._hover,
            "change": self._change,
        }

    def take(self, step: Located) -> None:
        """The next step of the flow."""
        way = self._ways.get(step["type"])
        if way is None:
            self._note(step, "this step is not carried yet")
            return
        way(step)

    def end(self) -> None:
        """The flow is at its end."""

    def _note(self, step: Located, words: str) -> None:
        self._made.note(words, line=step.line, step=step["type"])

    def _navigate(self, step: Located) -> None:
        self._made.goto(literal(_text(step, "url")), line=step.line)

    def _click(self, step: Located) -> None:
        button = step.get("button", "primary")
        action = CLICKS.get(button) if isinstance(button, str) else None
        if action is None:
            self._note(step, f"a click by the button {button!r}, which no skill has")
            return
        self._on_element(step, action)

    def _double_click(self, step: Located) -> None:
        self._on_element(step, "double_click")

    def _hover(self, step: Located) -> None:
        self._on_element(step, "hover")

    def _change(self, step: Located) -> None:
        self._on_element(step, "fill", value=literal(_text(step, "value")))

    def _on_element(self, step: Located, action: Action, **fields: Any) -> None:
        target = self._target(step, action)
        if target is None:
            self._note(step, "it names no element that could be found")
            return
        self._made.add(action, line=step.line, target=target, postcondition=self._led_to(step), **fields)

    def _target(self, step: Located, action: Action) -> Target | None:
        ways = ways_of(step.get("selectors"), action)
        for lost in ways.lost:
            self._note(step, f"a selector that cannot be read: {lost}")
        if not ways.locators:
            return None
        return self._made.target(ways.locators, looks=looks_of(ways.sure))

    def _led_to(self, step: Located) -> Condition | None:
        """Where the step led, as the first asserted navigation says."""
        events = step.get("assertedEvents")
        for event in events if isinstance(events, list) else []:
            url = event.get("url") if isinstance(event, Located) else None
            if isinstance(url, str) and url.startswith(("http://", "https://")):
                self._made.may_go_to(url)
                return Condition(url=pattern(url, ""))
        return None


def _text(step: Located, key: str) -> str:
    value = step.get(key)
    return value if isinstance(value, str) else ""
