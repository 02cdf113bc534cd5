"""Draws meshes: a small renderer with a depth buffer, a light and its shadow, dark creases, lines where shapes end.

Parallel projection. Needs numpy. Triangles are an array of shape (n, 3, 3): n triangles, 3 corners, x y z.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
from msgspec import Struct
from PIL import Image

Array = np.ndarray[Any, Any]
BACKGROUND: Final = (250, 249, 246)
# Faces that meet at less are drawn as one round surface.
_SMOOTH_COS: Final = 0.8
_LIGHT: Final = (-0.42, 0.5, 1.0)
_SHADOW_PX: Final = 900
_OVERSAMPLED: Final = 2


class Body(Struct, eq=False):
    """One mesh in one colour (red, green, blue), or with a picture on it at `uv` (n, 3, 2; 0 to 1)."""

    triangles: Array
    colour: tuple[int, int, int]
    image: Image.Image | None = None
    uv: Array | None = None


class View(Struct, frozen=True):
    """Degrees: `turn` round the upright axis of the case, `tilt`: looked at from so far above; picture in pixels."""

    turn: float
    tilt: float
    width: int = 900
    height: int = 900


class _Buffer:
    """Depth, and which triangle is seen, for each pixel."""

    def __init__(self, width: int, height: int) -> None:
        self.depth = np.full((height, width), -np.inf)
        self.index = np.full((height, width), -1, dtype=np.int32)
        self.weights = np.zeros((height, width, 3), dtype=np.float32)


def colour(told: str) -> tuple[int, int, int]:
    """`#rrggbb` as three numbers."""
    red, green, blue = (int(told[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def block(low: tuple[float, float, float], high: tuple[float, float, float]) -> Array:
    """The triangles of a box."""
    x, y, z = zip(low, high, strict=True)
    corners = np.array([[x[i & 1], y[i >> 1 & 1], z[i >> 2]] for i in range(8)], dtype=float)
    faces = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    return np.array([corners[[a, b, c]] for f in faces for a, b, c in ((f[0], f[1], f[2]), (f[0], f[2], f[3]))])


def tube(at: tuple[float, float], radius: float, low: float, high: float, sides: int = 28) -> Array:
    """The triangles of a cylinder along z."""
    angles = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = np.stack([at[0] + radius * np.cos(angles), at[1] + radius * np.sin(angles)], axis=1)
    made = []
    for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        made += [[(ax, ay, low), (bx, by, low), (bx, by, high)], [(ax, ay, low), (bx, by, high), (ax, ay, high)]]
        made += [[(*at, high), (ax, ay, high), (bx, by, high)], [(*at, low), (bx, by, low), (ax, ay, low)]]
    return np.array(made, dtype=float)


def draw(bodies: list[Body], view: View) -> Image.Image:
    """The picture, the bodies filling it but for a margin."""
    turned = _turn(view)
    triangles = np.concatenate([body.triangles for body in bodies]) @ turned.T
    owner = np.concatenate([np.full(len(body.triangles), n) for n, body in enumerate(bodies)])
    normals = np.concatenate([_normals(body.triangles) for body in bodies]) @ turned.T
    width, height = view.width * _OVERSAMPLED, view.height * _OVERSAMPLED
    scale, shift = _fitted(triangles, width, height)
    seen = _drawn(triangles * scale + shift, width, height)
    lit = _shaded(bodies, triangles, owner, normals, seen)
    lit *= _creases(seen, scale)[..., None]
    lit *= _lines(seen, owner, normals)[..., None]
    lit[seen.index < 0] = np.array(BACKGROUND) / 255
    picture = Image.fromarray((np.clip(lit, 0, 1) * 255).astype(np.uint8))
    return picture.resize((view.width, view.height), Image.Resampling.LANCZOS)


def _turn(view: View) -> Array:
    turn, tilt = np.radians(view.turn), np.radians(view.tilt)
    around = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    over = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    made: Array = over @ around
    return made


def _fitted(triangles: Array, width: int, height: int) -> tuple[Array, Array]:
    low, high = triangles.min((0, 1)), triangles.max((0, 1))
    scale = 0.92 * min(width / (high[0] - low[0]), height / (high[1] - low[1]))
    middle = (low + high) / 2
    return np.array([scale, -scale, scale]), np.array([width / 2, height / 2, 0]) - middle * [scale, -scale, scale]


def _normals(triangles: Array) -> Array:
    """A direction for each corner (n, 3, 3): of its triangle, and of those that go on smoothly there."""
    flat = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    unit = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
    points = np.round(triangles.reshape(-1, 3), 3)
    _, place = np.unique(points, axis=0, return_inverse=True)
    place = place.reshape(-1)
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(place.max() + 2))
    sums = np.zeros((len(points), 3))
    for first, last in pairwise(starts):
        corners = order[first:last]
        near, weight = unit[corners // 3], flat[corners // 3]
        sums[corners] = ((near @ near.T) > _SMOOTH_COS).astype(float) @ weight
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return sums.reshape(-1, 3, 3)


def _drawn(triangles: Array, width: int, height: int) -> _Buffer:
    """Each triangle into the buffer; x and y are pixels, a larger z is nearer."""
    seen = _Buffer(width, height)
    low = np.maximum(np.floor(triangles[..., :2].min(1)).astype(int), 0)
    high = np.minimum(np.ceil(triangles[..., :2].max(1)).astype(int), [width - 1, height - 1])
    edge, other = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    area = edge[:, 0] * other[:, 1] - edge[:, 1] * other[:, 0]
    facing = np.nonzero((np.abs(area) > 1e-9) & (high >= low).all(1))[0]
    for n in facing:
        (x0, y0), (x1, y1) = low[n], high[n]
        a, b, c = triangles[n]
        x = np.arange(x0, x1 + 1)[None, :] + 0.5
        y = np.arange(y0, y1 + 1)[:, None] + 0.5
        second = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / area[n]
        third = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area[n]
        first = 1 - second - third
        depth = first * a[2] + second * b[2] + third * c[2]
        window = np.s_[y0 : y1 + 1, x0 : x1 + 1]
        taken = (first >= -1e-6) & (second >= -1e-6) & (third >= -1e-6) & (depth > seen.depth[window])
        if taken.any():
            seen.depth[window][taken] = depth[taken]
            seen.index[window][taken] = n
            seen.weights[window][taken] = np.stack([first, second, third], axis=-1)[taken]
    return seen


def _shaded(bodies: list[Body], triangles: Array, owner: Array, normals: Array, seen: _Buffer) -> Array:
    """Colours from 0 to 1, (height, width, 3)."""
    there = np.maximum(seen.index, 0)
    weights = seen.weights[..., None]
    normal = (normals[there] * weights).sum(2)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
    # A surface that is seen from behind is lit as if it were turned.
    normal *= np.where(normal[..., 2:] < 0, -1, 1)
    light = np.array(_LIGHT) / np.linalg.norm(_LIGHT)
    points = (triangles[there] * weights).sum(2)
    direct = np.clip(normal @ light, 0, 1) * _unshadowed(triangles, points, normal, light)
    shine = np.clip(normal @ ((light + [0, 0, 1]) / np.linalg.norm(light + [0, 0, 1])), 0, 1) ** 40
    base = np.array([body.colour for body in bodies])[owner[there]] / 255.0
    base = _pictured(bodies, owner, there, seen, base)
    brightness = 0.56 + 0.14 * normal[..., 1] + 0.56 * direct
    shaded: Array = base * brightness[..., None] + 0.10 * (shine * (direct > 0))[..., None]
    return shaded


def _pictured(bodies: list[Body], owner: Array, there: Array, seen: _Buffer, base: Array) -> Array:
    first = 0
    for n, body in enumerate(bodies):
        if body.image is not None and body.uv is not None:
            mine = (owner[there] == n) & (seen.index >= 0)
            uv = (body.uv[there[mine] - first] * seen.weights[mine][..., None]).sum(1)
            pixels = np.asarray(body.image.convert("RGB"))
            x = np.clip(uv[:, 0] * pixels.shape[1], 0, pixels.shape[1] - 1).astype(int)
            y = np.clip(uv[:, 1] * pixels.shape[0], 0, pixels.shape[0] - 1).astype(int)
            # A screen shines by itself.
            base[mine] = pixels[y, x] / 255.0 * 1.15
        first += len(body.triangles)
    return base


def _unshadowed(triangles: Array, points: Array, normal: Array, light: Array) -> Array:
    """0 where something stands between the light and a point, else 1; soft at the edges."""
    side = np.cross([0.0, 1.0, 0.0], light)
    side /= np.linalg.norm(side)
    axes = np.stack([side, np.cross(light, side), light])
    cast = triangles @ axes.T
    low, high = cast.min((0, 1)), cast.max((0, 1))
    scale = (_SHADOW_PX - 4) / max(high[0] - low[0], high[1] - low[1])
    buffer = _drawn((cast - low) * [scale, scale, 1] + [2, 2, 0], _SHADOW_PX, _SHADOW_PX)
    place = (points + normal * 0.25) @ axes.T
    x = np.clip((place[..., 0] - low[0]) * scale + 2, 1, _SHADOW_PX - 2).astype(int)
    y = np.clip((place[..., 1] - low[1]) * scale + 2, 1, _SHADOW_PX - 2).astype(int)
    lit = np.zeros(x.shape)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            lit += buffer.depth[y + dy, x + dx] < place[..., 2] - low[2] + 0.35
    shadow: Array = lit / 9
    return shadow


def _creases(seen: _Buffer, scale: Array) -> Array:
    """Darker where what is around is nearer."""
    depth = np.where(seen.index < 0, np.nan, seen.depth / abs(scale[0]))
    far = np.nanmin(depth)
    filled = np.nan_to_num(depth, nan=far)
    dark = np.zeros_like(filled)
    for radius in (6, 18):
        around = _blurred(filled, radius)
        dark += np.clip((around - filled) / 9.0, 0, 0.28)
    made: Array = 1 - np.where(seen.index < 0, 0, dark)
    return made


def _blurred(grey: Array, radius: int) -> Array:
    """The mean of the square around each pixel."""
    size = 2 * radius + 1
    for axis in (0, 1):
        wide = np.pad(grey, [(radius + 1, radius) if n == axis else (0, 0) for n in (0, 1)], mode="edge").cumsum(axis)
        grey = (wide.take(range(size, wide.shape[axis]), axis) - wide.take(range(wide.shape[axis] - size), axis)) / size
    return grey


def _lines(seen: _Buffer, owner: Array, normals: Array) -> Array:
    """Dark where one shape ends and another begins."""
    name = np.where(seen.index < 0, -1, owner[np.maximum(seen.index, 0)])
    depth = np.where(seen.index < 0, -1e4, seen.depth)
    line = np.zeros(name.shape, dtype=bool)
    for axis in (0, 1):
        ends = (np.diff(name, axis=axis) != 0) | (np.abs(np.diff(depth, axis=axis)) > 14)
        first = [np.s_[:-1], np.s_[:]] if axis == 0 else [np.s_[:], np.s_[:-1]]
        line[tuple(first)] |= ends
    return np.where(line, 0.45, 1.0)
