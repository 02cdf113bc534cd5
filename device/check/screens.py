"""What the device shows while it is being checked, drawn for its own screen. Pure."""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageOps, ImageStat

from device.drawing import (
    AMBER,
    BLUE,
    CORAL,
    GREEN,
    GREY,
    HEIGHT,
    INNER,
    LINE,
    MARGIN,
    WHITE,
    WIDTH,
    Canvas,
    Colour,
    fit,
)
from device.drawing import line_height as height_of

BARS: Final = 5
_MIDDLE: Final = WIDTH // 2
_CORNER: Final = 26
_COLOURS: Final[dict[str, Colour]] = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}
_SAMPLES: Final = {
    34: "Leveret 14:05",
    24: "Hold to talk äöü",
    18: "The quick brown fox jumps over the lazy dog.",
    14: "The quick brown fox jumps over the lazy dog. 0123456789 äöü ß éè",
}


def step(name: str, words: str) -> Image.Image:
    """Which part is being checked, and what to do."""
    canvas = Canvas()
    canvas.text((_MIDDLE, 20), "check", 15, GREY, anchor="middle")
    canvas.text((_MIDDLE, 46), name, 26, WHITE, "Medium", anchor="middle")
    size, lines = fit(words, (22, 19, 16), INNER, 150)
    canvas.text((_MIDDLE, 100), lines, size, AMBER, anchor="middle")
    return canvas.image


def verdict(name: str, words: str, colour: Colour) -> Image.Image:
    """How it ended."""
    canvas = Canvas()
    canvas.panel((MARGIN, 20, WIDTH - MARGIN, 26), 3, colour)
    canvas.text((_MIDDLE, 46), name, 26, WHITE, "Medium", anchor="middle")
    size, lines = fit(words, (19, 17, 15), INNER, 170)
    canvas.text((_MIDDLE, 92), lines, size, colour, anchor="middle")
    return canvas.image


def level(bars: int, words: str = "Say something.") -> Image.Image:
    """How loud it is, 0 to 5."""
    canvas = Canvas()
    canvas.text((_MIDDLE, 40), words, 22, WHITE, anchor="middle")
    for bar in range(BARS):
        colour = LINE if bar >= bars else GREEN if bar < BARS - 1 else CORAL
        top = 220 - 26 * bar
        canvas.panel((70, top, WIDTH - 70, top + 18), 6, colour)
    return canvas.image


def plain_colour(name: str) -> Image.Image:
    """All of the screen in one colour."""
    return Image.new("RGB", (WIDTH, HEIGHT), _COLOURS[name])


def corners() -> Image.Image:
    """A frame at the very edge, each corner in a colour of its own: shifted or turned pictures show at once."""
    canvas = Canvas()
    pen = ImageDraw.Draw(canvas.image)
    pen.rectangle((0, 0, WIDTH - 1, HEIGHT - 1), outline=WHITE)
    right, bottom = WIDTH - 1, HEIGHT - 1
    places = ((0, 0, CORAL), (right, 0, GREEN), (0, bottom, BLUE), (right, bottom, AMBER))
    for x, y, colour in places:
        box = (min(x, abs(x - _CORNER)), min(y, abs(y - _CORNER)), max(x, abs(x - _CORNER)), max(y, abs(y - _CORNER)))
        pen.rectangle(box, fill=colour)
    names = ("red above left, green above right,", "blue below left, yellow below right,", "a thin line all round")
    canvas.text((_MIDDLE, HEIGHT // 2 - height_of(13)), list(names), 13, GREY, anchor="middle")
    return canvas.image


def letters() -> Image.Image:
    """Text as small and as big as the device has it."""
    canvas = Canvas()
    top = 30
    for size, words in _SAMPLES.items():
        fitted, lines = fit(words, (size,), INNER, 90)
        top = canvas.text((MARGIN, top), lines, fitted, WHITE) + 10
    return canvas.image


def grey_steps() -> Image.Image:
    """Sixteen steps from black to white, and the three colours beside them."""
    image = Image.new("RGB", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(image)
    high = HEIGHT / 16
    for at in range(16):
        light = at * 17
        box = (0, at * high, WIDTH, (at + 1) * high)
        pen.rectangle(box, fill=(light, light, light))
        for column, (red, green, blue) in enumerate(_COLOURS.values()):
            left = 120 + 40 * column
            shade = (red * light // 255, green * light // 255, blue * light // 255)
            pen.rectangle((left, at * high, left + 40, (at + 1) * high), fill=shade)
    return image


PICTURES: Final = {"grey steps": grey_steps, "corners": corners, "letters": letters}


def seen_by_camera(picture: Image.Image) -> Image.Image:
    """What the camera saw, as big as the screen has room for."""
    canvas = Canvas()
    small = ImageOps.contain(picture.convert("RGB"), (WIDTH, HEIGHT))
    canvas.image.paste(small, ((WIDTH - small.width) // 2, (HEIGHT - small.height) // 2))
    return canvas.image


def brightness_and_sharpness(picture: Image.Image) -> tuple[float, float]:
    """The mean, 0 to 255, and how much edges stand out from it."""
    grey = ImageOps.contain(picture.convert("L"), (320, 320))
    edges = grey.filter(ImageFilter.FIND_EDGES).crop((2, 2, grey.width - 2, grey.height - 2))
    return ImageStat.Stat(grey).mean[0], ImageStat.Stat(edges).mean[0]
