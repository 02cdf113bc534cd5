"""The parameters that `hardware/enclosure/case.scad` wants, from a case. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hardware.case import Case, Opening, Printing, Socket, inside, outside
from hardware.fits import CUT_BEYOND, DISH, HOOK_DEEP, HOOK_THICK, head_depth, post_radius


def value(told: object) -> str:
    """As OpenSCAD writes it."""
    if isinstance(told, bool):
        return "true" if told else "false"
    if isinstance(told, str):
        return f'"{told}"'
    if isinstance(told, Sequence):
        return f"[{', '.join(value(one) for one in told)}]"
    return f"{told:g}"


def parameters(printing: Printing, case: Case) -> dict[str, object]:
    """All that case.scad leaves open, but for which `piece` is made."""
    inner, outer = inside(printing, case), outside(printing, case)
    screw, lever, knob, cap = printing.screw, case.lever, case.knob, case.cap
    return {
        "in_low": inner.low,
        "in_high": inner.high,
        "out_low": outer.low,
        "out_high": outer.high,
        "face": case.face,
        "wall": case.wall,
        "back": case.back,
        "corner": case.corner,
        "fillet": case.fillet,
        "split": case.split,
        "lap": printing.lap,
        "gap": printing.gap,
        "half": (case.wall - printing.gap) / 2,
        "posts": case.posts,
        "post_radius": post_radius(printing),
        "screw_pilot": screw.pilot,
        "screw_hole": screw.hole,
        "screw_head": screw.head,
        "head_deep": head_depth(printing, case, outer),
        "hooks": (case.hooks.side, case.hooks.at, case.hooks.width),
        "hook_thick": HOOK_THICK,
        "hook_deep": HOOK_DEEP,
        "cut_beyond": CUT_BEYOND,
        "dish": DISH,
        "mark": (*case.mark.at, case.mark.height),
        "pillars": [(at, one.side, one.reach, one.diameter, one.pilot) for one in case.pillars for at in one.at],
        "stops": [(one.at, one.size) for one in case.stops],
        "sockets": [opening_of(one) for one in case.sockets],
        "has_lever": lever is not None,
        "lever": (lever.at, lever.size) if lever else (),
        "lever_up": lever.raised if lever else 0,
        "hinge": (lever.hinge.thick, lever.hinge.long) if lever else (),
        "slit": lever.slit if lever else 0,
        "plunger": (lever.plunger.at, lever.plunger.size, lever.plunger.depth) if lever else (),
        "has_knob": knob is not None,
        "knob_": (knob.at, knob.diameter, knob.height, knob.shaft, knob.flat, knob.stem) if knob else (),
        "has_cap": cap is not None,
        "cap_": (cap.at, cap.diameter, cap.flange, cap.flange_height, cap.raised, cap.top) if cap else (),
    }


def opening_of(socket: Socket) -> tuple[object, ...]:
    """Side, at, shape, size, corner (the hole's diameter for a grille), bevel, blind, pitch, count, holes."""
    opening = socket.opening
    shape, size, corner = _shape(opening)
    head = (socket.face, socket.at, shape, size, corner)
    return (*head, opening.bevel, opening.blind, opening.pitch, opening.slots, opening.holes)


def _shape(opening: Opening) -> tuple[str, tuple[float, float], float]:
    if opening.grille is not None:
        return "grille", opening.grille, opening.diameter
    if opening.size is not None:
        return "slots", opening.size, min(opening.corner, min(opening.size) / 2 - 0.01)
    return "round", (opening.diameter, opening.diameter), 0.0


def text(told: Mapping[str, object]) -> str:
    """A file of parameters."""
    return "".join(f"{name} = {value(one)};\n" for name, one in told.items())
