"""Power that goes while a device keeps what it keeps: settings, key, ticket, requests that wait, timers.

The changes are recorded as the device makes them; `tests/release/disk.py` says what each cut may leave.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, field

from device.aside import Clock, Waiting
from device.config import Key, read_key, write_key
from device.cupboard import Cupboard
from device.effects import KeepClocks
from device.errors import ConfigError, CupboardError
from device.settings import Settings, SettingsFile
from device.ticket import ticket_of
from tests.release.disk import WAYS, Change, Disk, Recorder, tree_of

DEEDS = 40


class Kept(Struct):
    """All that should be on the disk. What a deed that was cut off would have made of it counts as well."""

    volume: int = 1
    key: bytes = bytes(32)
    ticket: str = "first"
    requests: dict[str, tuple[str | bytes, ...]] = field(default_factory=dict)
    clocks: tuple[Clock, ...] = ()

    def copy(self) -> Kept:
        return Kept(self.volume, self.key, self.ticket, dict(self.requests), self.clocks)


class Shelf:
    """Where a device keeps it."""

    def __init__(self, folder: Path) -> None:
        self.settings = SettingsFile(folder / "settings.json")
        self.key = folder / "device.key"
        self.ticket = ticket_of(self.key)
        self.cupboard = Cupboard(folder / "kept", lambda: "one")

    def read(self) -> Kept | str:
        """What a start finds, or what it has to complain of."""
        settings, sentence = self.settings.read(Settings(volume=0))
        found = self.cupboard.open(now_ms=0, wall_ms=0)
        if sentence or found.sentence:
            return sentence or found.sentence
        try:
            key = read_key(self.key).key
            requests = {one.id: self.cupboard.read(one.id) for one in found.waiting}
        except (ConfigError, CupboardError) as error:
            return str(error)
        return Kept(settings.volume, key, self.ticket.read(), requests, found.clocks)

    def write(self, kept: Kept) -> None:
        """As it is first."""
        self.cupboard.open(now_ms=0, wall_ms=0)
        self.settings.write(Settings(volume=kept.volume))
        write_key(self.key, Key("hare", kept.key))
        self.ticket.write(kept.ticket)
        self.cupboard.keep_clocks(KeepClocks(kept.clocks, ()))


def deeds(shelf: Shelf, kept: Kept, dice: random.Random) -> Iterator[Kept]:
    """One change after the other: gives what should be there after it, then makes it."""
    for number in range(1, DEEDS + 1):
        after = kept.copy()
        match dice.choice(("settings", "settings", "key", "ticket", "keep", "keep", "forget", "clocks")):
            case "settings":
                after.volume = dice.randint(0, 100)
                yield after
                shelf.settings.write(Settings(volume=after.volume))
            case "key":
                after.key = dice.randbytes(32)
                yield after
                write_key(shelf.key, Key("hare", after.key))
            case "ticket":
                after.ticket = f"ticket-{number}"
                yield after
                shelf.ticket.write(after.ticket)
            case "forget" if kept.requests:
                name = dice.choice(sorted(kept.requests))
                del after.requests[name]
                yield after
                shelf.cupboard.forget(name)
            case "clocks":
                after.clocks = (Clock(id=f"local:a:{number}", kind="alarm", due_at_ms=number),)
                yield after
                shelf.cupboard.keep_clocks(KeepClocks(after.clocks, ()))
            case _:
                name = f"{'a' * 16}:{number}"
                after.requests[name] = ("{}", dice.randbytes(dice.choice((10, 5000))))
                yield after
                shelf.cupboard.keep(
                    Waiting(id=name, said_at_ms=number, sound_ms=1000, turn=number), after.requests[name]
                )
        kept = after


class Cuts(Struct):
    """How many there were, and what was wrong."""

    cuts: int = 0
    wrong: list[str] = field(default_factory=list)


def cut(folder: Path, seed: int, *, ways: int, most: int = 10**9, syncs: bool = True) -> Cuts:
    """A device's doings by seed, cut before each change in so many of the ways that a disk has.

    `syncs`: False is a disk that does not do what it is asked.
    """
    dice, came = random.Random(seed), Cuts()
    root = folder / "root"
    root.mkdir()
    shelf, before = Shelf(root), Kept()
    shelf.write(before)
    disk, heard = Disk(root), list[Change]()
    with Recorder(root, heard.append):
        doing = deeds(shelf, before, dice)
        # Each deed is made while the next one is asked for.
        after = next(doing)
        while after is not None:
            following = next(doing, None)
            for change in (*heard, None):
                for way in dice.sample(WAYS, ways):
                    if came.cuts >= most:
                        break
                    _cut(disk, way, dice, folder / "left", (before, after), came)
                if change is not None and (syncs or change[0] != "sync"):
                    disk.take(change)
            heard.clear()
            before, after = after, following
    if syncs and disk.tree() != tree_of(root):
        came.wrong.append("a change was not heard")
    return came


def _cut(disk: Disk, way: str, dice: random.Random, left: Path, either: tuple[Kept, Kept], came: Cuts) -> None:
    left.mkdir()
    disk.left(way, dice, left)
    found = Shelf(left).read()
    came.cuts += 1
    if found not in either:
        came.wrong.append(f"cut {came.cuts}, {way}: {found}")
    _clear(left)


def _clear(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with suppress(FileNotFoundError):
        folder.rmdir()
