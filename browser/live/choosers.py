"""Files that a page asks for, given by whoever looks on."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path, PurePosixPath

from msgspec import Struct
from playwright.async_api import FileChooser, FilePayload

from browser.faults import translated
from browser.live.inputs import MOST_FILE_BYTES, File, Upload
from browser.live.shown import Chooser, Closed, Refused

MOST_OPEN = 4
Vouched = Callable[[], AbstractAsyncContextManager[object]]


class _Coming(Struct):
    """Files whose bytes are on their way."""

    chooser: int
    files: tuple[File, ...]
    data: bytearray

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


class Choosers:
    """The open choosers; `folder` keeps what was given, so that it can be given again when the lesson is run."""

    def __init__(self, folder: Path, tell: Callable[[Chooser | Closed | Refused], None]) -> None:
        self._folder = folder
        self._tell = tell
        self._open: dict[int, tuple[FileChooser, Vouched]] = {}
        self._last = 0
        self._coming: _Coming | None = None

    def opened(self, chooser: FileChooser, vouching: Vouched) -> None:
        """A page asks for files. Beyond four the oldest is forgotten."""
        self._last += 1
        self._open[self._last] = (chooser, vouching)
        if len(self._open) > MOST_OPEN:
            forgotten = next(iter(self._open))
            del self._open[forgotten]
            self._tell(Closed(what="chooser", number=forgotten))
        self._tell(Chooser(chooser=self._last, multiple=chooser.is_multiple()))

    async def begin(self, given: Upload) -> None:
        """The viewer chose; the files' bytes follow. Raises BrowserError when the page does not take them."""
        if given.chooser not in self._open:
            self._tell(Refused(code="chooser_gone", why="the page does not ask for files any more"))
            return
        if not given.files:
            self._end(given.chooser)
            return
        coming = _Coming(given.chooser, given.files, bytearray())
        if coming.size > MOST_FILE_BYTES:
            most = f"{MOST_FILE_BYTES >> 20} MB"
            self._tell(Refused(code="too_large", why=f"the files have more than {most}; give fewer or smaller ones"))
            return
        if len(given.files) > 1 and not self._open[given.chooser][0].is_multiple():
            self._tell(Refused(code="one_file", why="this field takes one file"))
            return
        self._coming = coming
        await self._perhaps_give()

    async def take(self, data: bytes) -> None:
        """The next piece of the files. Raises BrowserError when the page does not take them."""
        coming = self._coming
        if coming is None or len(coming.data) + len(data) > coming.size:
            self._coming = None
            self._tell(Refused(code="upload", why="bytes came that belong to no file; choose the files again"))
            return
        coming.data += data
        await self._perhaps_give()

    async def _perhaps_give(self) -> None:
        coming = self._coming
        if coming is None or len(coming.data) < coming.size:
            return
        self._coming = None
        asked = self._open.get(coming.chooser)
        self._end(coming.chooser)
        payloads: list[FilePayload] = []
        at = 0
        for file in coming.files:
            data = bytes(coming.data[at : at + file.size])
            at += file.size
            name = plain_name(file.name)
            kind = file.kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
            payloads.append({"name": name, "mimeType": kind, "buffer": data})
            await asyncio.to_thread(self._keep, name, data)
        if asked is not None:
            chooser, vouching = asked
            with translated("give the files"):
                async with vouching():
                    await chooser.set_files(payloads)

    def _keep(self, name: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder / name).write_bytes(data)

    def _end(self, number: int) -> None:
        self._open.pop(number, None)
        self._tell(Closed(what="chooser", number=number))


def plain_name(name: str) -> str:
    """A file's name without any folder, fit for ours."""
    last = PurePosixPath(name.replace("\\", "/")).name.replace("\0", "")
    return last if last not in ("", ".", "..") else "file"
