"""A second opinion on a lost element, from the configured model. It re-orders; healing's own rules decide."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from browser.fingerprint import Fingerprint
from cloud.models.errors import ModelsError
from cloud.models.interfaces import RankingModel

log = structlog.get_logger(__name__)
MOST_CHARS = 80


class ModelRanker:
    """A `teach_mode.interfaces.Ranker` over a model. One that fails has no opinion: the order stays as it was."""

    def __init__(self, model: RankingModel) -> None:
        self._model = model

    async def rank(self, sought: Fingerprint, candidates: Sequence[Fingerprint]) -> Sequence[int]:
        """Indices into `candidates`, best first; empty when the model sees none, all as they were when it fails."""
        try:
            return await self._model.rank(in_words(sought), [in_words(one) for one in candidates])
        except ModelsError as error:
            log.warning("ranker_failed", code=error.code, reason=str(error))
            return tuple(range(len(candidates)))


def in_words(seen: Fingerprint) -> str:
    """What an element is, on one line, with nothing that was typed into it."""
    words = dict.fromkeys(text for text in (seen.name, seen.label, seen.text) if text)
    said = " / ".join(text[:MOST_CHARS] for text in words)
    hints = [f"{key}={seen.attributes[key][:MOST_CHARS]}" for key in ("type", "href", "name") if key in seen.attributes]
    near = "; ".join(text[:MOST_CHARS] for text in seen.neighbours[:3])
    parts = [f"{seen.role or seen.tag} {said!r}", *hints, *([f"near {near!r}"] if near else [])]
    return " ".join(" ".join(parts).split())
