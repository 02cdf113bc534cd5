"""Typed slots: what a sentence can be asked for, how a value of it is said, and how it is read back.

The whole vocabulary in one place: slots and their values (`slots`), words to values (`reading`), values to words
(`saying`), and all that may be said (`spoken`)."""

from __future__ import annotations

from language.reading import read, recognise
from language.saying import say
from language.slots import Choice, Entity, PastSlot, Slot, SlotKind, Spoken, SumSlot, Value
from language.spoken import Alternatives, Path, spoken_forms, spoken_grammar

__all__ = [
    "Alternatives",
    "Choice",
    "Entity",
    "PastSlot",
    "Path",
    "Slot",
    "SlotKind",
    "Spoken",
    "SumSlot",
    "Value",
    "read",
    "recognise",
    "say",
    "spoken_forms",
    "spoken_grammar",
]
