"""The process that holds the camera: one line in ("still", "preview", "warm"), one answer out, then its bytes.

Run by `camera.py` as `python -m device.parts.eye '{"rotation":180}'`. It ends when nobody asks any more. It is the
first to go when memory is short, and it decodes what the camera gave under limits of its own.
"""

from __future__ import annotations

import errno
import io
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, Literal

import msgspec
from msgspec import Struct
from PIL import Image

from device.errors import CameraError
from device.pictures import jpeg_of, small_of

Shot = Literal["warm", "still", "preview"]
Failure = Literal["", "missing", "none", "busy", "memory", "torn", "other"]
_TURNS: Final = {90: Image.Transpose.ROTATE_270, 270: Image.Transpose.ROTATE_90}
_QUALITY: Final = 85
_DATA_BYTES: Final = 1 << 30


class Eye(Struct, frozen=True, kw_only=True):
    """How the camera is built in. `rotation`: how far its pictures must be turned to the right to be upright."""

    number: int = 0
    width: int = 1280
    height: int = 960
    rotation: Literal[0, 90, 180, 270] = 0


class Answer(Struct, frozen=True):
    """What became of a request; `size_bytes` follow."""

    failure: Failure = ""
    size_bytes: int = 0
    reason: str = ""


class _Camera:
    """picamera2, started once: one still configuration, one buffer, no preview stream, nothing raw."""

    def __init__(self, eye: Eye) -> None:
        from libcamera import Transform
        from picamera2 import Picamera2

        if not Picamera2.global_camera_info():
            raise IndexError("no camera")
        half = eye.rotation == 180
        self._turn = _TURNS.get(eye.rotation)
        self._camera: Any = Picamera2(eye.number)
        still = self._camera.create_still_configuration(
            main={"size": (eye.width, eye.height)},
            raw=None,
            buffer_count=1,
            queue=False,
            transform=Transform(hflip=int(half), vflip=int(half)),
        )
        self._camera.configure(still)
        self._camera.options["quality"] = _QUALITY
        self._camera.start(show_preview=False)

    def still(self) -> bytes:
        """A JPEG that was looked through to its end."""
        data = io.BytesIO()
        self._camera.capture_file(data, format="jpeg")
        whole = jpeg_of(data.getvalue())
        if self._turn is None:
            return whole
        with Image.open(io.BytesIO(whole)) as image:
            turned = io.BytesIO()
            image.transpose(self._turn).save(turned, "JPEG", quality=_QUALITY)
        return turned.getvalue()

    def preview(self) -> bytes:
        """Pixels of a small picture."""
        return small_of(self.still()).tobytes()


class _Watcher:
    """Answers requests; the camera is opened by the first."""

    def __init__(self, eye: Eye) -> None:
        self._eye = eye
        self._camera: _Camera | None = None

    def answer(self, shot: str) -> tuple[Answer, bytes]:
        """Never raises: what went wrong is said by its kind."""
        try:
            data = self._take(shot)
        except CameraError as error:
            return Answer("torn", reason=str(error)), b""
        except ImportError as error:
            return Answer("missing", reason=str(error)), b""
        except IndexError as error:
            return Answer("none", reason=str(error)), b""
        except MemoryError as error:
            return Answer("memory", reason=str(error)), b""
        except OSError as error:
            return Answer("memory" if error.errno == errno.ENOMEM else "other", reason=str(error)), b""
        except (RuntimeError, ValueError) as error:
            return Answer(_kind_of(str(error)), reason=str(error)), b""
        return Answer(size_bytes=len(data)), data

    def _take(self, shot: str) -> bytes:
        camera = self._camera = self._camera or _Camera(self._eye)
        if shot == "still":
            return camera.still()
        return camera.preview() if shot == "preview" else b""


def _kind_of(reason: str) -> Failure:
    low = reason.lower()
    if "memory" in low:
        return "memory"
    return "busy" if "busy" in low or "acquire" in low else "other"


def main(eye: Eye, asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks any more."""
    watcher = _Watcher(eye)
    for line in asked:
        answer, data = watcher.answer(line.decode().strip())
        answers.write(msgspec.json.encode(answer) + b"\n" + data)
        answers.flush()


def _limit() -> None:
    """Not more than a picture needs; and when the device has too little, this is what goes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (_DATA_BYTES, _DATA_BYTES))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("900")


if __name__ == "__main__":
    # libcamera and others write to the standard output, which is for answers alone.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit()
    main(msgspec.json.decode(sys.argv[1], type=Eye), sys.stdin.buffer, answers)
