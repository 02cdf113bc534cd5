"""What a code that is held before the camera may say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.qr import CloudCode, WifiCode, cloud_code, read, wifi_code

NAMES = st.text(st.characters(min_codepoint=32, blacklist_categories=["Cs"]), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("WIFI:T:WPA;S:Vogelweide;P:correct horse;;", WifiCode("Vogelweide", "correct horse")),
        ('wifi:S:a\\;b\\:c;T:WPA2;P:\\\\\\,\\";H:true;;', WifiCode("a;b:c", '\\,"', hidden=True)),
        ("WIFI:T:nopass;S:Café;;", WifiCode("Café")),
        ('WIFI:S:"2a4f";T:SAE;P:"12345678";;', WifiCode("2a4f", "12345678")),
        ("LEVERET:A:wss\\://hare.example/device;;", CloudCode("wss://hare.example/device")),
        (f"LEVERET:A:wss://hare.example/device;F:{'Ab' * 32};;", CloudCode("wss://hare.example/device", "ab" * 32)),
        ("LEVERET:A:wss://hare.example/device;F:12;;", None),
        ("LEVERET:F:12;;", None),
        ("WIFI:P:no name;;", None),
        (f"WIFI:S:{'x' * 33};;", None),
        ("https://hare.example/", None),
        ("WIFI:S:a\nb;;", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_phones_and_routers_write_it(text: str, read_as: WifiCode | CloudCode | None) -> None:
    assert read(text) == read_as


@given(NAMES, st.one_of(st.just(""), NAMES), st.booleans())
def test_what_is_written_is_read(name: str, password: str, hidden: bool) -> None:
    quoted = any(len(one) > 1 and one[0] == one[-1] == '"' for one in (name, password))
    wish = WifiCode(name, password, hidden=hidden)
    assert quoted or len(name.encode()) > 32 or read(wifi_code(wish)) == wish
    assert read(cloud_code(name, "0" * 64)) == CloudCode(name, "0" * 64)


@given(st.text(max_size=60))
def test_no_code_breaks_it(text: str) -> None:
    for kind in ("", "WIFI:", "LEVERET:"):
        read(kind + text)
