"""Pictures from devices: whole ones pass, all others are torn, whatever their bytes say."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cloud import pictures
from cloud.errors import PictureTorn

FRAME = b"\xff\xc0"  # the JPEG marker behind which height and width stand


def jpeg(width: int = 64, height: int = 48) -> bytes:
    made = BytesIO()
    Image.effect_noise((width, height), 50).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def claiming(side: int) -> bytes:
    """A small picture that says it is so wide and high."""
    whole = bytearray(jpeg())
    place = whole.index(FRAME) + 5
    whole[place : place + 4] = side.to_bytes(2, "big") * 2
    return bytes(whole)


def test_a_whole_picture_passes() -> None:
    pictures.check(jpeg())


@pytest.mark.parametrize("side", [pictures.MOST_SIDE_PX + 1, 12_000, 65_000])
def test_a_picture_that_claims_to_be_huge_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(PictureTorn):
        pictures.check(claiming(side))


def test_a_wrong_checksum_is_enough() -> None:
    with pytest.raises(PictureTorn, match="checksum"):
        pictures.check(jpeg(), intact=False)


@given(cut=st.integers(1, 400))
def test_a_picture_cut_short_is_torn(cut: int) -> None:
    with pytest.raises(PictureTorn):
        pictures.check(jpeg()[:-cut])


@given(place=st.integers(2, 600), value=st.integers(0, 255))
def test_a_changed_byte_leaves_a_picture_or_a_torn_one_and_nothing_else(place: int, value: int) -> None:
    changed = bytearray(jpeg())
    changed[place] = value
    with suppress(PictureTorn):
        pictures.check(bytes(changed))
