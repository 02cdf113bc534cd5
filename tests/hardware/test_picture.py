"""The small renderer: what is nearer hides what is behind, a screen shows its picture, light falls from one side."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PIL import Image

from hardware.picture import BACKGROUND, Body, View, block, colour, draw, tube

AHEAD = View(0, 0, 60, 60)


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = image.convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return red, green, blue


def test_what_is_nearer_hides_what_is_behind() -> None:
    red = Body(block((-10, -10, 0), (10, 10, 2)), colour("#ff0000"))
    blue = Body(block((-4, -4, 5), (4, 4, 7)), colour("#0000ff"))
    image = draw([red, blue], AHEAD)
    middle, side = pixel(image, 30, 30), pixel(image, 10, 30)
    assert middle[2] > 150 > middle[0] and side[0] > 150 > side[2]
    assert pixel(image, 0, 0) == BACKGROUND
    behind = draw([red, blue], View(180, 0, 60, 60))
    assert pixel(behind, 30, 30)[0] > pixel(behind, 30, 30)[2]


def test_a_screen_shows_its_picture_the_right_way_up() -> None:
    corners = np.array([[-9, 9, 0], [-9, -9, 0], [9, -9, 0], [9, 9, 0]], dtype=float)
    uv = np.array([[0, 0], [0, 1], [1, 1], [1, 0]], dtype=float)
    shown = Image.new("RGB", (2, 2), (0, 200, 0))
    shown.putpixel((0, 0), (200, 0, 0))
    order = [[0, 1, 2], [0, 2, 3]]
    image = draw([Body(corners[order], (0, 0, 0), shown, uv[order])], AHEAD)
    assert pixel(image, 15, 15)[0] > 100 > pixel(image, 15, 15)[1]
    assert pixel(image, 45, 45)[1] > 100 > pixel(image, 45, 45)[0]


def test_a_shadow_falls_to_the_right_and_below_and_round_things_are_round() -> None:
    floor = Body(block((-20, -20, -1), (20, 20, 0)), colour("#c0c0c0"))
    post = Body(tube((0, 0), 4, 0, 14), colour("#c0c0c0"))
    image = draw([floor, post], AHEAD)
    assert sum(pixel(image, 38, 37)) < sum(pixel(image, 20, 20)) - 60
    side = draw([post], View(90, 0, 60, 60))
    shades = [sum(pixel(side, 30, y)) for y in range(24, 37)]
    assert max(abs(a - b) for a, b in pairwise(shades)) < 90
