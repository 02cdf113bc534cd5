"""The process that is measured: a whole handheld, its pins by rpi-lgpio, its screen by luma.lcd.

Fakes are only below those libraries: a chip without pins, a bus without a panel. Told by lines on its stdin: `down`,
`up`, `end`; tells by JSON lines on its stdout: `{"ready": …}`, and after each press how long sound and picture took.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from device.builds import build_of
from device.handheld import Handheld, Setup
from device.parts.gpio import DEBOUNCE_MS
from device.parts.sound_cards import SoundCards
from device.real import Edges, RealParts, open_parts
from device.thrift import be_thrifty
from tests.device.contract import fake_lgpio
from tests.device.contract.fake_lgpio import Chip
from wire.link import Identity

# What sets a window of the panel is shorter than any pixels.
_WINDOW_BYTES = 16
_ZERO_2_W = "902120"
WHISPLAY = build_of("whisplay", {})
BUTTON = WHISPLAY.button.pin


class First:
    """When something first happened since it was last asked for."""

    def __init__(self) -> None:
        self.at_s = 0.0
        self.happened = threading.Event()

    def ask(self) -> None:
        self.happened.clear()

    def note(self) -> None:
        if not self.happened.is_set():
            self.at_s = time.monotonic()
            self.happened.set()

    def since_ms(self, began_s: float) -> float | None:
        """Milliseconds from then; None if it does not happen within a second."""
        return round(1000 * (self.at_s - began_s), 2) if self.happened.wait(1.0) else None


class Bus:
    """`spidev` without a panel: notes when the first pixels came."""

    def __init__(self, first: First) -> None:
        self.max_speed_hz = self.mode = 0
        self._first = first

    def open(self, bus: int, device: int) -> None: ...

    def close(self) -> None: ...

    def writebytes(self, data: Sequence[int]) -> None:
        if len(data) > _WINDOW_BYTES:
            self._first.note()


class Library:
    """PyAudio, and when a stream was first given a sample that is not silence."""

    def __init__(self, first: First) -> None:
        import pyaudio

        self._real = pyaudio
        self._first = first

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def PyAudio(self) -> Any:  # noqa: N802
        made, first = self._real.PyAudio(), self._first
        really_open = made.open

        def open_watched(**options: Any) -> Any:
            stream = really_open(**options)
            really_write = stream.write

            def write(data: bytes, **more: Any) -> None:
                if any(data):
                    first.note()
                really_write(data, **more)

            stream.write = write
            return stream

        made.open = open_watched
        return made


def tell(**said: Any) -> None:
    print(json.dumps(said), flush=True)


def open_device(kind: str, drawn: First, heard: First) -> RealParts:
    """The Whisplay build on the system's own sound card, without its battery; or with simulated sound."""
    cards = lambda: SoundCards(library=Library(heard))  # noqa: E731
    build = replace(WHISPLAY, microphone="", speaker="", batteries=())
    real = open_parts(build, edges=Edges(cards=cards, spi=Bus(drawn), environ={}))
    if kind == "simulated":
        from benchmarks.device.watched import WatchedSpeaker
        from device.parts.simulated import WavMicrophone

        real.parts.microphone, real.parts.speaker = WavMicrophone(), WatchedSpeaker(heard.note)
    return real


async def live(options: argparse.Namespace, chip: Chip) -> None:
    """Be a device until told to end."""
    drawn, heard = First(), First()
    real = open_device(options.sound, drawn, heard)
    identity = Identity(device=options.device, key=bytes.fromhex(options.key), boot=os.urandom(16).hex())
    handheld = Handheld(Setup(address=options.cloud, identity=identity), real.parts)
    hand = threading.Thread(target=press, args=(chip, drawn, heard), daemon=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(handheld.run())
        await handheld.started.wait()
        await asyncio.to_thread(drawn.happened.wait)
        tell(ready=True)
        hand.start()
        loop.run_in_executor(None, hand.join).add_done_callback(lambda _: ended.set())
        await ended.wait()
        running.cancel()
    real.close()


def press(chip: Chip, drawn: First, heard: First) -> None:
    """The finger. An edge is told when the contact has been still, so it waits before the chip's alert."""
    for line in sys.stdin:
        if line.strip() == "end":
            return
        down = line.strip() == "down"
        drawn.ask()
        heard.ask()
        began_s = time.monotonic()
        time.sleep(DEBOUNCE_MS / 1000)
        chip.drive(BUTTON, int(down))
        if down:
            tell(sound_ms=heard.since_ms(began_s), picture_ms=drawn.since_ms(began_s))


def false_pins() -> Chip:
    """A Pi Zero 2 W's chip without the chip, for the real rpi-lgpio."""
    chip = Chip()
    sys.modules["lgpio"] = fake_lgpio.module(chip)
    os.environ |= {"RPI_LGPIO_REVISION": _ZERO_2_W, "RPI_LGPIO_CHIP": "0"}
    # The HAT pulls the button down.
    chip.drive(BUTTON, 0)
    return chip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("--cloud", "--device", "--key", "--sound"):
        parser.add_argument(name, required=True)
    # As `leveret-device` does.
    be_thrifty()
    asyncio.run(live(parser.parse_args(), false_pins()))
