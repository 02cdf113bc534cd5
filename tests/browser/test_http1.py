"""Heads read as strictly as a proxy must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.http1 import BadMessage, authority, parse_head, render, target, without_hops

token = st.text(alphabet="abcXYZ-09", min_size=1, max_size=12).map(str.encode)
value = st.text(alphabet="abc XYZ=;/09", max_size=20).map(lambda text: text.strip().encode())


@given(st.lists(st.tuples(token, value), max_size=8))
def test_a_head_survives_being_written_and_read(headers: list[tuple[bytes, bytes]]) -> None:
    first = (b"GET", b"http://a.test/", b"HTTP/1.1")
    named = tuple((key, text) for key, text in headers if key.lower() not in (b"content-length", b"transfer-encoding"))
    assert parse_head(render(first, named)).headers == named


@given(st.binary(max_size=200))
def test_only_a_bad_message_comes_out_of_any_bytes(data: bytes) -> None:
    try:
        head = parse_head(data + b"\r\n\r\n")
        target(head.first[1])
        authority(head.first[1])
    except BadMessage:
        pass


@pytest.mark.parametrize(
    "lines",
    [
        b"GET /",
        b"GET / HTTP/1.1\r\nA b: c",
        b"GET / HTTP/1.1\r\nA : c",
        b"GET / HTTP/1.1\r\n folded",
        b"GET / HTTP/1.1\r\nA: b\nC: d",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
        b"POST / HTTP/1.1\r\nContent-Length: +1",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked",
        b"GET / HTTP/1.1" + b"\r\nA: b" * 129,
    ],
)
def test_a_head_that_two_readers_could_read_differently_is_refused(lines: bytes) -> None:
    with pytest.raises(BadMessage):
        parse_head(lines + b"\r\n\r\n")


@pytest.mark.parametrize(
    "text", [b"a.test", b"a.test:", b"a.test:0", b"a.test:99999", b"u@a.test:443", b"[::1:443", b":1"]
)
def test_connect_needs_a_host_and_a_port(text: bytes) -> None:
    with pytest.raises(BadMessage):
        authority(text)


def test_connect_takes_names_and_both_kinds_of_address() -> None:
    assert authority(b"a.test:443") == ("a.test", 443)
    assert authority(b"[2001:db8::1]:8443") == ("2001:db8::1", 8443)


@pytest.mark.parametrize(
    "url", [b"/path", b"https://a.test/", b"http://u@a.test/", b"http://a.test:x/", b"ftp://a.test/"]
)
def test_a_request_names_a_plain_http_address(url: bytes) -> None:
    with pytest.raises(BadMessage):
        target(url)


def test_headers_of_one_hop_stay_behind() -> None:
    headers = ((b"Connection", b"close, X-Mine"), (b"X-Mine", b"1"), (b"Proxy-Connection", b"x"), (b"Accept", b"*/*"))
    assert without_hops(headers) == ((b"Accept", b"*/*"),)
