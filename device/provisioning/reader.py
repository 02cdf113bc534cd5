"""Reads QR codes in a picture, in a process of its own with limits: what a camera sees is nobody's friend.

Run as `python -m device.provisioning.reader`: a JPEG on stdin, a JSON list of texts on stdout.
"""

from __future__ import annotations

import asyncio
import importlib.util
import io
import resource
import sys
from typing import Final

import msgspec

from device.errors import CameraError

_READ_S: Final = 10.0
_SECONDS: Final = 8
_MEMORY_BYTES: Final = 1 << 30
_MISSING: Final = "QR codes cannot be read here: zxing-cpp is missing. Use the page instead."


async def codes_in(jpeg: bytes) -> list[str]:
    """The texts of the QR codes in a picture; none where it cannot be read. Raises CameraError without a reader."""
    if importlib.util.find_spec("zxingcpp") is None:
        raise CameraError(_MISSING)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "device.provisioning.reader",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_READ_S):
            told, _ = await process.communicate(jpeg)
    except TimeoutError:
        return []
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        return msgspec.json.decode(told, type=list[str])
    except msgspec.DecodeError:
        return []


def main() -> None:
    """What the process does."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    import zxingcpp
    from PIL import Image

    picture = Image.open(io.BytesIO(sys.stdin.buffer.read())).convert("L")
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    sys.stdout.buffer.write(msgspec.json.encode([one.text for one in found]))


if __name__ == "__main__":
    main()
