"""How alike two short texts are: labels on a page, names of tools, what a person calls them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set

from msgspec import Struct

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_VOWELS = frozenset("aeiouy")
_SIZES = (2, 3, 4)


class Hit(Struct, frozen=True):
    """A document's place in the index, and how alike it is: above 0, at most 1."""

    index: int
    score: float


def words_of(text: str) -> tuple[str, ...]:
    """Words in lower case without accents; "placeOrder" and "place_order" are two words."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return tuple(word.lower() for word in _WORD.findall(_HUMP.sub(" ", bare)))


def stem(word: str) -> str:
    """A lower-case word without its plural, -ing or -ed: "orders", "ordering" and "ordered" are all "order"."""
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and not _VOWELS.isdisjoint(root):
            doubled = root[-1] == root[-2] and root[-1] not in "lsz"
            return root[:-1] if doubled else root.removesuffix("e")
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ie", "y"):
        if word.endswith(ending) and len(word) > 3:
            return word.removesuffix(ending) + "i"
    return word.removesuffix("e") if len(word) > 3 else word


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of the words of a text, in order."""
    return tuple(stem(word) for word in words_of(text))


def levenshtein(one: Sequence[str], other: Sequence[str]) -> int:
    """Edits from one sequence to the other."""
    before = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        current = [row]
        for place, right in enumerate(other):
            current.append(min(before[place] + (left != right), before[place + 1] + 1, current[place] + 1))
        before = current
    return before[-1]


def levenshtein_ratio(one: Sequence[str], other: Sequence[str]) -> float:
    """1 for the same, 0 for nothing in common."""
    longest = max(len(one), len(other))
    return 1.0 - levenshtein(one, other) / longest if longest else 1.0


def jaccard(one: Set[str], other: Set[str]) -> float:
    """The share of what either has that both have; 1 for two empty sets."""
    union = len(one | other)
    return len(one & other) / union if union else 1.0


def label_similarity(one: str, other: str) -> float:
    """How likely two labels name the same thing, 0 to 1: the better of shared stems and of spelling."""
    left, right = stems_of(one), stems_of(other)
    if not left or not right:
        return 1.0 if one.strip() == other.strip() else 0.0
    return max(jaccard(set(left), set(right)), levenshtein_ratio(" ".join(left), " ".join(right)))


def _grams(text: str) -> Counter[str]:
    """Pieces of two to four letters of each word, the edges marked."""
    padded = [f" {word} " for word in stems_of(text)]
    return Counter(word[at : at + size] for word in padded for size in _SIZES for at in range(len(word) - size + 1))


class NgramIndex:
    """Search by TF-IDF over character n-grams, cosine scored (Salton and Buckley, 1988): misspelt words still count."""

    def __init__(self, documents: Iterable[str]) -> None:
        counts = [_grams(document) for document in documents]
        self._size = len(counts)
        frequency = Counter(gram for grams in counts for gram in grams)
        self._weights = {gram: math.log((1 + self._size) / (1 + many)) + 1.0 for gram, many in frequency.items()}
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, grams in enumerate(counts):
            for gram, weight in self._vector(grams).items():
                self._postings[gram].append((index, weight))

    def __len__(self) -> int:
        return self._size

    def _vector(self, grams: Counter[str]) -> dict[str, float]:
        """Unit vector of the grams; those that no document has weigh as much as the rarest, so that they still tell."""
        rarest = math.log(1 + self._size) + 1.0
        weights = {gram: (1 + math.log(many)) * self._weights.get(gram, rarest) for gram, many in grams.items()}
        length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
        return {gram: weight / length for gram, weight in weights.items()}

    def search(self, text: str, k: int = 5) -> list[Hit]:
        """The `k` documents most like the text, best first; equal ones in their own order."""
        scores: dict[int, float] = defaultdict(float)
        for gram, weight in self._vector(_grams(text)).items():
            for index, other in self._postings.get(gram, ()):
                scores[index] += weight * other
        best = sorted(scores.items(), key=lambda each: (-each[1], each[0]))[: max(k, 0)]
        return [Hit(index, min(score, 1.0)) for index, score in best]
