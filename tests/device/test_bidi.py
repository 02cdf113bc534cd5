from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageFont

from device.bidi import is_rtl, visual
from device.drawing import shapes

HEBREW = "שלום"
SALAM = "سلام"


@pytest.mark.parametrize(
    ("text", "rtl", "seen"),
    [
        ("hello", False, "hello"),
        ("hello", True, "hello"),
        (HEBREW, True, HEBREW[::-1]),
        (f"{HEBREW} 14.50", True, f"14.50 {HEBREW[::-1]}"),
        (f"({HEBREW})", True, f"({HEBREW[::-1]})"),
        (f"to {HEBREW} 5", False, f"to {HEBREW[::-1]} 5"),
        (f"{HEBREW} Elm Street 5", True, f"Elm Street 5 {HEBREW[::-1]}"),
    ],
)
def test_a_line_stands_as_it_is_read(text: str, rtl: bool, seen: str) -> None:
    assert visual(text, rtl=rtl) == seen


def test_arabic_letters_are_joined_by_their_neighbours() -> None:
    # meem alone at the end, lam with alef, seen that begins.
    assert visual(SALAM, rtl=True) == "\ufee1\ufefc\ufeb3"
    assert visual("باب", rtl=True) == "\ufe8f\ufe8e\ufe91"


@pytest.mark.skipif(not shapes(), reason="this Pillow has no raqm to compare with")
@pytest.mark.parametrize("text", [SALAM, "لا يوجد اتصال", "اضغط مطولا للتحدث", HEBREW, "الخصوصية 12"])
def test_without_raqm_it_looks_nearly_as_with_it(text: str) -> None:
    from device import drawing

    def seen(layout: ImageFont.Layout, line: str) -> Image.Image:
        path = drawing._FONTS / "DejaVuSans-Few.ttf"
        image = Image.new("L", (240, 40))
        type_ = ImageFont.truetype(path, 20, layout_engine=layout)
        ImageDraw.Draw(image).text((120, 30), line, font=type_, fill=255, anchor="ms")
        return image.point(lambda value: 255 * (value > 100))

    raqm, own = seen(ImageFont.Layout.RAQM, text), seen(ImageFont.Layout.BASIC, visual(text, rtl=True))
    both = ImageChops.multiply(raqm, own).histogram()[255]
    assert both > 0.7 * max(raqm.histogram()[255], own.histogram()[255])


@given(st.text(alphabet="ab 12.,()שלוםسلامة", max_size=40), st.booleans())
def test_no_line_gains_or_loses_words(text: str, rtl: bool) -> None:
    seen = visual(text, rtl=rtl)
    latin = [sorted(letter for letter in line if letter in "ab12") for line in (seen, text)]
    assert latin[0] == latin[1] and is_rtl(seen) == is_rtl(text)
