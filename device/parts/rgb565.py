"""Pictures as a small panel takes them: 16 bit a pixel, five of red, six of green, five of blue. Pure."""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageChops

Box = tuple[int, int, int, int]

# Pictures are compared in stripes of this height, so that a clock and a spinner far apart are two small boxes.
_STRIPE_PX: Final = 28
_RED: Final = [value & 0xF8 for value in range(256)]
_GREEN_HIGH: Final = [value >> 5 for value in range(256)]
_GREEN_LOW: Final = [(value & 0x1C) << 3 for value in range(256)]
_BLUE: Final = [value >> 3 for value in range(256)]


def packed(image: Image.Image) -> Image.Image:
    """An RGB picture as LA, high and low byte of each pixel: its `tobytes` is what a panel takes."""
    red, green, blue = image.convert("RGB").split()
    high = ImageChops.add(red.point(_RED), green.point(_GREEN_HIGH))
    low = ImageChops.add(green.point(_GREEN_LOW), blue.point(_BLUE))
    return Image.merge("LA", (high, low))


def changed(new: Image.Image, old: Image.Image | None) -> list[Box]:
    """Boxes (left, top, right, bottom) that hold all pixels in which two packed pictures differ; all of it for None."""
    width, height = new.size
    if old is None:
        return [(0, 0, width, height)]
    differing = ImageChops.difference(new, old)
    boxes: list[Box] = []
    for top in range(0, height, _STRIPE_PX):
        stripe = differing.crop((0, top, width, min(top + _STRIPE_PX, height)))
        found = stripe.getbbox(alpha_only=False)
        if found is not None:
            boxes = _with(boxes, (found[0], found[1] + top, found[2], found[3] + top))
    return boxes


def _with(boxes: list[Box], box: Box) -> list[Box]:
    """One more, in one with the last where the two together hold little else."""
    if boxes:
        last = boxes[-1]
        both = (min(last[0], box[0]), last[1], max(last[2], box[2]), box[3])
        if _area(both) <= (_area(last) + _area(box)) * 5 // 4:
            return [*boxes[:-1], both]
    return [*boxes, box]


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])
