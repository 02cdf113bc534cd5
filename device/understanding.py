"""What can be understood without a cloud: the time and the date, timers and alarms, notes. Pure.

Word for word, by the templates of `language`; of a timer and an alarm the words beside the value may be heard a little
wrong. What is not one of these sentences waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache
from itertools import product
from typing import Final

from msgspec import Struct

from language import templates
from language.durations import DAY
from language.entities import Slot, Value, read, recognise
from language.similarity import levenshtein_ratio


class Wish(Enum):
    """What is wanted."""

    TIME = "time"
    TIMER = "timer"
    ALARM = "alarm"
    LEFT = "left"
    CANCEL_TIMERS = "cancel_timers"
    CANCEL_ALARMS = "cancel_alarms"
    NOTE = "note"


class Meaning(Struct, frozen=True):
    """A wish with its value: seconds of a timer, the moment of an alarm ("2026-11-23T07:00"), the text of a note."""

    wish: Wish
    value: Value = ""


_DURATION: Final = Slot(name="duration", kind="duration", least=1, most=7 * DAY)
_WHEN: Final = Slot(name="when", kind="when", early=True)
_TEXT: Final = Slot(name="text", kind="text")

_SAID: Final[Mapping[Wish, tuple[str, ...]]] = {
    Wish.TIME: (
        "what time is it [now]",
        "(what's|what is) the (time|date) [now|today]",
        "(what's|what is) (today's date|today)",
        "what day is it [today]",
        "tell me [what] the (time|date) [is]",
    ),
    Wish.TIMER: (
        "(set|start|give me|make|put on|i need) [me] (a|the) timer for {duration}",
        "(set|start|give me|make|put on|i need) [me] (a|the) {duration} timer",
        "timer for {duration}",
        "{duration} timer",
        "count down [from] {duration}",
        "remind me in {duration}",
    ),
    Wish.ALARM: (
        "wake me [up] [at] {when}",
        "set (an|the|my) alarm [for|at|to] {when}",
        "[i need] (an|the) alarm (for|at) {when}",
        "alarm (for|at) {when}",
    ),
    Wish.LEFT: (
        "how (long|much time) (is left|is there left|do i have left) [on (the|my) timer]",
        "how much longer [on (the|my) timer]",
        "(what|which) (timers|alarms) (are there|do i have|are set)",
        "(list|show|read) [me] [all] (the|my) (timers|alarms)",
    ),
    Wish.CANCEL_TIMERS: ("(cancel|stop|delete|remove|clear|end|turn off) [all] (the|my) (timer|timers)",),
    Wish.CANCEL_ALARMS: (
        "(cancel|stop|delete|remove|clear|turn off) [all] (the|my) (alarm|alarms)",
        "don't wake me [up]",
    ),
    Wish.NOTE: (
        "(take|make) a note [that|saying|to|of] {text}",
        "note [down] that {text}",
        "write down [that] {text}",
        "new note {text}",
        "remember that {text}",
    ),
}
_SLOTS: Final = {slot.name: slot for slot in (_DURATION, _WHEN, _TEXT)}
# How alike the words beside a value must be to those of a sentence.
_ALIKE: Final = 0.7
_VALUE: Final = "#"
# And one word must be nearly one of these.
_KEYS: Final = {Wish.TIMER: ("timer",), Wish.ALARM: ("alarm", "wake")}
_ASIDE: Final = ("please ", "hey ", "okay ", "ok ", "um ", "uh ")


def meaning_of(heard: str, now: datetime) -> Meaning | None:
    """What these words want of the device itself; None for all else. `now` is local time."""
    text = _plain(heard)
    for wish, said in _SAID.items():
        for template in said:
            found = templates.match(text, templates.parse(template), _SLOTS, now, read)
            if found is not None:
                return Meaning(wish, next(iter(found.values()), ""))
    return _nearly(text, now)


def _nearly(text: str, now: datetime) -> Meaning | None:
    """A timer or an alarm whose value was heard well, and its other words nearly: what is set is said, and seen."""
    best, found = _ALIKE, None
    for wish, slot in ((Wish.TIMER, _DURATION), (Wish.ALARM, _WHEN)):
        values = recognise(slot, text, now)
        if len(values) != 1:
            continue
        value = values[0]
        rest = f"{text[: value.start]}{_VALUE}{text[value.end :]}".lower()
        if not any(levenshtein_ratio(word, key) >= _ALIKE for word in rest.split() for key in _KEYS[wish]):
            continue
        alike = max(levenshtein_ratio(rest, form) for form in _forms(wish))
        if alike >= best:
            best, found = alike, Meaning(wish, value.value)
    return found


@lru_cache(maxsize=4)
def _forms(wish: Wish) -> tuple[str, ...]:
    """All ways to say it, a mark in the place of the value."""
    paths = [path for said in _SAID[wish] for path in templates.paths(templates.parse(said))]
    pieces = [[(_VALUE,) if isinstance(piece, templates.Place) else piece.forms for piece in path] for path in paths]
    return tuple(" ".join(filter(None, words)) for each in pieces for words in product(*each))


def _plain(heard: str) -> str:
    """Without what speech recognition and politeness put around a sentence."""
    text = heard.strip().rstrip(".!?").strip()
    lower = text.lower()
    while (aside := next((one for one in _ASIDE if lower.startswith(one)), "")) or lower.endswith(" please"):
        text = text[len(aside) :].strip() if aside else text[: -len(" please")].rstrip(" ,")
        lower = text.lower()
    return text
