from __future__ import annotations

import io

from PIL import Image

from teach_mode.pictures import BLANK, MOST_PX, blank, blanked, crop


def picture(width: int = 200, height: int = 100) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (255, 0, 0)).save(out, "JPEG")
    return out.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_a_crop_is_what_stands_in_the_box_as_far_as_the_picture_goes() -> None:
    assert opened(crop(picture(), (150, 80, 100, 100))).size == (50, 20)
    assert crop(picture(), (300, 0, 10, 10)) is None
    assert max(opened(crop(picture(2000, 1000), (0, 0, 2000, 1000))).size) == MOST_PX


def test_what_is_painted_over_is_gone() -> None:
    image = opened(blanked(picture(), [(50, 20, 40, 30)]))
    red, green, _ = image.getpixel((70, 35))
    assert abs(red - BLANK[0]) < 10 and abs(green - BLANK[1]) < 10
    assert image.getpixel((150, 80))[0] > 240
    assert opened(blank(30, 0)).size == (30, 2)
