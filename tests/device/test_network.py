from __future__ import annotations

import socket
from pathlib import Path

import pytest
from msgspec.structs import replace

from device.assistant import step
from device.effects import LookAtNetwork
from device.inputs import FromLink, NetworkIs
from device.parts.network import own_address, read_network
from device.state import Device, Menu, Network, Phase, State, Turn
from device.view import MenuFace, Page, face_of
from tests.device.cloud_of_tests import has_ipv6
from tests.device.test_menu import opened
from wire.messages import SayStart, Transcript

# Nobody may connect to everybody without asking for it.
NO_WAY = (socket.AF_INET, "255.255.255.255")
HEAD = (
    "Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n"
    " face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\n"
)


@pytest.mark.parametrize(
    ("lines", "network"),
    [
        (" wlan0: 0000   49.  -61.  -256        0\n", Network("Home", 70, "10.0.0.7")),
        (" wlan0: 0000   99.  -31.  -256        0\n", Network("Home", 100, "10.0.0.7")),
        (" wlan0: 0000   ?    ?\n", Network("Home", -1, "10.0.0.7")),
        ("", Network("", -1, "10.0.0.7")),
        (" torn\n", Network("", -1, "10.0.0.7")),
    ],
)
def test_the_kernel_tells_name_and_signal(tmp_path: Path, lines: str, network: Network) -> None:
    (tmp_path / "wireless").write_text(HEAD + lines)
    assert (
        read_network(tmp_path / "wireless", lambda card: "Home" if card == "wlan0" else "", lambda: "10.0.0.7")
        == network
    )


def test_on_a_machine_without_wifi_it_is_said_by_its_absence(tmp_path: Path) -> None:
    assert read_network(tmp_path / "none").name == ""


@pytest.mark.parametrize(
    ("ways", "address"),
    [
        ([NO_WAY, (socket.AF_INET6, "::1")], "::1"),
        ([(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")], "127.0.0.1"),
        ([NO_WAY], ""),
    ],
)
def test_the_address_is_of_ipv6_where_there_is_nothing_else(
    ways: list[tuple[socket.AddressFamily, str]], address: str
) -> None:
    if "::1" in address and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    assert own_address(ways) == address


def test_opening_the_page_looks_and_shows_it() -> None:
    hand = opened()
    hand.go_to("Wi-Fi")
    hand.hold()
    assert LookAtNetwork() in hand.effects
    state, _ = step(hand.state, NetworkIs(Network("Vogelweide", 71, "192.168.178.20")), hand.now_ms)
    body = face_of(state, hand.now_ms, clock="14:05", date="d").body
    assert isinstance(body, MenuFace)
    assert ("Vogelweide", "71 %") in [(line.label, line.value) for line in body.lines]


def test_about_names_the_parts_in_the_persons_language() -> None:
    state = State(
        about=Device("1.2.0", "whisplay", ("button", "screen"), "cloud.example.org"), menu=Menu(0, 9, "about")
    )
    body = face_of(state, 0, clock="14:05", date="d").body
    assert isinstance(body, Page)
    assert ("Version", "1.2.0") in [(row.label, row.value) for row in body.rows]
    assert ("Parts", "button, screen") in [(row.label, row.value) for row in body.rows]


def test_about_says_what_heard_and_what_spoke() -> None:
    state = State(turn=Turn(1, Phase.THINKING, 0, 9000))
    for event in (
        Transcript(turn=1, number=1, text="hello", final=True, engine="moonshine-tiny-en"),
        SayStart(turn=1, number=2, say=1, text="Hello.", voice="espeak-ng"),
        SayStart(turn=1, number=3, say=2, text="And more."),
    ):
        state, _ = step(state, FromLink(event), 1)
    state = replace(state, turn=None, say=None, menu=Menu(0, 9, "about"))
    body = face_of(state, 0, clock="14:05", date="d").body
    assert isinstance(body, Page)
    assert {("Heard by", "moonshine-tiny-en"), ("Spoken by", "espeak-ng")} <= {
        (row.label, row.value) for row in body.rows
    }
