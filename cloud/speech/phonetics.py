"""Words as sounds, by espeak-ng, and the costs of `language/phonemes.py` as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cloud.speech.espeak import espeak
from language import phonemes
from language.phonemes import split_ipa

Sounds = NDArray[np.int16]
Costs = NDArray[np.float32]

SUBSTITUTE: Costs = np.array(phonemes.SUBSTITUTE, np.float32)
DROP: Costs = np.array(phonemes.DROP, np.float32)


@lru_cache(maxsize=50_000)
def sounds(text: str) -> tuple[int, ...]:
    """The sounds of a text as espeak-ng would say it."""
    return split_ipa(espeak().phonemes(text))


def word_sounds(words: Sequence[str]) -> list[tuple[int, ...]]:
    """The sounds of each word as it is said among the others; alone where espeak-ng runs words together."""
    said = espeak().phonemes(" ".join(words)).split()
    if len(said) == len(words):
        return [split_ipa(each) for each in said]
    return [sounds(word) for word in words]


def distance(words: str, other: str) -> float:
    """How far apart two texts sound: the weighted edit distance for each sound of the longer one."""
    return phonemes.normalised_distance(sounds(words), sounds(other))
