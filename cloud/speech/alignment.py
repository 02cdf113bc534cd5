"""What was heard against all that can be said: the likeliest sentences, by their sounds.

First every way through every phrase is aligned with its slots as blanks; then the best of them with their values.
Rows hold, for each number of sounds heard, the least cost so far: the edit-distance recursion of Wagner and Fischer
(1974) over sets of alternatives. From rows of both directions the cost of the best sentence through any one fragment
follows, and from those the next best sentences.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import product

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from cloud.speech.network import FAR, Costs, Element, Lexicon, Network, Open, Part, Places, Way
from cloud.speech.phonetics import DROP, sounds, word_sounds
from language.entities import Value, read

# What each sound in a blank, and in an open slot, is taken to cost: about as much as a value that is heard middling.
_BLANK = np.float32(0.14)
_OPEN = np.float32(0.2)
_JOINT_COST = np.float32(0.6)
_WAYS_KEPT = 10
_CHAINS_KEPT = 4
_FRAGMENTS_KEPT = 6
_LONGEST = 110  # sounds; some ten seconds
_WORST = np.float32(3.5)  # candidates that cost so much more than the best are not looked at


class Intended(Struct, frozen=True, kw_only=True):
    """One intent of a candidate. Costs are sums over its sounds; `fixed_cost` that of the words of the template."""

    tool: str
    values: dict[str, Value]
    words: str
    fixed_cost: float
    fixed_sounds: int
    is_open: bool
    last_slot: str = ""  # the open slot that ends it


class Candidate(Struct, frozen=True, kw_only=True):
    """A sentence that may have been meant. `cost` is its weighted edit distance to what was heard, not normalised."""

    intents: tuple[Intended, ...]
    words: str
    cost: float
    sounds: int

    @property
    def distance(self) -> float:
        """The cost for each sound of the longer of the two."""
        return self.cost / max(1, self.sounds)

    @property
    def key(self) -> tuple[tuple[str, tuple[tuple[str, Value], ...]], ...]:
        """What tells one meaning from another."""
        return tuple((intent.tool, tuple(sorted(intent.values.items()))) for intent in self.intents)


class _Heard:
    """An utterance: its sounds, and distances that were computed for it."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self.starts: list[int] = []
        numbers: list[int] = []
        for said in word_sounds(self.words):
            self.starts.append(len(numbers))
            numbers.extend(said)
        self.numbers = np.array(numbers, np.intp)
        self.length = len(numbers)
        self.drop = np.concatenate([[0], np.cumsum(DROP[self.numbers])]).astype(np.float32)
        self._distances: dict[int, Costs] = {}
        self._best: dict[int, Costs] = {}

    def distances(self, lexicon: Lexicon) -> Costs:
        if id(lexicon) not in self._distances:
            self._distances[id(lexicon)] = lexicon.distances(self.numbers)
        return self._distances[id(lexicon)]

    def fragments(self, part: Part) -> Costs:
        """(fragments, T+1, T+1)"""
        return self.distances(part.lexicon)[part.groups]

    def best(self, part: Part) -> Costs:
        """(T+1, T+1): the least over the fragments."""
        if id(part) not in self._best:
            self._best[id(part)] = self.fragments(part).min(axis=0)
        return self._best[id(part)]

    def blank(self, cost: np.float32) -> Costs:
        size = np.arange(self.length + 1)
        span = size[np.newaxis] - size[:, np.newaxis]
        return np.where(span >= 2, span * cost, FAR).astype(np.float32)

    def words_between(self, start: int, end: int) -> str:
        """The words most of whose sounds lie between two positions."""
        ends = [*self.starts[1:], self.length]
        return " ".join(
            word
            for word, first, last in zip(self.words, self.starts, ends, strict=True)
            if (first + last) / 2 > start and (first + last) / 2 < end
        )


def _after(row: Costs, spans: Costs) -> Costs:
    found: Costs = (row[:, np.newaxis] + spans).min(axis=0)
    return found


def _before(row: Costs, spans: Costs) -> Costs:
    found: Costs = (spans + row[np.newaxis, :]).min(axis=1)
    return found


class _Draft(Struct, frozen=True, eq=False):
    """Fragments picked along a flat chain: what each adds to the cost of the best, its words, its own cost."""

    way: Way
    chain: tuple[Part | Open, ...]
    picked: tuple[tuple[float, str, float], ...]
    cost: float

    @property
    def words(self) -> str:
        return " ".join(text for _, text, _ in self.picked if text)


class Aligner:
    """One utterance held against one network."""

    def __init__(self, network: Network, words: Sequence[str]) -> None:
        self._network = network
        self._heard = _Heard(words)
        self._start = self._edge(0)
        self._end = self._edge(self._heard.length)
        self._blank = self._heard.blank(_BLANK)
        self._open = self._heard.blank(_OPEN)

    def candidates(self, most: int) -> list[Candidate]:
        """The likeliest sentences, best first; each meaning in at most a few wordings."""
        if not self._heard.length or not self._network.ways:
            return []
        opening = _after(self._start, self._heard.best(self._network.before))
        closing = _before(self._end, self._heard.best(self._network.after))
        single = self._sentences(opening, closing, most)
        found = single + self._pairs(opening, closing, most, single[0].cost if single else float(FAR))
        found.sort(key=lambda candidate: candidate.cost)
        kept: dict[str, Candidate] = {}
        for candidate in found:
            kept.setdefault(candidate.words, candidate)
        return list(kept.values())[:most]

    def _edge(self, at: int) -> Costs:
        row = np.full(self._heard.length + 1, FAR, np.float32)
        row[at] = 0
        return row

    def _sentences(self, opening: Costs, closing: Costs, most: int) -> list[Candidate]:
        """One intent between two rows."""
        rough = [(self._roughly(way, opening, closing), at) for at, way in enumerate(self._network.ways)]
        best = heapq.nsmallest(_WAYS_KEPT, rough)
        drafts: list[_Draft] = []
        for cost, at in best:
            if cost <= best[0][0] + _WORST:
                way = self._network.ways[at]
                for chain in self._flat(way, opening, closing):
                    drafts.extend(self._variants(way, chain, opening, closing, most))
        drafts.sort(key=lambda draft: draft.cost)
        return self._read(drafts, most)

    def _read(self, drafts: Sequence[_Draft], most: int) -> list[Candidate]:
        """The best drafts whose words mean something. Reading values costs more than finding their words."""
        found: dict[str, Candidate] = {}
        for draft in drafts:
            if len(found) == most or draft.cost > drafts[0].cost + _WORST:
                break
            candidate = None if draft.words in found else self._candidate(draft)
            if candidate is not None:
                found[draft.words] = candidate
        return list(found.values())

    def _roughly(self, way: Way, opening: Costs, closing: Costs) -> float:
        row = opening
        for element in way.elements:
            row = _after(row, self._rough_spans(element))
        return float((row + closing).min())

    def _rough_spans(self, element: Element) -> Costs:
        match element:
            case Part():
                return self._heard.best(element)
            case Open():
                return self._open
            case _:
                return self._blank

    def _pairs(self, opening: Costs, closing: Costs, most: int, single: float) -> list[Candidate]:
        """Two intents joined by "and" or "then", when that explains more than one does."""
        joint = self._heard.best(self._network.joint) + _JOINT_COST
        firsts = [(self._rough_row(way, opening), at) for at, way in enumerate(self._network.ways)]
        seconds = [(self._rough_row(way, closing, backward=True), at) for at, way in enumerate(self._network.ways)]
        reached = np.min([row for row, _ in firsts], axis=0)
        needed = np.min([row for row, _ in seconds], axis=0)
        through = reached[:, np.newaxis] + joint + needed[np.newaxis, :]
        if float(through.min()) > single + 0.5:
            return []
        start, end = np.unravel_index(int(through.argmin()), through.shape)
        heads = self._sentences(opening, self._edge(int(start)), 4)[:6]
        tails = self._sentences(self._edge(int(end)), closing, 4)[:6]
        joined = float(joint[start, end])
        word = self._network.joint.lexicon.texts[self._chosen(self._network.joint, int(start), int(end))]
        return [
            Candidate(
                intents=head.intents + tail.intents,
                words=f"{head.words} {word} {tail.words}",
                cost=head.cost + tail.cost + joined,
                sounds=max(self._heard.length, head.sounds + tail.sounds),
            )
            for head, tail in product(heads, tails)
        ]

    def _rough_row(self, way: Way, row: Costs, *, backward: bool = False) -> Costs:
        for element in reversed(way.elements) if backward else way.elements:
            row = (_before if backward else _after)(row, self._rough_spans(element))
        return row

    def _chosen(self, part: Part, start: int, end: int) -> int:
        return int(part.groups[int(self._heard.fragments(part)[:, start, end].argmin())])

    def _flat(self, way: Way, opening: Costs, closing: Costs) -> list[tuple[Part | Open, ...]]:
        """Sequences of parts: the product of the few best chains of each slot."""
        left, right = [opening], [closing]
        for element in way.elements:
            left.append(self._through(element, left[-1]))
        for element in reversed(way.elements):
            right.append(self._through(element, right[-1], backward=True))
        right.reverse()
        options: list[list[tuple[Part | Open, ...]]] = []
        for at, element in enumerate(way.elements):
            if not isinstance(element, Places):
                options.append([(element,)])
                continue
            costs = [
                (float((self._along(chain, left[at]) + right[at + 1]).min()), n)
                for n, chain in enumerate(element.chains)
            ]
            options.append([element.chains[n] for _, n in heapq.nsmallest(_CHAINS_KEPT, costs)])
        return [tuple(part for group in groups for part in group) for groups in product(*options)]

    def _through(self, element: Element, row: Costs, *, backward: bool = False) -> Costs:
        step = _before if backward else _after
        if not isinstance(element, Places):
            return step(row, self._rough_spans(element))
        found = [self._along(chain, row, backward=backward) for chain in element.chains]
        return np.asarray(np.min(found, axis=0), np.float32)

    def _along(self, chain: Sequence[Part], row: Costs, *, backward: bool = False) -> Costs:
        for part in reversed(chain) if backward else chain:
            row = (_before if backward else _after)(row, self._heard.best(part))
        return row

    def _variants(
        self, way: Way, chain: tuple[Part | Open, ...], opening: Costs, closing: Costs, most: int
    ) -> list[_Draft]:
        """The best choices of fragments along a flat chain. Changes in several places are taken to add up."""
        left, right = [opening], [closing]
        for part in chain:
            left.append(_after(left[-1], self._rough_spans(part)))
        for part in reversed(chain):
            right.append(_before(right[-1], self._rough_spans(part)))
        right.reverse()
        least = float((left[0] + right[0]).min())
        choices = [self._choices(part, left[at], right[at + 1], least) for at, part in enumerate(chain)]
        return [_Draft(way, chain, picked, least + extra) for extra, picked in _cheapest(choices, most)]

    def _choices(self, part: Part | Open, left: Costs, right: Costs, least: float) -> list[tuple[float, str, float]]:
        """The cheapest fragments for one place: what they cost more than the best, their words, their own cost."""
        around = left[:, np.newaxis] + right[np.newaxis, :]
        if isinstance(part, Open):
            start, end = np.unravel_index(int((around + self._open).argmin()), around.shape)
            return [(0.0, self._heard.words_between(int(start), int(end)), 0.0)]
        spans = self._heard.fragments(part)
        total = (spans + around).reshape(len(spans), -1)
        where = total.argmin(axis=1)
        costs = total[np.arange(len(spans)), where]
        own = spans.reshape(len(spans), -1)[np.arange(len(spans)), where]
        kept = np.argsort(costs, kind="stable")[: _FRAGMENTS_KEPT if part.slot else 3]
        texts = part.lexicon.texts
        return [
            (max(0.0, float(costs[at]) - least), texts[int(part.groups[at])], float(own[at]))
            for at in kept
            if costs[at] <= least + _WORST
        ]

    def _candidate(self, draft: _Draft) -> Candidate | None:
        spoken: dict[str, list[str]] = {}
        fixed_cost = 0.0
        for part, (_, text, own) in zip(draft.chain, draft.picked, strict=True):
            if part.slot:
                spoken.setdefault(part.slot, []).append(text)
            else:
                fixed_cost += own
        values: dict[str, Value] = {}
        slots = self._network.slots[draft.way.phrase.tool]
        for name, texts in spoken.items():
            value = read(slots[name], " ".join(filter(None, texts)), self._network.now)
            if value is None:
                return None
            values[name] = value
        last = draft.chain[-1]
        intent = Intended(
            tool=draft.way.phrase.tool,
            values=values,
            words=draft.words,
            fixed_cost=fixed_cost,
            fixed_sounds=draft.way.fixed,
            is_open=draft.way.is_open,
            last_slot=last.slot if isinstance(last, Open) else "",
        )
        length = max(self._heard.length, len(sounds(draft.words)))
        return Candidate(intents=(intent,), words=draft.words, cost=draft.cost, sounds=length)


def _cheapest(
    choices: Sequence[Sequence[tuple[float, str, float]]], most: int
) -> list[tuple[float, tuple[tuple[float, str, float], ...]]]:
    """Combinations in the order of their summed extra cost, the best `most` of them."""
    if not all(choices):
        return []
    first = (0,) * len(choices)
    queue = [(sum(options[0][0] for options in choices), first)]
    seen = {first}
    found: list[tuple[float, tuple[tuple[float, str, float], ...]]] = []
    while queue and len(found) < most:
        extra, at = heapq.heappop(queue)
        if extra > _WORST:
            break
        found.append((extra, tuple(options[n] for options, n in zip(choices, at, strict=True))))
        for place, options in enumerate(choices):
            n = at[place] + 1
            following = (*at[:place], n, *at[place + 1 :])
            if n < len(options) and following not in seen:
                seen.add(following)
                heapq.heappush(queue, (extra + options[n][0] - options[n - 1][0], following))
    return found


def align(network: Network, words: Sequence[str], most: int = 16) -> list[Candidate]:
    """The likeliest of all that can be said, best first. What is very long can only be dictated."""
    head = _beginning(words)
    found = Aligner(network, words[:head]).candidates(most)
    if head == len(words):
        return found
    rest = " ".join(words[head:])
    return [_continued(candidate, rest) for candidate in found if candidate.intents[-1].last_slot]


def _beginning(words: Sequence[str]) -> int:
    """How many words are aligned. The arrays grow with the square of the sounds."""
    total = 0
    for at, said in enumerate(word_sounds(words)):
        total += len(said)
        if total > _LONGEST:
            return at
    return len(words)


def _continued(candidate: Candidate, rest: str) -> Candidate:
    """The open slot at the end takes all that follows."""
    last = candidate.intents[-1]
    values = last.values | {last.last_slot: f"{last.values[last.last_slot]} {rest}"}
    longer = replace(last, values=values, words=f"{last.words} {rest}")
    return replace(candidate, intents=(*candidate.intents[:-1], longer), words=f"{candidate.words} {rest}")
