"""`python -m hardware.render`: makes the pieces of both cases by OpenSCAD, checks them, and draws the build guide.

Pieces go to out/enclosure/BUILD/PIECE.stl, to be printed; pictures to docs/pictures/. A piece whose source has not
changed is not made again. Needs the extra `enclosure` and OpenSCAD (`make enclosure` brings both).
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from device.errors import ConfigError
from device.faces import draw as drawn_face
from device.view import Face, Listening, Status
from hardware import fits, scad, solid
from hardware.case import Case, Detail, Enclosure, enclosure, outside, pieces_of
from hardware.picture import Array, Body, View, block, colour, draw, tube
from hardware.steps import Step, picture, steps

ROOT: Final = Path(__file__).parent.parent
SOURCE: Final = ROOT / "hardware" / "enclosure" / "case.scad"
OUT: Final = ROOT / "out" / "enclosure"
# Which pieces are printed lying on what is their front.
_TURNED: Final = ("front", "knob")
_COLOURS: Final = {"front": "#e8642c", "back": "#f3efe6", "knob": "#26282b", "cap": "#26282b"}
_LIT: Final = Face(Status(True, "19:05", 62), Listening(4, "order a large pepperoni pizza"))
_SIZE: Final = (640, 600)
BOTH: Final = "pictures/assembly/both.png"


def make(told: Enclosure, build: str, piece: str) -> list[str]:
    """The piece's STL, if it is not there already; returns what OpenSCAD warned of."""
    folder = OUT / build
    folder.mkdir(parents=True, exist_ok=True)
    head = scad.text({**scad.parameters(told.printing, told.builds[build]), "piece": piece})
    source, made = folder / f"{piece}.scad", folder / f"{piece}.stl"
    print_of = hashlib.sha256((head + SOURCE.read_text(encoding="utf-8")).encode()).hexdigest()
    stamp = folder / f"{piece}.sha256"
    if made.exists() and stamp.exists() and stamp.read_text() == print_of:
        return []
    source.write_text(f"{head}include <{SOURCE}>\nlaid();\n", encoding="utf-8")
    run = subprocess.run(["openscad", "-o", str(made), str(source)], capture_output=True, text=True)
    said = [line for line in run.stderr.splitlines() if line.startswith(("WARNING", "ERROR", "DEPRECATED"))]
    if run.returncode or said:
        made.unlink(missing_ok=True)
        return [f"{build} {piece}: {line}" for line in said or run.stderr.splitlines()[-3:]]
    stamp.write_text(print_of)
    return []


def bodies(case: Case, depth: float, made: dict[str, solid.Piece], step: Step) -> list[Body]:
    """What is seen in the picture of a step; `depth` of the whole case."""
    seen = [Body(made[name].triangles - [0, 0, off], colour(_COLOURS[name])) for name, off in step.pieces.items()]
    for part in case.parts:
        if part.name in step.parts:
            whole = Detail(at=part.at, size=part.size, colour=part.colour)
            for one in part.details or (whole,):
                front = -one.at[2] - step.parts[part.name]
                low = (one.at[0], one.at[1], front - one.size[2])
                seen.append(Body(block(low, (low[0] + one.size[0], low[1] + one.size[1], front)), colour(one.colour)))
    if step.screws >= 0:
        back = -depth - step.screws
        seen += [Body(tube(at, 2.3, back, back + 2), colour("#8d9298")) for at in case.posts]
        seen += [Body(tube(at, 1.25, back + 2, back + 12), colour("#8d9298")) for at in case.posts]
    if step.lit:
        seen.append(_screen(case, case.face - 0.02 if "front" in step.pieces else case.face))
    return seen


def _screen(case: Case, depth: float) -> Body:
    """What is lit of the screen, with the firmware's own picture on it."""
    socket = next(one for one in case.sockets if one.name == "screen")
    (x, y), (wide, high), z = socket.at, socket.size, -depth + 0.03
    left, right, low, top = x - wide / 2, x + wide / 2, y - high / 2, y + high / 2
    corners = np.array([[left, top, z], [left, low, z], [right, low, z], [right, top, z]])
    uv = np.array([[0, 0], [0, 1], [1, 1], [1, 0]], dtype=float)
    order = [[0, 1, 2], [0, 2, 3]]
    picture_: Image.Image = drawn_face(_LIT)
    triangles: Array = corners[order]
    return Body(triangles, (0, 0, 0), picture_, uv[order])


def _both(told: Enclosure, made: dict[str, dict[str, solid.Piece]], guide: dict[str, tuple[Step, ...]]) -> Image.Image:
    """The last step of each build, side by side, as large as they are beside one another."""
    seen: list[Body] = []
    right = 0.0
    for build, case in told.builds.items():
        size = outside(told.printing, case)
        shift = [right - size.low[0], -size.low[1], 0.0]
        for body in bodies(case, size.size[2], made[build], guide[build][-1]):
            body.triangles = body.triangles + shift
            seen.append(body)
        right += size.size[0] + 34.0
    return draw(seen, View(-24, 22, 1000, 720))


def saved(image: Image.Image, path: Path) -> None:
    """As a small PNG: 96 colours are enough for shades of a few."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


def main(argv: list[str]) -> int:
    """Exit code: 0 all good, 1 something does not fit or warns, 2 it cannot run."""
    options = argparse.ArgumentParser(
        prog="python -m hardware.render", description="Makes the cases and their pictures."
    )
    options.add_argument("--check", action="store_true", help="make and check the pieces, draw nothing")
    flags = options.parse_args(argv)
    if shutil.which("openscad") is None:
        print("OpenSCAD is missing: `make enclosure` brings it.", file=sys.stderr)
        return 2
    try:
        told = enclosure(ROOT)
        guide = steps(ROOT, told)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    wanted = [(build, piece) for build, case in told.builds.items() for piece in pieces_of(case)]
    print(f"Making {len(wanted)} pieces: some minutes, unless they are there already.")
    with ThreadPoolExecutor(2) as pool:
        wrong = [line for said in pool.map(lambda one: make(told, *one), wanted) for line in said]
    everything: dict[str, dict[str, solid.Piece]] = {}
    for build, case in told.builds.items():
        wrong += [f"{build}: {one}" for one in fits.faults(told.printing, case)]
        if wrong:
            continue
        made = {name: solid.Piece(OUT / build / f"{name}.stl", turned=name in _TURNED) for name in pieces_of(case)}
        found = list(solid.faults(told.printing, case, made))
        wrong += [f"{build}: {one}" for one in found]
        for name, piece in made.items():
            print(f"{build} {name}: {len(piece.triangles)} triangles, {piece.solid.volume() / 1000:.1f} cm3")
        for number, step in enumerate(() if flags.check or found else guide[build], 1):
            image = draw(
                bodies(case, outside(told.printing, case).size[2], made, step), View(step.turn, step.tilt, *_SIZE)
            )
            saved(image, ROOT / "docs" / picture(build, number))
            print(f"drew docs/{picture(build, number)}")
        everything[build] = made
    if not wrong and not flags.check:
        saved(_both(told, everything, guide), ROOT / "docs" / BOTH)
        print(f"drew docs/{BOTH}")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
