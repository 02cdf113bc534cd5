"""The picture of a found element: drawn over, never drawn into the page."""

from __future__ import annotations

import io

from PIL import Image

from browser.outline import COLOUR, drawn


def test_an_element_is_framed_on_the_picture_and_the_rest_is_as_it_was() -> None:
    out = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(out, "PNG")
    plain, framed = (Image.open(io.BytesIO(drawn(out.getvalue(), box))) for box in (None, (50.0, 30.0, 60.0, 20.0)))
    assert plain.getpixel((46, 40)) == plain.getpixel((5, 5)) == framed.getpixel((5, 5)) == (255, 255, 255)
    edge = framed.getpixel((46, 40))
    assert isinstance(edge, tuple) and all(abs(a - b) < 60 for a, b in zip(edge, COLOUR, strict=True))
