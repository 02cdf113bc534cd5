"""What is seen in a picture, and what is said of one that cannot be used."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cloud.lam.pictures import DAMAGED, MOST_PIXELS, TOO_LARGE, look
from cloud.models.ocr import RapidReader


@pytest.fixture(scope="session")
def flyer(photo: Any) -> bytes:
    made: bytes = photo("http://bistro.example:8100/")
    return made


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_a_code_is_read(photo: Any, form: str) -> None:
    assert (await look(photo("http://bistro.example/", form=form))).codes == ("http://bistro.example/",)


async def test_a_turned_photo_is_set_upright(photo: Any) -> None:
    class Shape:
        async def read(self, picture: Image.Image) -> str:
            return f"{picture.width}x{picture.height}"

    exif = Image.Exif()
    exif[0x0112] = 6
    assert (await look(photo("", "x", exif=exif), Shape())).text == "480x640"


async def test_words_are_read_only_where_no_code_says_it_better(house: Any, photo: Any, flyer: bytes) -> None:
    house.reader.words = "Soup"
    assert (await look(flyer, house.reader)).text == ""
    assert house.reader.asked == 0
    assert (await look(photo(words="Soup"), house.reader)).text == "Soup"


async def test_the_real_reader_reads_a_flyer(photo: Any) -> None:
    pytest.importorskip("rapidocr")
    assert "Bistro" in (await look(photo(words="Bistro"), RapidReader())).text


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.02, 0.5, 0.99])
async def test_a_torn_picture_is_said(flyer: bytes, kept: float) -> None:
    assert (await look(flyer[: int(len(flyer) * kept)])).problem == DAMAGED


async def test_no_picture_at_all_is_said() -> None:
    assert (await look(b"<html>not found</html>")).problem == DAMAGED


async def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    buffer = BytesIO()
    Image.new("1", (MOST_PIXELS // 4000 + 1, 4000)).save(buffer, "PNG")
    assert (await look(buffer.getvalue())).problem == TOO_LARGE


@given(data=st.data(), byte=st.integers(min_value=0, max_value=255))
async def test_a_broken_byte_is_no_error(flyer: bytes, data: st.DataObject, byte: int) -> None:
    at = data.draw(st.integers(min_value=0, max_value=len(flyer) - 1))
    seen = await look(flyer[:at] + bytes([byte]) + flyer[at + 1 :])
    assert seen.problem in ("", DAMAGED, TOO_LARGE)
