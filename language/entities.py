"""Typed slots: what a sentence can be asked for, how a value of it is said, and how it is read back."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

SlotKind = Literal[
    "choice",  # one of `choices`; the value is `Choice.value`
    "integer",  # int
    "ordinal",  # int
    "number",  # float
    "date",  # "2026-11-23"
    "time",  # "19:00"
    "when",  # date and time together, "2026-11-23T19:00"
    "duration",  # seconds, int
    "amount",  # "14.50" (two decimals, no currency sign)
    "name",  # a name the person has: `choices` holds those known, others are open
    "text",  # open: dictated words
]

Value = str | int | float | tuple[str, ...]


class Choice(Struct, frozen=True):
    """One value of a choice slot, and the other ways in which people say it."""

    value: str
    spoken: tuple[str, ...] = ()


class Slot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A named, typed place in an utterance. `least` and `most` bound numbers, durations (seconds) and list lengths."""

    name: str
    kind: SlotKind
    choices: tuple[Choice, ...] = ()
    least: float | None = None
    most: float | None = None
    question: str = ""
    required: bool = True
    default: str | int | float | None = None
    many: bool = False

    @property
    def is_open(self) -> bool:
        """True when any words may stand in the slot."""
        return self.kind in ("text", "name")
