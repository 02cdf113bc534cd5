"""A device whose disk takes nothing, really: `unshare -rm python -m tests.device.on_a_bad_disk FOLDER CLOUD`.

Inside its own mounts the folder is a disk of 64 kB: first filled to the last byte, then made read-only. Prints, as
JSON, what the device said of each, and whether a typed turn was committed all the same.
"""

from __future__ import annotations

import asyncio
import errno
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from device.aside import Waiting
from device.config import Key, write_key
from device.cupboard import Cupboard
from device.effects import KeepClocks
from device.errors import DeviceError
from device.handheld import Handheld, Setup
from device.inputs import Typed
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from device.settings import Settings, SettingsFile
from device.unaided import Means
from tests.device.cloud_of_tests import DEVICE, KEY
from tests.device.power_cut import Kept, Shelf
from wire.link import Identity


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def fill(path: Path) -> None:
    """Write until nothing more is taken."""
    try:
        with path.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(512))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def refused(write: Callable[[], None]) -> str:
    """What is said of a write; empty when it was made."""
    try:
        write()
    except (DeviceError, OSError) as error:
        return str(error)
    return ""


async def day(folder: Path, address: str) -> dict[str, object]:
    """What is said of each write, what is still there, and a turn."""
    shelf = Shelf(folder)
    said = {
        "settings": refused(lambda: shelf.settings.write(Settings(volume=5))),
        "key": refused(lambda: write_key(shelf.key, Key("hare", bytes(32)))),
        "ticket": refused(lambda: shelf.ticket.write("second")),
        "request": refused(lambda: shelf.cupboard.keep(Waiting(id="a:1", said_at_ms=1, sound_ms=1), (bytes(999),))),
        "clocks": refused(lambda: shelf.cupboard.keep_clocks(KeepClocks((), ()))),
    }
    return {"said": said, "whole": shelf.read() == Kept(), "committed": await turn(folder, address)}


async def turn(folder: Path, address: str) -> bool:
    """A whole device on that disk: its request arrives."""
    parts = Parts(SimulatedButton(), WavMicrophone(fast=True), WavSpeaker(fast=True), PngScreen())
    identity = Identity(device=DEVICE, key=KEY, boot=random.randbytes(16).hex())
    setup = Setup(
        address=address,
        identity=identity,
        kept=SettingsFile(folder / "settings.json"),
        means=Means(cupboard=Cupboard(folder / "kept")),
    )
    device = Handheld(setup, parts)
    running = asyncio.create_task(device.run())
    try:
        async with asyncio.timeout(40):
            await device.journal.wait("joined")
            device.feed(Typed("what time is it"))
            await device.journal.wait("committed")
        return not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def main(folder: Path, address: str) -> None:
    mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder))
    Shelf(folder).write(Kept())
    fill(folder / "film")
    full = await day(folder, address)
    mount("-o", "remount,ro", str(folder))
    told = {"full": full, "read-only": await day(folder, address)}
    sys.stdout.buffer.write(msgspec.json.encode(told))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
