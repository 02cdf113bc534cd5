"""The pictures of docs/device-check.md, from the product's own drawing and sound.

`python -m docs.make_check_pictures` writes them.
"""

from __future__ import annotations

import asyncio
import random
from array import array
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from device.check import acoustics, judging, screens
from device.check.desk import DrawnCamera
from device.check.findings import Finding
from device.check.seen import MicrophoneSeen
from device.drawing import CORAL, GREEN, HEIGHT, WIDTH
from docs.make_pictures import PICTURES

PAPER = (24, 26, 30)
INK = (230, 232, 236)
GAP_PX = 14
LABEL_PX = 22
WAVE = (640, 90)


def main() -> None:
    """Writes both."""
    sheet(steps(), columns=4).save(PICTURES / "device-check.png", optimize=True)
    waves().save(PICTURES / "device-check-sound.png", optimize=True)


def steps() -> list[tuple[str, Image.Image]]:
    """What is on the device's screen at each step, when all is well."""
    with Image.open(BytesIO(asyncio.run(DrawnCamera().picture()))) as seen:
        camera = screens.seen_by_camera(seen)
    return [
        ("button", screens.step("button", "Press the button once, and let it go.")),
        ("wheel", screens.step("wheel", "Turn the wheel to the right.")),
        ("mute", screens.step("mute", "Slide the mute switch off and on again.")),
        ("microphone", screens.level(3, "Say: one, two, three.")),
        ("screen: grey steps", screens.grey_steps()),
        ("screen: corners", screens.corners()),
        ("screen: letters", screens.letters()),
        ("camera", camera),
        ("eye", screens.verdict("eye", "seen: looks, looks away", GREEN)),
        ("watchdog", screens.verdict("watchdog", "systemd's, 20 s", GREEN)),
        ("all is well", screens.verdict("battery", "80 %, not charging", GREEN)),
        ("something is not", screens.verdict("microphone", "the microphone is deaf", CORAL)),
    ]


def sheet(pictures: Sequence[tuple[str, Image.Image]], columns: int) -> Image.Image:
    """Pictures in rows, each with its name."""
    rows = -(-len(pictures) // columns)
    wide, high = WIDTH + GAP_PX, HEIGHT + LABEL_PX + GAP_PX
    image = Image.new("RGB", (columns * wide + GAP_PX, rows * high + GAP_PX), PAPER)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(15)
    for at, (name, picture) in enumerate(pictures):
        left, top = GAP_PX + at % columns * wide, GAP_PX + at // columns * high
        pen.text((left, top), name, fill=INK, font=font)
        image.paste(picture, (left, top + LABEL_PX))
    return image


def sounds() -> list[tuple[str, array[int]]]:
    """Two seconds of a microphone that hears well, and of some that do not."""
    dice = random.Random(5)
    quiet = array("h", (dice.randint(-40, 40) for _ in range(32_000)))
    speech = array("h", quiet)
    for word in (2_000, 12_000, 22_000):
        for at in range(6_000):
            loud = 9_000 * min(1.0, at / 900, (6_000 - at) / 2_500)
            speech[word + at] = max(-32_768, min(32_767, int(dice.gauss(0, 0.4) * loud)))
    chirp = array("h", quiet)
    for at, sample in enumerate(array("h", acoustics.chirp())):
        chirp[8_000 + at] = sample // 2
    return [
        ("good", speech),
        ("too loud", array("h", (max(-32_768, min(32_767, 9 * one)) for one in speech))),
        ("deaf", array("h", bytes(64_000))),
        ("an offset", array("h", (max(-32_768, min(32_767, one + 4_000)) for one in speech))),
        ("a chirp", chirp),
    ]


def words_of(name: str, samples: array[int]) -> str:
    """What the check says of it."""
    pcm = samples.tobytes()
    if name == "a chirp":
        found = acoustics.find_chirp(pcm)
        return f"found at {found.delay_ms} ms, likeness {found.likeness}" if found else "not found"
    told: Finding = judging.microphone(MicrophoneSeen(acoustics.levels(pcm), 2_000, 30, True, True))
    return f"{told.verdict}: {told.reason or told.saw}"


def waves() -> Image.Image:
    """Each as a line of its loudness over time, with what the check says."""
    wide, high = WAVE
    made = sounds()
    image = Image.new("RGB", (wide + 2 * GAP_PX, len(made) * (high + LABEL_PX + GAP_PX) + GAP_PX), PAPER)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(15)
    for row, (name, samples) in enumerate(made):
        top = GAP_PX + row * (high + LABEL_PX + GAP_PX)
        pen.text((GAP_PX, top), f"{name}. {words_of(name, samples)}", fill=INK, font=font)
        middle = top + LABEL_PX + high // 2
        pen.rectangle((GAP_PX, top + LABEL_PX, GAP_PX + wide, top + LABEL_PX + high), fill=(9, 11, 16))
        for x in range(wide):
            piece = samples[x * len(samples) // wide : (x + 1) * len(samples) // wide]
            above, below = (value * high // 65_536 for value in (max(piece), min(piece)))
            pen.line((GAP_PX + x, middle - above, GAP_PX + x, middle - below), fill=GREEN)
    return image


if __name__ == "__main__":
    main()
