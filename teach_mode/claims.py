"""Whether an element of a changed page still says what one was taught to say. Pure.

An element is found by what it is; a condition holds by what it says. "Cart 0" may become "Basket (0)" and never
"Basket (2)", "Your order is placed" never "Your order is not placed".
"""

from __future__ import annotations

import re

from browser.fingerprint import Fingerprint
from browser.traits import take_apart
from browser.wording import SAME_MEANING, stems, words_alike
from language.similarity import stem, words_of
from language.synonyms import same_meaning

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# Words that turn what is said into its contrary: a text with one of them claims something else than one without.
_AGAINST = frozenset(
    ("not", "t", "no", "never", "none", "nothing", "without", "cannot", "unable", "out", "sold", "unavailable")
    + ("invalid", "wrong", "almost", "yet", "still", "pending", "wait", "error", "fail", "miss", "expir")
    + ("declin", "deni", "refus", "reject", "cancel", "cancell")
)


def says_still(taught: Fingerprint, seen: Fingerprint, *, strictly: bool, numbers: bool = True) -> bool:
    """Whether `seen` claims what `taught` did; without words of its own there is nothing to claim.

    `strictly` asks for a partner of like meaning for every word; `numbers` that they are the same ones.
    """
    mine, theirs = take_apart(taught).first, take_apart(seen).first
    if not any(_has_letters(text) for text in mine):
        return not strictly and (not numbers or not mine or bool(set(mine) & set(theirs)))
    return any(same_claim(one, other, strictly=strictly, numbers=numbers) for one in mine for other in theirs)


def same_claim(taught: str, said: str, *, strictly: bool = False, numbers: bool = True) -> bool:
    """Whether two texts mean the same, with the same numbers in them, and neither denies what the other says."""
    if numbers and _NUMBER.findall(taught) != _NUMBER.findall(said):
        return False
    if _against(taught) != _against(said) or words_alike(taught, said) < SAME_MEANING:
        return False
    mine, theirs = _telling(taught), _telling(said)
    return not strictly or same_meaning(taught, said) or (_covered(mine, theirs) and _covered(theirs, mine))


def _has_letters(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


def denies(text: str) -> bool:
    """Whether a text says that something is not so, or went wrong."""
    return bool(_against(text))


def _against(text: str) -> frozenset[str]:
    words = words_of(text)
    return frozenset(word for word in (*words, *map(stem, words)) if word in _AGAINST)


def _telling(text: str) -> list[str]:
    kept = stems(text)
    return [word for word in words_of(text) if stem(word) in kept]


def _covered(words: list[str], others: list[str]) -> bool:
    """Whether each word has its like among the others."""
    return all(any(same_meaning(word, other) for other in others) for word in words)
