"""A request within words that are taken as heard: "every weekday at eight, …". Only the request is held against what
can be said; each sentence that comes of it has those words again, so that the sound can be asked about the whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from cloud.lam.perception import Heard
from cloud.lam.toolbox import Phrasebook
from cloud.speech.alignment import Candidate
from cloud.speech.correction import PhoneticCorrector, judge_weighed
from language.recurrences.framing import Frame, frame_of


def framed(text: str, corrector: PhoneticCorrector, now: datetime) -> Framed | None:
    """The corrector for a transcript with a recurrence; None for any other."""
    frame = frame_of(text, now)
    return None if frame is None else Framed(frame, corrector)


class Framed:
    """What `cloud.speech.hearing` asks of a corrector, about the request within the frame."""

    def __init__(self, frame: Frame, corrector: PhoneticCorrector) -> None:
        self._frame = frame
        self._corrector = corrector

    def candidates(self, texts: Sequence[str], book: Phrasebook, now: datetime) -> list[Candidate]:
        """Whole sentences; of a transcript without the frame none."""
        inner = [found for text in texts if (found := self._frame.inner(text))]
        return [
            replace(found, words=self._frame.around(found.words))
            for found in self._corrector.candidates(inner, book, now)
        ]

    def judge(self, text: str, alternatives: Sequence[tuple[str, float]], book: Phrasebook, now: datetime) -> Heard:
        """As the corrector judges the requests alone."""
        within = self._frame.weights(text, alternatives)
        return judge_weighed(
            self._frame.inner(text), within, lambda words: self._corrector.understood(words, book, now)
        )
