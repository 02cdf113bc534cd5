"""What a person's sentence says of the values that she then typed or chose. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from language.dates import When, find_whens
from language.entities import Choice, Slot, SlotKind, Value, recognise

_CLAUSE = re.compile(r"(?:^|[,.;:!?]|\b(?:and|then|to|please)\b)\s*$", re.IGNORECASE)
_OBJECT = re.compile(
    r"\s+(?:an?|the|this|that|these|those|my|your|our|its|it|me|all|every|each|any|some)\b", re.IGNORECASE
)


class Mention(Struct, frozen=True):
    """Where a sentence says a value: character offsets, and the words."""

    start: int
    end: int
    words: str

    def overlaps(self, other: Mention) -> bool:
        """Whether they share a character."""
        return self.start < other.end and other.start < self.end


class SaidWhen(Struct, frozen=True):
    """A day, a time or both, as said."""

    when: When
    mention: Mention


class Sentence(Struct, frozen=True):
    """What the person says the demonstration does, at the local time at which it was made."""

    text: str
    now: datetime

    def says_words(self, words: str) -> tuple[Mention, ...]:
        """Where exactly these words stand, in any case; what stands between words does not matter."""
        parts = re.findall(r"\w+", words)
        if not parts:
            return ()
        pattern = r"(?<!\w)" + r"\W+".join(map(re.escape, parts)) + r"(?!\w)"
        return tuple(self._mention(*found.span()) for found in re.finditer(pattern, self.text, re.IGNORECASE))

    def says_choice(self, choices: tuple[Choice, ...], value: str) -> tuple[Mention, ...]:
        """Where one of the choices is named, as people name it."""
        return self._says(Slot(name="choice", kind="choice", choices=choices), value)

    def is_verb(self, mention: Mention) -> bool:
        """Whether a word that it says begins a clause and has an object after it: "generate a number, then ..."."""
        before, after = self.text[: mention.start], self.text[mention.end :]
        return _CLAUSE.search(before) is not None and _OBJECT.match(after) is not None

    def says_number(self, kind: SlotKind, value: Value) -> tuple[Mention, ...]:
        """Where a number, an amount or a duration is said."""
        return self._says(Slot(name="number", kind=kind), value)

    def says_whens(self) -> tuple[SaidWhen, ...]:
        """All days and times."""
        return tuple(
            SaidWhen(found.value, self._mention(found.start, found.end)) for found in find_whens(self.text, self.now)
        )

    def pieces(self, mentions: dict[Mention, str]) -> Iterator[tuple[str, str]]:
        """The sentence cut at its mentions: words and "", or "" and what the mention stands for."""
        at = 0
        for mention in sorted(mentions, key=lambda one: one.start):
            yield self.text[at : mention.start], ""
            yield "", mentions[mention]
            at = mention.end
        yield self.text[at:], ""

    def _says(self, slot: Slot, value: Value) -> tuple[Mention, ...]:
        found = recognise(slot, self.text, self.now)
        return tuple(self._mention(each.start, each.end) for each in found if each.value == value)

    def _mention(self, start: int, end: int) -> Mention:
        return Mention(start, end, self.text[start:end])
