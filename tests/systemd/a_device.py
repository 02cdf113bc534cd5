"""A whole handheld on simulated parts that systemd watches; SIGUSR1 sends its event loop into a busy loop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from device.handheld import Handheld, Setup
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, RecordedLights, SimulatedButton, WavMicrophone, WavSpeaker
from device.parts.watchdog import systemd_watchdog
from wire.link import Identity


def spin() -> None:
    while True:
        pass


async def main() -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, spin)
    parts = Parts(
        button=SimulatedButton(),
        microphone=WavMicrophone(),
        speaker=WavSpeaker(None),
        screen=PngScreen(None),
        lights=RecordedLights(),
        watchdog=systemd_watchdog(os.environ, os.getpid()),
    )
    identity = Identity(device="watched", key=bytes(32), boot="0" * 32)
    # Nobody listens at port 1: it is a device without a cloud.
    await Handheld(Setup(address="ws://127.0.0.1:1/device", identity=identity), parts).run()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
