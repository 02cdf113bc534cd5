"""Crops of the screen, with what is secret painted over. Takes and gives JPEG."""

from __future__ import annotations

import io
from collections.abc import Iterable

from PIL import Image, ImageDraw

Box = tuple[float, float, float, float]
"""x, y, width, height in px of the picture."""

QUALITY = 75
MOST_PX = 640
BLANK = (160, 160, 160)
LEAST_PX = 2


def blanked(picture: bytes, boxes: Iterable[Box]) -> bytes:
    """The picture with the boxes painted over."""
    boxes = tuple(boxes)
    if not boxes:
        return picture
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    draw = ImageDraw.Draw(image)
    for x, y, width, height in boxes:
        draw.rectangle((x - 1, y - 1, x + width + 1, y + height + 1), fill=BLANK)
    return _jpeg(image)


def crop(picture: bytes, box: Box) -> bytes | None:
    """What is in the box, at most so large; None when it lies outside."""
    with Image.open(io.BytesIO(picture)) as opened:
        x, y, width, height = box
        left, top = max(0, round(x)), max(0, round(y))
        right, bottom = min(opened.width, round(x + width)), min(opened.height, round(y + height))
        if right - left < LEAST_PX or bottom - top < LEAST_PX:
            return None
        cut = opened.convert("RGB").crop((left, top, right, bottom))
    cut.thumbnail((MOST_PX, MOST_PX))
    return _jpeg(cut)


def small(picture: bytes) -> bytes:
    """All of the picture, at most so large as a crop."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    image.thumbnail((MOST_PX, MOST_PX))
    return _jpeg(image)


def blank(width: float, height: float) -> bytes:
    """A picture of this size that shows nothing."""
    size = (min(MOST_PX, max(LEAST_PX, round(width))), min(MOST_PX, max(LEAST_PX, round(height))))
    return _jpeg(Image.new("RGB", size, BLANK))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
