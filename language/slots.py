"""Typed slots: what a sentence can be asked for, and the values that come of it."""

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
    """A named, typed place in an utterance. `least` and `most` bound numbers, durations (seconds) and list lengths.

    For times and whens they are the hours of the day that are possible (18 and 21.5: from six to half past nine in
    the evening), and decide what a bare "eight" means."""

    name: str
    kind: SlotKind
    choices: tuple[Choice, ...] = ()
    least: float | None = None
    most: float | None = None
    question: str = ""
    required: bool = True
    default: str | int | float | None = None
    many: bool = False
    early: bool = False  # of a "when": a bare hour is the morning ("wake me at seven")

    @property
    def is_open(self) -> bool:
        """True when any words may stand in the slot."""
        return self.kind in ("text", "name")


class SumSlot(Slot, frozen=True, kw_only=True, omit_defaults=True):
    """An open slot that takes only what reads as arithmetic. `figures`: a bare figure, too ("ten euros").

    `example`: what may be said there."""

    example: str
    kind: SlotKind = "text"
    figures: bool = False


class PastSlot(Slot, frozen=True, kw_only=True, omit_defaults=True):
    """An open slot that takes only a day gone by, or several; its value is their span ("2026-11-16/2026-11-22")."""

    kind: SlotKind = "text"


class Entity(Struct, frozen=True):
    """A value of a slot found in a text, with its character offsets and the words that said it."""

    value: Value
    start: int
    end: int
    text: str


class Spoken(Struct, frozen=True):
    """A way of saying something. `value` is None for a fragment that means something only beside others."""

    text: str
    value: Value | None = None
