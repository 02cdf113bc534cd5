"""The cases by their measures alone: both fit, and what does not is told. The pieces themselves: `make enclosure`."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from device.errors import ConfigError
from hardware.case import FILE, Case, Enclosure, enclosure, inside, outside, pieces_of, read_case
from hardware.fits import faults
from hardware.scad import parameters, text
from hardware.steps import picture, steps

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / FILE).read_text()
TOLD = enclosure(ROOT)
NAMES = list(TOLD.builds)


def found(text: str, build: str) -> list[str]:
    told = read_case(text)
    return faults(told.printing, told.builds[build])


@pytest.mark.parametrize("name", NAMES)
def test_the_case_fits_its_parts(name: str) -> None:
    assert faults(TOLD.printing, TOLD.builds[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_as_large_as_its_parts_ask_for_and_can_be_held(name: str) -> None:
    case = TOLD.builds[name]
    inner, outer = inside(TOLD.printing, case), outside(TOLD.printing, case)
    assert outer.size[0] == pytest.approx(inner.size[0] + 2 * case.wall)
    assert outer.size[2] == pytest.approx(inner.size[2] + case.face + case.back)
    wide = max(part.high(0) for part in case.parts) - min(part.low(0) for part in case.parts)
    assert wide < inner.size[0] < wide + 3
    # As wide as a hand goes round, and less than a hand and a half long.
    assert outer.size[0] < 70 and outer.size[1] < 130 and outer.size[2] < 50


@pytest.mark.parametrize(
    ("build", "old", "new", "words"),
    [
        ("whisplay", "wall = 2.4", "wall = 1.0", "the wall is 1 thick"),
        ("whisplay", "wall = 2.4", "wall = 2.0", "cannot be halved for the lap"),
        ("whisplay", "fillet = 3.6", "fillet = 8.0", "at the rounded edge"),
        ("whisplay", "split = 27.3", "split = 23.8", "'USB-C, for charging' is cut by the joint"),
        ("whisplay", "split = 27.3", "split = 37.8", "which is not between face and back"),
        ("whisplay", "corner = 9.0", "corner = 2.0", "must be rounder than the wall is thick"),
        ("whisplay", "length = 12.0", "length = 40.0", "the screws come through the face"),
        ("whisplay", "posts = [[-11.6, -36.4]", "posts = [[-11.6, -33.0]", "stands in the HAT"),
        ("whisplay", "at = [-7.2, 7.2]", "at = [-11.5, 7.2]", "the hook at -11.5 stands in a rounded corner"),
        (
            "whisplay",
            "at = [-15.0, -32.5, 12.6]",
            "at = [-15.0, -32.5, 11.6]",
            "HAT and Pi Zero 2 W are in one another",
        ),
        ("whisplay", "size = [29.0, 35.4]", "size = [27.0, 35.4]", "too small for (27.97, 32.63)"),
        ("whisplay", "size = [29.0, 35.4]", "size = [36.0, 35.4]", "'screen' is 0.40 from the edge"),
        ("whisplay", "at = [14.1, 21.8]", "at = [20.0, 21.8]", "'power switch' and \"PiSugar's button\" there is"),
        ("whisplay", "corner = 0.6, blind = 1.2", "corner = 0.6, blind = 2.0", "the hollow for 'HDMI' leaves 0.4"),
        ("whisplay", "room = { left = 0.4", "room = { left = 2.0", "lies 5.00 below the wall, a plug reaches 3.5"),
        ("whisplay", "depth = 1.8", "depth = 1.0", "the lever is thinner than 1.0"),
        ("whisplay", "at = [0.0, -32.5]", "at = [0.0, -37.5]", "does not cover the button below it"),
        ("whisplay", "at = [0.0, -32.5]", "at = [0.0, -29.4]", "between the lever and the opening for 'screen'"),
        ("whisplay", "at = [-16.4, 2.0, 3.8]", "at = [-14.0, 2.0, 3.8]", "the stop at (-14.0, 2.0, 3.8) stands in"),
        ("whisplay", "thick = 0.6", "thick = 1.2", "the lever wants 8.4 N"),
        ("whisplay", "{ thick = 0.6, long = 5.0 }", "{ thick = 2.0, long = 2.0 }", "it is stretched by"),
        ("whisplay", "long = 5.0", "long = 8.0", "hinge reaches below the button"),
        ("discrete", "corner = 7.0", "corner = 20.0", "deep in the rounded corner"),
        ("discrete", "at = [-27.0, 28.0, 11.0]", "at = [-27.0, 30.0, 11.0]", "stands in the amplifier"),
        ("discrete", "at = [-12.5, 33.2, 30.0]", "at = [-12.5, 30.0, 30.0]", "and camera are in one another"),
        ("discrete", "reach = 22.9", "reach = 20.0", "pillar of the Pi 5 at (24.5, 29.1) does not hold it"),
        ("discrete", "at = [-43.0, 18.0]", "at = [-36.0, 18.0]", "cuts into the pillar of the Pi 5 at (-24.5, -28.9)"),
        ("discrete", "[24.5, 29.1]", "[34.5, 29.1]", "stands outside"),
        ("discrete", 'part = "camera"', 'part = "lens"', "belongs to 'lens', which is no part"),
        ("discrete", "flange = 18.6", "flange = 17.0", "falls out of it"),
        ("discrete", "flange_height = 1.7", "flange_height = 2.4", "does not go between face and switch"),
        ("discrete", "at = [22.0, -25.3, 20.4]", "at = [22.0, -27.3, 20.4]", "a detail of the header"),
    ],
)
def test_what_does_not_fit_is_told(build: str, old: str, new: str, words: str) -> None:
    head, here, tail = TEXT.partition(f"[builds.{build}]\n")
    changed = head + here + tail.replace(old, new, 1) if old in tail else TEXT.replace(old, new, 1)
    assert changed != TEXT
    assert [one for one in found(changed, build) if words in one], found(changed, build)


def test_what_cannot_be_read_is_told() -> None:
    with pytest.raises(ConfigError, match=r"case\.toml cannot be used: .*`corne`"):
        read_case(TEXT.replace("corner = 9.0", "corne = 9.0", 1))


@pytest.mark.parametrize("name", NAMES)
def test_openscad_is_told_every_measure(name: str) -> None:
    case = TOLD.builds[name]
    told = parameters(TOLD.printing, case)
    source = (ROOT / "hardware" / "enclosure" / "case.scad").read_text()
    assert not [one for one in told if not re.search(rf"\b{one}\b", source)]
    lines = text(told).splitlines()
    assert f"split = {case.split:g};" in lines and len(lines) == len(told)
    moved = replace(case, split=case.split + 1)
    assert text(parameters(TOLD.printing, moved)) != text(told)


def test_a_guide_has_a_picture_for_every_step_and_shows_every_part_and_piece() -> None:
    line = ["git", "ls-files", "docs/pictures"]
    tracked = set(subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
    guide = steps(ROOT, TOLD)
    assert set(guide) == set(TOLD.builds)
    for name, told in guide.items():
        case: Case = TOLD.builds[name]
        assert {part for step in told for part in step.parts} == {part.name for part in case.parts}
        assert {piece for step in told for piece in step.pieces} == set(pieces_of(case))
        assert {f"docs/{picture(name, n)}" for n in range(1, len(told) + 1)} <= tracked


def test_a_step_with_a_part_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigError, match="has no 'wheel'"):
        steps(ROOT, Enclosure(printing=TOLD.printing, builds={**TOLD.builds, "discrete": TOLD.builds["whisplay"]}))
