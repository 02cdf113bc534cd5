"""All that can be said to a Toolbox, compiled for alignment by sound.

A phrase becomes chains of parts; a part is a set of fragments of which one is said. Fragments stand in a lexicon
whose sounds share their beginnings (a trie), so that their distances to what was heard are computed level by level.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cloud.lam.toolbox import Phrase, Phrasebook
from cloud.speech.phonetics import DROP, SUBSTITUTE, sounds
from language.entities import Alternatives, Slot, spoken_grammar
from language.templates import Place, Words, check, parse, paths

Costs = NDArray[np.float32]
FAR = np.float32(1e4)
# A way of n sounds is not looked for in more than 2 n and this many of those heard.
_SLACK = 6
_MOMENTS = ("when", "date", "time")

# Said before and after a request, and no part of it.
BEFORE = ("", "please", "can you", "could you", "can you please", "could you please", "okay", "hey")
AFTER = ("", "please", "thanks", "thank you")
JOINTS = ("and", "and then", "then", "and also")


class Lexicon:
    """Word groups and their sounds. Distances to an utterance come as one array."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(dict.fromkeys(texts))
        self.number = {text: at for at, text in enumerate(self.texts)}
        self.lengths = np.array([len(sounds(text)) for text in self.texts])
        self._levels: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []  # parent in the level above, sound
        self._ends: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []  # word group, node of the level
        self._grow()

    def _grow(self) -> None:
        said = [sounds(text) for text in self.texts]
        known: dict[tuple[int, ...], int] = {(): 0}
        for depth in range(max(map(len, said), default=0) + 1):
            ending = [(at, known[way]) for at, way in enumerate(said) if len(way) == depth]
            self._ends.append((np.array([at for at, _ in ending], np.intp), np.array([n for _, n in ending], np.intp)))
            longer = dict.fromkeys(way[: depth + 1] for way in said if len(way) > depth)
            if longer:
                parents = np.array([known[way[:-1]] for way in longer], np.intp)
                self._levels.append((parents, np.array([way[-1] for way in longer], np.intp)))
                known = {way: at for at, way in enumerate(longer)}

    def distances(self, heard: NDArray[np.intp]) -> Costs:
        """Array (word groups, T+1, T+1): what it costs that the sounds from i to j were said for each group."""
        size = len(heard) + 1
        level = _nothing_said(heard)[:, np.newaxis]
        found = np.full((len(self.texts), size, size), FAR, np.float32)
        for depth, (groups, nodes) in enumerate(self._ends):
            if len(groups):
                found[groups] = level[:, nodes].transpose(1, 2, 0)
            if depth < len(self._levels):
                level = _longer(level, *self._levels[depth], heard, depth + 1)
        return np.minimum(found, FAR)


def _longer(
    level: Costs, parents: NDArray[np.intp], said: NDArray[np.intp], heard: NDArray[np.intp], depth: int
) -> Costs:
    """One more sound for each way. Axes: end (first: each step of the recursion is one long row), way, start."""
    here = np.full((len(level), len(parents), len(level)), FAR, np.float32)
    drop = DROP[said][:, np.newaxis]
    swap = SUBSTITUTE[said][:, heard]
    widest = 2 * depth + _SLACK
    for end in range(len(level)):
        first = max(0, end - widest)
        row = level[end][parents, first : end + 1]
        row += drop
        if end:
            earlier = row[:, :-1]
            np.minimum(earlier, level[end - 1][parents, first:end] + swap[:, end - 1, np.newaxis], out=earlier)
            np.minimum(earlier, here[end - 1][:, first:end] + DROP[heard[end - 1]], out=earlier)
        here[end][:, first : end + 1] = row
    return here


def _nothing_said(heard: NDArray[np.intp]) -> Costs:
    """Axes: end, start."""
    total = np.concatenate([[0], np.cumsum(DROP[heard])])
    spans = total[:, np.newaxis] - total[np.newaxis, :]
    return np.where(spans >= 0, spans, FAR).astype(np.float32)


class Part(Struct, frozen=True, eq=False):
    """A set of fragments of one lexicon. `slot` is empty for fixed words."""

    lexicon: Lexicon
    groups: NDArray[np.intp]
    slot: str = ""


class Places(Struct, frozen=True, eq=False):
    """A slot with typed values: alternatives of sequences of parts."""

    slot: str
    chains: tuple[tuple[Part, ...], ...]


class Open(Struct, frozen=True, eq=False):
    """A slot in which any words may stand."""

    slot: str


Element = Part | Places | Open


class Way(Struct, frozen=True, eq=False):
    """One way through a phrase. `open` when any words may stand somewhere in it."""

    phrase: Phrase
    elements: tuple[Element, ...]
    is_open: bool
    fixed: int  # sounds of its fixed words, at least


class Network(Struct, frozen=True, eq=False):
    """A phrasebook at a moment."""

    ways: tuple[Way, ...]
    before: Part
    after: Part
    joint: Part
    slots: dict[str, dict[str, Slot]]  # tool -> name -> slot
    now: datetime


def compile_book(book: Phrasebook, now: datetime) -> Network:
    """Raises MalformedTemplate, which names the template. Slots that are equal share their compiled values."""
    templates = [(phrase, parse(phrase.template)) for phrase in book.phrases]
    for phrase, template in templates:
        check(template, phrase.slots)
    fixed = [
        piece for _, template in templates for path in paths(template) for piece in path if isinstance(piece, Words)
    ]
    lexicon = Lexicon([*(form for piece in fixed for form in piece.forms), *BEFORE, *AFTER, *JOINTS])
    moment = now.replace(second=0, microsecond=0)

    @cache
    def words(forms: tuple[str, ...]) -> Part:
        return Part(lexicon, np.array([lexicon.number[form] for form in forms], np.intp))

    places = _places({slot for phrase in book.phrases for slot in phrase.slots}, moment)
    ways = []
    for phrase, template in templates:
        slots = {slot.name: slot for slot in phrase.slots}
        for path in paths(template):
            elements = tuple(
                places[slots[piece.slot]] if isinstance(piece, Place) else words(piece.forms) for piece in path
            )
            way = _way(phrase, elements)
            # What has no word of its own sounds like everything: it is understood where it was heard word for word.
            if way.fixed or not way.is_open:
                ways.append(way)
    named = {phrase.tool: {slot.name: slot for slot in phrase.slots} for phrase in book.phrases}
    return Network(tuple(ways), words(BEFORE), words(AFTER), words(JOINTS), named, now)


def _way(phrase: Phrase, elements: Sequence[Element]) -> Way:
    fixed = sum(int(part.lexicon.lengths[part.groups].min()) for part in elements if isinstance(part, Part))
    return Way(phrase, tuple(elements), any(isinstance(element, Open) for element in elements), fixed)


def _places(slots: Iterable[Slot], now: datetime) -> dict[Slot, Element]:
    """Moments have a lexicon of their own, which is large and often not needed; all others share one."""
    grammars = {slot: () if slot.kind == "text" else spoken_grammar(slot, now) for slot in slots}
    texts: dict[bool, list[str]] = {True: [], False: []}
    for slot, grammar in grammars.items():
        texts[slot.kind in _MOMENTS].extend(form.text for path in grammar for part in path for form in part)
    lexicons = {moments: Lexicon(each) for moments, each in texts.items()}
    return {slot: _place(slot, grammar, lexicons[slot.kind in _MOMENTS]) for slot, grammar in grammars.items()}


def _place(slot: Slot, grammar: Alternatives, lexicon: Lexicon) -> Element:
    parts: dict[int, Part] = {}
    for path in grammar:
        for forms in path:
            groups = [lexicon.number[form.text] for form in forms]
            parts.setdefault(id(forms), Part(lexicon, np.array(groups, np.intp), slot.name))
    chains = tuple(tuple(parts[id(forms)] for forms in path) for path in grammar)
    return Places(slot.name, chains) if chains else Open(slot.name)
