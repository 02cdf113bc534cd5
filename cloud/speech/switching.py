"""An engine that another can take the place of. What was begun with one ends with it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable

from cloud.speech.stt import AheadHeard, PartialHeard, SpeechStream, SpeechToText
from cloud.speech.tts import TextToSpeech


def trouble_of(engine: SpeechToText | TextToSpeech) -> str:
    """What is wrong with an engine, for the owner; "" when it does what it is there for."""
    return str(getattr(engine, "trouble", ""))


class SwitchingSpeech:
    """Speech to text by whichever engine is in use when an utterance begins."""

    def __init__(self, engine: SpeechToText) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def trouble(self) -> str:
        return trouble_of(self._engine)

    async def ready(self) -> None:
        await self._engine.ready()

    def open(
        self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None
    ) -> SpeechStream:
        return self._engine.open(turn, on_partial, on_ahead)

    async def close(self) -> None:
        await self._engine.close()

    def switch(self, engine: SpeechToText) -> None:
        """From the next utterance on. The other engine goes when the last utterance that it hears has ended."""
        self._engine = engine


class SwitchingVoice:
    """A voice by whichever engine is in use when a text is begun."""

    def __init__(self, engine: TextToSpeech) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def trouble(self) -> str:
        return trouble_of(self._engine)

    def speak(self, text: str) -> AsyncGenerator[bytes, None]:
        return self._engine.speak(text)

    async def prepare(self, texts: Iterable[str]) -> None:
        await self._engine.prepare(texts)

    async def close(self) -> None:
        await self._engine.close()

    def switch(self, engine: TextToSpeech) -> None:
        """From the next text on. The other engine goes when the last text that it says has ended."""
        self._engine = engine
