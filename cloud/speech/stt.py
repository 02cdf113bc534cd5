"""Speech to text: the protocol, and what was heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from msgspec import Struct

# A turn is at most 60 s; one more for what was on its way when the device stopped.
LONGEST_SECONDS = 61
NOTHING_HEARD = {
    "noise": "I heard only noise. Hold the button and speak a little closer.",
    "silence": "I heard nothing. Hold the button while you speak.",
}

PartialHeard = Callable[[str], None]


class Evidence(Protocol):
    """The sound behind a transcript, which can still be asked about other sentences.

    `is_quick` when listening again takes less than looking for other sentences does: then it may be done for nothing.
    """

    @property
    def is_quick(self) -> bool: ...

    async def weigh(self, sentences: Sequence[str]) -> list[float]:
        """Natural-log likelihood of each sentence, written as the engine would write it."""
        ...

    async def again(self) -> tuple[tuple[str, ...], Evidence]:
        """Listen again, a little faster and slower: other transcripts, and the evidence of all hearings together."""
        ...


class Transcript(Struct, frozen=True, kw_only=True):
    """What was heard. `reason` says why `text` is empty. `evidence` is None for typed words and long dictation."""

    text: str
    engine: str
    seconds: float = 0.0
    reason: Literal["", "silence", "noise"] = ""
    log_likelihood: float = 0.0
    evidence: Evidence | None = None


AheadHeard = Callable[[Transcript | None], None]


def typed(text: str) -> Transcript:
    """Typed words go the same road as spoken ones."""
    return Transcript(text=text.strip(), engine="typed", reason="" if text.strip() else "silence")


def nothing_heard(transcript: Transcript) -> str:
    """The sentence for a transcript with a reason."""
    return NOTHING_HEARD["noise" if transcript.reason == "noise" else "silence"]


class SpeechStream(Protocol):
    """One utterance while the button is held. Not fed any more after `finish` or `abort`."""

    def feed(self, pcm: bytes) -> None:
        """Take in 16-bit mono PCM at 16 kHz; returns at once. Raises SoundTooLong, StreamClosed."""
        ...

    async def finish(self) -> Transcript:
        """The button is up: what was said."""
        ...

    def abort(self) -> None:
        """Nobody wants it any more. Harmless twice."""
        ...


class SpeechToText(Protocol):
    """An engine."""

    @property
    def name(self) -> str:
        """Which engine this is, for events and people."""
        ...

    async def ready(self) -> None:
        """Load what is loaded late, so that the first utterance does not wait."""
        ...

    def open(
        self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None
    ) -> SpeechStream:
        """Begin an utterance; both are called in the event loop.

        `on_partial` gets the text so far; `on_ahead` what will have been said if the button comes up now, and None
        when that has become stale.
        """
        ...

    async def close(self) -> None:
        """Give back threads and models. Harmless twice."""
        ...
