"""The page of a setup: what it shows, and what is made of what was written on it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.provisioning import pages
from device.provisioning.radio import Seen, Wish
from device.provisioning.state import Purpose, State, Submitted

NETWORKS = (Seen("Vogelweide", 80), Seen("Café", 40, secured=False), Seen("Known", 20, known=True))
STATE = State(networks=NETWORKS)


def read(**fields: str) -> Submitted:
    return pages.read(urlencode(fields).encode(), STATE)


def test_what_is_chosen_or_typed_becomes_a_wish() -> None:
    assert read(network="n0", password="correct horse", cloud="hare.example", country="de") == Submitted(
        Wish("Vogelweide", "correct horse"), "wss://hare.example/device", "DE"
    )
    assert read(network="n1", password="left over").wish == Wish("Café"), "an open one takes no password"
    assert read(network="n2").wish == Wish("Known"), "one that is kept needs none"
    assert read(network="other", name=" Hidden ", password="12345678", hidden="on").wish == Wish(
        "Hidden", "12345678", True
    )
    assert read(network="n0", name="Typed", password="12345678").wish == Wish("Typed", "12345678")
    assert read(network="stay", cloud="hare.example").wish is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"network": "n0"}, pages.TOO_SHORT),
        ({"network": "n0", "password": "short"}, pages.TOO_SHORT),
        ({"network": "n0", "password": "x" * 64}, pages.TOO_SHORT),
        ({"network": "other"}, pages.NO_NAME),
        ({"network": "n9"}, pages.NO_NAME),
        ({"name": "x" * 33, "password": "12345678"}, pages.NO_NAME),
        ({"network": "n1", "country": "Germany"}, pages.NO_COUNTRY),
        ({}, pages.NO_NAME),
    ],
)
def test_what_cannot_be_used_is_said(fields: dict[str, str], sentence: str) -> None:
    with pytest.raises(pages.Refused, match=sentence.split(",")[0]):
        read(**fields)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("hare.example", "wss://hare.example/device"),
        ("https://hare.example/", "wss://hare.example/device"),
        ("https://hare.example:8443/devices", "wss://hare.example:8443/devices"),
        ("wss://hare.example/device", "wss://hare.example/device"),
        ("http://127.0.0.1:8350", "ws://127.0.0.1:8350/device"),
        ("", ""),
    ],
)
def test_an_address_is_taken_as_a_browser_shows_it(text: str, address: str) -> None:
    assert pages.address_of(text) == address


def test_names_that_are_markup_are_shown_as_names() -> None:
    evil = '"><script>alert(1)</script>'
    page = pages.form(State(networks=(Seen(evil, 80),), wish=Wish(evil), cloud=evil, trouble=evil))
    assert "<script" not in page and page.count("&lt;script&gt;") >= 3


def test_another_wifi_is_not_asked_for_a_cloud() -> None:
    assert 'name="cloud"' in pages.form(STATE) and 'name="cloud"' not in pages.form(State(purpose=Purpose.WIFI))


@given(st.binary(max_size=300))
def test_no_form_breaks_it(body: bytes) -> None:
    try:
        pages.read(body, STATE)
    except pages.Refused as refused:
        assert str(refused) in pages.SENTENCES
