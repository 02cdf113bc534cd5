"""One turn as it is heard: sound and picture come in while the button is held, an utterance comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog
from msgspec import Struct

from cloud import pictures
from cloud.errors import PictureTorn, TurnRefused
from cloud.speech.errors import SoundTooLong, SpeechError
from cloud.speech.stt import Evidence, SpeechStream, SpeechToText, Transcript, nothing_heard
from wire.errors import PacketBroken
from wire.events import Audio, Packet, Picture
from wire.messages import TurnEnd, TurnStart, TurnText
from wire.opus import OpusDecoder
from wire.outcomes import OUTCOMES, Outcome
from wire.parts import OPUS

Weights = tuple[tuple[str, float], ...]
log = structlog.get_logger()
NO_EARS = "My ears do not work. Try in a minute, or type it in the portal."


class Heard(Struct, frozen=True, kw_only=True):
    """What a turn said and showed. `picture_problem` is for the person: why a picture that was taken is not there."""

    text: str
    engine: str
    spoken: bool
    ask: str = ""
    picture: bytes | None = None
    picture_problem: str = ""
    note: bool = False  # what was said is a note, whatever it says
    said_at: float = 0.0  # UTC seconds, 0: nobody knows
    again: str = ""  # the boot and turn in which it was said, when it was said before: "0123456789abcdef:7"
    evidence: Evidence | None = None  # the sound itself, which can still be asked about other sentences


class Weigh(Protocol):
    """Holds what was heard against what can be said, while the sound is still at hand."""

    async def __call__(self, heard: Heard) -> Weights: ...


class Ear:
    """Collects one turn. `finish` waits for the last word; `abort` lets it all go.

    When the speaker falls silent, what was heard is weighed already: the button is likely to come up soon.
    """

    def __init__(
        self, start: TurnStart, stt: SpeechToText, weigh: Weigh, name: str, on_partial: Callable[[str], None]
    ) -> None:
        self.start = start
        self._weigh = weigh
        self._ahead: tuple[Evidence, asyncio.Task[Weights]] | None = None
        self._stream: SpeechStream | None = None
        if start.mode == "voice":
            self._stream = stt.open(name, on_partial, self._look_ahead)
        self._opus = OpusDecoder() if start.format == OPUS else None
        self._typed = ""
        self._picture: Picture | None = None
        self._refusal: TurnRefused | None = None

    def take(self, audio: Audio | Packet) -> None:
        """Sound, in order. What cannot be taken makes the turn end with a reason; it is never silently dropped."""
        if self._stream is None or self._refusal is not None:
            return
        try:
            self._stream.feed(audio.pcm if isinstance(audio, Audio) else self._decoded(audio))
        except SoundTooLong:
            self._refuse(Outcome.TOO_LONG)
        except (SpeechError, PacketBroken) as error:
            log.warning("sound_refused", turn=self.start.turn, reason=str(error))
            self._refuse(Outcome.BAD_AUDIO)

    def type(self, text: TurnText) -> None:
        """Typed words."""
        self._typed = text.text.strip()

    def see(self, picture: Picture) -> None:
        """The picture; whether it is whole is looked at when the turn ends."""
        self._picture = picture

    async def finish(self, end: TurnEnd) -> Heard:
        """The utterance. Raises TurnRefused with what the person is told when there is none."""
        if end.truncated:
            self._refuse(Outcome.TOO_LONG)
        if self._refusal is not None:
            self.abort()
            raise self._refusal
        text, engine = self._typed, "typed"
        evidence: Evidence | None = None
        if self._stream is not None:
            transcript = await self._transcribe(self._stream)
            if transcript.reason or not transcript.text:
                raise TurnRefused(Outcome.HEARD_NOTHING.value, nothing_heard(transcript))
            text, engine, evidence = transcript.text, transcript.engine, transcript.evidence
        if not text:
            raise TurnRefused(Outcome.HEARD_NOTHING.value, "There was nothing in what you typed.")
        picture, problem = await self._look()
        return Heard(
            text=text,
            engine=engine,
            spoken=self._stream is not None,
            ask=self.start.ask,
            note=self.start.note,
            said_at=self.start.said_at_ms / 1000,
            again=self.start.again,
            picture=picture,
            picture_problem=problem,
            evidence=evidence,
        )

    async def weigh(self, heard: Heard) -> Weights:
        """How the sound weighs what may have been meant: as was found ahead of the button, when that was the last."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return await _weighed(self._weigh, heard)
        if ahead[0] is heard.evidence:
            return await ahead[1]
        ahead[1].cancel()
        return await _weighed(self._weigh, heard)

    def abort(self) -> None:
        """Nothing of this turn counts. Harmless twice."""
        self._look_ahead(None)
        if self._stream is not None:
            self._stream.abort()

    def _look_ahead(self, transcript: Transcript | None) -> None:
        if self._ahead is not None:
            self._ahead[1].cancel()
            self._ahead = None
        if transcript is None or transcript.evidence is None:
            return
        heard = Heard(
            text=transcript.text,
            engine=transcript.engine,
            spoken=True,
            ask=self.start.ask,
            evidence=transcript.evidence,
        )
        weighing = asyncio.get_running_loop().create_task(_weighed(self._weigh, heard), name="weighing ahead")
        self._ahead = (transcript.evidence, weighing)

    async def _look(self) -> tuple[bytes | None, str]:
        """The picture, or what the person hears of one that is torn or never came. Decoded beside the event loop."""
        if self._picture is None:
            if not self.start.picture:
                return None, ""
            reason = "it was announced and did not come"
        else:
            try:
                await asyncio.to_thread(pictures.check, self._picture.jpeg, intact=self._picture.intact)
                return self._picture.jpeg, ""
            except PictureTorn as error:
                reason = str(error)
        log.warning("picture_refused", turn=self.start.turn, reason=reason)
        return None, OUTCOMES[Outcome.BAD_PICTURE].sentence

    async def _transcribe(self, stream: SpeechStream) -> Transcript:
        try:
            return await stream.finish()
        except SpeechError as error:
            log.warning("speech_not_heard", turn=self.start.turn, reason=str(error))
            raise TurnRefused(Outcome.UNAVAILABLE.value, NO_EARS) from error

    def _decoded(self, packet: Packet) -> bytes:
        if self._opus is None:
            raise PacketBroken(f"an Opus packet in turn {packet.turn}, which is {self.start.format}")
        return self._opus.decode(packet.packet, packet.samples)

    def _refuse(self, outcome: Outcome) -> None:
        self._refusal = TurnRefused(outcome.value, OUTCOMES[outcome].sentence)


async def _weighed(weigh: Weigh, heard: Heard) -> Weights:
    """Speech that cannot be weighed is judged by its words."""
    try:
        return await weigh(heard)
    except SpeechError as error:
        log.warning("weighing_failed", reason=str(error))
        return ()
