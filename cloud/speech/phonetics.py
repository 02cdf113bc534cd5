"""Words as sounds, and how alike two sounds are to an ear that mishears.

Costs are those of a weighted edit distance: vowels by how far apart they are said in the mouth, consonants by place,
manner and voice (after Kondrak, "A New Algorithm for the Alignment of Phonetic Sequences", 2000, made coarser).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cloud.speech.espeak import espeak

Sounds = NDArray[np.int16]
Costs = NDArray[np.float32]

# Vowels: height (0 open to 3 close) and backness (0 front to 2 back), where they begin and where they end.
_VOWELS: dict[str, tuple[float, float, float, float]] = {
    "i": (3, 0, 3, 0), "ɪ": (2.5, 0.4, 2.5, 0.4), "e": (2, 0, 2, 0), "ɛ": (1.5, 0.2, 1.5, 0.2),
    "æ": (0.7, 0.3, 0.7, 0.3), "a": (0.2, 0.7, 0.2, 0.7), "ɑ": (0, 1.6, 0, 1.6), "ɒ": (0.2, 1.9, 0.2, 1.9),
    "ɔ": (1.2, 1.9, 1.2, 1.9),
    "o": (1.8, 2, 1.8, 2), "ʊ": (2.5, 1.6, 2.5, 1.6), "u": (3, 2, 3, 2), "ʌ": (1, 1.3, 1, 1.3), "ə": (1.5, 1, 1.5, 1),
    "ɐ": (0.9, 1, 0.9, 1), "ᵻ": (2.3, 0.7, 2.3, 0.7), "ɚ": (1.5, 1.1, 1.5, 1.1), "ɜ": (1.5, 1.1, 1.5, 1.1),
    "aɪ": (0.2, 0.7, 2.5, 0.3), "aʊ": (0.2, 0.8, 2.5, 1.6), "eɪ": (2, 0, 2.7, 0.2), "oʊ": (1.8, 1.8, 2.6, 1.8),
    "ɔɪ": (1.2, 1.9, 2.6, 0.4), "əʊ": (1.5, 1, 2.6, 1.7),
}  # fmt: skip
# Consonants: manner, place (0 lips to 7 throat), voice.
_CONSONANTS: dict[str, tuple[str, float, int]] = {
    "p": ("stop", 0, 0), "b": ("stop", 0, 1), "t": ("stop", 3, 0), "d": ("stop", 3, 1), "k": ("stop", 6, 0),
    "ɡ": ("stop", 6, 1), "g": ("stop", 6, 1), "ʔ": ("stop", 7, 0), "ɾ": ("stop", 3, 1),
    "m": ("nasal", 0, 1), "n": ("nasal", 3, 1), "ŋ": ("nasal", 6, 1),
    "f": ("fricative", 1, 0), "v": ("fricative", 1, 1), "θ": ("fricative", 2, 0), "ð": ("fricative", 2, 1),
    "s": ("fricative", 3, 0), "z": ("fricative", 3, 1), "ʃ": ("fricative", 4, 0), "ʒ": ("fricative", 4, 1),
    "h": ("fricative", 7, 0), "x": ("fricative", 6, 0), "tʃ": ("affricate", 4, 0), "dʒ": ("affricate", 4, 1),
    "l": ("liquid", 3, 1), "ɹ": ("liquid", 4, 1), "r": ("liquid", 4, 1), "ɬ": ("fricative", 3, 0),
    "j": ("glide", 5, 1), "w": ("glide", 0, 1),
}  # fmt: skip

NAMES = (*_VOWELS, *_CONSONANTS)
_NUMBER = {name: at for at, name in enumerate(NAMES)}
_LONGEST = max(map(len, NAMES))
_KIN = {frozenset(pair) for pair in (("stop", "affricate"), ("fricative", "affricate"), ("liquid", "glide"))}
# Sounds that come and go unnoticed.
_FAINT = {"ə": 0.45, "ɐ": 0.45, "ᵻ": 0.45, "h": 0.5, "ʔ": 0.3, "j": 0.55, "ɹ": 0.6, "t": 0.65, "d": 0.65, "l": 0.65}
_DROP = 0.8


def split_ipa(ipa: str) -> list[int]:
    """Numbers of the sounds in a line of IPA; stress, length and what is not in the inventory are left out."""
    found, at = [], 0
    while at < len(ipa):
        for width in range(_LONGEST, 0, -1):
            number = _NUMBER.get(ipa[at : at + width])
            if number is not None:
                found.append(number)
                at += width
                break
        else:
            at += 1
    return found


@lru_cache(maxsize=50_000)
def sounds(text: str) -> tuple[int, ...]:
    """The sounds of a text as espeak-ng would say it."""
    return tuple(split_ipa(espeak().phonemes(text)))


def word_sounds(words: Sequence[str]) -> list[tuple[int, ...]]:
    """The sounds of each word as it is said among the others; alone where espeak-ng runs words together."""
    said = espeak().phonemes(" ".join(words)).split()
    if len(said) == len(words):
        return [tuple(split_ipa(each)) for each in said]
    return [sounds(word) for word in words]


def _vowel_cost(first: str, second: str) -> float:
    away = np.abs(np.subtract(_VOWELS[first], _VOWELS[second]))
    return float(min(0.6, 0.1 + 0.12 * away.sum() / 2))


def _consonant_cost(first: str, second: str) -> float:
    (manner, place, voice), (other_manner, other_place, other_voice) = _CONSONANTS[first], _CONSONANTS[second]
    cost = 0.1 + 0.06 * min(abs(place - other_place), 4) + 0.12 * (voice != other_voice)
    if manner != other_manner:
        cost += 0.2 if frozenset((manner, other_manner)) in _KIN else 0.4
    return min(cost, 0.9)


def _substitution(first: str, second: str) -> float:
    if first == second:
        return 0.0
    if first in _VOWELS and second in _VOWELS:
        return _vowel_cost(first, second)
    if first in _CONSONANTS and second in _CONSONANTS:
        return _consonant_cost(first, second)
    if {first, second} & {"ɚ", "ɜ"} and {first, second} & {"ɹ", "r"}:
        return 0.4
    if {first, second} in ({"j", "i"}, {"w", "u"}, {"l", "o"}, {"l", "ʊ"}):
        return 0.5
    return 1.1


SUBSTITUTE: Costs = np.array([[_substitution(one, other) for other in NAMES] for one in NAMES], np.float32)
"""What it costs that the column was heard for the row."""

DROP: Costs = np.array([_FAINT.get(name, _DROP) for name in NAMES], np.float32)
"""What it costs that a sound was not heard, or was heard although not said."""


def distance(words: str, other: str) -> float:
    """How far apart two texts sound: the weighted edit distance for each sound of the longer one."""
    first, second = sounds(words), sounds(other)
    row = np.concatenate([[0], np.cumsum(DROP[list(second)])]) if second else np.zeros(1)
    offsets = row.copy()
    for sound in first:
        swapped = row[:-1] + SUBSTITUTE[sound][list(second)] if second else row[:0]
        row = row + DROP[sound]
        row[1:] = np.minimum(row[1:], swapped)
        row = np.minimum.accumulate(row - offsets) + offsets
    return float(row[-1]) / max(1, len(first), len(second))
