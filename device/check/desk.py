"""A device on a desk to try the checks on: simulated parts in one room, and somebody who does what the checks ask."""

from __future__ import annotations

import asyncio
import random
import time
from array import array
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageDraw

from device.check.seen import Answer
from device.errors import MicrophoneError
from device.parts.simulated import (
    CHUNK_BYTES,
    CHUNK_MS,
    FixedBattery,
    PngScreen,
    RecordedLights,
    SimulatedButton,
    SimulatedMute,
    SimulatedWheel,
    WavSpeaker,
)
from device.pictures import small_of
from wire import limits

_NOISE: Final = 60
_WAY_MS: Final = 40
_BYTES_MS: Final = limits.SAMPLE_RATE_HZ * limits.SAMPLE_BYTES // 1000
_HOLD_S: Final = 0.8


class Room:
    """What the speaker plays is heard by the microphone `way_ms` later, among a little noise. `deaf`: it is not."""

    def __init__(self, *, way_ms: int = _WAY_MS, deaf: bool = False) -> None:
        self.way_ms = way_ms
        self.deaf = deaf
        self._sounds: list[tuple[float, bytes]] = []

    def sound(self, pcm: bytes) -> None:
        """It is played now."""
        self._sounds.append((time.monotonic(), pcm))

    def heard(self, began_s: float) -> bytes:
        """A chunk of what is in the air since then."""
        dice = random.Random(int(began_s * 1000))
        samples = array("h", (dice.randint(-_NOISE, _NOISE) for _ in range(CHUNK_BYTES // 2)))
        for played_s, pcm in self._sounds if not self.deaf else ():
            at = round(1000 * (began_s - played_s) - self.way_ms) * _BYTES_MS
            piece = pcm[max(0, at) : max(0, at + CHUNK_BYTES)]
            first = max(0, -at) // 2
            for index, sample in enumerate(array("h", piece)):
                samples[first + index] = max(-32_768, min(32_767, samples[first + index] + sample // 2))
        return samples.tobytes()


class RoomSpeaker(WavSpeaker):
    """Plays into the room."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room

    async def play(self, pcm: bytes) -> None:
        self._room.sound(pcm)
        await super().play(pcm)


class RoomMicrophone:
    """Hears the room, in real time."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._due_s = -1.0

    async def open(self) -> None:
        self._due_s = time.monotonic()

    async def read(self) -> bytes:
        if self._due_s < 0:
            raise MicrophoneError("The microphone is closed.")
        began_s = self._due_s
        self._due_s += CHUNK_MS / 1000
        await asyncio.sleep(max(0.0, self._due_s - time.monotonic()))
        return self._room.heard(began_s)

    async def close(self) -> None:
        self._due_s = -1.0


class DrawnCamera:
    """Sees a picture of letters."""

    async def picture(self) -> bytes:
        image = Image.new("RGB", (640, 480), (180, 176, 170))
        pen = ImageDraw.Draw(image)
        for row in range(0, 480, 24):
            pen.text((20, row), "what the camera sees " * 6, fill=(20, 20, 30), font_size=18)
        out = BytesIO()
        image.save(out, "JPEG")
        return out.getvalue()

    async def preview(self) -> Image.Image:
        return small_of(await self.picture())

    def close(self) -> None:
        """Nothing is held."""


class Desk:
    """Simulated parts, and a person who does what is asked and says yes. `willing` False: nobody touches anything."""

    there = True

    def __init__(
        self, *, room: Room | None = None, willing: bool = True, say: Callable[[str], None] | None = None
    ) -> None:
        self.room = room or Room()
        self.button, self.wheel, self.mute = SimulatedButton(), SimulatedWheel(), SimulatedMute()
        self.screen = PngScreen()
        self._willing = willing
        self._say = say
        self._doing: set[asyncio.Task[None]] = set()

    def make(self) -> Mapping[str, Callable[[], Any]]:
        """How each part is opened."""
        return {
            "button": lambda: self.button,
            "wheel": lambda: self.wheel,
            "light": RecordedLights,
            "mute": lambda: self.mute,
            "speaker": lambda: RoomSpeaker(self.room),
            "microphone": lambda: RoomMicrophone(self.room),
            "screen": lambda: self.screen,
            "camera": DrawnCamera,
            "eye": RecordedLights,
            "battery": lambda: FixedBattery(80),
        }

    def tell(self, words: str) -> None:
        if self._say is not None:
            self._say(words)
        does: dict[str, Callable[[], Any]] = {
            "Press the button": self._click,
            "Now hold it": self._hold,
            "Turn the wheel to the right": lambda: self.wheel.turn(2),
            "Now turn it to the left": lambda: self.wheel.turn(-2),
            "Push it": self.wheel.push,
            "Slide the mute": self._slide,
            "Say:": self._speak,
        }
        for start, do in does.items():
            if self._willing and words.startswith(start):
                self._soon(do)

    def level(self, bars: int) -> None:
        """They do not look."""

    async def ask(self, question: str) -> Answer:
        return True

    def _soon(self, do: Callable[[], Any]) -> None:
        async def doing() -> None:
            await asyncio.sleep(0)
            done = do()
            if asyncio.iscoroutine(done):
                await done

        task = asyncio.get_running_loop().create_task(doing())
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def _click(self) -> None:
        await self.button.click()

    async def _hold(self) -> None:
        self.button.down()
        await asyncio.sleep(_HOLD_S)
        self.button.up()

    def _slide(self) -> None:
        self.mute.slide(True)
        self.mute.slide(False)

    def _speak(self) -> None:
        dice = random.Random(3)
        self.room.sound(array("h", (dice.randint(-9_000, 9_000) for _ in range(16_000))).tobytes())
