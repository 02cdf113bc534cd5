"""What of the live view needs no browser: addresses as they are typed, viewports, the pace of pictures, file names."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from browser.errors import NavigationRefused
from browser.hosts import parse_patterns
from browser.live.address_bar import pattern_of, typed
from browser.live.choosers import plain_name
from browser.live.pace import Pace
from browser.live.view import LEAST_WIDTH, viewport

LOCAL = parse_patterns(("*.localhost:8123",))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("shop.example", "https://shop.example"),
        (" shop.example/cart?x=1 ", "https://shop.example/cart?x=1"),
        ("http://shop.example:81/", "http://shop.example:81/"),
        ("pizza.localhost:8123", "http://pizza.localhost:8123"),
        ("localhost", "http://localhost"),
        ("[2001:db8::1]:8080", "https://[2001:db8::1]:8080"),
    ],
)
def test_what_is_typed_becomes_an_address(text: str, address: str) -> None:
    assert typed(text, LOCAL) == address


@pytest.mark.parametrize(
    "text", ["", "order a pizza", "file:///etc/passwd", "javascript:alert(1)", "http://me:secret@shop.example", "shop"]
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(NavigationRefused):
        typed(text, LOCAL)


def test_a_host_is_let_in_with_its_own_port_alone() -> None:
    assert pattern_of("http://shop.example:81/x").port == 81
    assert pattern_of("https://shop.example/").port is None


@pytest.mark.parametrize(("canvas", "wanted"), [((1200, 700), (1200, 700)), ((390, 250), (LEAST_WIDTH, 656))])
def test_a_page_is_as_large_as_the_canvas_but_never_another_page(
    canvas: tuple[int, int], wanted: tuple[int, int]
) -> None:
    assert viewport(*canvas) == wanted


@pytest.mark.parametrize(
    ("name", "kept"), [("../../etc/passwd", "passwd"), ("C:\\bill.txt", "bill.txt"), ("..", "file"), ("a\0b", "ab")]
)
def test_a_file_keeps_its_name_and_no_folder(name: str, kept: str) -> None:
    assert plain_name(name) == kept


async def test_no_picture_is_taken_before_the_last_one_was_drawn_and_a_press_takes_the_next_at_once() -> None:
    pace = Pace(0.001, itertools.count(1))
    await pace.ready()
    number = pace.sent()
    waiting = asyncio.ensure_future(pace.ready())
    pace.hurry()
    pace.drawn(number + 1)
    await asyncio.sleep(0)
    assert not waiting.done()
    pace.drawn(number)
    await waiting
