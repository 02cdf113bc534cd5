"""The picture of the first start: the page that the device shows to a phone, in Chromium, and its own screens.

`python -m docs.make_setup_pictures` writes docs/pictures/setup.png. No Wi-Fi is needed for it.
"""

from __future__ import annotations

import asyncio
from io import BytesIO

from msgspec.structs import replace
from PIL import Image
from playwright.async_api import async_playwright

from browser.launch import find_chromium
from device.faces import draw
from device.provisioning import pages
from device.provisioning.radio import Hotspot, Seen, Wish
from device.provisioning.server import Answer, PageServer, Request
from device.provisioning.state import Stage, State
from device.provisioning.steps import REFUSED
from docs.contact_sheet import setups
from docs.make_pictures import PICTURES

PHONE = {"width": 390, "height": 844}
PAPER = (24, 26, 30)
GAP_PX = 12
SCREEN_PX = 240
COLOURS = 128
STATE = State(
    stage=Stage.HOTSPOT,
    hotspot=Hotspot("Leveret-4F2A", "kwtzbdfh", ""),
    networks=(
        Seen("Vogelweide", 86),
        Seen("Vogelweide Gäste", 71, known=True),
        Seen("Bäckerei Morgenrot", 44, secured=False),
        Seen("NEIGHBOUR-2.4", 21),
    ),
)
WRONG = replace(STATE, trouble=REFUSED, wish=Wish("Vogelweide"), cloud="wss://leveret.example.org/device", country="AT")
GERMAN = replace(WRONG, language="de")
ARABIC = replace(STATE, language="ar")


async def phones() -> list[Image.Image]:
    """The page as a phone has it: new, after a wrong password, in other languages, and what is left while it tries."""
    shown = [STATE]

    def answer(request: Request) -> Answer:
        return Answer(200, pages.trying(shown[0]) if request.path == "/trying" else pages.form(shown[0]))

    server = PageServer(answer, body_bytes=pages.FORM_BYTES, ports=(0,))
    address = await server.open("127.0.0.1")
    taken = []
    async with async_playwright() as playwright:
        chromium = find_chromium("", playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(executable_path=chromium)
        page = await browser.new_page(viewport=PHONE, java_script_enabled=False)
        for state, path in ((STATE, "/"), (WRONG, "/"), (GERMAN, "/"), (ARABIC, "/"), (WRONG, "/trying")):
            shown[0] = state
            await page.goto(f"http://{address}{path}")
            with Image.open(BytesIO(await page.screenshot(full_page=True))) as picture:
                taken.append(picture.convert("RGB"))
        await browser.close()
    await server.close()
    return taken


def sheet(pages_: list[Image.Image], screens: list[Image.Image]) -> Image.Image:
    """Three phones beside the screens, two by two."""
    high = max(one.height for one in pages_) * 3 // 4
    small = [one.resize((one.width * 3 // 4, one.height * 3 // 4), Image.Resampling.LANCZOS) for one in pages_]
    left = sum(one.width + GAP_PX for one in small) + GAP_PX
    rows = -(-len(screens) // 2)
    tall = max(high, rows * (screens[0].height + GAP_PX))
    image = Image.new("RGB", (left + 2 * (SCREEN_PX + GAP_PX), tall + 2 * GAP_PX), PAPER)
    x = GAP_PX
    for one in small:
        image.paste(one, (x, GAP_PX))
        x += one.width + GAP_PX
    for at, one in enumerate(screens):
        image.paste(one, (left + at % 2 * (SCREEN_PX + GAP_PX), GAP_PX + at // 2 * (one.height + GAP_PX)))
    return image


def main() -> None:
    """Writes it."""
    form, wrong, _, _, trying = asyncio.run(phones())
    faces = [draw(face) for face in setups("en", large=False)]
    whole = sheet([form, wrong, trying], [faces[at] for at in (0, 3, 4, 5, 6, 7)])
    few = whole.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(PICTURES / "setup.png", optimize=True)


if __name__ == "__main__":
    main()
