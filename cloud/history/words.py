"""The words that a run is found by, and a search as people type it. Pure.

A run is also found by what it is: such a mark begins with "=", which no word does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from cloud.history.story import RunStory

MOST_CHARS: Final = 40
MOST_WORDS: Final = 160  # of one run; what it was asked and what came of it go first
MOST_SOUGHT: Final = 12
SHORTEST_BEGINNING: Final = 2
_WORD = re.compile(r"[^\W_]+")


class Search(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is looked for: `words` in any order, the last of which may be unfinished; the rest narrows it down.

    `since` and `until` are UTC seconds, `before` is the `next` of the page before, `most` how many a page holds.
    """

    words: str = ""
    since: float = 0.0
    until: float = 0.0
    tool: str = ""
    status: str = ""
    device: str = ""
    began_by: str = ""
    schedule: str = ""
    site: str = ""
    effect: str = ""
    before: int = 0
    most: int = 50


def words_in(text: str) -> Iterator[str]:
    """The words of a text, without case and accents: "Café au LAIT" as cafe, au, lait."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    for word in _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))):
        yield word[:MOST_CHARS]


def mark(name: str, value: str) -> str:
    """What a run of this kind is found by."""
    return f"={name}:{value}"[:80]


def terms_of(story: RunStory) -> tuple[str, ...]:
    """All that a run is found by."""
    words: dict[str, None] = {}
    for text in _texts(story):
        for word in words_in(text):
            if len(words) >= MOST_WORDS:
                break
            words[word] = None
    return (*marks_of(story), *words)


def marks_of(story: RunStory) -> tuple[str, ...]:
    """What it is."""
    marks = [mark("status", story.status), mark("by", story.by)]
    marks += [mark("tool", part.tool) for part in story.parts if part.tool]
    marks += [mark("site", site) for site in story.sites]
    for name, value in (("device", story.device), ("schedule", story.schedule), ("effect", story.effect)):
        marks += [mark(name, value)] if value else []
    return tuple(dict.fromkeys(marks))


def sought(search: Search) -> tuple[tuple[str, ...], str]:
    """What every run that is found has, and the beginning that one of its words has besides ("": none)."""
    words = list(dict.fromkeys(words_in(search.words)))[:MOST_SOUGHT]
    beginning = ""
    if words and search.words[-1:].isalnum() and len(words[-1]) >= SHORTEST_BEGINNING:
        beginning = words.pop()
    names = ("tool", "status", "device", "schedule", "site", "effect")
    marks = [mark(name, value) for name in names if (value := getattr(search, name))]
    marks += [mark("by", search.began_by)] if search.began_by else []
    return (*marks, *words), beginning


def _texts(story: RunStory) -> Iterator[str]:
    yield story.text
    yield story.heard
    yield story.sentence
    for part in story.parts:
        yield part.words
        yield part.tool.replace("_", " ")
        yield part.sentence
        yield from _values(part.values.values())
    for asked in story.asks:
        yield asked.text
        yield asked.answer
        yield from (text for label, value, _ in asked.rows for text in (label, value))
    yield from story.sites
    for part in story.parts:
        yield from part.read.values()
        yield from (name for name, _ in part.files)
        for did in part.did:
            yield did.words
            yield did.value
    yield from (said.text for said in story.said)
    yield from story.changed
    for healing in story.healings:
        yield healing.now


def _values(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from (str(one) for one in value)
