"""What in a case does not fit: parts in walls or in one another, thin walls, openings beside their sockets. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import hypot
from typing import Final

from msgspec import Struct

from hardware.case import Bounds, Case, Lever, Part, Pillars, Printing, Socket, inside, outside

# Where a part stands on another, both have the same plane: what differs by less is the same.
_SAME: Final = 1e-6
_SIDES: Final = {"left": (0, -1), "right": (0, 1), "bottom": (1, -1), "top": (1, 1), "front": (2, -1), "back": (2, 1)}
_POST_WALL: Final = 1.8
# How deep the lever is dished for a thumb (case.scad).
DISH: Final = 0.8
# The lever: from its lower edge to its hinge (case.scad), how far a small button goes, and what PLA bears.
_HINGE_AT: Final = 0.4
_TRAVEL_MM: Final = 0.3
_PLA_MPA: Final = 2500.0
_STRAIN: Final = 0.015
_FORCE_N: Final = 1.5
# The hooks of the back half: how thick, and how far they reach into the front half (case.scad).
HOOK_THICK: Final = 2.0
HOOK_DEEP: Final = 4.0
# How far beyond a wall its openings are cut (case.scad).
CUT_BEYOND: Final = 3.0
# A USB-C plug is 6.65 long below its grip; so much of it must be left.
_PLUG_REACH: Final = 3.5


class Column(Struct, frozen=True):
    """A round thing along the depth: a post or a pillar."""

    name: str
    at: tuple[float, float]
    radius: float
    low: float
    high: float
    holds: str = ""


def faults(printing: Printing, case: Case) -> list[str]:
    """All that does not fit, each as a sentence; none: it can be printed and put together."""
    inner, outer = inside(printing, case), outside(printing, case)
    found: list[str] = []
    found += _thin(printing, case, inner, outer)
    found += _parts(printing, case, inner)
    found += _columns(printing, case, inner)
    found += _stops(printing, case)
    found += _hooks(printing, case, inner)
    for socket in case.sockets:
        found += _opening(printing, case, socket, outer)
        found += _cut(printing, case, socket, inner)
    found += _webs(printing, case)
    found += _pressed(printing, case)
    return found


def columns(printing: Printing, case: Case, inner: Bounds) -> list[Column]:
    """The screws' posts and all pillars."""
    radius = post_radius(printing)
    made = [Column(f"post {n}", at, radius, inner.low[2], inner.high[2]) for n, at in enumerate(case.posts, 1)]
    for pillars in case.pillars:
        low, high = _reach(pillars, inner)
        made += [
            Column(f"pillar of the {pillars.of}", at, pillars.diameter / 2, low, high, pillars.of) for at in pillars.at
        ]
    return made


def post_radius(printing: Printing) -> float:
    """Round its hole a post has a wall; in the back half the screw's head must go into it."""
    screw = printing.screw
    return max(screw.pilot / 2 + _POST_WALL, screw.head / 2 + 0.6)


def head_depth(printing: Printing, case: Case, outer: Bounds) -> float:
    """How deep the screws' heads lie below the back: the screw ends 1 mm before the face's inner side at the latest."""
    screw = printing.screw
    return max(0.0, outer.size[2] - case.split - (screw.length - screw.least_grip - 1.0))


def _reach(pillars: Pillars, inner: Bounds) -> tuple[float, float]:
    return (inner.low[2], pillars.reach) if pillars.side == "front" else (pillars.reach, inner.high[2])


def _thin(printing: Printing, case: Case, inner: Bounds, outer: Bounds) -> Iterator[str]:
    least = printing.least_wall
    for name, thick in (("face", case.face), ("wall", case.wall), ("back", case.back)):
        if thick < least:
            yield f"the {name} is {thick:g} thick, at least {least:g} is needed"
    # The edge is round outside and sharp inside.
    for thick in (case.face, case.back):
        edge = case.fillet - hypot(case.fillet - case.wall, case.fillet - thick)
        if case.fillet > max(case.wall, thick) and edge < least:
            yield f"at the rounded edge {edge:.2f} of the wall are left, at least {least:g} is needed"
    if (case.wall - printing.gap) / 2 < 1.0:
        yield f"a wall of {case.wall:g} cannot be halved for the lap: 1.0 on each side are needed"
    if not inner.low[2] + printing.lap < case.split < inner.high[2] - printing.lap:
        yield f"the halves meet at {case.split:g}, which is not between face and back"
    if case.corner <= case.wall:
        yield f"the corner {case.corner:g} must be rounder than the wall is thick"
    grip = printing.screw.length - (outer.size[2] - head_depth(printing, case, outer) - case.split)
    if grip < printing.screw.least_grip:
        yield f"the screws grip {grip:.1f}, at least {printing.screw.least_grip:g} are needed"
    if case.split - case.face < grip + 1.0:
        yield f"the screws come through the face: they go {grip:.1f} into {case.split - case.face:g}"


def _parts(printing: Printing, case: Case, inner: Bounds) -> Iterator[str]:
    for part in case.parts:
        for side, (axis, sign) in _SIDES.items():
            room = inner.high[axis] - part.high(axis) if sign > 0 else part.low(axis) - inner.low[axis]
            need = 0.0 if side in part.touches or side == part.through else printing.clearance
            if axis == 2 and side == "front":
                need = 0.0
            if room < need - _SAME:
                yield f"the {part.name} has {room:.2f} to the {side}, {need:g} are needed"
        for detail in part.details:
            ends = [(detail.at[axis], detail.at[axis] + detail.size[axis]) for axis in range(3)]
            if any(
                low < part.low(axis) - _SAME or high > part.high(axis) + _SAME for axis, (low, high) in enumerate(ends)
            ):
                yield f"a detail of the {part.name} at {detail.at} reaches out of it"
        for corner in _corners(case, inner, part):
            yield f"the {part.name} is {corner:.2f} deep in the rounded corner of the case"
    for one, other in combinations(case.parts, 2):
        deep = [min(one.high(axis), other.high(axis)) - max(one.low(axis), other.low(axis)) for axis in range(3)]
        if min(deep) > _SAME:
            yield f"{one.name} and {other.name} are in one another by {min(deep):.2f}"


def _corners(case: Case, inner: Bounds, part: Part) -> Iterator[float]:
    """How deep the four corners of a part are in the rounded corners of the cavity."""
    radius = case.corner - case.wall
    for right, up in ((False, False), (False, True), (True, False), (True, True)):
        x = part.high(0) - part.corner if right else part.low(0) + part.corner
        y = part.high(1) - part.corner if up else part.low(1) + part.corner
        middle_x = inner.high[0] - radius if right else inner.low[0] + radius
        middle_y = inner.high[1] - radius if up else inner.low[1] + radius
        out_x = max(0.0, x - middle_x if right else middle_x - x)
        out_y = max(0.0, y - middle_y if up else middle_y - y)
        deep = hypot(out_x, out_y) + part.corner - radius
        if part.through is None and out_x > 0 and out_y > 0 and deep > _SAME:
            yield deep


def _between(column: Column, part: Part) -> float:
    """How far a column is from a part, seen from the front; 0 where they touch or worse."""
    x = max(part.low(0) - column.at[0], 0.0, column.at[0] - part.high(0))
    y = max(part.low(1) - column.at[1], 0.0, column.at[1] - part.high(1))
    return max(0.0, hypot(x, y) - column.radius)


def _columns(printing: Printing, case: Case, inner: Bounds) -> Iterator[str]:
    made = columns(printing, case, inner)
    for column in made:
        for part in case.parts:
            meets = min(column.high, part.high(2)) - max(column.low, part.low(2)) > _SAME
            if part.name != column.holds and meets and _between(column, part) < printing.clearance - _SAME:
                yield f"the {column.name} at {column.at} stands in the {part.name}"
        held = [part for part in case.parts if part.name == column.holds]
        if column.holds and not (held and _between(column, held[0]) == 0 and _holds(column, held[0])):
            yield f"the {column.name} at {column.at} does not hold it"
        over = [axis for axis in (0, 1) if not inner.low[axis] - 2 < column.at[axis] < inner.high[axis] + 2]
        if over:
            yield f"the {column.name} at {column.at} stands outside"
    for one, other in combinations(made, 2):
        apart = hypot(one.at[0] - other.at[0], one.at[1] - other.at[1]) - one.radius - other.radius
        if apart < 0.5 and min(one.high, other.high) - max(one.low, other.low) > _SAME:
            yield f"the {one.name} and the {other.name} are {apart:.2f} apart"


def _holds(column: Column, part: Part) -> bool:
    return part.low(2) - _SAME <= column.high <= part.high(2) or part.low(2) <= column.low <= part.high(2) + _SAME


def _stops(printing: Printing, case: Case) -> Iterator[str]:
    for stop in case.stops:
        box = Part(name="stop", at=stop.at, size=stop.size, colour="", source="")
        for part in case.parts:
            apart = [max(part.low(a) - box.high(a), box.low(a) - part.high(a)) for a in range(3)]
            if max(apart) < -_SAME:
                yield f"the stop at {stop.at} stands in the {part.name}"
        for column in columns(printing, case, inside(printing, case)):
            if _between(column, box) < 0.5 and column.low < box.high(2):
                yield f"the stop at {stop.at} stands in the {column.name}"


def _hooks(printing: Printing, case: Case, inner: Bounds) -> Iterator[str]:
    up = case.hooks.side == "top"
    low = inner.high[1] - HOOK_THICK if up else inner.low[1]
    straight = (inner.high[0] - inner.low[0]) / 2 - (case.corner - case.wall) - case.hooks.width / 2
    for x in case.hooks.at:
        if abs(x - (inner.high[0] + inner.low[0]) / 2) > straight + _SAME:
            yield f"the hook at {x:g} stands in a rounded corner"
    for x in case.hooks.at:
        at, size = (
            (x - case.hooks.width / 2, low, case.split - HOOK_DEEP),
            (case.hooks.width, HOOK_THICK, 2 * HOOK_DEEP),
        )
        hook = Part(name="hook", at=at, size=size, colour="", source="")
        for part in case.parts:
            if all(min(part.high(a), hook.high(a)) - max(part.low(a), hook.low(a)) > _SAME for a in range(3)):
                yield f"the hook at {x:g} stands in the {part.name}"
        for socket in case.sockets:
            beside = abs(socket.at[0] - x) - (socket.opening.extent()[0] + case.hooks.width) / 2
            deep = socket.at[1] + socket.opening.extent()[1] / 2
            if socket.face == case.hooks.side and beside < printing.least_wall and deep > hook.low(2):
                yield f"the hook at {x:g} stands in the opening for {socket.name!r}"


def _span(face: str) -> tuple[int, int]:
    return {"front": (0, 1), "back": (0, 1), "left": (1, 2), "right": (1, 2), "top": (0, 2), "bottom": (0, 2)}[face]


def _opening(printing: Printing, case: Case, socket: Socket, outer: Bounds) -> Iterator[str]:
    part = next((one for one in case.parts if one.name == socket.part), None)
    if part is None:
        yield f"the socket {socket.name!r} belongs to {socket.part!r}, which is no part"
        return
    wide, high = socket.opening.extent()
    slack = 0.0 if socket.opening.grille or socket.opening.slots > 1 else 0.2
    if socket.opening.slots == 1 and (
        wide - socket.size[0] < 2 * slack - _SAME or high - socket.size[1] < 2 * slack - _SAME
    ):
        yield f"the opening for {socket.name!r} is {wide:g} x {high:g}, too small for {socket.size}"
    thick = {"front": case.face, "back": case.back}.get(socket.face, case.wall)
    if socket.opening.blind and thick - socket.opening.blind < 1.0:
        yield f"the hollow for {socket.name!r} leaves {thick - socket.opening.blind:g} of the wall, 1.0 is needed"
    first, second = _span(socket.face)
    for axis, at, half in ((first, socket.at[0], wide / 2), (second, socket.at[1], high / 2)):
        edge = min(at - half - outer.low[axis], outer.high[axis] - at - half)
        round_off = case.fillet if second == 1 else 0.0
        if edge < max(round_off, printing.least_wall + (case.face if axis == 2 else case.wall)):
            yield f"the opening for {socket.name!r} is {edge:.2f} from the edge of the case"
    if second == 2:
        if socket.at[1] - high / 2 < case.split + printing.lap + 0.3 and socket.at[1] + high / 2 > case.split - 0.3:
            yield f"the opening for {socket.name!r} is cut by the joint"
        axis, sign = _SIDES[socket.face]
        recess = abs((outer.high if sign > 0 else outer.low)[axis] - (part.high if sign > 0 else part.low)(axis))
        if "USB-C, for charging" in socket.name and recess > _PLUG_REACH:
            yield f"{socket.name!r} lies {recess:.2f} below the wall, a plug reaches {_PLUG_REACH:g}"


def _cut(printing: Printing, case: Case, socket: Socket, inner: Bounds) -> Iterator[str]:
    """An opening in a side is cut a little farther than through the wall: no post or pillar may stand there."""
    first, second = _span(socket.face)
    if second != 2 or socket.opening.blind:
        return
    axis, sign = _SIDES[socket.face]
    wall = (inner.high if sign > 0 else inner.low)[axis]
    wide, high = socket.opening.extent()
    for column in columns(printing, case, inner):
        inward = abs(column.at[axis] - wall) - column.radius
        along = abs(column.at[first] - socket.at[0]) - column.radius - wide / 2
        deep = min(column.high, socket.at[1] + high / 2) - max(column.low, socket.at[1] - high / 2)
        if inward < CUT_BEYOND and along < 0 < deep:
            yield f"the opening for {socket.name!r} cuts into the {column.name} at {column.at}"


def _webs(printing: Printing, case: Case) -> Iterator[str]:
    """What is left between two openings of one face."""
    for one, other in combinations(case.sockets, 2):
        if one.face != other.face:
            continue
        apart = [
            abs(one.at[n] - other.at[n]) - (one.opening.extent()[n] + other.opening.extent()[n]) / 2 for n in (0, 1)
        ]
        if max(apart) < printing.least_wall - _SAME:
            yield f"between the openings for {one.name!r} and {other.name!r} there is {max(apart):.2f}"


def _hinge(lever: Lever) -> Iterator[str]:
    """A thin plate that bends: its force where the small button is pressed, its strain, and that it is below that."""
    top = lever.at[1] - lever.size[1] / 2 + _HINGE_AT + lever.hinge.long
    arm = lever.plunger.at[1] - (top - lever.hinge.long / 2)
    if top > lever.plunger.at[1] - lever.plunger.size[1] / 2 - 0.4:
        yield "the lever's hinge reaches below the button"
        return
    turned = _TRAVEL_MM / arm
    stiff = _PLA_MPA * lever.size[0] * lever.hinge.thick**3 / 12
    force = stiff * turned / lever.hinge.long / arm
    strain = lever.hinge.thick * turned / (2 * lever.hinge.long)
    if lever.hinge.thick < 0.6 or strain > _STRAIN:
        yield f"the lever's hinge of {lever.hinge.thick:g} breaks: it is stretched by {100 * strain:.1f} %"
    if force > _FORCE_N:
        yield f"the lever wants {force:.1f} N besides the button's own force, at most {_FORCE_N:g} are bearable"


def _pressed(printing: Printing, case: Case) -> Iterator[str]:
    lever, cap = case.lever, case.cap
    if lever is not None:
        low = lever.at[1] - lever.size[1] / 2, lever.at[1] + lever.size[1] / 2
        reach = lever.plunger.at[1] + lever.plunger.size[1] / 2, lever.plunger.at[1] - lever.plunger.size[1] / 2
        if not (low[0] < reach[1] and reach[0] < low[1]):
            yield "the lever does not cover the button below it"
        if lever.raised + lever.plunger.depth - DISH < 1.0 - _SAME:
            yield "above the small button the lever is thinner than 1.0"
        yield from _hinge(lever)
        for socket in case.sockets:
            if socket.face == "front":
                gap = abs(socket.at[1] - lever.at[1]) - (socket.opening.extent()[1] + lever.size[1]) / 2
                if gap < printing.least_wall + lever.slit:
                    yield f"between the lever and the opening for {socket.name!r} there is {gap:.2f}"
    if cap is not None:
        hole = next(one for one in case.sockets if one.part == "button").opening.diameter
        if hole - cap.diameter < 2 * printing.gap or cap.flange < hole + 1.2:
            yield f"the cap of {cap.diameter:g} does not move in its hole of {hole:g}, or falls out of it"
        if case.face + cap.flange_height > cap.top:
            yield "the cap's flange does not go between face and switch"
