"""A photograph -> codes and words in it. Both are data of a stranger: see `judgement`."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Protocol

from msgspec import Struct
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2_000
MOST_CODES = 8
MOST_TEXT = 4_000

DAMAGED = "The picture was damaged on its way. Please take it again."
TOO_LARGE = "The picture is too large for me. Please take a smaller one."


class ReadText(Protocol):
    """Reads the words in a picture (OCR)."""

    async def read(self, picture: Image.Image) -> str: ...


class Seen(Struct, frozen=True, kw_only=True):
    """What a picture holds; `problem` is a sentence for the person when it cannot be used."""

    codes: tuple[str, ...] = ()
    text: str = ""
    problem: str = ""


async def look(picture: bytes, read_text: ReadText | None = None) -> Seen:
    """Reads codes and, with a reader, words. A picture that is torn or no picture gives a problem, never an error."""
    try:
        image = await asyncio.to_thread(_open, picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Seen(problem=TOO_LARGE)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return Seen(problem=DAMAGED)
    codes = await asyncio.to_thread(_codes, image)
    text = await read_text.read(image) if read_text is not None and not codes else ""  # a code says it better
    return Seen(codes=codes, text=text[:MOST_TEXT])


def _open(picture: bytes) -> Image.Image:
    """The whole picture, upright and no larger than is useful. Pillow raises OSError for one cut short."""
    with Image.open(BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError(f"{opened.width}x{opened.height}")
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright


def _codes(image: Image.Image) -> tuple[str, ...]:
    import zxingcpp

    found = zxingcpp.read_barcodes(image)
    return tuple(dict.fromkeys(code.text for code in found if code.valid and code.text))[:MOST_CODES]
