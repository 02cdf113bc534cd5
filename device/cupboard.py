"""What is set aside, on the disk: a file for each request that waits, and one for timers and alarms.

Each file is whole or not there, and says by a checksum that it is what was written. What is not is put aside as
`….broken`, for whoever wants to look, and told to the person.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from device.aside import WAITING_MOST, Clock, Done, Missed, Restored, Waiting
from device.clocks import restored
from device.effects import KeepClocks
from device.errors import CupboardError
from device.files import sync_folder, write_whole
from wire.parts import Timer

_MARK: Final = b"leveret 1 "
_SUFFIX: Final = ".turn"
_CLOCKS: Final = "clocks"
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")

REQUEST_LOST: Final = "Something that waited could not be read after the restart. It is lost, please say it again."
CLOCKS_LOST: Final = "My timers and alarms could not be read after the restart. Please set them again."
BOTH_LOST: Final = "Timers, alarms and requests that waited could not be read after the restart. Please say them again."

T = TypeVar("T")


class Request(Struct, frozen=True):
    """One file: the request, and the pieces of its turn as the link takes them, texts and frames."""

    waiting: Waiting
    whole: tuple[Any, ...]


class Clocks(Struct, frozen=True):
    """The other file. `machine`: the start of the machine in whose steady time the timers are due."""

    machine: str
    clocks: tuple[Clock, ...]
    timers: tuple[Timer, ...]
    done: tuple[Done, ...] = ()
    missed: tuple[Missed, ...] = ()


def machine_boot() -> str:
    """A name for this start of the machine; empty when it has none."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


class Cupboard:
    """A folder. All methods return when the disk has it, and raise CupboardError, a sentence, when it does not."""

    def __init__(self, folder: Path, machine: Callable[[], str] = machine_boot) -> None:
        self._folder = folder
        self._machine = machine

    def open(self, *, now_ms: int, wall_ms: int) -> Restored:
        """What an earlier start left. Never raises: what cannot be read is told in `sentence`."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            paths = sorted(self._folder.glob(f"*{_SUFFIX}"))
        except OSError:
            return Restored()
        for torn in self._folder.glob("*.new"):
            torn.unlink(missing_ok=True)
        requests = [one for one in (self._read(path, Request) for path in paths) if one is not None]
        clocks = self._read(self._folder / _CLOCKS, Clocks) if (self._folder / _CLOCKS).exists() else _NO_CLOCKS
        lost = (len(requests) < len(paths), clocks is None)
        found = clocks or _NO_CLOCKS
        same_boot = bool(found.machine) and found.machine == self._machine()
        waiting = [msgspec.structs.replace(one.waiting, turn=0, said_ms=-1, safe=True) for one in requests]
        waiting.sort(key=lambda one: (one.said_at_ms, one.id))
        return Restored(
            waiting=tuple(
                msgspec.structs.replace(one, turn=0, said_ms=-1, safe=True) for one in waiting[:WAITING_MOST]
            ),
            clocks=tuple(restored(one, same_boot=same_boot, now_ms=now_ms, wall_ms=wall_ms) for one in found.clocks),
            timers=found.timers,
            done=found.done,
            missed=found.missed,
            sentence=_SENTENCES[lost],
        )

    def keep(self, waiting: Waiting, whole: tuple[str | bytes, ...]) -> None:
        """A request that waits."""
        self._write(self._path(waiting.id), Request(waiting, whole))

    def read(self, name: str) -> tuple[str | bytes, ...]:
        """The pieces of a request that waits."""
        found = self._read(self._path(name), Request)
        if found is None or not all(isinstance(piece, str | bytes) for piece in found.whole):
            raise CupboardError(REQUEST_LOST)
        return found.whole

    def forget(self, name: str) -> None:
        """A request does not wait any more."""
        try:
            self._path(name).unlink(missing_ok=True)
            sync_folder(self._folder)
        except OSError as error:
            raise CupboardError(f"The disk does not let go of a request: {error.strerror}.") from error

    def wipe(self) -> None:
        """Nothing is kept any more, not even what could not be read."""
        try:
            for path in self._folder.glob("*"):
                path.unlink(missing_ok=True)
            sync_folder(self._folder)
        except OSError as error:
            raise CupboardError(f"The disk does not let go of what is kept: {error.strerror}.") from error

    def keep_clocks(self, kept: KeepClocks) -> None:
        """All timers and alarms, the device's own and the cloud's, and what became of them."""
        clocks = Clocks(self._machine(), kept.clocks, kept.timers, kept.done, kept.missed)
        self._write(self._folder / _CLOCKS, clocks)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name.replace(':', '-')}{_SUFFIX}"

    def _write(self, path: Path, what: Struct) -> None:
        body = msgspec.msgpack.encode(what)
        try:
            write_whole(path, b"%b%08x\n%b" % (_MARK, zlib.crc32(body), body))
        except OSError as error:
            raise CupboardError(f"The disk of this device takes nothing more: {error.strerror}.") from error

    def _read(self, path: Path, kind: type[T]) -> T | None:
        try:
            head, _, body = path.read_bytes().partition(b"\n")
            if head == b"%b%08x" % (_MARK, zlib.crc32(body)):
                return msgspec.msgpack.decode(body, type=kind)
            path.replace(path.with_name(path.name + ".broken"))
        except (OSError, msgspec.DecodeError):
            return None
        return None


_NO_CLOCKS: Final = Clocks("", (), ())
_SENTENCES: Final = {
    (False, False): "",
    (True, False): REQUEST_LOST,
    (False, True): CLOCKS_LOST,
    (True, True): BOTH_LOST,
}
