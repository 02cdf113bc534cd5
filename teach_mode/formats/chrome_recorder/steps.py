"""The steps of a user flow, one after the other, handed to an `Assembly`. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from browser.conditions import Condition
from teach_mode.due import STEP_MS
from teach_mode.formats.assembling import Assembly, plain_address
from teach_mode.formats.chrome_recorder.keys import MODIFIERS, Keyboard
from teach_mode.formats.chrome_recorder.places import Place, Places
from teach_mode.formats.chrome_recorder.selectors import ways_of
from teach_mode.formats.chrome_recorder.waiting import condition_of
from teach_mode.formats.looks import looks_of
from teach_mode.formats.source import Located
from teach_mode.skill import Action, Step, Target
from teach_mode.templates import literal
from teach_mode.uploads import is_plain
from teach_mode.verbatim import pattern

CLICKS: dict[str, Action] = {"primary": "click", "secondary": "right_click", "auxiliary": "middle_click"}
_LISTS = frozenset(("listbox", "combobox"))
# A press that is held so long is meant to be held.
HELD_MS = 500
MOST_PX = 1_000_000
# What Chrome calls the folder of a file that was given to a page.
FILE = "C:\\fakepath\\"


class Flow:
    """Of one user flow. What a step cannot say for itself is kept between them: the keys that are down, the tabs and
    frames, how far things are scrolled, and what is typed on."""

    def __init__(self, made: Assembly) -> None:
        self._made = made
        self._places = Places(made)
        self._keys = Keyboard()
        self._scrolled: dict[tuple[Place, str], int] = {}
        self._typed: tuple[Any, Place] | None = None
        self._ways: dict[str, Callable[[Located, Place], None]] = {
            "navigate": self._navigate,
            "click": self._click,
            "doubleClick": self._double_click,
            "hover": self._hover,
            "change": self._change,
            "keyDown": self._key_down,
            "keyUp": self._key_up,
            "scroll": self._scroll,
            "close": self._close,
            "waitForElement": self._wait,
        }

    def take(self, step: Located) -> None:
        """The next step of the flow, of a type that the Recorder has."""
        kind = step["type"]
        typed = self._typed
        if not (kind in ("keyDown", "keyUp") and _text(step, "key") in MODIFIERS):
            self._typed = None  # A modifier by itself writes capitals: it belongs to the text that is typed.
        if kind not in self._ways:
            self._note(step, _not_ours(step))
            return
        place = self._places.of(step)
        if place is None:
            return
        if step.get("timeout", 0) > STEP_MS:
            self._note(step, f"it may take {step['timeout']:g} ms there; here every step has {STEP_MS} ms")
        if kind == "change":
            self._typed = typed
        before = self._made.last
        self._ways[kind](step, place)
        after = self._made.last
        if after is None or after is before or after.tab != place.tab or after.action == "close" or after.wait:
            return
        if (arrived := self._places.arrived(place)) is not None:
            self._made.amend(wait=arrived)

    def _note(self, step: Located, words: str) -> None:
        self._made.note(words, line=step.line, step=step["type"])

    # pages

    def _navigate(self, step: Located, place: Place) -> None:
        self._scrolled.clear()
        url = _text(step, "url")
        if self._made.goto(literal(url), line=step.line, tab=place.tab) is None:
            return
        led = self._led_to(step, place)
        if led is not None and led.url != pattern(url, ""):
            self._made.amend(postcondition=led)

    def _close(self, step: Located, place: Place) -> None:
        if not place.tab or place.frame:
            self._note(step, "the first tab stays open until the task is over")
            return
        self._made.add("close", line=step.line, tab=place.tab)
        self._places.closed(step.get("target"))

    def _scroll(self, step: Located, place: Place) -> None:
        """By how much more than before: the file says how far it is scrolled then."""
        target = self._target(step, "scroll", place) if step.get("selectors") else None
        y, x = _number(step.get("y")), _number(step.get("x"))
        where = (place, str(step.get("selectors")))
        by = y - self._scrolled.get(where, 0)
        self._scrolled[where] = y
        if x:
            self._note(step, f"{x} px to the side: pages are scrolled up and down alone")
        if place.frame and target is None:
            self._note(step, "a frame is scrolled by an element in it alone")
        elif by:
            self._made.add("scroll", line=step.line, target=target, value=str(by), tab=place.tab)
        elif not x:
            self._note(step, "it is scrolled so far already")

    # elements

    def _click(self, step: Located, place: Place) -> None:
        button = step.get("button") or "primary"
        action = CLICKS.get(button) if isinstance(button, str) else None
        if action is None:
            self._note(step, f"a click by the button {button!r}, which no skill has")
            return
        if held := self._keys.use():
            self._note(step, f"{' and '.join(held)} held down while it is clicked: it is clicked alone")
        duration = _number(step.get("duration"))
        if duration >= HELD_MS:
            self._note(step, f"held for {duration} ms: it is clicked as usual")
        if step.get("deviceType") in ("pen", "touch"):
            self._note(step, f"by {step['deviceType']}: it is clicked with a mouse")
        self._on_element(step, action, place)

    def _double_click(self, step: Located, place: Place) -> None:
        self._on_element(step, "double_click", place)

    def _hover(self, step: Located, place: Place) -> None:
        self._on_element(step, "hover", place)

    def _change(self, step: Located, place: Place) -> None:
        value = literal(_text(step, "value"))
        if value.startswith(FILE):
            self._upload(step, place, _text(step, "value").removeprefix(FILE))
            return
        target = self._target(step, "fill", place)
        if target is None:
            self._note(step, "it names no element that could be found")
            return
        what = (step.get("selectors"), place)
        if self._typed == what:
            self._made.drop_last()  # A text that is typed is recorded again and again while it grows.
        self._typed = what
        looks = target.fingerprint
        chosen = looks.tag == "select" or (looks.role in _LISTS and looks.tag not in ("input", "textarea"))
        self._made.add(
            "select" if chosen else "fill",
            line=step.line,
            target=target,
            value=value,
            tab=place.tab,
            postcondition=self._led_to(step, place),
        )

    def _upload(self, step: Located, place: Place, name: str) -> None:
        target = self._target(step, "upload", place)
        if target is None or not is_plain(name):
            self._note(step, f"the file {name[:80]!r} is given to no element that could be found, or is no file's name")
            return
        self._note(step, f"the file {name!r} is not in the recording: put it into the skill's `files/`")
        self._made.add("upload", line=step.line, target=target, value=literal(name), tab=place.tab)

    def _on_element(self, step: Located, action: Action, place: Place) -> None:
        target = self._target(step, action, place)
        if target is None:
            self._note(step, "it names no element that could be found")
            return
        self._made.add(action, line=step.line, target=target, tab=place.tab, postcondition=self._led_to(step, place))

    def _target(self, step: Located, action: Action, place: Place) -> Target | None:
        ways = ways_of(step.get("selectors"), action)
        for lost in ways.lost:
            self._note(step, f"a selector that cannot be read: {lost}")
        if not ways.locators:
            return None
        return self._made.target(ways.locators, looks=looks_of(ways.sure, place.frame))

    def _led_to(self, step: Located, place: Place) -> Condition | None:
        """Where the step led, as the first asserted navigation says; within a frame it is the frame that was led on."""
        events = step.get("assertedEvents")
        for event in events if isinstance(events, list) else []:
            url = event.get("url") if isinstance(event, Located) else None
            if isinstance(url, str) and plain_address(url) is not None:
                self._made.may_go_to(url)
                self._scrolled.clear()
                self._places.led_on(step, place, url)
                if place.frame:
                    self._note(step, f"that its frame is led to {url}: only the address of the whole page is looked at")
                    return None
                return Condition(url=pattern(url, ""))
        return None

    # keys

    def _key_down(self, step: Located, place: Place) -> None:
        key = _text(step, "key")
        chord = self._keys.down(key)
        if chord is None:
            self._note(step, f"there is no key {key!r}")
        elif chord:
            self._press(step, chord, place)

    def _key_up(self, step: Located, place: Place) -> None:
        key = _text(step, "key")
        chord = self._keys.up(key)
        if chord and self._typed is None:
            self._press(step, chord, place)
        elif chord is None and self._knows(key):
            self._note(step, f"{key} is let go, and was never pressed")
        elif self._made.last is not None and (led := self._led_to(step, place)) is not None:
            self._made.amend(postcondition=led)

    def _knows(self, key: str) -> bool:
        return Keyboard().down(key) is not None

    def _press(self, step: Located, chord: str, place: Place) -> Step:
        return self._made.add(
            "press", line=step.line, value=literal(chord), tab=place.tab, postcondition=self._led_to(step, place)
        )

    # waits

    def _wait(self, step: Located, place: Place) -> None:
        ways = ways_of(step.get("selectors"), "wait")
        for lost in ways.lost:
            self._note(step, f"a selector that cannot be read: {lost}")
        condition, lost_parts = condition_of(step, ways.locators, place.frame)
        for words in lost_parts:
            self._note(step, words)
        if condition is None or not ways.locators:
            self._note(step, "it is not waited for")
            return
        self._made.add("wait", line=step.line, wait=condition, tab=place.tab)


def _not_ours(step: Located) -> str:
    """Why a step of a type that no skill has is left out."""
    kind = step["type"]
    if kind == "setViewport":
        return f"the window of {step.get('width')} × {step.get('height')} px: the cloud's browser has its own size"
    if kind == "emulateNetworkConditions":
        return "a slow or absent network: a skill runs on the one that there is"
    if kind == "waitForExpression":
        return f"an expression of JavaScript, which no skill runs: {_text(step, 'expression')[:80]}"
    return f"a step of an extension, {_text(step, 'name')[:80]!r}, which no skill knows"


def _text(step: Located, key: str) -> str:
    value = step.get(key)
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    plain = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MOST_PX
    return round(value) if plain else 0
