"""The pieces as OpenSCAD made them, held to what a printer and the parts need. Needs trimesh and manifold3d."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import manifold3d
import numpy as np
import trimesh

from hardware.case import Case, Detail, Part, Printing, outside
from hardware.picture import Array

# Less than this two solids have in common by rounding alone, in cubic millimetres.
_COMMON_MM3: Final = 0.5
_SAME_MM: Final = 0.06
_SHRUNK_MM: Final = 0.05


class Piece:
    """One printed piece where it belongs in the case: x, y as seen from the front, depth d at z = -d."""

    def __init__(self, path: Path, *, turned: bool) -> None:
        """`turned`: it lies with its face down."""
        mesh: Any = trimesh.load_mesh(path)
        if turned:
            mesh.vertices *= [1.0, -1.0, -1.0]
        self.watertight = bool(mesh.is_watertight and mesh.is_winding_consistent)
        self.triangles: Array = np.array(mesh.triangles)
        self.solid = manifold3d.Manifold(
            manifold3d.Mesh(np.asarray(mesh.vertices, dtype=np.float32), np.asarray(mesh.faces, dtype=np.uint32))
        )


def faults(printing: Printing, case: Case, pieces: Mapping[str, Piece]) -> Iterator[str]:
    """What is wrong with the pieces, each as a sentence."""
    for name, piece in pieces.items():
        if not piece.watertight or piece.solid.status() != manifold3d.Error.NoError or piece.solid.volume() <= 0:
            yield f"the {name} is not manifold"
        bodies = len(piece.solid.decompose())
        if bodies != 1:
            yield f"the {name} is {bodies} bodies"
    yield from _outside(printing, case, pieces)
    for (one, first), (other, second) in combinations(pieces.items(), 2):
        common = (first.solid ^ second.solid).volume()
        if common > _COMMON_MM3:
            yield f"{one} and {other} are in one another by {common:.1f} mm3"
    for name in ("front", "back"):
        for part in case.parts:
            common = (pieces[name].solid ^ _boxes(part)).volume()
            if common > _COMMON_MM3 and part.through is None:
                yield f"the {part.name} is in the {name} by {common:.1f} mm3"


def _outside(printing: Printing, case: Case, pieces: Mapping[str, Piece]) -> Iterator[str]:
    low = np.minimum(pieces["front"].triangles.min((0, 1)), pieces["back"].triangles.min((0, 1)))
    high = np.maximum(pieces["front"].triangles.max((0, 1)), pieces["back"].triangles.max((0, 1)))
    raised = case.lever.raised if case.lever else 0.0
    for axis, want in enumerate(outside(printing, case).size):
        size = float(high[axis] - low[axis]) - (raised if axis == 2 else 0.0)
        if abs(size - want) > _SAME_MM:
            yield f"along axis {axis} the case is {size:.2f}, reckoned were {want:.2f}"


def _boxes(part: Part) -> Any:
    """All boxes of a part, each a little smaller, for what only touches it."""
    whole = Detail(at=part.at, size=part.size, colour=part.colour)
    made = []
    for one in part.details or (whole,):
        size = [max(0.01, side - 2 * _SHRUNK_MM) for side in one.size]
        at = [one.at[0] + _SHRUNK_MM, one.at[1] + _SHRUNK_MM, -one.at[2] - one.size[2] + _SHRUNK_MM]
        made.append(manifold3d.Manifold.cube(size).translate(at))
    return manifold3d.Manifold.batch_boolean(made, manifold3d.OpType.Add)
