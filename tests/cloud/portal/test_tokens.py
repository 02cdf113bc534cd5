"""The portal's colours: what is read stands out enough from what is behind it, in light and in dark."""

from __future__ import annotations

import re
from itertools import product

import pytest

from cloud.portal.pages import STATIC

READ = [
    *product(("ink", "soft"), ("paper", "card", "raised")),
    *product(("accent", "gone", "good", "warn"), ("paper", "card")),
    *product(("added", "gone", "ink"), ("raised",)),
    ("on-accent", "accent"),
    ("on-good", "good"),
]
# What bounds a control: 3 is enough.
SEEN = [("edge", "paper"), ("edge", "card"), ("accent", "paper"), ("accent", "card")]


def tokens() -> dict[str, dict[str, str]]:
    """Colours by name, for light and for dark."""
    css = STATIC["portal.css"].decode()
    light, dark = (
        dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)
    )
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_read_has_a_contrast_of_four_and_a_half(scheme: str) -> None:
    colours = tokens()[scheme]
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in READ}
    assert not {pair: found for pair, found in weak.items() if found < 4.5}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_bounds_a_control_or_shows_the_focus_has_a_contrast_of_three(scheme: str) -> None:
    colours = tokens()[scheme]
    assert not [pair for pair in SEEN if contrast(colours[pair[0]], colours[pair[1]]) < 3]


def test_light_and_dark_differ() -> None:
    both = tokens()
    assert luminance(both["light"]["paper"]) > 0.8 > 0.05 > luminance(both["dark"]["paper"])


def test_no_style_of_a_page_brings_a_colour_of_its_own() -> None:
    """But for black and white, through which a picture shows or that lie behind one."""
    for name in (name for name in STATIC if name.endswith(".css")):
        rules = re.sub(r":root \{.*?\}|/\*.*?\*/", "", STATIC[name].decode(), flags=re.S)
        colours = re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", rules)
        own = [colour for colour in colours if not colour.startswith(("#fff", "#000"))]
        assert not own, name
