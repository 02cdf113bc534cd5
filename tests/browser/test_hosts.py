"""Host patterns."""

from __future__ import annotations

import pytest

from browser.hosts import BadHost, HostPattern, allows, host_port, parse_patterns


@pytest.mark.parametrize(
    ("pattern", "host", "port", "meant"),
    [
        ("shop.example", "shop.example", 443, True),
        ("shop.example", "shop.example", 80, True),
        ("shop.example", "SHOP.example.", 443, True),
        ("shop.example", "shop.example", 8443, False),
        ("shop.example", "evil-shop.example", 443, False),
        ("shop.example", "shop.example.evil.test", 443, False),
        ("shop.example", "a.shop.example", 443, False),
        ("*.shop.example", "a.b.shop.example", 443, True),
        ("*.shop.example", "shop.example", 443, False),
        ("*.shop.example", "xshop.example", 443, False),
        ("pizza.localhost:8123", "pizza.localhost", 8123, True),
        ("pizza.localhost:8123", "pizza.localhost", 80, False),
        ("*:8123", "anything.test", 8123, True),
        ("[2001:db8::1]:8080", "2001:db8::1", 8080, True),
        ("127.0.0.1:9", "127.0.0.1", 9, True),
    ],
)
def test_a_pattern_means_its_hosts_and_no_other(pattern: str, host: str, port: int, meant: bool) -> None:
    assert HostPattern.parse(pattern).matches(host, port) is meant


@pytest.mark.parametrize(
    "text", ["", "http://shop.example", "a@b", "shop.*", "a*b.example", "x:0", "x:99999", "x:y", "a b"]
)
def test_a_pattern_that_could_be_misread_is_refused(text: str) -> None:
    with pytest.raises(BadHost):
        HostPattern.parse(text)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "chrome://version",
        "view-source:http://a.test",
        "javascript:1",
        "data:text/html,x",
        "about:srcdoc",
        "ftp://a.test/",
        "http://user@a.test/",
        "http://user:word@a.test/",
        "http:///path",
        "http://a.test:99999/",
    ],
)
def test_an_address_that_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(BadHost):
        host_port(url)


def test_an_address_gives_its_host_and_port() -> None:
    assert host_port("https://Shop.Example/a") == ("shop.example", 443)
    assert host_port("ws://shop.example:81/a") == ("shop.example", 81)


def test_a_list_allows_what_any_of_its_patterns_means() -> None:
    patterns = parse_patterns(["a.test", "*.b.test:81"])
    assert allows(patterns, "x.b.test", 81)
    assert not allows(patterns, "x.b.test", 80)
