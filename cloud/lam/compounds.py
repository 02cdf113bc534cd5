"""Sentences of several clauses, each held against what can be said by itself: what is to be done in place of something
else is another request, or the same one with another value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time

import msgspec

from cloud.lam.perception import Corrector, Heard, Reading
from cloud.lam.schemas import fits
from cloud.lam.toolbox import Phrasebook, Tool, Toolbox, lists_of
from language.clauses import SEVERAL, Clause, bare_list, clauses, compared, for_each
from language.entities import Slot, Value, read
from language.similarity import stem, words_of
from language.tokens import tokenize

Hear = Callable[[str], tuple[Reading, ...]]
SlotsOf = Callable[[str], tuple[Slot, ...]]

# "Eight", after "a table for two at seven", is a time and no party.
_RANKS = {kind: rank for rank, kind in enumerate(("when", "time", "date", "choice", "ordinal", "amount", "duration"))}
_JOINTS = re.compile(r"\s*,?\s+\b(?:and then|and also|and|then)\s+", re.IGNORECASE)
_SMALL = re.compile(r"^(?:(?:at|for|on|in|with|a|an|the)\s+)+", re.IGNORECASE)
_HALF_DAY = 12
_MOST_WORDS = 12


class Compounds:
    """A `Corrector` over another: a sentence of several clauses is taken apart, unless it is said so word for word
    ("take a note that …")."""

    def __init__(self, corrector: Corrector, toolbox: Toolbox) -> None:
        self._corrector = corrector
        self._toolbox = toolbox

    def correct(
        self, text: str, alternatives: Sequence[tuple[str, float]], book: Phrasebook, now: datetime, *, spoken: bool
    ) -> Heard:
        if is_compound(text, lists=any(map(lists_of, self._toolbox))) and not self._is_one(text, book, now):
            slots = {phrase.tool: phrase.slots for phrase in book.phrases}

            def hear(words: str) -> tuple[Reading, ...]:
                heard = self._corrector.correct(words, (), book, now, spoken=spoken)
                return heard.readings if heard.decision != "refuse" else ()

            def hear_part(words: str) -> tuple[Reading, ...]:
                return with_comparisons(words, lambda part: self._in_turn(part, hear) or hear(part))

            readings = put_together(clauses(text), hear_part, lambda tool: slots.get(tool, ()), now)
            if any(reading.instead_of is not None or reading.only_if or reading.each for reading in readings):
                unsure = any(reading.rivals for reading in readings)
                return Heard(decision="ask" if unsure else "accept", readings=readings, text=text)
        return self._corrector.correct(text, alternatives, book, now, spoken=spoken)

    def _is_one(self, text: str, book: Phrasebook, now: datetime) -> bool:
        """Whether a template says it word for word. Not so where its open words name several things, or say at which
        price something that cannot be undone is wanted: nobody dictates that."""
        heard = self._corrector.correct(text, (), book, now, spoken=False)
        whole = heard.decision == "accept" and all(reading.distance == 0 for reading in heard.readings)
        priced = any(part.only_if for part in compared(text))
        tools = [self._toolbox.get(reading.tool) for reading in heard.readings]
        buys = any(tool is not None and tool.effect == "irreversible" for tool in tools)
        return whole and not (priced and buys) and not any(_all_of(reading) for reading in heard.readings)

    def _in_turn(self, words: str, hear: Hear) -> tuple[Reading, ...]:
        """ "For each unread mail, star it", "star all unread mails": what reads the list, and what is done for each."""
        for each, rest in for_each(words):
            listing, heard = self._listing(each, hear), hear(rest)
            if listing is not None and len(heard) == 1:
                return (listing, msgspec.structs.replace(heard[0], each=True))
        heard = hear(words)
        name = _all_of(heard[0]) if len(heard) == 1 else ""
        listing = self._listing(str(heard[0].values[name]), hear) if name else None
        if listing is None:
            return ()
        values = {**heard[0].values, name: "each"}
        return (listing, msgspec.structs.replace(heard[0], values=values, each=True, rivals=()))

    def _listing(self, words: str, hear: Hear) -> Reading | None:
        """The request that reads a list called so: said as a sentence of its own, or by the name of one tool."""
        bare = bare_list(words)
        found = [reading for reading in hear(bare) if lists_of(self._toolbox.get(reading.tool))]
        if len(found) == 1:
            return msgspec.structs.replace(found[0], rivals=())
        wanted = {stem(word) for word in words_of(bare)}
        named = [tool for tool in self._toolbox if lists_of(tool) and wanted and wanted <= _name_words(tool)]
        if len(named) != 1:
            return None
        return Reading(tool=named[0].name, values={}, text=bare, distance=0.0, margin=1.0)


def is_compound(text: str, *, lists: bool) -> bool:
    """Whether a sentence has a clause of its own kind somewhere. `lists`: there is something that reads a list."""
    parts = clauses(text)
    compares = any(
        part.only_if or len(compared(clause.words)) > 1 for clause in parts for part in compared(clause.words)
    )
    return len(parts) > 1 or compares or (lists and bool(SEVERAL.search(text)))


def _name_words(tool: Tool) -> set[str]:
    return {stem(word) for word in words_of(f"{tool.name.replace('_', ' ')} {tool.description}")}


def _all_of(reading: Reading) -> str:
    """The slot of which it was said that all of something are meant."""
    said = ((name, value) for name, value in reading.values.items() if isinstance(value, str))
    return next((name for name, value in said if SEVERAL.match(value)), "")


def with_comparisons(words: str, hear: Hear) -> tuple[Reading, ...]:
    """The readings of a clause, the first after a comparison with that; () when one of its parts says nothing."""
    readings: list[Reading] = []
    for part in compared(words):
        heard = hear(part.words)
        if not heard:
            return ()
        if part.only_if is not None:
            of_itself = not readings
            first = msgspec.structs.replace(heard[0], only_if=part.only_if, what=part.what, of_itself=of_itself)
            heard = (first, *heard[1:])
        readings.extend(heard)
    return tuple(readings)


def put_together(parts: Iterable[Clause], hear: Hear, slots_of: SlotsOf, now: datetime) -> tuple[Reading, ...]:
    """The readings of all clauses in the order said, each `instead_of` the one that it replaces; () when one of them
    says nothing that can be done."""
    readings: list[Reading] = []
    replaced = -1
    for clause in parts:
        if not clause.instead:
            heard = hear(clause.words)
        else:
            before = readings[replaced]
            heard = _other(before, clause.words, hear, slots_of(before.tool), now)
        if not heard:
            return ()
        if clause.instead:
            first = msgspec.structs.replace(heard[0], instead_of=replaced, strict=clause.strict)
            heard = (first, *heard[1:])
        replaced = len(readings) if clause.instead else len(readings) + len(heard) - 1
        readings.extend(heard)
    return tuple(readings)


def _other(before: Reading, words: str, hear: Hear, slots: tuple[Slot, ...], now: datetime) -> tuple[Reading, ...]:
    """The same with another value, perhaps with more after it; else a request of its own."""
    if (same := with_other_value(before, words, slots, now)) is not None:
        return (same,)
    for joint in _JOINTS.finditer(words):
        same = with_other_value(before, words[: joint.start()], slots, now)
        rest = hear(words[joint.end() :]) if same is not None else ()
        if same is not None and rest:
            return (same, *rest)
    return hear(words)


def with_other_value(before: Reading, words: str, slots: tuple[Slot, ...], now: datetime) -> Reading | None:
    """The reading with the one value that the words are in place of its own; None when they are none of its values."""
    if len(words.split()) > _MOST_WORDS:
        return None
    ranked = sorted(
        (slot for slot in slots if not slot.is_open and not slot.many),
        key=lambda slot: (slot.name not in before.values, _RANKS.get(slot.kind, len(_RANKS))),
    )
    for slot in ranked:
        said = before.values.get(slot.name)
        found = other_value(slot, said, words, now)
        if found is not None and found[0] != said and fits(slot, found[0]):
            text = _reworded(before.text, found[1], said, words, now)
            values: dict[str, Value] = {**before.values, slot.name: found[0]}
            return msgspec.structs.replace(before, values=values, text=text, rivals=())
    return None


def other_value(slot: Slot, said: Value | None, words: str, now: datetime) -> tuple[Value, Slot] | None:
    """What the words mean for the slot, beside the value that was `said` first, and the slot that reads them: of a
    moment they may say the time or the day alone."""
    if slot.kind in ("when", "time") and isinstance(said, str):
        day, _, clock = said.rpartition("T")
        at_time = msgspec.structs.replace(slot, kind="time", early=False)
        if isinstance(at := read(at_time, words, now), str):
            return f"{day}T{_same_half(slot, clock, at, words)}".removeprefix("T"), at_time
        on_day = Slot(name=slot.name, kind="date")
        if day and isinstance(on := read(on_day, words, now), str):
            return f"{on}T{clock}", on_day
    value = read(slot, words, now)
    return (value, slot) if value is not None else None


def _same_half(slot: Slot, said: str, at: str, words: str) -> str:
    """A bare hour means the half of the day that the first time was in."""
    first, other = time.fromisoformat(said), time.fromisoformat(at)
    told = {"am", "pm", "morning", "afternoon", "evening", "night", "noon", "midnight"}
    bounded = slot.least is not None or slot.most is not None
    same = (first.hour < _HALF_DAY) == (other.hour < _HALF_DAY)
    if bounded or same or told & {token.text for token in tokenize(words)}:
        return at
    return f"{other.replace(hour=(other.hour + _HALF_DAY) % 24):%H:%M}"


def _reworded(text: str, part: Slot, said: Value | None, words: str, now: datetime) -> str:
    """The sentence with the other words where the first ones stand. `part` reads both, of a moment perhaps its time."""
    tokens = tokenize(text)
    spans = sorted(
        ((start, end) for start in range(len(tokens)) for end in range(start + 1, min(len(tokens), start + 8) + 1)),
        key=lambda span: (span[1] - span[0], span[0]),
    )
    for start, end in spans:
        piece = text[tokens[start].start : tokens[end - 1].end]
        if said is not None and _means(part, read(part, piece, now), said):
            rest = _SMALL.sub("", words)
            return f"{text[: tokens[start].start]}{rest}{text[tokens[end - 1].end :]}"
    return f"{text}, but {words}"


def _means(part: Slot, value: Value | None, said: Value) -> bool:
    """Whether words of this value said the first one, or the part of it that is meant."""
    if part.kind == "time" and isinstance(value, str) and isinstance(said, str):
        one, other = time.fromisoformat(value), time.fromisoformat(said.rpartition("T")[2])
        return (one.hour % _HALF_DAY, one.minute) == (other.hour % _HALF_DAY, other.minute)
    if part.kind == "date" and isinstance(value, str) and isinstance(said, str):
        return value == said.partition("T")[0]
    return value == said
