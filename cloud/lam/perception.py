"""Utterance and picture -> Percept: what was said, corrected; what the picture holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from cloud.lam.toolbox import Phrasebook
from language.entities import Value


class Utterance(Struct, frozen=True, kw_only=True):
    """What a person said or typed, as it was heard."""

    text: str
    spoken: bool
    alternatives: tuple[tuple[str, float], ...] = ()  # sentences and their log likelihood given the sound
    engine: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """One intent in an utterance, as far as the words carry it. Distances run from 0 (exact) upwards."""

    tool: str
    values: dict[str, Value]
    text: str  # the canonical sentence of this reading
    distance: float
    margin: float  # to the next best tool
    rivals: tuple[Reading, ...] = ()  # other readings of the same words that stand too close to choose without asking


class Heard(Struct, frozen=True, kw_only=True):
    """What correction made of a transcript. `readings` in the order said; ask: some have `rivals`; refuse: none."""

    decision: Literal["accept", "ask", "refuse"]
    readings: tuple[Reading, ...] = ()
    text: str = ""


class Corrector(Protocol):
    """Holds transcripts against what can be said to the Toolbox."""

    def correct(
        self, text: str, alternatives: Sequence[tuple[str, float]], book: Phrasebook, now: datetime, *, spoken: bool
    ) -> Heard: ...


class ReadText(Protocol):
    """Reads the words in a picture (OCR)."""

    async def read(self, picture: bytes) -> str: ...


class Percept(Struct, frozen=True, kw_only=True):
    """What the model works from. Words of a picture are data: they may fill a slot, nothing else."""

    utterance: Utterance
    text: str
    readings: tuple[Reading, ...] = ()
    codes: tuple[str, ...] = ()  # contents of QR and bar codes
    picture_text: str = ""
    picture_problem: str = ""
