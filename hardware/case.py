"""The case of each build as `hardware/enclosure/case.toml` has it: the parts' sizes, and what follows from them. Pure.

Millimetres, seen from the front: x to the right, y upwards, depth from the outer front face to the back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from device.errors import ConfigError

FILE: Final = "hardware/enclosure/case.toml"
Face = Literal["front", "back", "left", "right", "top", "bottom"]
Size = Annotated[float, Meta(gt=0, le=200)]
Point = tuple[float, float]


class Screw(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A self-tapping screw. `pilot`: what it cuts its thread into, `hole`: what it passes."""

    thread: Size
    pilot: Size
    hole: Size
    head: Size
    length: Size
    least_grip: Size


class Printing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What printing asks for. `lap`: how far the two halves reach into one another."""

    clearance: Size
    gap: Size
    least_wall: Size
    lap: Size
    screw: Screw


class Detail(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of a part, for pictures alone."""

    at: tuple[float, float, float]
    size: tuple[Size, Size, Size]
    colour: str


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A box, its edges along the depth rounded by `corner`.

    `touches`: faces of the case that it lies against; `through`: one that it reaches into. `details`: what is drawn of
    it in place of the box.
    """

    name: str
    at: tuple[float, float, float]
    size: tuple[Size, Size, Size]
    colour: str
    source: str
    corner: float = 0.0
    touches: tuple[Face, ...] = ()
    through: Face | None = None
    details: tuple[Detail, ...] = ()

    def low(self, axis: int) -> float:
        return self.at[axis]

    def high(self, axis: int) -> float:
        return self.at[axis] + self.size[axis]


class Opening(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of: `size` with `corner` (`slots` of them side by side), `diameter` (at `holes`), `grille` of such holes.

    `bevel`: wider by so much outside. `blind`: hollowed so deep from inside, not through.
    """

    size: tuple[Size, Size] | None = None
    corner: float = 0.4
    diameter: float = 0.0
    holes: tuple[Point, ...] = ((0.0, 0.0),)
    grille: tuple[Size, Size] | None = None
    pitch: float = 0.0
    slots: int = 1
    bevel: float = 0.0
    blind: float = 0.0

    def extent(self) -> Point:
        """Its width and height, bevels apart."""
        if self.grille is not None:
            return self.grille
        if self.size is not None:
            return (self.slots - 1) * self.pitch + self.size[0], self.size[1]
        wide = [abs(x) for x, _ in self.holes]
        high = [abs(y) for _, y in self.holes]
        return 2 * max(wide) + self.diameter, 2 * max(high) + self.diameter


class Socket(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a part has at a face, and the opening for it. `at`: x, y in front and at the back, else along and depth."""

    name: str
    part: str
    face: Face
    at: Point
    size: tuple[Size, Size]
    opening: Opening
    source: str


class Plunger(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The small button behind the lever; `depth` of its tip."""

    at: Point
    size: tuple[Size, Size]
    depth: float


class Hinge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the lever bends: so much is left of the face, for so long."""

    thick: Size
    long: Size


class Lever(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A button that is a part of the face: cut free on three sides, it bends at its lower edge.

    `raised` above the face: 0 where the front is printed lying on it.
    """

    at: Point
    size: tuple[Size, Size]
    hinge: Hinge
    plunger: Plunger
    raised: Annotated[float, Meta(ge=0, le=5)]
    slit: Size
    source: str


class Stop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A block on the front half that keeps a board from sliding."""

    at: tuple[float, float, float]
    size: tuple[Size, Size, Size]


class Pillars(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """They reach from `side` to this depth, where they hold `of`."""

    of: str
    at: tuple[Point, ...]
    side: Literal["front", "back"]
    reach: Size
    diameter: Size
    pilot: Size


class Hooks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tabs of the back half that go into hollows of the front half."""

    side: Literal["top", "bottom"]
    at: tuple[float, ...]
    width: Size


class Room(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Beyond the parts and their clearance."""

    left: float
    right: float
    bottom: float
    top: float


class Knob(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wheel that is turned. `stem`: how far the encoder's shaft stands out of the face."""

    at: Point
    diameter: Size
    height: Size
    shaft: Size
    flat: Size
    stem: Size


class Cap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The button that is pressed, as a piece of its own. `top`: the depth of the switch below it."""

    at: Point
    diameter: Size
    flange: Size
    flange_height: Size
    raised: Size
    top: Size
    source: str


class Mark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The name, sunk into the back."""

    at: Point
    height: Size


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One build's. `face`, `wall`, `back`: how thick they are. `split`: the depth at which the halves meet."""

    title: str
    face: Size
    wall: Size
    back: Size
    corner: Size
    fillet: Size
    split: Size
    room: Room
    posts: tuple[Point, ...]
    hooks: Hooks
    mark: Mark
    parts: tuple[Part, ...]
    sockets: tuple[Socket, ...]
    lever: Lever | None = None
    knob: Knob | None = None
    cap: Cap | None = None
    stops: tuple[Stop, ...] = ()
    pillars: tuple[Pillars, ...] = ()


class Enclosure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    printing: Printing
    builds: dict[str, Case] = field(default_factory=dict)


class Bounds(Struct, frozen=True):
    """A box, from its low to its high corner: x, y, depth."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]

    @property
    def size(self) -> tuple[float, float, float]:
        x, y, depth = (round(high - low, 2) for low, high in zip(self.low, self.high, strict=True))
        return x, y, depth


def read_case(text: str) -> Enclosure:
    """The cases that this file says; raises ConfigError."""
    try:
        return msgspec.toml.decode(text, type=Enclosure)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{FILE} cannot be used: {error}.") from error


def enclosure(root: Path) -> Enclosure:
    """The cases of the repository at `root`; raises ConfigError, OSError."""
    return read_case((root / FILE).read_text(encoding="utf-8"))


def inside(printing: Printing, case: Case) -> Bounds:
    """The cavity: round all parts, with clearance and room."""
    room, clear = case.room, printing.clearance
    wide = [part for part in case.parts if not set(part.touches) & {"left", "right"}]
    high = [part for part in case.parts if part.through is None]
    reaching = [part.low(1) for part in case.parts if part.through == "bottom"]
    bottom = min([min(part.low(1) for part in high) - clear, *(low - 0.2 for low in reaching)])
    deep = [part for part in case.parts if "back" not in part.touches]
    return Bounds(
        (min(part.low(0) for part in wide) - clear - room.left, bottom - room.bottom, case.face),
        (
            max(part.high(0) for part in wide) + clear + room.right,
            max(part.high(1) for part in high) + clear + room.top,
            max(part.high(2) for part in deep) + clear,
        ),
    )


def pieces_of(case: Case) -> tuple[str, ...]:
    """The names of what is printed."""
    return ("front", "back", *(("knob",) if case.knob else ()), *(("cap",) if case.cap else ()))


def outside(printing: Printing, case: Case) -> Bounds:
    """The case itself, its raised buttons apart."""
    inner = inside(printing, case)
    return Bounds(
        (inner.low[0] - case.wall, inner.low[1] - case.wall, 0.0),
        (inner.high[0] + case.wall, inner.high[1] + case.wall, inner.high[2] + case.back),
    )
