"""What the sound itself says about the sentences that may have been meant, taken down while it is still at hand.

The result is plain data that goes with the transcript to whoever decides, in another process or after a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from cloud.lam.toolbox import Phrasebook
from cloud.speech.alignment import Candidate
from cloud.speech.correction import PhoneticCorrector
from cloud.speech.phonetics import distance
from cloud.speech.stt import Evidence
from cloud.speech.writing import spellings

Weights = tuple[tuple[str, float], ...]
_KEPT = 12
_RESPELLED = 5
_VERBATIM = 0.03


async def weigh(
    text: str, evidence: Evidence, corrector: PhoneticCorrector, books: Sequence[Phrasebook], now: datetime
) -> Weights:
    """Sentences of the phrasebooks, and the transcript itself, with their log likelihood, best first.

    The books are the Toolbox's own and, when a question is shown, that of its answers. When the first hearing leaves
    a doubt the sound is listened to again at other speeds.
    """
    candidates = await _candidates((text,), corrector, books, now)
    weights = await _weigh(text, candidates, evidence)
    if len(weights) > 1 and distance(weights[1][0], text) > _VERBATIM:
        # Another value may sound like the one that was found, and not like what was heard.
        candidates += await _new(candidates, (weights[1][0],), corrector, books, now)
        weights = await _weigh(text, candidates, evidence)
    if await asyncio.to_thread(_is_sure, text, weights, corrector, books, now):
        return weights
    others = await evidence.again()
    candidates += await _new(candidates, others, corrector, books, now)
    weights = await _weigh(text, candidates, evidence)
    candidates += await _new(candidates, (weights[1][0],), corrector, books, now) if len(weights) > 1 else []
    return await _weigh(text, candidates, evidence)


async def _new(
    known: Sequence[Candidate],
    texts: Sequence[str],
    corrector: PhoneticCorrector,
    books: Sequence[Phrasebook],
    now: datetime,
) -> list[Candidate]:
    words = {candidate.words for candidate in known}
    return [each for each in await _candidates(texts, corrector, books, now) if each.words not in words]


async def _candidates(
    texts: Sequence[str], corrector: PhoneticCorrector, books: Sequence[Phrasebook], now: datetime
) -> list[Candidate]:
    """Aligned beside the event loop: it takes some tens of milliseconds."""
    found = [await asyncio.to_thread(corrector.candidates, texts, book, now) for book in books]
    return [candidate for each in found for candidate in each]


def _is_sure(
    text: str, weights: Weights, corrector: PhoneticCorrector, books: Sequence[Phrasebook], now: datetime
) -> bool:
    return any(corrector.judge(text, weights, book, now).decision == "accept" for book in books)


async def _weigh(text: str, candidates: Sequence[Candidate], evidence: Evidence) -> Weights:
    """All in their usual spelling, then the likeliest in the other ones too: each sentence costs some milliseconds."""
    sentences = list(dict.fromkeys(candidate.words for candidate in candidates))
    free, *weights = await evidence.weigh([text, *(spellings(words)[0] for words in sentences)])
    found = sorted(zip(sentences, weights, strict=True), key=lambda each: -each[1])[:_KEPT]
    others = [(words, spelling) for words, _ in found[:_RESPELLED] for spelling in spellings(words)[1:]]
    best = dict(found)
    for (words, _), weight in zip(others, await evidence.weigh([each for _, each in others]), strict=True):
        best[words] = max(best[words], weight)
    return ((text, free), *sorted(best.items(), key=lambda each: -each[1]))
