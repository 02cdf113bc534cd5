"""Choices by the words that people use for them: digits as well as words, plurals, articles."""

from __future__ import annotations

from functools import lru_cache

from language.numbers import match_number
from language.slots import Choice
from language.tokens import Tokens, tokenize

_ARTICLES = ("a", "an", "the", "some")

Word = tuple[str, int, int]
"""A word in its plainest form, with its character offsets."""


def plain_words(text: str) -> tuple[Word, ...]:
    """The words with numbers as digits and "&" as "and"; punctuation is left out."""
    tokens = tokenize(text)
    words: list[Word] = []
    index = 0
    while index < len(tokens):
        word, after = _plain(tokens, index)
        if word:
            words.append((word, tokens[index].start, tokens[after - 1].end))
        index = after
    return tuple(words)


def _plain(tokens: Tokens, index: int) -> tuple[str, int]:
    number = match_number(tokens, index)
    if number is not None and number[1] > index:
        return str(number[0]), number[1]
    word = tokens[index].text
    return {"&": "and", ".": "", ",": ""}.get(word, word), index + 1


def plural(words: str) -> str:
    """The plural of the last word, by the regular rules."""
    if words.endswith(("s", "x", "z", "ch", "sh")):
        return words + "es"
    if len(words) > 1 and words.endswith("y") and words[-2] not in "aeiou":
        return words[:-1] + "ies"
    return words + "s"


def key_of(text: str) -> tuple[str, ...]:
    """What two ways of writing the same words have in common."""
    return tuple(word for word, _, _ in plain_words(text))


def without_article(key: tuple[str, ...]) -> tuple[str, ...]:
    """The words without an article in front."""
    return key[1:] if len(key) > 1 and key[0] in _ARTICLES else key


@lru_cache(maxsize=512)
def forms_of(choices: tuple[Choice, ...]) -> dict[tuple[str, ...], str]:
    """Words to value. A value's own name goes before what others are also called, and that before plurals."""
    table: dict[tuple[str, ...], str] = {}
    said = [(choice.value, choice.value) for choice in choices]
    said += [(words, choice.value) for choice in choices for words in choice.spoken]
    for words, value in (*said, *((plural(words), value) for words, value in said)):
        for key in (key_of(words), without_article(key_of(words))):
            if key:
                table.setdefault(key, value)
    return table


def choice_named(choices: tuple[Choice, ...], text: str) -> str | None:
    """The value that exactly these words name, with or without an article."""
    table, key = forms_of(choices), key_of(text)
    return table.get(key, table.get(without_article(key)))


def choices_in(choices: tuple[Choice, ...], text: str) -> tuple[tuple[str, int, int], ...]:
    """The values named in the text with their offsets, the longest name first at each place."""
    table, words = forms_of(choices), plain_words(text)
    longest = max((len(key) for key in table), default=0)
    found: list[tuple[str, int, int]] = []
    index = 0
    while index < len(words):
        for end in range(min(index + longest, len(words)), index, -1):
            value = table.get(tuple(word for word, _, _ in words[index:end]))
            if value is not None:
                found.append((value, words[index][1], words[end - 1][2]))
                index = end
                break
        else:
            index += 1
    return tuple(found)


def name_of(choices: tuple[Choice, ...], value: str) -> str:
    """How a value is said: its own name when that is words, else the first way in which people say it."""
    spoken = next((choice.spoken for choice in choices if choice.value == value), ())
    own = value.replace("_", " ").replace("-", " ")
    wordy = len(own) > 2 and all(letter.isalpha() or letter in " '" for letter in own)
    ways = (own, *spoken) if wordy else (*spoken, own)
    return next((words for words in ways if choice_named(choices, words) == value), value)
