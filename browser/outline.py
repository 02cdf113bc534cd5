"""The page with one element outlined, drawn on the picture: the page itself is not touched."""

from __future__ import annotations

import asyncio
import io

from PIL import Image, ImageDraw
from playwright.async_api import Page as PlaywrightPage

from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.faults import translated
from browser.fingerprint import Box
from browser.scripts import ENGINE_NAME
from browser.secrecy import MASK

JPEG_QUALITY = 70
COLOUR = (255, 94, 0)
WIDTH_PX = 4
AROUND_PX = 6


async def outlined(page: PlaywrightPage, at: Sighting, deadline: Deadline) -> bytes:
    """The viewport as JPEG, scrolled to the element, with a frame around it. Raises ActionTimeout, PageGone."""
    with translated("take a picture"):
        if at.visible:
            element = at.frame.locator(f"{ENGINE_NAME}={at.ref}")
            await element.scroll_into_view_if_needed(timeout=deadline.left_ms())
        picture = await page.screenshot(type="png", style=MASK, timeout=deadline.left_ms())
    place = await bounds(at, deadline)
    return await asyncio.to_thread(drawn, picture, place)


async def bounds(at: Sighting, deadline: Deadline) -> Box | None:
    """Where the element is in the viewport of its tab, x, y, width, height in px. Raises ActionTimeout, PageGone."""
    with translated("look where it is"):
        box = await at.frame.locator(f"{ENGINE_NAME}={at.ref}").bounding_box(timeout=deadline.left_ms())
    return (box["x"], box["y"], box["width"], box["height"]) if box else None


def drawn(picture: bytes, box: Box | None) -> bytes:
    """A picture as JPEG, with a frame around `box` (x, y, width, height in px)."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    if box is not None:
        x, y, width, height = box
        around = (x - AROUND_PX, y - AROUND_PX, x + width + AROUND_PX, y + height + AROUND_PX)
        ImageDraw.Draw(image).rounded_rectangle(around, radius=AROUND_PX, outline=COLOUR, width=WIDTH_PX)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
