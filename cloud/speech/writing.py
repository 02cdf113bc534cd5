"""How a speech engine would write down a sentence that is given in spoken words.

Engines write "15 minutes" or "fifteen minutes", "7:10 p.m." or "seven ten pm" as they please. A sentence is weighed
in each of a few usual spellings, and the likeliest counts.
"""

from __future__ import annotations

from functools import lru_cache

from language.clock import match_clock
from language.days import MONTHS, WEEKDAYS
from language.numbers import match_number, match_ordinal
from language.tokens import Tokens, tokenize, word_at

_ASKING = ("what", "how", "when", "where", "which", "who", "is", "are", "do", "does", "can", "could", "will")
_CLOCK_WORDS = ("past", "to", "half", "quarter", "noon", "midnight", "midday", "o'clock")
_NAMES = frozenset(["i", *(name.lower() for name in (*WEEKDAYS, *MONTHS))])


@lru_cache(maxsize=4096)
def spellings(words: str) -> tuple[str, ...]:
    """One or two ways to write the sentence, with capital and full stop: numbers in digits, and in words."""
    tokens = tokenize(words)
    plain = [_half(token.text, "pm") for token in tokens]
    return tuple(dict.fromkeys(_sentence(each) for each in (_in_digits(tokens), plain)))


def _in_digits(tokens: Tokens) -> list[str]:
    written: list[str] = []
    at = 0
    while at < len(tokens):
        text, after = _figure(tokens, at)
        written.append(_half(text, "p.m."))
        at = after
    return written


def _figure(tokens: Tokens, at: int) -> tuple[str, int]:
    clock = match_clock(tokens, at)
    if clock is not None and clock[0].hour is not None and clock[0].minute:
        end = clock[1] - (word_at(tokens, clock[1] - 1) in ("am", "pm"))
        if not any(token.text in _CLOCK_WORDS for token in tokens[at:end]):
            return f"{(clock[0].hour - 1) % 12 + 1}:{clock[0].minute:02}", end
    ordinal = match_ordinal(tokens, at)
    if ordinal is not None and ordinal[0] > 3:
        return f"{ordinal[0]}{_ending(ordinal[0])}", ordinal[1]
    number = match_number(tokens, at)
    if number is not None and tokens[at].text not in ("a", "half", "one") and isinstance(number[0], int):
        return str(number[0]), number[1]
    return tokens[at].text, at + 1


def _ending(value: int) -> str:
    return "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


def _half(word: str, form: str) -> str:
    return form.replace("p", word[0], 1) if word in ("am", "pm") else word


def _sentence(words: list[str]) -> str:
    text = " ".join(word.capitalize() if word in _NAMES and word != "may" else word for word in words)
    text = text.replace(" ,", ",").replace(" i'", " I'")
    mark = "?" if words and words[0] in _ASKING else "."
    return text[:1].upper() + text[1:].rstrip(".") + mark
