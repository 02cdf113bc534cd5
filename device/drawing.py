"""Colours and type for a small screen, and a canvas on which shapes and words are put, for either direction of reading.

Shapes are smooth: drawn four times too big, once, and kept as masks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TypeVar

from PIL import Image, ImageDraw, ImageFont, features

from device.bidi import is_rtl, visual

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
CORAL: Final[Colour] = (255, 107, 94)
AMBER: Final[Colour] = (255, 190, 76)
GREEN: Final[Colour] = (92, 214, 132)
BLUE: Final[Colour] = (98, 164, 255)
VIOLET: Final[Colour] = (170, 140, 255)

Leaf = TypeVar("Leaf")
Weight = Literal["Light", "Regular", "Medium"]
_FONTS: Final = Path(__file__).parent / "fonts"
_SCALE: Final = 4


@lru_cache(maxsize=96)
def font(size: int, weight: Weight = "Regular", *, rtl: bool = False) -> ImageFont.FreeTypeFont:
    """The type of the device at this size in pixels. `rtl`: the one with Hebrew and Arabic letters."""
    if not rtl:
        return ImageFont.truetype(_FONTS / f"Roboto-{weight}.ttf", size, layout_engine=ImageFont.Layout.BASIC)
    name = "DejaVuSans-Bold-Few" if weight == "Medium" else "DejaVuSans-Few"
    # These letters are bigger than Roboto's.
    layout = ImageFont.Layout.RAQM if shapes() else ImageFont.Layout.BASIC
    return ImageFont.truetype(_FONTS / f"{name}.ttf", round(size * 0.92), layout_engine=layout)


@lru_cache(maxsize=1)
def shapes() -> bool:
    """Whether this Pillow joins and orders right-to-left letters itself; else `device.bidi` does."""
    return bool(features.check("raqm") and features.check("fribidi"))


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


@lru_cache(maxsize=256)
def _arc_mask(radius: int, stroke: int, start: int, sweep: int) -> Image.Image:
    size = 2 * radius
    big = Image.new("L", (size * _SCALE, size * _SCALE), 0)
    ImageDraw.Draw(big).arc(
        (0, 0, size * _SCALE - 1, size * _SCALE - 1), start - 90, start - 90 + sweep, fill=255, width=stroke * _SCALE
    )
    return big.resize((size, size), Image.Resampling.LANCZOS)


@lru_cache(maxsize=64)
def _line_mask(
    line: str, size: int, weight: Weight, anchor: str, *, rtl: bool
) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """A line of text, and its box seen from its anchor: words stay on the screen while other things move."""
    foreign = is_rtl(line)
    type_ = font(size, weight, rtl=foreign)
    way = "rtl" if rtl and foreign and shapes() else None
    if foreign and not shapes():
        line = visual(line, rtl=True)
    box = type_.getbbox(line, anchor=anchor, direction=way)
    left, top = math.floor(box[0]), math.floor(box[1])
    mask = Image.new("L", (max(1, math.ceil(box[2]) - left), max(1, math.ceil(box[3]) - top)), 0)
    ImageDraw.Draw(mask).text((-left, -top), line, font=type_, fill=255, anchor=anchor, direction=way)
    return mask, box


@lru_cache(maxsize=512)
def width_of(text: str, size: int, weight: Weight = "Regular") -> float:
    """Width of a line in pixels."""
    rtl = is_rtl(text)
    return font(size, weight, rtl=rtl).getlength(text if not rtl or shapes() else visual(text, rtl=True))


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
    size, lines = _fitted(text, sizes, width, height, weight)
    most = max(1, height // line_height(size))
    if len(lines) <= most:
        return size, lines
    if keep_end:
        return size, ["…" + lines[-most], *lines[-most + 1 :]] if most > 1 else [lines[-1]]
    return size, [*lines[: most - 1], clip(lines[most - 1] + " …", size, width, weight)]


def leaves(
    text: str, sizes: tuple[int, ...], width: int, height: int, weight: Weight = "Regular"
) -> tuple[int, list[list[str]]]:
    """As `fit`, but nothing is cut: what is too much for one box at the smallest size is several boxes of lines."""
    size, lines = _fitted(text, sizes, width, height, weight)
    most = max(1, height // line_height(size))
    return size, [lines[at : at + most] for at in range(0, max(1, len(lines)), most)]


def _fitted(text: str, sizes: tuple[int, ...], width: int, height: int, weight: Weight) -> tuple[int, list[str]]:
    lines: list[str] = []
    size = sizes[-1]
    for size in sizes:
        lines = wrap(text, size, width, weight)
        if len(lines) * line_height(size) <= height:
            break
    return size, lines


def on_one_line(text: str, sizes: tuple[int, ...], width: int, weight: Weight = "Regular") -> tuple[int, str]:
    """The biggest of `sizes` at which the text fits on one line, and the line; the smallest one is clipped."""
    size = next((size for size in sizes if width_of(text, size, weight) <= width), sizes[-1])
    return size, clip(text, size, width, weight)


class Canvas:
    """A screen to draw on. Where one reads from right to left (`rtl`), everything is put on the other side.

    `large`: sizes that go through `pt` are a quarter bigger. Coordinates are those of a left-to-right screen.
    """

    def __init__(self, *, rtl: bool = False, large: bool = False) -> None:
        self.image = blank()
        self.rtl = rtl
        self.large = large
        # Which leaf of how many is shown, where there was too much for one.
        self.leaf = (0, 1)

    def pt(self, *sizes: int) -> tuple[int, ...]:
        """Sizes of type as this person reads them."""
        return tuple(round(size * 1.25) for size in sizes) if self.large else sizes

    def turned(
        self, text: str, sizes: tuple[int, ...], width: int, height: int, turn: int, weight: Weight = "Regular"
    ) -> tuple[int, list[str]]:
        """Size and lines of the leaf that is shown at this turn."""
        size, all_leaves = leaves(text, self.pt(*sizes), width, height, weight)
        return size, self.leaf_of(all_leaves, turn)

    def leaf_of(self, all_leaves: Sequence[Leaf], turn: int) -> Leaf:
        """The leaf that is shown at this turn, round and round; noted, so that the person is told of the others."""
        at = turn % len(all_leaves)
        if len(all_leaves) > 1:
            self.leaf = (at, len(all_leaves))
        return all_leaves[at]

    def panel(self, box: tuple[int, int, int, int], radius: int, colour: Colour, stroke: int = 0) -> None:
        """A box with round corners, filled, or only its outline of `stroke` pixels. `box`: left, top, right, bottom."""
        left, top, right, bottom = box
        mask = _round_mask(right - left, bottom - top, radius, stroke)
        self.image.paste(colour, (WIDTH - right if self.rtl else left, top), mask)

    def disc(self, centre: tuple[int, int], radius: int, colour: Colour, stroke: int = 0) -> None:
        """A disc, or a ring of `stroke` pixels."""
        x, y = centre
        self.panel((x - radius, y - radius, x + radius, y + radius), radius, colour, stroke)

    def arc(self, centre: tuple[int, int], radius: int, stroke: int, start: int, sweep: int, colour: Colour) -> None:
        """A piece of a ring around a centre in the middle of the screen; degrees clockwise from the top."""
        if sweep > 0:
            x, y = centre
            self.image.paste(colour, (x - radius, y - radius), _arc_mask(radius, stroke, start, min(360, sweep)))

    def text(
        self,
        at: tuple[int, int],
        lines: list[str] | str,
        size: int,
        colour: Colour = WHITE,
        weight: Weight = "Regular",
        *,
        anchor: Literal["left", "middle", "right"] = "left",
    ) -> int:
        """Lines of text from `at` downwards (its top; left edge, middle or right edge by `anchor`); returns the bottom.

        In a screen from right to left, "left" is the edge where reading begins: the right one.
        """
        x, y = (WIDTH - at[0] if self.rtl else at[0]), at[1]
        code = {"left": "la", "middle": "ma", "right": "ra"}[anchor]
        if self.rtl and anchor != "middle":
            code = "ra" if anchor == "left" else "la"
        for line in [lines] if isinstance(lines, str) else lines:
            self.write((x, y), line, size, colour, weight, code)
            y += line_height(size)
        return y

    def write(
        self, at: tuple[int, int], line: str, size: int, colour: Colour, weight: Weight, code: str
    ) -> tuple[float, float, float, float]:
        """One line, where it stands on the glass; returns its box."""
        # Both fonts stand on the same line.
        x, y = at[0], at[1] + font(size, weight).getmetrics()[0]
        mask, (left, top, right, bottom) = _line_mask(line, size, weight, code[0] + "s", rtl=self.rtl)
        self.image.paste(colour, (x + math.floor(left), y + math.floor(top)), mask)
        return x + left, y + top, x + right, y + bottom
