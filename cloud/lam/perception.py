"""Utterance and picture -> Percept: what was said, corrected; what the picture holds."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

from msgspec import Struct

from cloud.lam.pictures import DAMAGED, ReadText, Seen, look
from cloud.lam.toolbox import Phrasebook, SiteTool, Toolbox
from language import templates
from language.comparisons import Comparison
from language.entities import Value, read
from language.recurrences.framing import frame_around
from language.recurrences.occurring import next_after
from language.recurrences.reading import parse_recurrence, split_recurrence


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
    instead_of: int | None = None  # place of the reading that it is done in place of, should that come to nothing
    strict: bool = False  # only where that one is not to be had
    only_if: Comparison | None = None  # done only if that holds, for `what` ("" for "it") that was read before it …
    what: str = ""
    of_itself: bool = False  # … or for what it costs itself
    each: bool = False  # done for each of the list that the reading right before it reads


class Heard(Struct, frozen=True, kw_only=True):
    """What correction made of a transcript. `readings` in the order said; ask: some have `rivals`; refuse: none."""

    decision: Literal["accept", "ask", "refuse"]
    readings: tuple[Reading, ...] = ()
    text: str = ""


class Corrector(Protocol):
    """Holds transcripts against what can be said to the Toolbox. It is called from any thread."""

    def correct(
        self, text: str, alternatives: Sequence[tuple[str, float]], book: Phrasebook, now: datetime, *, spoken: bool
    ) -> Heard: ...


class Percept(Struct, frozen=True, kw_only=True):
    """What the model works from. Words of a picture are data: they may fill a slot, nothing else."""

    utterance: Utterance
    text: str
    at: datetime  # when it was said, in the person's zone
    readings: tuple[Reading, ...] = ()
    codes: tuple[str, ...] = ()  # contents of QR and bar codes
    picture_text: str = ""
    picture_problem: str = ""  # a sentence for the person
    points: bool = False  # "here", "this place": it means what the picture shows
    when: str = ""  # the words that say when it is to be done, again and again: `text` is then what is to be done


# How a person points at what the picture shows; "hear" is how speech recognition often writes it.
_POINTING = re.compile(
    r"\s*\b(?:(?:at|from|in|to|with|of|on)\s+)?"
    r"(?:(?:this|that)\s+(?:place|restaurant|bistro|shop|flyer|poster|menu|picture|photo|code|site|page|one)|here|hear)\b",
    re.IGNORECASE,
)


class Perceiver:
    """Perception over one live Toolbox."""

    def __init__(self, toolbox: Toolbox, corrector: Corrector, read_text: ReadText | None = None) -> None:
        self._toolbox = toolbox
        self._corrector = corrector
        self._read_text = read_text

    async def perceive(
        self, utterance: Utterance, *, now: datetime, picture: bytes | None = None, picture_problem: str = ""
    ) -> Percept:
        """What was said and seen. A request that points at the picture is held against the tools of its codes alone."""
        seen = await look(picture, self._read_text) if picture is not None else Seen()
        problem = seen.problem or (problem_words(picture_problem) if picture_problem and picture is None else "")
        when, utterance, heard = await asyncio.to_thread(self._hear_when, utterance, seen, now)
        return Percept(
            utterance=utterance,
            text=heard.text or utterance.text,
            at=now,
            readings=heard.readings if heard.decision != "refuse" else (),
            codes=seen.codes,
            picture_text=seen.text,
            picture_problem=problem,
            points=points_at_something(utterance.text),
            when=when,
        )

    def _hear_when(self, utterance: Utterance, seen: Seen, now: datetime) -> tuple[str, Utterance, Heard]:
        """When it is to be done again and again, what is to be done, and how that was heard. What can be said as it
        stands is no schedule ("take a note that I swim every Monday"); without one all is as it was said."""
        splits = split_recurrence(utterance.text, now)
        if not splits or is_verbatim(utterance.text, self._toolbox.phrasebook(), now):
            return "", utterance, self._hear(utterance, seen, now)
        for when, request in splits:
            asked = request_of(utterance, request)
            heard = self._hear(asked, seen, now)
            if heard.decision != "refuse":
                return when, asked, self._at_first(heard, first_of(when, now), now)
        when, request = splits[0]
        whole = self._hear(utterance, seen, now)
        if whole.decision != "refuse":
            return "", utterance, whole
        return when, request_of(utterance, request), whole

    def _at_first(self, heard: Heard, first: datetime, now: datetime) -> Heard:
        """The same sentence as it is understood when it comes first: "tomorrow" is the day after that."""
        if first == now or heard.decision != "accept" or not heard.text:
            return heard
        tools = [self._toolbox.get(reading.tool) for reading in heard.readings]
        if not any(slot.kind in ("date", "when") for tool in tools if tool is not None for slot in tool.slots):
            return heard
        again = self._correct(Utterance(text=heard.text, spoken=False), self._toolbox.phrasebook(), first)
        same = [reading.tool for reading in again.readings] == [reading.tool for reading in heard.readings]
        return again if again.decision == "accept" and same else heard

    def _hear(self, utterance: Utterance, seen: Seen, now: datetime) -> Heard:
        """Without the words that point, first against the sites that a code names; then as it was said."""
        book = self._toolbox.phrasebook()
        named = sites_named(seen.codes, self._toolbox)
        plain = without_pointing(utterance) if points_at_something(utterance.text) else None
        if plain is not None and named:
            heard = self._correct(plain, only(book, named, self._toolbox), now)
            if {reading.tool for reading in heard.readings} & set(named):
                return heard
        heard = self._correct(utterance, book, now)
        if heard.decision == "refuse" and plain is not None and (seen.codes or seen.text):
            return self._correct(plain, book, now)
        return heard

    def _correct(self, said: Utterance, book: Phrasebook, now: datetime) -> Heard:
        return self._corrector.correct(said.text, said.alternatives, book, now, spoken=said.spoken)


def is_verbatim(text: str, book: Phrasebook, now: datetime) -> bool:
    """Whether a template says the whole text word for word."""
    for phrase in book.phrases:
        slots = {slot.name: slot for slot in phrase.slots}
        if templates.match(text, templates.parse(phrase.template), slots, now, read) is not None:
            return True
    return False


def request_of(said: Utterance, request: str) -> Utterance:
    """The request within what was said, with what the sound says of it; a transcript that is one stays as it is."""
    frame = frame_around(said.text, request)
    own = frame.inner(said.text)
    weights = tuple(
        (request if words == own and place == 0 else words, weight)
        for place, (words, weight) in enumerate(frame.weights(said.text, said.alternatives))
    )
    return Utterance(text=request, spoken=said.spoken, alternatives=weights, engine=said.engine)


def first_of(when: str, now: datetime) -> datetime:
    """The moment at which a recurrence comes first, from which "tomorrow" is seen; now, when it names no time yet."""
    rule = parse_recurrence(when, now)
    first = None if rule is None or now.tzinfo is None else next_after(rule, now.tzinfo, now.timestamp())
    return now if first is None else datetime.fromtimestamp(first, now.tzinfo)


def points_at_something(text: str) -> bool:
    """Whether a sentence speaks of what is before the camera."""
    return _POINTING.search(text) is not None


def without_pointing_words(text: str) -> str:
    """The text without the words that point; "" when it does nothing else."""
    return _POINTING.sub("", text).strip()


def without_pointing(said: Utterance) -> Utterance:
    """The same sentence without the words that point."""
    others = tuple((without_pointing_words(other), weight) for other, weight in said.alternatives)
    return Utterance(
        text=without_pointing_words(said.text), spoken=said.spoken, alternatives=others, engine=said.engine
    )


def sites_named(codes: Sequence[str], toolbox: Toolbox) -> tuple[str, ...]:
    """Names of the tools that may go where a code leads. A code selects among them; it adds no place."""
    return tuple(
        tool.name
        for tool in toolbox
        if isinstance(tool, SiteTool) and any(leads_to(code, tool.navigates) for code in codes)
    )


def leads_to(code: str, navigates: Sequence[str]) -> bool:
    """Whether the address in a code stands on one of the hosts; the scheme is no matter, the tool brings its own."""
    place = authority(code)
    return bool(place) and any(
        authority(entry if "://" in entry else f"https://{entry}") == place for entry in navigates
    )


def authority(address: str) -> str:
    """Host and port of a web address, the usual ports left out; "" when it is none."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.username is not None:
        return ""
    return parts.hostname if port in (None, 80, 443) else f"{parts.hostname}:{port}"


def only(book: Phrasebook, sites: Sequence[str], toolbox: Toolbox) -> Phrasebook:
    """The book without the sites that are not meant."""
    others = {tool.name for tool in toolbox if isinstance(tool, SiteTool)} - set(sites)
    phrases = tuple(phrase for phrase in book.phrases if phrase.tool not in others)
    return Phrasebook(version=derived_version(book.version, *sites), phrases=phrases)


def derived_version(version: int, *words: str) -> int:
    """A number for a book made from another; never that of a whole book, which grows from 1."""
    return -1 - zlib.crc32("\n".join((str(version), *words)).encode())


def problem_words(problem: str) -> str:
    """The sentence for a reason why there is no picture; a bare code of one is the usual damage."""
    return problem if problem.endswith(".") else DAMAGED
