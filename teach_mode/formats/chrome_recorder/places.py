"""Where steps are done: tabs and frames, as a user flow names them by addresses and numbers. Pure."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from browser.conditions import Condition
from teach_mode.formats.assembling import Assembly, plain_address
from teach_mode.formats.source import Located
from teach_mode.templates import literal
from teach_mode.verbatim import pattern

_OPENERS = frozenset(("click", "middle_click", "double_click", "press"))
_FRAMED = re.compile(r"i?frame|embed|widget|captcha", re.I)
MOST_DEEP = 20


class Place(Struct, frozen=True):
    """Where a step is done."""

    tab: str = ""
    frame: tuple[str, ...] = ()


class Places:
    """The targets of one user flow. One that is new is the tab that the step before opened; where nothing was pressed,
    a frame of another origin, which the Recorder names like a tab."""

    def __init__(self, made: Assembly) -> None:
        self._made = made
        self._known: dict[str, Place] = {"main": Place()}
        self._tabs = 1
        self._fresh: dict[str, str] = {}

    def of(self, step: Located) -> Place | None:
        """Where a step is done; None, with a note, where no skill goes."""
        target = step.get("target") or "main"
        if not isinstance(target, str) or (target != "main" and plain_address(target) is None):
            self._note(step, f"it is done on {str(target)[:80]!r}, which is no page of the web")
            return None
        if target not in self._known:
            self._known[target] = self._new(target, step)
        place = self._known[target]
        return Place(tab=place.tab, frame=(*place.frame, *_indices(step.get("frame"))))

    def _new(self, target: str, step: Located) -> Place:
        before, base = self._made.last, self._made.base
        elsewhere = bool(base) and urlsplit(base).netloc != urlsplit(target).netloc
        self._made.may_go_to(target)
        pressed = before is not None and before.action in _OPENERS and not before.opens
        if elsewhere and (not pressed or _FRAMED.search(urlsplit(target).path)):
            self._note(step, f"the file does not say whether {target} is a tab or a frame: it is taken for a frame")
            return Place(frame=_frame_at(target))
        self._tabs += 1
        tab = f"tab-{self._tabs}"
        if before is None or not pressed:
            self._note(step, f"nothing before it opens {target}: it is gone to in a tab of its own")
            self._made.goto(literal(target), line=step.line, opens=tab, tab=before.tab if before else "")
            return Place(tab=tab)
        if elsewhere:
            self._note(step, f"the file does not say whether {target} is a tab or a frame: it is taken for a tab")
        self._made.amend(opens=tab)
        self._fresh[tab] = target
        return Place(tab=tab)

    def arrived(self, place: Place) -> Condition | None:
        """What the first step on a tab waits for: its address."""
        address = self._fresh.pop(place.tab, None)
        return Condition(url=pattern(address, "")) if address is not None else None

    def led_on(self, step: Located, place: Place, url: str) -> None:
        """A step led the tab or the frame that it was done in on: the Recorder calls that by its new address then."""
        if place.frame[:1] and place.frame[0].startswith("url=") and len(place.frame) == 1:
            self._known[url] = Place(place.tab, _frame_at(url))
        elif place.tab and not place.frame:
            self._known[url] = place

    def closed(self, target: Any) -> None:
        """A tab was closed; the same address may be another one later."""
        if isinstance(target, str) and target != "main":
            self._known.pop(target, None)

    def _note(self, step: Located, words: str) -> None:
        self._made.note(words, line=step.line, step=step["type"])


def _frame_at(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    return (literal(f"url={parts.scheme}://{parts.netloc}{parts.path}"),)


def _indices(frame: Any) -> tuple[str, ...]:
    numbers = frame if isinstance(frame, list) else []
    return tuple(f"index={one}" for one in numbers[:MOST_DEEP] if type(one) is int and 0 <= one < 1000)
