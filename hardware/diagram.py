"""The wiring of a build as a picture (SVG): the header in the middle, a box for each part, a line for each wire. Pure.

Odd pins of the header are left, even ones right, as on a Pi whose header is at the top right, seen from above. A part
stands on the side of most of its pins; a wire to the other side passes between two rows.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from msgspec import Struct

from device.wiring import Part, Wired, Wiring
from hardware.wires import Kind, Wire, wires_of

_COLOURS: Final = {
    Kind.POWER: "#c8102e",
    Kind.GROUND: "#222222",
    Kind.PIN: "#7b3fa0",
    Kind.SPI: "#1f5fbf",
    Kind.I2C: "#d9780b",
    Kind.I2S: "#2e8540",
    Kind.BETWEEN: "#7a4b22",
}
_LEGEND: Final = {
    Kind.POWER: "power",
    Kind.GROUND: "ground",
    Kind.PIN: "pins",
    Kind.SPI: "SPI",
    Kind.I2C: "I2C",
    Kind.I2S: "I2S",
    Kind.BETWEEN: "part to part",
}
_WIDTH: Final = 1180
_ROW: Final = 36
_TOP: Final = 120
_HEADER: Final = (440, 300)
_BOX: Final = 250
_MARGIN: Final = 24
_LINE: Final = 20
_HEAD: Final = 30
_GAP: Final = 18
_FONT: Final = "font-family='DejaVu Sans, Verdana, sans-serif'"


class Box(Struct, frozen=True):
    """A part in the picture; `left`: on the left side of the header. `wires` from top to bottom."""

    part: Part
    wires: tuple[Wire, ...]
    left: bool
    top: float = 0

    @property
    def height(self) -> float:
        return _HEAD + _LINE * max(1, len(self.wires)) + 8


def diagram(wiring: Wiring, build: Wired) -> str:
    """The picture, as the text of an SVG file."""
    boxes = _placed(_boxes(wiring, build))
    height = max([_TOP + 20 * _ROW + 90, *(box.top + box.height + 70 for box in boxes)])
    pieces = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height:.0f}' {_FONT}>",
        f"<title>{escape(f'Wiring of the build {build.name}: {build.title}')}</title>",
        f"<rect width='{_WIDTH}' height='{height:.0f}' fill='#ffffff'/>",
        _text(_WIDTH / 2, 44, f"{build.name}: {build.title}", size=22, bold=True, anchor="middle"),
        _text(_WIDTH / 2, 68, f"{build.board}, its header seen from above", size=14, anchor="middle"),
        _board(),
        *(_line(box, number, wire) for box in boxes for number, wire in enumerate(box.wires)),
        *_between(boxes),
        *_pins(wiring, build),
        *(piece for box in boxes for piece in _drawn(box)),
        *_legend(height - 28),
        "</svg>",
    ]
    return "\n".join(pieces) + "\n"


def _boxes(wiring: Wiring, build: Wired) -> list[Box]:
    made = []
    for part in build.parts:
        wires = sorted(wires_of(wiring, build, part), key=lambda wire: wire.end.header or 99)
        pins = [wire.end.header for wire in wires if wire.end.header]
        odd = sum(pin % 2 for pin in pins)
        made.append(Box(part, tuple(wires), left=2 * odd >= len(pins)))
    return _balanced(made)


def _balanced(boxes: list[Box]) -> list[Box]:
    """As many on one side as on the other, by their heights; those that hardly prefer a side change it first."""

    def leaning(box: Box) -> int:
        return abs(sum(1 if wire.end.header % 2 else -1 for wire in box.wires if wire.end.header))

    for box in sorted(boxes, key=leaning):
        left = sum(one.height for one in boxes if one.left)
        right = sum(one.height for one in boxes if not one.left)
        heavy = box.left == (left > right)
        if heavy and abs(left - right) > box.height:
            boxes[boxes.index(box)] = Box(box.part, box.wires, left=not box.left)
    return boxes


def _placed(boxes: list[Box]) -> list[Box]:
    placed = []
    for left in (True, False):
        side = sorted((box for box in boxes if box.left == left), key=_middle)
        used = sum(box.height for box in side)
        gap = max(_GAP, (20 * _ROW - used) / max(1, len(side)))
        at = float(_TOP)
        for box in side:
            placed.append(Box(box.part, box.wires, left, at))
            at += box.height + gap
    return placed


def _middle(box: Box) -> float:
    rows = [(wire.end.header - 1) // 2 for wire in box.wires if wire.end.header]
    return sum(rows) / len(rows) if rows else 99


def _pin(number: int) -> tuple[float, float]:
    left, width = _HEADER
    x = left + 22 if number % 2 else left + width - 22
    return x, _TOP + 24 + (number - 1) // 2 * _ROW


def _board() -> str:
    left, width = _HEADER
    return f"<rect x='{left}' y='{_TOP - 6}' width='{width}' height='{20 * _ROW + 18}' rx='10' fill='#eef1ee'/>"


def _pins(wiring: Wiring, build: Wired) -> list[str]:
    pieces = []
    names = {f"GPIO{pin}": name for name, pin in {**build.pins, **build.kernel_pins}.items()}
    for bus in wiring.buses.values():
        names |= {
            f"GPIO{pin}": f"{bus.title if bus.title != 'HAT identification' else 'HAT'} {line}"
            for line, pin in bus.lines.items()
        }
    power = {"3V3": _COLOURS[Kind.POWER], "5V": _COLOURS[Kind.POWER], "GND": _COLOURS[Kind.GROUND]}
    for number, what in enumerate(wiring.header, 1):
        x, y = _pin(number)
        odd = number % 2 == 1
        pieces.append(f"<circle cx='{x}' cy='{y}' r='11' fill='{power.get(what, '#b08d2e')}'/>")
        pieces.append(_text(x, y + 4, str(number), size=11, bold=True, anchor="middle", colour="#ffffff"))
        said = what.replace("GPIO", "GPIO ")
        anchor, at = ("start", x + 17) if odd else ("end", x - 17)
        pieces.append(_text(at, y, said, size=11, anchor=anchor, colour="#333333"))
        if what in names:
            pieces.append(_text(at, y + 11, names[what], size=9, anchor=anchor, colour="#666666"))
    return pieces


def _contact(box: Box, number: int) -> tuple[float, float]:
    x = _MARGIN + _BOX if box.left else _WIDTH - _MARGIN - _BOX
    return x, box.top + _HEAD + _LINE * number + 8


def _line(box: Box, number: int, wire: Wire) -> str:
    if not wire.end.header:
        return ""
    x, y = _contact(box, number)
    end_x, end_y = _pin(wire.end.header)
    near = box.left == (wire.end.header % 2 == 1)
    edge = _HEADER[0] if box.left else _HEADER[0] + _HEADER[1]
    row = end_y if near else end_y + _ROW / 2
    bend = (x + edge) / 2
    path = f"M{x:.0f} {y:.0f} C{bend:.0f} {y:.0f} {bend:.0f} {row:.0f} {edge:.0f} {row:.0f}"
    path += (
        f" L{end_x:.0f} {end_y:.0f}"
        if near
        else f" L{end_x + (-16 if end_x > x else 16):.0f} {row:.0f} L{end_x:.0f} {end_y:.0f}"
    )
    return f"<path d='{path}' fill='none' stroke='{_COLOURS[wire.kind]}' stroke-width='2' stroke-opacity='0.8'/>"


def _between(boxes: list[Box]) -> list[str]:
    """The wires from part to part, each once; those across the header are only named at both ends."""
    at = {(box.part.name, wire.contact): (box, n) for box in boxes for n, wire in enumerate(box.wires)}
    pieces = []
    for (name, contact), (box, number) in at.items():
        wire = box.wires[number]
        part, _, far = wire.end.said.partition(".")
        other = at.get((part, far))
        if wire.end.header or other is None or other[0].left != box.left or (name, contact) > (part, far):
            continue
        (x, y), (_, end_y) = _contact(box, number), _contact(*other)
        bulge = x + (70 if box.left else -70)
        path = f"M{x} {y:.0f} C{bulge} {y:.0f} {bulge} {end_y:.0f} {x} {end_y:.0f}"
        pieces.append(f"<path d='{path}' fill='none' stroke='{_COLOURS[wire.kind]}' stroke-width='2'/>")
    return pieces


def _drawn(box: Box) -> list[str]:
    x = _MARGIN if box.left else _WIDTH - _MARGIN - _BOX
    dashes = " stroke-dasharray='6 4'" if box.part.optional else ""
    frame = (
        f"<rect x='{x}' y='{box.top:.0f}' width='{_BOX}' height='{box.height:.0f}' rx='8'"
        f" fill='#f8f8f4' stroke='#888888'{dashes}/>"
    )
    title = _text(x + 10, box.top + 19, box.part.title, size=12, bold=True, fit=_BOX - 20)
    pieces = [frame, title]
    if box.part.socket:
        pieces.append(_text(x + 10, box.top + _HEAD + 12, box.part.socket, size=12))
    for number, wire in enumerate(box.wires):
        at, y = _contact(box, number)
        inner, anchor = (at - 10, "end") if box.left else (at + 10, "start")
        outer, other = (x + 10, "start") if box.left else (x + _BOX - 10, "end")
        pieces.append(f"<circle cx='{at}' cy='{y:.0f}' r='4' fill='{_COLOURS[wire.kind]}'/>")
        pieces.append(_text(inner, y + 4, wire.contact, size=12, bold=True, anchor=anchor))
        where = f"pin {wire.end.header}" if wire.end.header else f"to {wire.end.said.replace('.', ' ')}"
        pieces.append(_text(outer, y + 4, where, size=11, anchor=other, colour="#555555"))
    return pieces


def _legend(y: float) -> list[str]:
    pieces = []
    for number, (kind, said) in enumerate(_LEGEND.items()):
        x = 150 + number * 130
        pieces.append(f"<path d='M{x} {y:.0f} h26' stroke='{_COLOURS[kind]}' stroke-width='4'/>")
        pieces.append(_text(x + 33, y + 4, said, size=13))
    return pieces


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int,
    bold: bool = False,
    anchor: str = "start",
    colour: str = "#111111",
    fit: int = 0,
) -> str:
    weight = " font-weight='bold'" if bold else ""
    squeezed = f" textLength='{fit}' lengthAdjust='spacingAndGlyphs'" if fit and len(words) * size * 0.66 > fit else ""
    return (
        f"<text x='{x:.0f}' y='{y:.0f}' font-size='{size}' text-anchor='{anchor}' fill='{colour}'{weight}{squeezed}>"
        f"{escape(words)}</text>"
    )
