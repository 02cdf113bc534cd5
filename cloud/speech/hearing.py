"""What the sound itself says about the sentences that may have been meant, taken down while it is still at hand.

The result is plain data that goes with the transcript to whoever decides, in another process or after a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cloud.lam.perception import Heard
from cloud.lam.toolbox import Phrasebook
from cloud.speech.alignment import Candidate
from cloud.speech.phonetics import distance
from cloud.speech.stt import Evidence
from cloud.speech.writing import spellings

Weights = tuple[tuple[str, float], ...]


class Asked(Protocol):
    """What is asked of a corrector: sentences that may have been meant, and whether it is sure of one."""

    def candidates(self, texts: Sequence[str], book: Phrasebook, now: datetime) -> list[Candidate]: ...

    def judge(self, text: str, alternatives: Sequence[tuple[str, float]], book: Phrasebook, now: datetime) -> Heard: ...


_KEPT = 12
_RESPELLED = 5
_VERBATIM = 0.03
_NEAREST = 8


async def weigh(text: str, evidence: Evidence, corrector: Asked, books: Sequence[Phrasebook], now: datetime) -> Weights:
    """Sentences of the phrasebooks, and the transcript itself, with their log likelihood, best first.

    The books are the Toolbox's own and, when a question is shown, that of its answers. When the first hearing leaves
    a doubt the sound is listened to again at other speeds.
    """
    candidates = _Candidates(corrector, books, now)
    # A quick engine need not be idle while the candidates of the first hearing are looked for.
    ahead = asyncio.ensure_future(evidence.again()) if evidence.is_quick else None
    try:
        await candidates.add((text,))
        if len(books) == 1 and candidates.words and distance(candidates.words[0], text) <= _VERBATIM:
            # What was heard nearly word for word has its rivals among the nearest.
            weights = await _weigh(text, candidates.words[:_NEAREST], evidence)
            if await asyncio.to_thread(_is_sure, text, weights, corrector, books, now):
                return weights
        weights = await _held_against(text, candidates, evidence)
        if await asyncio.to_thread(_is_sure, text, weights, corrector, books, now):
            return weights
        others, wider = await (ahead or evidence.again())
        await candidates.add(others)
        return await _held_against(text, candidates, wider)
    finally:
        if ahead is not None:
            ahead.cancel()


async def _held_against(text: str, candidates: _Candidates, evidence: Evidence) -> Weights:
    """The weights of all candidates, and of those that sound like the best of them."""
    weights = await _weigh(text, candidates.words, evidence)
    # Another value may sound like the one that was found, and not like what was heard.
    if len(weights) > 1 and await candidates.add((weights[1][0],)):
        weights = await _weigh(text, candidates.words, evidence)
    return weights


class _Candidates:
    """Sentences of the books that sound like any of the texts that were held against them."""

    def __init__(self, corrector: Asked, books: Sequence[Phrasebook], now: datetime) -> None:
        self.words: list[str] = []
        self._corrector = corrector
        self._books = books
        self._now = now
        self._seen: list[str] = []

    async def add(self, texts: Sequence[str]) -> bool:
        """Whether there are new ones. Aligned beside the event loop: it takes some tens of milliseconds."""
        new = [text for text in texts if all(distance(text, seen) > _VERBATIM for seen in self._seen)]
        self._seen.extend(new)
        before = len(self.words)
        for book in self._books if new else ():
            found = await asyncio.to_thread(self._corrector.candidates, new, book, self._now)
            self.words.extend(each.words for each in found if each.words not in self.words)
        return len(self.words) > before


def _is_sure(text: str, weights: Weights, corrector: Asked, books: Sequence[Phrasebook], now: datetime) -> bool:
    return any(corrector.judge(text, weights, book, now).decision == "accept" for book in books)


async def _weigh(text: str, sentences: Sequence[str], evidence: Evidence) -> Weights:
    """All in their usual spelling, then the likeliest in the other ones too: each sentence costs some milliseconds."""
    free, *weights = await evidence.weigh([text, *(spellings(words)[0] for words in sentences)])
    found = sorted(zip(sentences, weights, strict=True), key=lambda each: -each[1])[:_KEPT]
    others = [(words, spelling) for words, _ in found[:_RESPELLED] for spelling in spellings(words)[1:]]
    best = dict(found)
    for (words, _), weight in zip(others, await evidence.weigh([each for _, each in others]), strict=True):
        best[words] = max(best[words], weight)
    return ((text, free), *sorted(best.items(), key=lambda each: -each[1]))
