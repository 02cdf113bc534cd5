"""What people say to a tool, as templates: `book [me] a table for {people} [people] (at|for) {when}`.

Lower-case words, `{slot}`, `[optional]`, `(one|other)`; the last two nest. Pure: parsing, checking, drawing sentences,
and matching a sentence word for word. Matching by sound is the business of whoever hears.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from random import Random

from msgspec import Struct

from language.entities import Slot, Value
from language.errors import MalformedTemplate
from language.quotes import with_quotes
from language.tokens import tokenize

_PART = re.compile(r"\s*(?:(?P<slot>\{[^{}]*\})|(?P<mark>[\[\]()|])|(?P<word>[^\s\[\](){}|]+)|(?P<bad>[{}]))")
_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MARKS = frozenset(",.")
MOST_PATHS = 256

ReadSlot = Callable[[Slot, str, datetime], Value | None]
"""The value that all of the words mean in a slot, or None."""


class Word(Struct, frozen=True):
    """One lower-case word."""

    text: str


class Place(Struct, frozen=True):
    """Where the value of a slot stands."""

    slot: str


class Maybe(Struct, frozen=True):
    """What may be left out."""

    body: tuple[Node, ...]


class Either(Struct, frozen=True):
    """One of several."""

    options: tuple[tuple[Node, ...], ...]


Node = Word | Place | Maybe | Either


class Template(Struct, frozen=True):
    """A template that was read. `slots` are the names of its places in the order written."""

    source: str
    body: tuple[Node, ...]
    slots: tuple[str, ...]


class Words(Struct, frozen=True):
    """A stretch without slots: one of `forms` is said, "" where nothing need be."""

    forms: tuple[str, ...]


Path = tuple[Words | Place, ...]
"""A way through a template: fixed words and places in turn."""


@lru_cache(maxsize=4096)
def parse(source: str) -> Template:
    """Read a template. Raises MalformedTemplate, which names the place and the reason."""
    parts = _split(source)
    body, rest = _sequence(source, parts, 0, "")
    if rest < len(parts):
        raise _malformed(source, parts[rest][1], f"{parts[rest][0]!r} closes nothing")
    template = Template(source, body, tuple(_places(body)))
    if not any(True for _ in _words(body)) and not template.slots:
        raise MalformedTemplate(f"the template {source!r} is empty: write what a person says")
    return template


def check(template: Template, slots: Sequence[Slot]) -> None:
    """Raise MalformedTemplate when a place has no slot, stands twice in one path, or when too much is optional."""
    known = {slot.name for slot in slots}
    for name in template.slots:
        if name not in known:
            raise MalformedTemplate(
                f"the template {template.source!r} names the slot {name!r}, which the tool does not have: "
                f"it has {', '.join(sorted(known)) or 'none'}"
            )
    for path in paths(template):
        places = [piece.slot for piece in path if isinstance(piece, Place)]
        if len(places) != len(set(places)):
            raise MalformedTemplate(f"the template {template.source!r} has a slot twice in one sentence")
        if not places and all("" in piece.forms for piece in path if isinstance(piece, Words)):
            raise MalformedTemplate(f"the template {template.source!r} could be said with no word at all")


@lru_cache(maxsize=4096)
def paths(template: Template) -> tuple[Path, ...]:
    """All ways through it. What holds no slot stays together, so that there are few of them (at most 256)."""
    found = [_joined(path) for path in _ways(template.body)]
    if len(found) > MOST_PATHS:
        raise MalformedTemplate(f"the template {template.source!r} has over {MOST_PATHS} ways to be said: split it")
    return tuple(dict.fromkeys(found))


def draw(template: Template, say: Callable[[str], str], rng: Random) -> str:
    """A sentence at random; `say` gives the words for a slot, and is asked once for each place in the sentence."""
    return " ".join(_drawn(template.body, say, rng))


def match(
    text: str, template: Template, slots: Mapping[str, Slot], now: datetime, read: ReadSlot
) -> dict[str, Value] | None:
    """The values of the slots when the whole text is such a sentence, word for word, else None.

    What stands in an open slot keeps its case and its marks; in quotes of its own, the last mark too."""
    tokens = [token for token in tokenize(text) if token.text not in _MARKS]
    words = tuple(token.text for token in tokens)
    if not needed_words(template).issubset(words):
        return None

    def read_at(slot: Slot, at: int, end: int) -> Value | None:
        start, stop = tokens[at].start, tokens[end - 1].end
        said = with_quotes(text, start, stop) if slot.is_open else " ".join(words[at:end])
        return read(slot, said, now)

    ends = frozenset(number for number, token in enumerate(tokens) if text[token.end :].lstrip().startswith(","))
    for values, end in _match(words, 0, template.body, (slots, read_at, ends)):
        if end == len(words):
            return values
    return None


def normalised(text: str) -> Iterator[str]:
    """The words of a text in lower case, without marks."""
    return (token.text for token in tokenize(text) if token.text not in _MARKS)


def fixed_words(template: Template) -> frozenset[str]:
    """All words that stand in the template itself, optional ones too."""
    return frozenset(_words(template.body))


@lru_cache(maxsize=4096)
def needed_words(template: Template) -> frozenset[str]:
    """The words without which no sentence is one of the template."""
    found: set[str] = set()
    for node in template.body:
        if isinstance(node, Word):
            found.update(normalised(node.text))
    return frozenset(found)


def _split(source: str) -> list[tuple[str, int]]:
    parts, at = [], 0
    end = len(source.rstrip())
    while at < end:
        found = _PART.match(source, at)
        if found is None or found["bad"]:
            raise _malformed(source, at, "a brace without its partner")
        kind = found.lastgroup or ""
        text, start = found[kind], found.start(kind)
        if kind == "word" and not _WORD.fullmatch(text):
            raise _malformed(source, start, f"{text!r} is no lower-case word")
        if kind == "slot" and not _NAME.fullmatch(text[1:-1]):
            raise _malformed(source, start, f"{text!r} names no slot: write {{lower_case}}")
        parts.append((text, start))
        at = found.end()
    return parts


def _sequence(source: str, parts: list[tuple[str, int]], at: int, closing: str) -> tuple[tuple[Node, ...], int]:
    """Nodes up to "|" or the closing mark, which is left for the caller."""
    nodes: list[Node] = []
    while at < len(parts) and parts[at][0] not in ("|", "]", ")"):
        text, start = parts[at]
        at += 1
        if text in ("[", "("):
            options, at = _options(source, parts, at, start, "]" if text == "[" else ")")
            inner: tuple[Node, ...] = options[0] if len(options) == 1 else (Either(options),)
            nodes.extend([Maybe(inner)] if text == "[" else inner)
        else:
            nodes.append(Place(text[1:-1]) if text.startswith("{") else Word(text))
    if at < len(parts) and parts[at][0] == "|" and not closing:
        raise _malformed(source, parts[at][1], "'|' stands outside of parentheses")
    return tuple(nodes), at


def _options(
    source: str, parts: list[tuple[str, int]], at: int, start: int, closing: str
) -> tuple[tuple[tuple[Node, ...], ...], int]:
    options = []
    while True:
        nodes, at = _sequence(source, parts, at, closing)
        if not nodes:
            raise _malformed(source, start, "nothing stands in it; write [a|b] for what may be left out")
        options.append(nodes)
        mark = parts[at][0] if at < len(parts) else ""
        if mark == closing:
            return tuple(options), at + 1
        if mark != "|":
            raise _malformed(source, start, f"it is not closed with {closing!r}")
        at += 1


def _malformed(source: str, at: int, reason: str) -> MalformedTemplate:
    return MalformedTemplate(f"the template {source!r} cannot be read at character {at + 1}: {reason}")


def _places(body: Sequence[Node]) -> Iterator[str]:
    for node in body:
        match node:
            case Place(slot):
                yield slot
            case Maybe(inner):
                yield from _places(inner)
            case Either(options):
                for option in options:
                    yield from _places(option)


def _words(body: Sequence[Node]) -> Iterator[str]:
    for node in body:
        match node:
            case Word(text):
                yield text
            case Maybe(inner):
                yield from _words(inner)
            case Either(options):
                for option in options:
                    yield from _words(option)


def _ways(body: Sequence[Node]) -> list[Path]:
    """Every choice that decides about a slot is a way of its own; the others are forms of a stretch."""
    ways: list[Path] = [()]
    for node in body:
        if not any(True for _ in _places((node,))):
            step: list[Path] = [(Words(tuple(_forms((node,)))),)]
        elif isinstance(node, Place):
            step = [(node,)]
        elif isinstance(node, Maybe):
            step = [*_ways(node.body), ()]
        elif isinstance(node, Either):
            step = [way for option in node.options for way in _ways(option)]
        ways = [way + more for way in ways for more in step]
        if len(ways) > MOST_PATHS:
            break
    return ways


def _forms(body: Sequence[Node]) -> list[str]:
    forms = [""]
    for node in body:
        match node:
            case Word(text):
                step = [text]
            case Maybe(inner):
                step = [*_forms(inner), ""]
            case Either(options):
                step = [form for option in options for form in _forms(option)]
            case _:
                step = []
        forms = [f"{form} {more}".strip() for form in forms for more in step]
    return list(dict.fromkeys(forms))


def _joined(path: Path) -> Path:
    """Neighbouring stretches as one, as long as its forms stay few."""
    pieces: list[Words | Place] = []
    for piece in path:
        last = pieces[-1] if pieces else None
        if isinstance(piece, Words) and isinstance(last, Words) and len(last.forms) * len(piece.forms) <= 24:
            forms = dict.fromkeys(f"{first} {second}".strip() for first in last.forms for second in piece.forms)
            pieces[-1] = Words(tuple(forms))
        else:
            pieces.append(piece)
    return tuple(pieces)


def _drawn(body: Sequence[Node], say: Callable[[str], str], rng: Random) -> Iterator[str]:
    for node in body:
        match node:
            case Word(text):
                yield text
            case Place(slot):
                yield say(slot)
            case Maybe(inner):
                if rng.random() < 0.5:
                    yield from _drawn(inner, say, rng)
            case Either(options):
                yield from _drawn(rng.choice(options), say, rng)


_Reading = tuple[Mapping[str, Slot], Callable[[Slot, int, int], Value | None], frozenset[int]]
"""The slots, what reads them, and the words that a comma follows."""


def _match(
    words: tuple[str, ...], at: int, body: tuple[Node, ...], reading: _Reading
) -> Iterator[tuple[dict[str, Value], int]]:
    """Every way in which the body matches from a word on: the values, and the word after it."""
    if not body:
        yield {}, at
        return
    head, rest = body[0], body[1:]
    for values, middle in _match_one(words, at, head, reading):
        for more, end in _match(words, middle, rest, reading):
            yield values | more, end


def _match_one(
    words: tuple[str, ...], at: int, node: Node, reading: _Reading
) -> Iterator[tuple[dict[str, Value], int]]:
    match node:
        case Word(text):
            parts = tuple(normalised(text))
            if words[at : at + len(parts)] == parts:
                yield {}, at + len(parts)
        case Maybe(inner):
            yield from _match(words, at, inner, reading)
            yield {}, at
        case Either(options):
            for option in options:
                yield from _match(words, at, option, reading)
        case Place(name):
            slots, read_at, commas = reading
            # Words of the person's own end where the template goes on, before a comma only if nowhere else; all else is
            # as long as it can be.
            ends = range(at + 1, len(words) + 1)
            own = sorted(ends, key=lambda end: end - 1 in commas)
            for end in own if slots[name].is_open else reversed(ends):
                value = read_at(slots[name], at, end)
                if value is not None:
                    yield {name: value}, end
