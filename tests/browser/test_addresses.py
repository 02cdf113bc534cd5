"""The address judge: a golden table of every special range, in every dress."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.addresses import embedded, forbidden, is_loopback, parse

_REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.1.2.3 127.255.255.255 169.254.0.1
169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.0.192 192.0.2.1
192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::c0a8:1 64:ff9b:1::1 64:ff9b:1::808:808 100::1 100:0:0:1::1
2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:a00:1::
2002:808:808::1 2620:4f:8000::1 3ffe::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%1 febf::1
fec0::1 ff02::1 ff0e::1 2a00:1450:4001:80b:0:5efe:7f00:1 2a00:1450:4001:80b:200:5efe:a00:1
"""

_ALLOWED = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 93.184.216.34 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1
169.253.255.255 169.255.0.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1
223.255.255.255 2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450:4001:80b::200e 64:ff9b::808:808
"""


@pytest.mark.parametrize("text", _REFUSED.split())
def test_a_special_address_is_refused_in_every_dress(text: str) -> None:
    assert forbidden(ip_address(text))


@pytest.mark.parametrize("text", _ALLOWED.split())
def test_a_public_unicast_address_is_let_through(text: str) -> None:
    assert forbidden(ip_address(text)) is None


def _dressed(inner: IPv4Address) -> list[IPv6Address]:
    bits = int(inner)
    return [
        IPv6Address((0xFFFF << 32) | bits),
        IPv6Address((0xFFFF << 48) | bits),
        IPv6Address((0x64FF9B << 96) | bits),
        IPv6Address((0x2002 << 112) | (bits << 80)),
        IPv6Address((0x2001 << 112) | (~bits & 0xFFFFFFFF)),
        IPv6Address((0x2A00 << 112) | (0x5EFE << 32) | bits),
    ]


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_no_dress_lets_a_refused_inner_address_through(inner: IPv4Address) -> None:
    for dressed in _dressed(inner):
        assert embedded(dressed) == inner
        if forbidden(inner):
            assert forbidden(dressed)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_every_address_has_a_verdict_and_only_global_unicast_passes(address: IPv6Address) -> None:
    if forbidden(address) is None:
        assert address.is_global
        assert not address.is_multicast


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_what_python_calls_not_global_is_never_let_through(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert forbidden(address)


def test_loopback_is_known_also_as_a_mapped_address() -> None:
    assert is_loopback(ip_address("127.9.9.9"))
    assert is_loopback(ip_address("::1"))
    assert is_loopback(ip_address("::ffff:127.0.0.1"))
    assert not is_loopback(ip_address("10.0.0.1"))


def test_what_is_no_address_is_not_read_as_one() -> None:
    assert parse("0x7f.1") is None
    assert parse("shop.example") is None
