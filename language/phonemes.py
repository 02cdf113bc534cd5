"""Sounds of English as espeak-ng writes them (`--ipa`), and how far apart two rows of them are.

The weights are measured over transcripts of synthetic voices: vowel for vowel 0.4, consonants of one group 0.35, a
sound too many or too few 0.8, anything else 1. What variants of one sound cost (the t of "water") is chosen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, Protocol

from language.errors import UnknownPhoneme

SoundClass = Literal["vowel", "plosive", "affricate", "fricative", "nasal", "liquid", "glide"]
Phonemes = tuple[str, ...]

VOWEL = 0.4
GROUP = 0.35
VARIANT = 0.1
OTHER = 1.0
INSERTION = 0.8
DELETION = 0.8

_CLASSES: dict[SoundClass, tuple[str, ...]] = {
    "vowel": (
        *("iː", "i", "ɪ", "ᵻ", "e", "ɛ", "æ", "a", "ɐ", "ʌ", "ɑː", "ɑ", "ɒ", "ɔː", "ɔ", "o", "ʊ", "uː", "u"),
        *("ə", "ɚ", "ɜː", "eɪ", "aɪ", "ɔɪ", "oʊ", "əʊ", "aʊ", "ɪə", "eə", "ʊə"),
    ),
    "plosive": ("p", "b", "t", "d", "k", "ɡ", "ɾ", "ʔ"),
    "affricate": ("tʃ", "dʒ"),
    "fricative": ("f", "v", "θ", "ð", "s", "z", "ʃ", "ʒ", "h", "x"),
    "nasal": ("m", "n", "ŋ"),
    "liquid": ("l", "ɹ"),
    "glide": ("w", "j"),
}
_VARIANTS = (("t", "ɾ", "ʔ"), ("d", "ɾ"), ("ə", "ɐ", "ʌ"), ("ɪ", "ᵻ"), ("i", "iː"), ("ə", "ᵻ"), ("ɚ", "ɜː", "ə"))
_SPELLINGS = {"g": "ɡ", "r": "ɹ", "ɫ": "l", "ɝ": "ɜː", "ɜ": "ɜː", "y": "u", "ɨ": "ᵻ", "ʉ": "uː", "ç": "h", "ɬ": "l"}

PHONEMES: Phonemes = tuple(sound for sounds in _CLASSES.values() for sound in sounds)
"""The whole inventory; a sound's index here is its row and column in `substitution_table`."""

INDEX: dict[str, int] = {sound: index for index, sound in enumerate(PHONEMES)}
SOUND_CLASS: dict[str, SoundClass] = {sound: kind for kind, sounds in _CLASSES.items() for sound in sounds}

_PAIRED = frozenset((one, other) for sounds in _VARIANTS for one in sounds for other in sounds if one != other)
_LONGEST = max(len(sound) for sound in PHONEMES)


class Phonemizer(Protocol):
    """Text to sounds: one row of members of `PHONEMES` for each text."""

    def __call__(self, texts: Sequence[str]) -> list[Phonemes]: ...


def split_ipa(ipa: str) -> Phonemes:
    """The sounds of a text in IPA; stress, ties, spaces and unknown signs are dropped."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", ipa) if not unicodedata.combining(sign))
    plain = "".join(sign for sign in plain if sign not in "ˈˌ‿͡")
    sounds: list[str] = []
    index = 0
    while index < len(plain):
        for size in range(_LONGEST, 0, -1):
            piece = plain[index : index + size]
            sound = piece if piece in INDEX else _SPELLINGS.get(piece)
            if sound is not None:
                sounds.append(sound)
                index += size
                break
        else:
            index += 1
    return tuple(sounds)


def substitution_cost(one: str, other: str) -> float:
    """What hearing one sound as the other costs, 0 to 1. Raises UnknownPhoneme outside `PHONEMES`."""
    for sound in (one, other):
        if sound not in INDEX:
            raise UnknownPhoneme(f"{sound!r} is no known sound: split the IPA text with split_ipa first.")
    if one == other:
        return 0.0
    if (one, other) in _PAIRED:
        return VARIANT
    if SOUND_CLASS[one] != SOUND_CLASS[other]:
        return OTHER
    return VOWEL if SOUND_CLASS[one] == "vowel" else GROUP


@lru_cache(maxsize=1)
def substitution_table() -> tuple[tuple[float, ...], ...]:
    """All substitution costs, square and symmetric, in the order of `PHONEMES`."""
    return tuple(tuple(substitution_cost(one, other) for other in PHONEMES) for one in PHONEMES)


def distance(heard: Sequence[str], meant: Sequence[str]) -> float:
    """Weighted edit distance of two rows of sounds (Wagner and Fischer, 1974). Raises UnknownPhoneme."""
    table = substitution_table()
    rows, columns = _indexes(heard), _indexes(meant)
    before = [column * INSERTION for column in range(len(columns) + 1)]
    for row in rows:
        costs = table[row]
        current = [before[0] + DELETION]
        for place, column in enumerate(columns):
            kept = before[place] + costs[column]
            current.append(min(kept, before[place + 1] + DELETION, current[place] + INSERTION))
        before = current
    return before[-1]


def _indexes(sounds: Sequence[str]) -> list[int]:
    try:
        return [INDEX[sound] for sound in sounds]
    except KeyError as error:
        raise UnknownPhoneme(f"{error.args[0]!r} is no known sound: split the IPA text with split_ipa first.") from None


def normalised_distance(heard: Sequence[str], meant: Sequence[str]) -> float:
    """The distance for each sound of the longer row: 0 for the same, at most 1; two empty rows are the same."""
    longest = max(len(heard), len(meant))
    return distance(heard, meant) / longest if longest else 0.0
