"""Words to an element: every element of a snapshot scored against what a person calls it.

Words weigh by how rare they are on the page (inverse document frequency, Spärck Jones 1972), so that in a row of equal
buttons it is the rest of the phrase that decides.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from browser.fingerprint import Box
from browser.phrases import Phrase, take_apart
from browser.snapshot import Element, Snapshot
from language.similarity import levenshtein_ratio, stem, stems_of
from language.synonyms import same_meaning

NEAR_PX = 220.0
ALIKE = 0.8
SYNONYM = 0.85
AROUND = 0.55
HINT = 0.7
MOST_ANCHORS = 8
FEW = 1e-6
_WRITTEN = frozenset({"label", "legend", "caption"})


class Candidate(msgspec.Struct, frozen=True):
    """An element that might be meant, 0..1."""

    element: Element
    score: float


class Grounded(msgspec.Struct, frozen=True):
    """The candidates, best first."""

    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate | None:
        """The likeliest, if there is any."""
        return self.candidates[0] if self.candidates else None

    @property
    def margin(self) -> float:
        """How far the second is behind the first."""
        if len(self.candidates) < 2:
            return self.candidates[0].score if self.candidates else 0.0
        return self.candidates[0].score - self.candidates[1].score


def ground(snapshot: Snapshot, phrase: str, *, most: int = 5, acted: bool = True) -> Grounded:
    """The elements that `phrase` may mean; with `acted`, those that take clicks or keys before all others."""
    page = _Page(snapshot)
    plain = take_apart(phrase, split=False)
    readings = [plain, take_apart(phrase)]
    best: dict[str, Candidate] = {}
    for reading in readings if readings[1] != plain else readings[:1]:
        for candidate in _score_all(page, reading, acted):
            known = best.get(candidate.element.ref)
            if known is None or candidate.score > known.score:
                best[candidate.element.ref] = candidate
    ranked = sorted(best.values(), key=lambda candidate: -candidate.score)
    return Grounded(tuple(ranked[:most]))


class _Page:
    """A snapshot with the words of its elements counted."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.own = [
            _stems(element.name, element.label, element.text, *element.options) for element in snapshot.elements
        ]
        self.hints = [_stems(element.hint, element.type, element.value) for element in snapshot.elements]
        self.subtree = [set(words) for words in self.own]
        for index in range(len(snapshot.elements) - 1, -1, -1):
            parent = snapshot.elements[index].parent
            if parent >= 0:
                self.subtree[parent] |= self.subtree[index]
        self.frequency = Counter(word for words in self.own for word in words)
        self.size = len(snapshot.elements)

    def weight(self, word: str) -> float:
        return math.log((1 + self.size) / (1 + self.frequency[word])) + 1

    def around(self, index: int) -> Iterable[tuple[float, set[str]]]:
        """The words of ever wider surroundings, and how much they count."""
        credit = AROUND
        parent = self.snapshot.elements[index].parent
        while parent >= 0 and credit > 0.1:
            yield credit, self.subtree[parent]
            credit *= 0.8
            parent = self.snapshot.elements[parent].parent


def _stems(*texts: str) -> set[str]:
    return {word for text in texts if text for word in stems_of(text)}


def _match(word: str, words: set[str]) -> float:
    """How well one word of the phrase stands among an element's words."""
    if word in words:
        return 1.0
    return max((_alike(word, other) for other in words), default=0.0)


@lru_cache(maxsize=20_000)
def _alike(word: str, other: str) -> float:
    """The credit of two different words: for the same meaning, or nearly the same letters."""
    if same_meaning(word, other):
        return SYNONYM
    if min(len(word), len(other)) <= 3 or abs(len(word) - len(other)) > (1 - ALIKE) * max(len(word), len(other)):
        return 0.0
    ratio = levenshtein_ratio(word, other)
    return ratio * ALIKE if ratio >= ALIKE else 0.0


def _score_all(page: _Page, phrase: Phrase, acted: bool) -> list[Candidate]:
    elements = page.snapshot.elements
    boxes = _anchor_boxes(page, phrase)
    wanted = {stem(word) for word in phrase.words}
    scored = []
    for index, element in enumerate(elements):
        score = _words_score(page, index, wanted, " ".join(phrase.words))
        if not wanted:
            score = 1.0 if element.role in phrase.roles else 0.0
        score *= _role_factor(element, phrase, acted)
        if phrase.relation and score > 0:
            score *= 0.25 + 0.75 * _relation_score(page, index, phrase.relation, boxes)
        if score > FEW:
            scored.append(Candidate(element, min(score, 1.0)))
    if phrase.ordinal is not None:
        scored = _pick_ordinal(scored, phrase.ordinal)
    return scored


def _words_score(page: _Page, index: int, wanted: set[str], said: str) -> float:
    if not wanted:
        return 0.0
    element = page.snapshot.elements[index]
    total = sum(page.weight(word) for word in wanted)
    own = page.own[index]
    found = 0.0
    for word in wanted:
        credit = _match(word, own)
        if credit < HINT:
            credit = max(credit, HINT * _match(word, page.hints[index]))
        if credit == 0:
            credit = next((far for far, words in page.around(index) if word in words), 0.0)
        found += credit * page.weight(word)
    cover = found / total
    if cover < FEW:
        return 0.0
    # "Order" is meant by "order" more than "Order history" is.
    spare = sum(1 for word in own if not any(word == want for want in wanted)) if not element.options else 0
    whole = max(levenshtein_ratio(said.lower(), text.lower()) for text in (element.name, element.label, element.text))
    return cover * (0.85 + 0.1 / (1 + spare) + 0.05 * whole)


def _role_factor(element: Element, phrase: Phrase, acted: bool) -> float:
    factor = 1.0
    if phrase.roles:
        factor *= 1.0 if element.role in phrase.roles else 0.45
    elif acted and not element.acted:
        factor *= 0.6
    if element.tag in _WRITTEN:
        factor *= 0.5
    if "disabled" in element.state:
        factor *= 0.8
    return factor


def _anchor_boxes(page: _Page, phrase: Phrase) -> list[tuple[float, int]]:
    """Where the anchor may be: score and index, the likeliest first."""
    if not phrase.anchor:
        return []
    inner = take_apart(phrase.anchor, split=False)
    wanted = {stem(word) for word in inner.words}
    scored = []
    for index, element in enumerate(page.snapshot.elements):
        if not page.own[index] or not wanted:
            continue
        cover = sum(_match(word, page.own[index]) * page.weight(word) for word in wanted)
        score = cover / sum(page.weight(word) for word in wanted) * (0.8 + 0.2 / (1 + len(page.own[index] - wanted)))
        if score > 0.3 and (not inner.roles or element.role in inner.roles):
            scored.append((score, index))
    scored.sort(reverse=True)
    return scored[:MOST_ANCHORS]


def _relation_score(page: _Page, index: int, relation: str, anchors: list[tuple[float, int]]) -> float:
    elements = page.snapshot.elements
    best = 0.0
    for sure, at in anchors:
        if at == index:
            continue
        together = _together(page.snapshot, index, at)
        if relation == "inside":
            placed = together
        else:
            placed = _placed(relation, elements[index].box, elements[at].box) * (0.6 + 0.4 * together)
        best = max(best, sure * placed)
    return best


def _together(snapshot: Snapshot, index: int, other: int) -> float:
    """1 when one holds the other, less the further up their common ancestor is."""
    ups = _line(snapshot, index)
    others = _line(snapshot, other)
    shared = next((step for step, at in enumerate(ups) if at in others), None)
    if shared is None:
        return 0.0
    return 0.75 ** max(shared - 1, 0)


def _line(snapshot: Snapshot, index: int) -> list[int]:
    line = [index]
    while snapshot.elements[line[-1]].parent >= 0:
        line.append(snapshot.elements[line[-1]].parent)
    return [*line, -1]


def _placed(relation: str, box: Box, anchor: Box) -> float:
    """1 when the box stands as said, close by; 0 when it stands otherwise."""
    x, y, width, height = box
    ax, ay, awidth, aheight = anchor
    gap_x = max(ax - (x + width), x - (ax + awidth), 0.0)
    gap_y = max(ay - (y + height), y - (ay + aheight), 0.0)
    near = math.exp(-math.hypot(gap_x, gap_y) / NEAR_PX)
    same_column = math.exp(-gap_x / 60)
    same_row = math.exp(-gap_y / 30)
    middle_x, middle_y = x + width / 2, y + height / 2
    fits = {
        "below": (middle_y > ay + aheight / 2) * same_column,
        "above": (middle_y < ay + aheight / 2) * same_column,
        "left": (middle_x < ax + awidth / 2) * same_row,
        "right": (middle_x > ax + awidth / 2) * same_row,
        "beside": same_row,
        "near": 1.0,
    }
    return near * fits[relation]


def _pick_ordinal(scored: list[Candidate], ordinal: int) -> list[Candidate]:
    """Of those that fit about as well as the best, the n-th in reading order comes first."""
    if not scored:
        return scored
    top = max(candidate.score for candidate in scored)
    peers = [candidate for candidate in scored if candidate.score >= top * 0.95]
    if not -len(peers) <= ordinal < len(peers):
        return scored
    chosen = peers[ordinal]
    rest = [Candidate(candidate.element, candidate.score * 0.5) for candidate in scored if candidate is not chosen]
    return [chosen, *rest]
