"""The camera of a Raspberry Pi. picamera2 runs in a process of its own (`eye.py`).

When the kernel has no memory left for pictures, or libcamera hangs, that process ends and another takes its place, and
sound goes on.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

import msgspec
from PIL import Image

from device.errors import CameraError
from device.parts.eye import Answer, Eye, Failure, Shot
from device.pictures import PREVIEW
from wire import limits

_ANSWER_S: Final = 2.5
# libcamera takes a while to start on a small Pi.
_START_S: Final = 10.0
_SENTENCES: Final[Mapping[Failure, str]] = {
    "missing": "The camera cannot be used: picamera2 is missing. `apt install python3-picamera2` brings it.",
    "none": "No camera is connected. Is its cable in place?",
    "busy": "The camera is in use by another program.",
    "memory": "There is no memory left for a picture. Please try again.",
    "torn": "The picture is torn. Please take it again.",
    "other": "The camera does not work. Please try again.",
}
_LATE: Final = "The camera did not answer in time."
_GONE: Final = "The camera stopped. Please try again."


class _Ended(Exception):
    """The eye's process ended in the middle of a request."""


class _Request:
    """What is asked of the eye, until nobody waits for it any more."""

    def __init__(self, shot: Shot) -> None:
        self.shot = shot
        self.given_up = False


class PiCamera:
    """One still configuration for as long as the device runs. A process that fails or hangs is replaced.

    `environ` is added to the process's environment. Waiting is done in a thread of its own, never in the event loop.
    """

    def __init__(
        self,
        eye: Eye | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        answer_s: float = _ANSWER_S,
        start_s: float = _START_S,
    ) -> None:
        self._eye = eye or Eye()
        self._environ = {**os.environ, **(environ or {})}
        self._answer_s, self._start_s = answer_s, start_s
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="camera")
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._closed = False
        # A process is started for a request that is wanted still, or not at all.
        self._starting = threading.Lock()

    async def warm(self) -> None:
        """Start the camera now, so that the first picture takes no longer than the others. Raises CameraError."""
        await self._ask("warm", self._start_s)

    async def picture(self) -> bytes:
        """A whole JPEG, upright; raises CameraError."""
        jpeg = await self._ask("still", self._answer_s if self._ready else self._start_s)
        if not (jpeg.startswith(b"\xff\xd8") and jpeg.endswith(b"\xff\xd9")):
            raise CameraError(_SENTENCES["torn"])
        return jpeg

    async def preview(self) -> Image.Image:
        """A small picture for the screen, 240 x 180; raises CameraError."""
        pixels = await self._ask("preview", self._answer_s if self._ready else self._start_s)
        if len(pixels) != PREVIEW[0] * PREVIEW[1] * 3:
            raise CameraError(_SENTENCES["torn"])
        return Image.frombytes("RGB", PREVIEW, pixels)

    async def _ask(self, shot: Shot, wait_s: float) -> bytes:
        if self._closed:
            raise CameraError("The camera is closed.")
        request = _Request(shot)
        asked = asyncio.get_running_loop().run_in_executor(self._worker, self._take, request)
        try:
            async with asyncio.timeout(wait_s):
                return await asyncio.shield(asked)
        except TimeoutError as error:
            raise CameraError(_LATE) from error
        finally:
            if not asked.done():
                # An answer that comes later must not be taken for that of the next request.
                with self._starting:
                    request.given_up = True
                    self._end()
                asked.add_done_callback(lambda late: late.cancelled() or late.exception())

    # In the worker's thread -----------------------------------------------------------------------------------------

    def _take(self, request: _Request) -> bytes:
        answer, data = self._answer(request)
        if answer.failure == "memory":
            # What the kernel cannot give to this process it may give to a new one.
            self._end()
            answer, data = self._answer(request)
        if answer.failure:
            if answer.failure != "torn":
                self._end()
            raise CameraError(_SENTENCES[answer.failure])
        self._ready = True
        return data

    def _answer(self, request: _Request) -> tuple[Answer, bytes]:
        """By a new process, if the one that is there ends over it."""
        with suppress(OSError, ValueError, _Ended):
            return self._exchange(request)
        self._end()
        try:
            return self._exchange(request)
        except (OSError, ValueError, _Ended) as error:
            self._end()
            raise CameraError(_GONE) from error

    def _exchange(self, request: _Request) -> tuple[Answer, bytes]:
        process = self._process or self._start(request)
        if process.stdin is None or process.stdout is None:
            raise _Ended
        process.stdin.write(request.shot.encode() + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line.endswith(b"\n"):
            raise _Ended
        answer = msgspec.json.decode(line, type=Answer)
        if not 0 <= answer.size_bytes <= max(limits.PICTURE_BYTES, PREVIEW[0] * PREVIEW[1] * 3):
            raise _Ended
        data = process.stdout.read(answer.size_bytes)
        if len(data) < answer.size_bytes:
            raise _Ended
        return answer, data

    def _start(self, request: _Request) -> subprocess.Popen[bytes]:
        with self._starting:
            if self._closed or request.given_up:
                raise _Ended
            self._process = subprocess.Popen(
                [sys.executable, "-m", "device.parts.eye", msgspec.json.encode(self._eye).decode()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=self._environ,
            )
            return self._process

    # In either ------------------------------------------------------------------------------------------------------

    def _end(self) -> None:
        process, self._process = self._process, None
        self._ready = False
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def close(self) -> None:
        """End the process."""
        with self._starting:
            self._closed = True
            self._end()
        self._worker.shutdown(wait=True)
