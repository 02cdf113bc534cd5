"""The curve of precision over coverage as a PNG, drawn with Pillow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.healing.cases import Case
from benchmarks.healing.contestants import Answer
from benchmarks.healing.tally import curve, point

SIZE = (1000, 640)
LEFT, TOP, RIGHT, BOTTOM = 90, 60, 620, 560
COLOURS = ("#c2410c", "#1d4ed8", "#0891b2", "#65a30d", "#7c3aed", "#64748b", "#db2777", "#ca8a04")
TICKS = 5


def draw(cases: Sequence[Case], answers: Mapping[str, Mapping[str, Answer]], file: Path) -> None:
    """A line for each contestant that says how sure it is, a dot for what each really used."""
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    small, large = ImageFont.load_default(15), ImageFont.load_default(19)
    pen.text((LEFT, 12), "Precision over coverage: all cases, those whose element is gone as well", "black", large)
    for tick in range(TICKS + 1):
        share = tick / TICKS
        x, y = _at(share, share)
        pen.line([(x, TOP), (x, BOTTOM)], "#e5e7eb")
        pen.line([(LEFT, y), (RIGHT, y)], "#e5e7eb")
        pen.text((x, BOTTOM + 8), f"{share:.1f}", "#374151", small, anchor="ma")
        pen.text((LEFT - 10, y), f"{share:.1f}", "#374151", small, anchor="rm")
    pen.text(
        ((LEFT + RIGHT) / 2, BOTTOM + 38),
        "coverage: share of the cases in which an element is used",
        "black",
        small,
        "ma",
    )
    pen.text((LEFT, TOP - 20), "precision: share of those in which it is the right one", "black", small)
    for number, (name, given) in enumerate(answers.items()):
        colour = COLOURS[number % len(COLOURS)]
        asked = [case for case in cases if case.id in given]
        points = [_at(*one) for one in curve(asked, given)]
        if len(points) > 1:
            pen.line(points, colour, 3 if number == 0 else 2)
        x, y = _at(*point(asked, given))
        pen.ellipse([x - 6, y - 6, x + 6, y + 6], colour, "white")
        row = TOP + 30 * number
        pen.ellipse([RIGHT + 30, row + 2, RIGHT + 42, row + 14], colour)
        pen.text((RIGHT + 52, row), name, "black", small)
    file.parent.mkdir(parents=True, exist_ok=True)
    image.save(file, optimize=True)


def _at(coverage: float, precision: float) -> tuple[float, float]:
    return LEFT + coverage * (RIGHT - LEFT), BOTTOM - precision * (BOTTOM - TOP)
