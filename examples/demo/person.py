"""A person with a simulated device in hand: talks into it, looks at it, presses its button."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import wave
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from cloud.speech.sound import SAMPLE_RATE_HZ
from cloud.speech.tts import EspeakVoice, TextToSpeech
from device.handheld import Handheld, Setup
from device.inputs import Typed
from device.parts.interfaces import Parts
from device.parts.simulated import FileCamera, PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from device.settings import Settings
from wire.link import Identity
from wire.messages import Ask
from wire.parts import AskChoice

HOLD_S = 0.3
# People let go of the button a moment after the last word.
AFTER_S = 0.3


class Person:
    """Drives a `Handheld` by its button and microphone alone."""

    def __init__(self, handheld: Handheld, button: SimulatedButton, microphone: WavMicrophone, folder: Path) -> None:
        self.handheld = handheld
        self._button = button
        self._microphone = microphone
        self._folder = folder
        self._voice: TextToSpeech = EspeakVoice()
        self._spoken = 0

    async def record(self, text: str) -> Path:
        """The sentence as a WAV, spoken by espeak-ng."""
        self._spoken += 1
        path = self._folder / f"said-{self._spoken}.wav"
        pcm = b"".join([piece async for piece in self._voice.speak(text)])
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE_HZ)
            file.writeframes(pcm)
        return path

    async def say(self, text: str) -> None:
        """Holds the button and says it."""
        await self.play(await self.record(text))

    async def play(self, path: Path | None, *, hold_s: float = HOLD_S) -> None:
        """Holds the button while a recording is played into the microphone (None: silence), at least `hold_s`."""
        position = self.handheld.journal.position
        self._microphone.speak(path)
        self._button.down()
        await asyncio.sleep(hold_s)
        if path is not None:
            # A device that has heard enough stops listening before all is said.
            said = asyncio.ensure_future(self._microphone.said.wait())
            released = asyncio.ensure_future(self.handheld.journal.wait("released", position))
            await asyncio.wait({said, released}, return_when=asyncio.FIRST_COMPLETED)
            said.cancel()
            released.cancel()
            await asyncio.sleep(AFTER_S)
        self._button.up()

    def type(self, text: str) -> None:
        """Types it on the device."""
        self.handheld.feed(Typed(text))

    async def click(self, times: int = 1) -> None:
        """Presses the button shortly, so many times."""
        await self._button.click(times)

    async def question(self, position: int) -> tuple[Ask, int]:
        """Waits for the next question that can be answered; the question, and where the journal then stood."""
        journal = self.handheld.journal
        while True:
            entry = await journal.wait("answerable", position)
            position = journal.position
            shown = next((one.ask for one in self.handheld.state.asks if one.ask.ask == entry.data["ask"]), None)
            if shown is not None:
                return shown, position

    async def close(self) -> None:
        """Gives the voice back."""
        await self._voice.close()


@contextlib.asynccontextmanager
async def person(
    url: str, key_file: tuple[str, str], out: Path, *, see: Path | None = None, fast: bool = False
) -> AsyncIterator[Person]:
    """A person with a device that is connected. `key_file`: the device's id and its key in hex.

    Under `out`: reply.wav (all that was heard), screens/ (all that was seen), said-N.wav, device.jsonl (the journal).
    """
    await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    button, microphone = SimulatedButton(), WavMicrophone(fast=fast)
    parts = Parts(
        button=button,
        microphone=microphone,
        speaker=WavSpeaker(out / "reply.wav", fast=fast),
        screen=PngScreen(out / "screens"),
        camera=FileCamera(see) if see is not None else None,
    )
    identity = Identity(device=key_file[0], key=bytes.fromhex(key_file[1]), boot=os.urandom(16).hex())
    handheld = Handheld(Setup(address=url, identity=identity, settings=Settings(camera=see is not None)), parts)
    made = Person(handheld, button, microphone, out)
    running = asyncio.create_task(handheld.run(), name="handheld")
    try:
        await _first(handheld.journal.wait("joined"), running)
        yield made
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        handheld.journal.write(out / "device.jsonl")
        await made.close()


async def _first(waited: object, running: asyncio.Task[None]) -> None:
    """Waits for the device to be in; a device that fails instead raises."""
    joined = asyncio.ensure_future(waited)  # type: ignore[call-overload]
    done, _ = await asyncio.wait({joined, running}, return_when=asyncio.FIRST_COMPLETED, timeout=30)
    if running in done:
        joined.cancel()
        await running
    if joined not in done:
        joined.cancel()
        raise TimeoutError("the device did not reach the cloud within 30 s; see cloud.log")


def choice_in(sentence: str, choices: Sequence[AskChoice]) -> str | None:
    """The words of the choice that stands in the sentence, in words or as its value; None when none or two do."""
    said = _words(sentence)
    scored = sorted(((_stands(choice, said), choice.label) for choice in choices), reverse=True)
    if not scored or scored[0][0] == 0 or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    return scored[0][1]


def _stands(choice: AskChoice, said: list[str]) -> float:
    return max(_share(_words(choice.label), said), _share(_words(choice.value), said))


def _share(words: list[str], said: list[str]) -> float:
    return sum(word in said for word in words) / len(words) if words else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())
