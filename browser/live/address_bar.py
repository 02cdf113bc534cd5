"""What a person types into the address bar, as an address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from browser.errors import NavigationRefused
from browser.hosts import BadHost, HostPattern, allows, host_port

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NAME = re.compile(r"(localhost|\[[0-9a-f:.]+\]|[^\s/?#:@]+(\.[^\s/?#:@]+)+)(:\d{1,5})?([/?#].*)?", re.IGNORECASE)


def typed(text: str, local: tuple[HostPattern, ...] = ()) -> str:
    """A web address from "shop.example/cart" or a whole one. Hosts that the owner opened on loopback are reached by
    http, others by https. Raises NavigationRefused for what is no address."""
    text = text.strip()
    if _SCHEME.match(text):
        address = text
    elif _NAME.fullmatch(text):
        plain = f"http://{text}"
        address = plain if _is_local(plain, local) else f"https://{text}"
    else:
        raise NavigationRefused(f"{text[:80]!r} is no web address; type one such as shop.example")
    try:
        host_port(address)
    except (BadHost, ValueError) as error:
        raise NavigationRefused(str(error)) from error
    return address


def pattern_of(address: str) -> HostPattern:
    """The host of an address, with its port unless that is a usual one. Raises BadHost."""
    host, port = host_port(address)
    return HostPattern(host, None if port in (80, 443) else port)


def _is_local(address: str, local: tuple[HostPattern, ...]) -> bool:
    try:
        return allows(local, *host_port(address)) or urlsplit(address).hostname == "localhost"
    except (BadHost, ValueError):
        return False
