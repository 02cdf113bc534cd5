"""A fake of the module `picamera2` that honours its documented API: what is called in the wrong order is refused.

It looks at a picture with a red top left quarter. What it is to do wrong stands, one word a line, in the file that
FAKE_CAMERA names, and each word is taken once; what was called is written beside it (`.calls`).
"""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path
from typing import Any

import libcamera
from PIL import Image, ImageOps

_ORDERS = Path(os.environ["FAKE_CAMERA"])


def _note(name: str, **given: object) -> None:
    with _ORDERS.with_suffix(".calls").open("a") as file:
        file.write(json.dumps({"name": name, "process": os.getpid(), **given}) + "\n")


def _ordered(*words: str) -> str:
    """The next thing to do wrong, if it is one of these."""
    lines = _ORDERS.read_text().split()
    if lines and lines[0] in words:
        _ORDERS.write_text("\n".join(lines[1:]))
        return lines[0]
    return ""


class Picamera2:
    """One camera."""

    @staticmethod
    def global_camera_info() -> list[dict[str, Any]]:
        return [] if _ordered("unplugged") else [{"Model": "imx708", "Num": 0}]

    def __init__(self, camera_num: int = 0) -> None:
        print("[0:12:34] INFO Camera camera_manager.cpp:297 libcamera v0.3.2")
        if _ordered("busy"):
            raise RuntimeError("Camera __init__ sequence did not complete: Device or resource busy")
        self.options: dict[str, Any] = {}
        self._configured: dict[str, Any] | None = None
        self._started = False

    def create_still_configuration(
        self,
        main: dict[str, Any] | None = None,
        lores: dict[str, Any] | None = None,
        raw: dict[str, Any] | None = None,
        transform: libcamera.Transform | None = None,
        buffer_count: int = 1,
        queue: bool = True,
        **rest: object,
    ) -> dict[str, Any]:
        _note("still", main=main, lores=lores, raw=raw, buffer_count=buffer_count, queue=queue)
        size = (main or {}).get("size", (4608, 2592))
        return {"main": {"size": size}, "transform": transform or libcamera.Transform(), "buffer_count": buffer_count}

    def configure(self, camera_config: dict[str, Any]) -> None:
        if self._started:
            raise RuntimeError("Camera must be stopped before configuring")
        _note("configure")
        if _ordered("enomem"):
            raise OSError(12, "Cannot allocate memory")
        self._configured = camera_config

    def start(self, config: object = None, show_preview: bool | None = False) -> None:
        if self._configured is None:
            raise RuntimeError("Camera has not been configured")
        _note("start", show_preview=show_preview)
        self._started = True

    def capture_file(self, file_output: io.BytesIO, name: str = "main", format: str | None = None) -> dict[str, Any]:
        if not self._started or self._configured is None:
            raise RuntimeError("Camera must be started before capturing")
        if isinstance(file_output, io.BytesIO) and format is None:
            raise RuntimeError("a format must be given when writing to a stream")
        order = _ordered("enomem", "hang", "die", "torn", "black", "white", "tiny", "noise", "empty", "tall", "garbage")
        if order == "enomem":
            raise OSError(12, "Cannot allocate memory")
        if order == "hang":
            time.sleep(3600)
        if order == "die":
            os._exit(139)
        file_output.write(self._jpeg(order))
        _note("capture")
        return {"ExposureTime": 20_000}

    def _jpeg(self, order: str) -> bytes:
        assert self._configured is not None
        size = {"tiny": (1, 1), "tall": (960, 1280)}.get(order, self._configured["main"]["size"])
        image = Image.new("RGB", size, {"black": (0, 0, 0), "white": (255, 255, 255)}.get(order, (30, 90, 200)))
        if order == "noise":
            image = Image.effect_noise(size, 120).convert("RGB")
        elif not order:
            image.paste((230, 20, 20), (0, 0, size[0] // 2, size[1] // 2))
        if self._configured["transform"].hflip:
            image = ImageOps.mirror(image)
        if self._configured["transform"].vflip:
            image = ImageOps.flip(image)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=self.options.get("quality", 90))
        data = out.getvalue()
        if order == "torn":
            return data[: len(data) // 2]
        return {"empty": b"", "garbage": b"\x00\xff" * 500}.get(order, data)

    def stop(self) -> None:
        self._started = False

    def close(self) -> None:
        self._started, self._configured = False, None
