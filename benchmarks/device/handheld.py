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

from device.handheld import Handheld, Setup
from device.parts.gpio import DEBOUNCE_MS, Contact, GpioButton, GpioLight
from device.parts.interfaces import Microphone, Parts, Speaker
from device.parts.screen import LcdScreen, Panel
from wire.link import Identity

BUTTON, RED, GREEN, BLUE, DC = 17, 22, 18, 16, 27


class Bus:
    """`spidev` without a panel: notes when pixels came."""

    def __init__(self) -> None:
        self.max_speed_hz = self.mode = 0
        self.wrote_s = 0.0

    def open(self, bus: int, device: int) -> None: ...

    def close(self) -> None: ...

    def writebytes(self, data: Sequence[int]) -> None:
        if len(data) > 16:
            self.wrote_s = time.monotonic()


class Pins:
    """The outputs of the screen, which go nowhere."""

    LOW, HIGH, OUT, BCM = 0, 1, 0, 11

    def setup(self, pin: int, way: int) -> None: ...

    def output(self, pin: int, level: int) -> None: ...

    def cleanup(self, pins: object = None) -> None: ...


class Watched:
    """A speaker, and when it was last given something to play after silence."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self.wrote_s = 0.0

    async def play(self, pcm: bytes) -> None:
        self.wrote_s = time.monotonic()
        await self._speaker.play(pcm)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._speaker, name)


def tell(**said: Any) -> None:
    print(json.dumps(said), flush=True)


def sound(kind: str) -> tuple[Microphone, Speaker]:
    """Microphone and speaker."""
    if kind == "simulated":
        from device.parts.simulated import WavMicrophone, WavSpeaker

        return WavMicrophone(), WavSpeaker()
    from device.parts.microphone import PyAudioMicrophone
    from device.parts.sound_cards import SoundCards
    from device.parts.speaker import PyAudioSpeaker

    cards = SoundCards()
    microphone, speaker = PyAudioMicrophone(cards), PyAudioSpeaker(cards)
    microphone.prepare()
    speaker.prepare()
    return microphone, speaker


async def live(options: argparse.Namespace, world: Any) -> None:
    """Be a device until told to end."""
    microphone, speaker = sound(options.sound)
    watched, bus = Watched(speaker), Bus()
    parts = Parts(
        button=GpioButton(Contact(BUTTON), world.factory),
        microphone=microphone,
        speaker=watched,
        screen=LcdScreen(Panel(dc_pin=DC, reset_pin=-1, backlight_pin=-1), spi=bus, gpio=Pins(), settle_s=0),
        lights=GpioLight(RED, GREEN, BLUE, world.factory),
    )
    identity = Identity(device=options.device, key=bytes.fromhex(options.key), boot=os.urandom(16).hex())
    handheld = Handheld(Setup(address=options.cloud, identity=identity), parts)
    hand = threading.Thread(target=press, args=(world, bus, watched), daemon=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(handheld.run())
        await handheld.started.wait()
        while not bus.wrote_s:
            await asyncio.sleep(0.001)
        tell(ready=True)
        hand.start()
        loop.run_in_executor(None, hand.join).add_done_callback(lambda _: ended.set())
        await ended.wait()
        running.cancel()


def press(world: Any, bus: Bus, speaker: Watched) -> None:
    """The finger. An edge is told when the contact has been still, so it waits before the chip's alert."""
    world.drive(BUTTON, True)
    for line in sys.stdin:
        if line.strip() == "end":
            return
        down = line.strip() == "down"
        began_s = time.monotonic()
        time.sleep(DEBOUNCE_MS / 1000)
        world.drive(BUTTON, not down)
        if down:
            until_s = began_s + 1.0
            while min(bus.wrote_s, speaker.wrote_s) < began_s and time.monotonic() < until_s:
                time.sleep(0.0005)
            tell(sound_ms=since(began_s, speaker.wrote_s), picture_ms=since(began_s, bus.wrote_s))


def since(began_s: float, at_s: float) -> float | None:
    return round(1000 * (at_s - began_s), 2) if at_s > began_s else None


if __name__ == "__main__":
    from tests.device.contract.pins import LgpioWorld, false_chip

    parser = argparse.ArgumentParser()
    for name in ("--cloud", "--device", "--key", "--sound"):
        parser.add_argument(name, required=True)
    with false_chip() as chip:
        made = LgpioWorld(chip)
        try:
            asyncio.run(live(parser.parse_args(), made))
        finally:
            made.factory.close()
