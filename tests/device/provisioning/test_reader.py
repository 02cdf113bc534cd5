"""The process that reads QR codes: whatever the camera gives, it answers."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image

from device.provisioning.reader import codes_in


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=60)
    return out.getvalue()


async def test_a_code_that_lies_askew_among_other_things_is_read() -> None:
    made = zxingcpp.create_barcode("WIFI:S:Vogelweide;;", zxingcpp.BarcodeFormat.QRCode).to_image(scale=8)
    room = Image.linear_gradient("L").resize((1280, 960))
    room.paste(Image.fromarray(made).rotate(9, expand=True, fillcolor=255), (420, 300))
    assert await codes_in(jpeg(room)) == ["WIFI:S:Vogelweide;;"]


async def test_what_is_no_picture_at_all_holds_no_code() -> None:
    room = jpeg(Image.linear_gradient("L"))
    assert await codes_in(room[: len(room) // 2]) == []
