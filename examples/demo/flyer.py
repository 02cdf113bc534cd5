"""The bistro's flyer, photographed on a table a little askew; the code on it holds the bistro's address."""

from __future__ import annotations

from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

TABLE = (196, 182, 160)
PAPER = (250, 248, 240)
INK = (44, 36, 30)


def draw(address: str, path: Path) -> Path:
    """Writes the photo and returns its path."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode)
    qr = Image.fromarray(code.to_image(scale=6)).convert("RGB")
    paper = Image.new("RGB", (640, 900), PAPER)
    words = ImageDraw.Draw(paper)
    words.text((320, 130), "Bistro Lune", INK, ImageFont.load_default(72), anchor="mm")
    words.text((320, 220), "supper under the moon, six to nine", INK, ImageFont.load_default(28), anchor="mm")
    words.text((320, 360), "Book here", INK, ImageFont.load_default(40), anchor="mm")
    paper.paste(qr, ((640 - qr.width) // 2, 420))
    turned = paper.rotate(4, expand=True, fillcolor=TABLE, resample=Image.Resampling.BICUBIC)
    photo = Image.new("RGB", (900, 1200), TABLE)
    photo.paste(turned, ((900 - turned.width) // 2, (1200 - turned.height) // 2))
    photo.save(path)
    return path
