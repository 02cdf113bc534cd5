"""Text to tokens that remember where they stood, and the two ways of reading them: all of it, or anywhere in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")

_TOKEN = re.compile(
    r"""
      (?P<iso>(?<![\w-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2})?(?![0-9]))
    | (?P<clock>(?<![0-9:])[0-9]{1,2}:[0-9]{2}(?![0-9:]))
    | (?P<slash>(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{4}|/[0-9]{2})?(?![0-9/]))
    | (?P<ordinal>[0-9]+(?:st|nd|rd|th)\b)
    | (?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+[.,][0-9]+|[0-9]+)
    | (?P<half>(?<![^\W\d_])[ap](?:\.\s?m\b\.?|\s?m\b\.?))
    | (?P<minus>(?<![\w-])-(?=[0-9]))
    | (?P<short>(?<![^\W_])(?:mon|tues?|wed|thur?s?|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.
        (?=\s*(?:[0-9]|at\b|the\b)))
    | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
    | (?P<mark>[$€£¥%&½¼¾⅓⅔,;.!?])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STOPS = {"!": ".", "?": ".", ";": ","}


class Token(Struct, frozen=True):
    """One word, number or mark, in lower case; `start` and `end` are character offsets in the text."""

    text: str
    start: int
    end: int
    kind: str
    capital: bool = False


Tokens = Sequence[Token]
Match = tuple[T, int]
"""A value and the index after its last token."""

Matcher = Callable[[Tokens, int], Match[T] | None]
"""Reads the longest value that begins at one token."""


class Found(Struct, Generic[T], frozen=True):
    """A value found inside a text, with its character offsets."""

    value: T
    start: int
    end: int


def tokenize(text: str) -> tuple[Token, ...]:
    """Split into tokens. "twenty-five" is two, "7pm" is two, "p.m.", "p m" and "pm" are all one "pm"."""
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "word"
        raw = match.group()
        plain = "word" if kind == "short" else kind
        tokens.append(Token(_normal(kind, raw), match.start(), match.end(), plain, raw[0].isupper()))
    return tuple(tokens)


def _normal(kind: str, raw: str) -> str:
    match kind:
        case "half":
            return raw[0].lower() + "m"
        case "minus":
            return "minus"
        case "short":
            return raw[:-1].lower()
        case "mark":
            return _STOPS.get(raw, raw)
        case _:
            return raw.lower().replace("’", "'")


def word_at(tokens: Tokens, index: int) -> str:
    """The token's text, or "" outside the text."""
    return tokens[index].text if 0 <= index < len(tokens) else ""


def kind_at(tokens: Tokens, index: int) -> str:
    """The token's kind, or "" outside the text."""
    return tokens[index].kind if 0 <= index < len(tokens) else ""


def words_at(tokens: Tokens, index: int, words: str) -> bool:
    """True when exactly these words, parted by spaces, stand at the index."""
    return all(word_at(tokens, index + offset) == word for offset, word in enumerate(words.split()))


def trimmed(tokens: Tokens) -> Tokens:
    """The tokens without marks of punctuation at either end."""
    start, end = 0, len(tokens)
    while start < end and tokens[start].text in (".", ","):
        start += 1
    while end > start and tokens[end - 1].text in (".", ","):
        end -= 1
    return tokens[start:end]


def read_whole(text: str, match: Matcher[T]) -> T | None:
    """The value of the whole text, or None when any word is left over."""
    tokens = trimmed(tokenize(text))
    found = match(tokens, 0) if tokens else None
    return found[0] if found is not None and found[1] == len(tokens) else None


def find_all(text: str, match: Matcher[T]) -> tuple[Found[T], ...]:
    """All values in the text from left to right, none overlapping another."""
    tokens = tokenize(text)
    found: list[Found[T]] = []
    index = 0
    while index < len(tokens):
        hit = match(tokens, index)
        if hit is None or hit[1] <= index:
            index += 1
            continue
        found.append(Found(hit[0], tokens[index].start, tokens[hit[1] - 1].end))
        index = hit[1]
    return tuple(found)
