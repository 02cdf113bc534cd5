"""Sounds of English as espeak-ng writes them (`--ipa`), and how far apart two rows of them are to an ear that mishears.

Costs are those of a weighted edit distance: vowels by how far apart they are said in the mouth, consonants by place,
manner and voice (after Kondrak, "A New Algorithm for the Alignment of Phonetic Sequences", 2000, made coarser).
"""

from __future__ import annotations

from collections.abc import Sequence

from language.errors import UnknownPhoneme

Row = tuple[float, ...]

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

PHONEMES: tuple[str, ...] = (*_VOWELS, *_CONSONANTS)
"""The whole inventory; a sound's index here is its row and column in `SUBSTITUTE`."""

INDEX: dict[str, int] = {sound: index for index, sound in enumerate(PHONEMES)}

_LONGEST = max(map(len, PHONEMES))
_KIN = {frozenset(pair) for pair in (("stop", "affricate"), ("fricative", "affricate"), ("liquid", "glide"))}
# Sounds that come and go unnoticed.
_FAINT = {"ə": 0.45, "ɐ": 0.45, "ᵻ": 0.45, "h": 0.5, "ʔ": 0.3, "j": 0.55, "ɹ": 0.6, "t": 0.65, "d": 0.65, "l": 0.65}
_DROP = 0.8
_OTHER = 1.1


def split_ipa(ipa: str) -> tuple[int, ...]:
    """Indices of the sounds in a line of IPA; stress, length and what is not in the inventory are left out."""
    found, at = [], 0
    while at < len(ipa):
        for width in range(_LONGEST, 0, -1):
            index = INDEX.get(ipa[at : at + width])
            if index is not None:
                found.append(index)
                at += width
                break
        else:
            at += 1
    return tuple(found)


def _vowel_cost(first: str, second: str) -> float:
    away = sum(abs(one - other) for one, other in zip(_VOWELS[first], _VOWELS[second], strict=True))
    return min(0.6, 0.1 + 0.12 * away / 2)


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
    return _OTHER


SUBSTITUTE: tuple[Row, ...] = tuple(tuple(_substitution(one, other) for other in PHONEMES) for one in PHONEMES)
"""What it costs that the column was heard for the row: 0 to 1.1, square and symmetric."""

DROP: Row = tuple(_FAINT.get(sound, _DROP) for sound in PHONEMES)
"""What it costs that a sound was not heard, or was heard although not said."""


def distance(heard: Sequence[int], meant: Sequence[int]) -> float:
    """Weighted edit distance of two rows of indices (Wagner and Fischer, 1974). Raises UnknownPhoneme."""
    for sound in (*heard, *meant):
        if not 0 <= sound < len(PHONEMES):
            raise UnknownPhoneme(f"{sound} is the index of no sound: split the IPA text with split_ipa first.")
    before = [0.0]
    for sound in meant:
        before.append(before[-1] + DROP[sound])
    for row in heard:
        costs, dropped = SUBSTITUTE[row], DROP[row]
        current = [before[0] + dropped]
        for place, column in enumerate(meant):
            kept = before[place] + costs[column]
            current.append(min(kept, before[place + 1] + dropped, current[place] + DROP[column]))
        before = current
    return before[-1]


def normalised_distance(heard: Sequence[int], meant: Sequence[int]) -> float:
    """The distance for each sound of the longer row: 0 for the same; two empty rows are the same."""
    longest = max(len(heard), len(meant))
    return distance(heard, meant) / longest if longest else 0.0
