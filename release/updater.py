"""Brings a release onto this machine: from a source into `releases/`, and offers it to `boot/`. Writes nothing else."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from release import trust
from release.boot.files import remove, sync_folder, write, write_whole
from release.boot.kept import Kept
from release.boot.place import READY, Place
from release.bundle import Head, read_head
from release.errors import Cancelled, NoPlace, NoRoom, NoSource, NotNewer, ReleaseError
from release.judging import Here, judge
from release.manifest import BOUNDS, Bounds, Manifest, check, decode
from release.settings import Settings
from release.sources import Read, Source
from release.status import STATUS, Ready, Status, encode
from release.unpacking import unpack
from release.updating import ENDS, Stage, step

LOCK: Final = "lock"
_FLOOR: Final = "floor.json"
_UNPACKING: Final = "unpacking"
_REMOVING: Final = "removing"
# Left free for all that the machine does meanwhile.
_SPARE_BYTES: Final = 64 << 20
_LONGEST_S: Final = 2 * 3600.0
_TELL_S: Final = 1.0


class _Floor(Struct, frozen=True):
    counter: int = 0


class Updater:
    """Of one program's folder. `now`: UTC seconds. `cancelled`: asked often whether somebody wants an end."""

    def __init__(
        self,
        place: Place,
        settings: Settings,
        program: str,
        *,
        bounds: Bounds = BOUNDS,
        now: Callable[[], float] = time.time,
        cancelled: Callable[[], bool] = lambda: False,
        on_status: Callable[[Status], None] = lambda _: None,
    ) -> None:
        """Raises NoPlace."""
        self.place = place
        self.settings = settings
        self._program = program
        self.bounds = bounds
        self.now = now
        self._cancelled = cancelled
        self._on_status = on_status
        self.kept = kept_of(place)
        self._told_at = 0.0
        self.stages: list[Stage] = []

    def here(self) -> Here:
        """This machine. Raises NoRoom when what ran well cannot be written down for good."""
        return Here(
            program=self._program,
            architecture=platform.machine(),
            hardware=self.settings.hardware,
            python=f"{sys.version_info.major}.{sys.version_info.minor}",
            channel=self.settings.channel,
            counter=self._floor(),
            good=self.kept.good,
            refused=self.kept.refused,
        )

    def look(self, source: Source) -> Status:
        """What an update would bring, without doing it."""
        try:
            found = source.find(self.here(), self.settings.keys)
        except NotNewer as error:
            return Status(stage=Stage.UP_TO_DATE.value, code=error.code, sentence=str(error), at=self.now())
        except ReleaseError as error:
            return Status(stage=Stage.FAILED.value, code=error.code, sentence=str(error), at=self.now())
        sentence = f"{found.about.name} can be had. {found.about.notes}".strip()
        return Status(stage=Stage.LOOKING.value, release=found.about.name, sentence=sentence, at=self.now())

    def bring(self, source: Source) -> Status:
        """All of it; the status at the end, which is written down, too. One updater at a time."""
        with self._alone():
            return self._bring(source)

    def back(self) -> Status:
        """Offer the release before the one that runs. Raises NoPlace."""
        name = self.kept.previous
        if not name or self.place.flaw(name):
            raise NoPlace("There is no release before this one that is whole. Install the one that you want instead.")
        with self._alone():
            self.offer(Ready(name=name, back=True))
            return self._end(Stage.READY, name, None)

    # Stages -----------------------------------------------------------------------------------------------------------

    def _bring(self, source: Source) -> Status:
        stage, error = Stage.LOOKING, None
        with contextlib.closing(_Run(self, source)) as run:
            while stage not in ENDS:
                self.stages.append(stage)
                self.tell(stage, run.name, 0, 0, always=True)
                error = self._done(run, stage)
                stage = step(stage, error, here_already=run.here_already)
        self.stages.append(stage)
        return self._end(stage, run.name, error)

    def _done(self, run: _Run, stage: Stage) -> ReleaseError | None:
        """What went wrong in a stage."""
        try:
            self.still_wanted()
            run.do(stage)
        except ReleaseError as error:
            return error
        except OSError as error:
            return NoRoom(f"The update cannot be written: {error.strerror}. Make room on the disk, then try again.")
        return None

    def _end(self, stage: Stage, name: str, error: ReleaseError | None) -> Status:
        code, sentence = (error.code, str(error)) if error else ("", "")
        if stage is Stage.READY:
            sentence = f"{name} is ready. It is taken as soon as nothing goes on that it would cut."
        told = Status(stage=stage.value, release=name, code=code, sentence=sentence, at=self.now())
        self._write_status(told)
        return told

    def tell(self, stage: Stage, name: str, done: int, of: int, *, always: bool = False) -> None:
        now = self.now()
        if always or now - self._told_at >= _TELL_S:
            self._told_at = now
            self._write_status(Status(stage=stage.value, release=name, done_bytes=done, of_bytes=of, at=now))

    def _write_status(self, told: Status) -> None:
        """Nobody needs it after a loss of power, and an update does not fail because nobody can be told of it."""
        path = self.place.incoming / STATUS
        with contextlib.suppress(OSError):
            beside = path.with_name(path.name + ".new")
            write(beside, encode(told), sync=False)
            beside.replace(path)
        self._on_status(told)

    def still_wanted(self) -> None:
        if self._cancelled():
            raise Cancelled("The update was cancelled. Nothing was changed.")

    def offer(self, ready: Ready) -> None:
        write_whole(self.place.incoming / READY, encode(ready))

    # What lies where --------------------------------------------------------------------------------------------------

    def _floor(self) -> int:
        """The highest counter that was ever good here; written down where the program cannot lower it."""
        path = self.place.incoming / _FLOOR
        try:
            known = msgspec.json.decode(path.read_bytes(), type=_Floor).counter
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            known = 0
        counter = max(known, self.kept.counter)
        if counter > known and self._locked:
            write_whole(path, msgspec.json.encode(_Floor(counter)))
        return counter

    _locked = False

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        path = self.place.incoming / LOCK
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise _not_mine(path, error) from error
        try:
            _lock(handle, path)
            self._locked = True
            self.clean()
            yield
        finally:
            self._locked = False
            os.close(handle)

    def clean(self) -> None:
        """Away with what a loss of power left, and with releases that nobody needs. Raises nothing."""
        kept, offer = self.kept, self.place.offer()
        names = self.place.names()
        if offer is not None and (offer.name in (*kept.refused, kept.good) or offer.name not in names):
            with contextlib.suppress(OSError):
                (self.place.incoming / READY).unlink()
            offer = None
        needed = {kept.good, kept.previous, kept.trying, kept.undoing, kept.back, offer.name if offer else ""}
        incoming = self.place.incoming
        for name in names:
            if name not in needed:
                with contextlib.suppress(OSError):
                    # Half a release never lies where releases do.
                    (incoming / _REMOVING).mkdir(exist_ok=True)
                    os.replace(self.place.releases / name, incoming / _REMOVING / name)  # noqa: PTH105
                    sync_folder(self.place.releases)
        for name in (_UNPACKING, _REMOVING):
            with contextlib.suppress(OSError):
                remove(incoming / name)


class _Run:
    """One update on its way; a method a stage."""

    def __init__(self, updater: Updater, source: Source) -> None:
        self._updater = updater
        self._source = source
        self._stack = contextlib.ExitStack()
        self._read: Read = lambda _: b""
        self._head: Head | None = None
        self._manifest: Manifest | None = None
        self._began = updater.now()
        self.name = ""
        self.here_already = False

    def close(self) -> None:
        """The source is let go."""
        self._stack.close()

    def do(self, stage: Stage) -> None:
        """Raises ReleaseError or OSError."""
        match stage:
            case Stage.LOOKING:
                self._look()
            case Stage.READING:
                self._read_head()
            case Stage.UNPACKING:
                self._unpack()
            case Stage.PLACING:
                self._place()
            case Stage.OFFERING:
                self._updater.offer(Ready(name=self.name))

    def _look(self) -> None:
        updater = self._updater
        if updater.kept.trying or updater.kept.undoing:
            raise NoPlace(f"{updater.kept.trying or updater.kept.undoing} is being tried. Try again in five minutes.")
        found = self._source.find(updater.here(), updater.settings.keys)
        self.name = found.about.name
        self._read = self._stack.enter_context(self._source.open(found))

    def _read_head(self) -> None:
        """Who signed it, and whether it is what was announced, or at least as good."""
        updater = self._updater
        head = read_head(self._read)
        trust.check(updater.settings.keys, head.signature, head.manifest)
        manifest = decode(head.manifest)
        self.name = manifest.name
        judge(manifest, updater.here())
        check(manifest, updater.bounds)
        self._head, self._manifest = head, manifest
        place = updater.place
        self.here_already = self.name in place.names() and not place.flaw(self.name)
        if not self.here_already:
            _room(place.incoming, manifest)

    def _unpack(self) -> None:
        if self._head is None or self._manifest is None:
            raise NoSource("Nothing was read. Try again.")
        manifest, updater = self._manifest, self._updater

        def progress(done: int) -> None:
            updater.still_wanted()
            if updater.now() - self._began > _LONGEST_S:
                raise NoSource("The release comes too slowly: two hours are the most. Try again on another network.")
            updater.tell(Stage.UNPACKING, self.name, done, manifest.payload_bytes)

        folder = updater.place.incoming / _UNPACKING
        folder.mkdir(exist_ok=True)
        unpack(self._head, manifest, self._read, folder / self.name, progress)

    def _place(self) -> None:
        place = self._updater.place
        target = place.releases / self.name
        if target.exists():
            # It has a flaw, else it would not have been brought again.
            (place.incoming / _REMOVING).mkdir(exist_ok=True)
            os.replace(target, place.incoming / _REMOVING / self.name)  # noqa: PTH105
            sync_folder(place.releases)
        os.replace(place.incoming / _UNPACKING / self.name, target)  # noqa: PTH105
        sync_folder(place.releases)
        sync_folder(place.incoming / _UNPACKING)


def _room(folder: Path, manifest: Manifest) -> None:
    # A small file takes a whole block.
    due = manifest.unpacked_bytes + 4096 * len(manifest.files) + _SPARE_BYTES
    state = os.statvfs(folder)
    free = state.f_bavail * state.f_frsize
    if free < due:
        raise NoRoom(
            f"{due >> 20:,} MB are needed on the disk, and {free >> 20:,} MB are free. Make room, then try again."
        )


def _lock(handle: int, path: Path) -> None:
    """Raises NoPlace when another holds it, NoRoom."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
    except BlockingIOError as error:
        raise NoPlace("An update is being brought already. --status says how far it is.") from error
    except OSError as error:
        raise _not_mine(path, error) from error


def _not_mine(path: Path, error: OSError) -> NoRoom:
    ours = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
    step = "Run this as root, or as the account that owns it" if ours else "Make room on the disk"
    return NoRoom(f"{path} cannot be written: {error.strerror}. {step}, then try again.")


def kept_of(place: Place) -> Kept:
    """What `boot/` keeps. Raises NoPlace."""
    kept = place.read()
    if kept is None:
        raise NoPlace(
            f"There are no releases in {place.root}: this program was not installed with them. See docs/updates.md."
        )
    return kept


def cancel(place: Place) -> bool:
    """Ask the updater that runs to end; whether there is one."""
    path = place.incoming / LOCK
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                os.kill(int(file.read() or b"0"), signal.SIGTERM)
                return True
    except (OSError, ValueError):
        return False
    return False
