"""Colours, type and shapes for a small screen. Shapes are smooth: drawn four times too big, once, and kept as masks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageFont

WIDTH: Final = 240
HEIGHT: Final = 280
# The glass has round corners: nothing that matters is nearer to the edge.
MARGIN: Final = 16
INNER: Final = WIDTH - 2 * MARGIN

Colour = tuple[int, int, int]
BLACK: Final[Colour] = (9, 11, 16)
PANEL: Final[Colour] = (25, 29, 38)
LINE: Final[Colour] = (44, 50, 63)
WHITE: Final[Colour] = (244, 246, 250)
GREY: Final[Colour] = (152, 160, 176)
DIM: Final[Colour] = (98, 106, 122)
CORAL: Final[Colour] = (255, 107, 94)
AMBER: Final[Colour] = (255, 190, 76)
GREEN: Final[Colour] = (92, 214, 132)
BLUE: Final[Colour] = (98, 164, 255)
VIOLET: Final[Colour] = (170, 140, 255)

Weight = Literal["Light", "Regular", "Medium"]
_FONTS: Final = Path(__file__).parent / "fonts"
_SCALE: Final = 4


@lru_cache(maxsize=64)
def font(size: int, weight: Weight = "Regular") -> ImageFont.FreeTypeFont:
    """The type of the device at this size in pixels."""
    return ImageFont.truetype(_FONTS / f"Roboto-{weight}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def blank() -> Image.Image:
    """An empty screen."""
    return Image.new("RGB", (WIDTH, HEIGHT), BLACK)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """`share` of `colour` over `other`."""
    red, green, blue = (round(one * share + two * (1 - share)) for one, two in zip(colour, other, strict=True))
    return red, green, blue


@lru_cache(maxsize=128)
def _round_mask(width: int, height: int, radius: int, stroke: int) -> Image.Image:
    big = Image.new("L", (width * _SCALE, height * _SCALE), 0)
    pen = ImageDraw.Draw(big)
    box = (0, 0, width * _SCALE - 1, height * _SCALE - 1)
    if stroke:
        pen.rounded_rectangle(box, radius * _SCALE, outline=255, width=stroke * _SCALE)
    else:
        pen.rounded_rectangle(box, radius * _SCALE, fill=255)
    return big.resize((width, height), Image.Resampling.LANCZOS)


def panel(image: Image.Image, box: tuple[int, int, int, int], radius: int, colour: Colour, stroke: int = 0) -> None:
    """A box with round corners, filled, or only its outline of `stroke` pixels. `box`: left, top, right, bottom."""
    left, top, right, bottom = box
    mask = _round_mask(right - left, bottom - top, radius, stroke)
    image.paste(colour, (left, top), mask)


def disc(image: Image.Image, centre: tuple[int, int], radius: int, colour: Colour, stroke: int = 0) -> None:
    """A disc, or a ring of `stroke` pixels."""
    x, y = centre
    panel(image, (x - radius, y - radius, x + radius, y + radius), radius, colour, stroke)


@lru_cache(maxsize=256)
def _arc_mask(radius: int, stroke: int, start: int, sweep: int) -> Image.Image:
    size = 2 * radius
    big = Image.new("L", (size * _SCALE, size * _SCALE), 0)
    ImageDraw.Draw(big).arc(
        (0, 0, size * _SCALE - 1, size * _SCALE - 1), start - 90, start - 90 + sweep, fill=255, width=stroke * _SCALE
    )
    return big.resize((size, size), Image.Resampling.LANCZOS)


def arc(
    image: Image.Image, centre: tuple[int, int], radius: int, stroke: int, start: int, sweep: int, colour: Colour
) -> None:
    """A piece of a ring; degrees clockwise from the top."""
    if sweep <= 0:
        return
    x, y = centre
    image.paste(colour, (x - radius, y - radius), _arc_mask(radius, stroke, start, min(360, sweep)))


@lru_cache(maxsize=512)
def width_of(text: str, size: int, weight: Weight = "Regular") -> float:
    """Width of a line in pixels."""
    return font(size, weight).getlength(text)


def wrap(text: str, size: int, width: int, weight: Weight = "Regular") -> list[str]:
    """Lines no wider than `width`; a word that is wider alone is broken."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            joined = f"{line} {word}" if line else word
            if width_of(joined, size, weight) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            *full, line = _broken(word, size, width, weight)
            lines += full
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _broken(word: str, size: int, width: int, weight: Weight) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, size, weight) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def clip(text: str, size: int, width: int, weight: Weight = "Regular") -> str:
    """The text on one line, with an ellipsis if it is too long."""
    text = " ".join(text.split())
    if width_of(text, size, weight) <= width:
        return text
    while text and width_of(text + "…", size, weight) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def line_height(size: int) -> int:
    """Distance from line to line."""
    return round(size * 1.25)


def fit(
    text: str, sizes: tuple[int, ...], width: int, height: int, weight: Weight = "Regular", *, keep_end: bool = False
) -> tuple[int, list[str]]:
    """The biggest of `sizes` at which the text fits into the box, and its lines; the smallest one is cut.

    `keep_end`: cut at the beginning, for words that are still growing.
    """
    lines: list[str] = []
    size = sizes[-1]
    for size in sizes:
        lines = wrap(text, size, width, weight)
        if len(lines) * line_height(size) <= height:
            return size, lines
    most = max(1, height // line_height(size))
    if keep_end:
        return size, ["…" + lines[-most], *lines[-most + 1 :]] if most > 1 else [lines[-1]]
    return size, [*lines[: most - 1], clip(lines[most - 1] + " …", size, width, weight)]


def text(
    image: Image.Image,
    at: tuple[int, int],
    lines: list[str] | str,
    size: int,
    colour: Colour = WHITE,
    weight: Weight = "Regular",
    *,
    anchor: Literal["left", "middle", "right"] = "left",
) -> int:
    """Lines of text from `at` downwards (its top; left edge, middle or right edge by `anchor`); returns the bottom."""
    pen = ImageDraw.Draw(image)
    x, y = at
    for line in [lines] if isinstance(lines, str) else lines:
        code = {"left": "la", "middle": "ma", "right": "ra"}[anchor]
        pen.text((x, y), line, font=font(size, weight), fill=colour, anchor=code)
        y += line_height(size)
    return y
