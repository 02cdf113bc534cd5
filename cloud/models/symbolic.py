"""The embedded text model: character n-gram search over the tools, and slot recognisers. It needs no weights.

It serves what was said in words that no template has. It is never sure, so the person is asked before anything is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from cloud.models.interfaces import Proposal, ToolCall, ToolSpec
from language import templates
from language.entities import Entity, Slot, Value, recognise
from language.similarity import NgramIndex, stems_of
from language.synonyms import synonyms_of

LEAST_SCORE = 0.30
LEAST_MARGIN = 0.10

# Words that are said with every tool, and so tell nothing of which.
COMMON = frozenset(
    stems_of(
        "a an and any are at be can could did do does for from get give go got have hello help how i in is it just "
        "like make me my need new of off on one or please put say set show some start stop take tell thank thanks that "
        "the them there these this time to today tonight tomorrow up use want was we what what's when where which who "
        "will with would you your"
    )
)


# What is told of others or of the past asks for nothing.
TOLD = frozenset(
    (
        "ago",
        "did",
        "didn't",
        "had",
        "he",
        "her",
        "him",
        "his",
        "last",
        "she",
        "their",
        "they",
        "was",
        "were",
        "yesterday",
    )
)


class SymbolicModel:
    """Proposes the one tool that stands out, with the values that the words hold."""

    def __init__(self) -> None:
        self._known: tuple[tuple[ToolSpec, ...], NgramIndex, tuple[frozenset[str], ...]] | None = None

    async def propose(self, text: str, tools: Sequence[ToolSpec], *, now: datetime, data: str = "") -> Proposal:
        """At most one call. `data` is not looked at: words of a picture never choose a tool."""
        specs = tuple(sorted(tools, key=lambda spec: spec.name))
        index, named = self._index(specs)
        if not TOLD.isdisjoint(templates.normalised(text)):
            return Proposal()
        content = {stem for stem in stems_of(text) if stem not in COMMON}
        hits = [hit for hit in index.search(_with_synonyms(text), 4) if content & named[hit.index]]
        if not hits or hits[0].score < LEAST_SCORE:
            return Proposal()
        if len(hits) > 1 and hits[0].score - hits[1].score < LEAST_MARGIN:
            return Proposal()
        spec = specs[hits[0].index]
        return Proposal(calls=(ToolCall(name=spec.name, arguments=values_in(text, spec.slots, now)),))

    def _index(self, specs: tuple[ToolSpec, ...]) -> tuple[NgramIndex, tuple[frozenset[str], ...]]:
        if self._known is None or self._known[0] != specs:
            named = tuple(frozenset(stems_of(" ".join(_words(spec)))) - COMMON for spec in specs)
            index = NgramIndex(" ".join((*_words(spec), *_values(spec))) for spec in specs)
            self._known = (specs, index, named)
        return self._known[1], self._known[2]


def values_in(text: str, slots: Sequence[Slot], now: datetime) -> dict[str, Value]:
    """What a text holds for closed slots, each stretch of words used once. Bounds are left for the judge."""
    found: dict[str, Value] = {}
    used: list[Entity] = []
    for slot in slots:
        if slot.is_open:
            continue
        free = (
            slot if slot.many or slot.kind in ("time", "when") else msgspec.structs.replace(slot, least=None, most=None)
        )
        for entity in recognise(free, text, now):
            if all(entity.end <= other.start or entity.start >= other.end for other in used):
                found[slot.name] = entity.value
                used.append(entity)
                break
    return found


def _unbounded(slot: Slot) -> Slot:
    """Bounds that say what can be had, not what is meant, are lifted."""
    kept = slot.many or slot.kind in ("time", "when")
    return slot if kept else msgspec.structs.replace(slot, least=None, most=None)


def _words(spec: ToolSpec) -> tuple[str, ...]:
    """The words that a tool is called by."""
    said = (word for source in spec.utterances for word in sorted(templates.fixed_words(templates.parse(source))))
    return (spec.name, spec.description, *dict.fromkeys(said))


def _values(spec: ToolSpec) -> tuple[str, ...]:
    return tuple(words for slot in spec.slots for choice in slot.choices for words in (choice.value, *choice.spoken))


def _with_synonyms(text: str) -> str:
    more = (other for word in text.split() for other in sorted(synonyms_of(word)) if word.lower() not in COMMON)
    return " ".join((text, *more))
