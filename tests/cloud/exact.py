"""A fake Corrector for tests: word for word, it corrects nothing, and so it is never wrong about a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from cloud.lam.perception import Heard, Reading
from cloud.lam.toolbox import Phrase, Phrasebook
from language import templates
from language.entities import read

_JOINTS = re.compile(r"\s*(?:,\s*|\b)(?:and then|and also|and|then|after that)\s+", re.IGNORECASE)
MOST_INTENTS = 4


class ExactCorrector:
    """Accepts a sentence that a template says word for word, or several joined by "and"."""

    def correct(
        self, text: str, alternatives: Sequence[tuple[str, float]], book: Phrasebook, now: datetime, *, spoken: bool
    ) -> Heard:
        """The transcript first, then its alternatives; the first that is understood is taken."""
        for words in (text, *(other for other, _ in alternatives)):
            if readings := _sentence(words, book, now, MOST_INTENTS):
                return Heard(decision="accept", readings=readings, text=words)
        return Heard(decision="refuse", text=text)


def _sentence(text: str, book: Phrasebook, now: datetime, most: int) -> tuple[Reading, ...]:
    """The fewest intents that explain all of it."""
    for phrase in book.phrases:
        if reading := _match(text, phrase, now):
            return (reading,)
    for joint in _JOINTS.finditer(text) if most > 1 else ():
        first = _sentence(text[: joint.start()], book, now, 1)
        rest = _sentence(text[joint.end() :], book, now, most - 1) if first else ()
        if rest:
            return first + rest
    return ()


def _match(text: str, phrase: Phrase, now: datetime) -> Reading | None:
    slots = {slot.name: slot for slot in phrase.slots}
    values = templates.match(text, templates.parse(phrase.template), slots, now, read)
    if values is None:
        return None
    return Reading(tool=phrase.tool, values=values, text=text, distance=0.0, margin=1.0)
