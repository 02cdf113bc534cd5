"""Host patterns: "shop.example", "*.example.com", "pizza.localhost:8123", "*:8123" (ports default to 80 and 443)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from browser.errors import BrowserError

WEB_PORTS = (80, 443)
_SCHEME_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class BadHost(BrowserError, ValueError):
    """A host pattern or an address that cannot be read."""

    code = "bad_host"


def plain_host(host: str) -> str:
    """Lower case, without brackets and the root's dot: the form that is compared."""
    return host.strip().strip("[]").removesuffix(".").lower()


class HostPattern(msgspec.Struct, frozen=True):
    """One allowed host; `port` None stands for 80 and 443."""

    host: str
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> HostPattern:
        """Read "host", "host:port" or "[v6]:port". Raises BadHost."""
        rest = text.strip()
        port = ""
        if rest.startswith("["):
            rest, _, tail = rest[1:].partition("]")
            port = tail.removeprefix(":")
        elif rest.count(":") == 1:
            rest, _, port = rest.partition(":")
        host = plain_host(rest)
        if not host or any(char in host for char in "/@?# ") or ("*" in host.removeprefix("*.") and host != "*"):
            raise BadHost(f"host pattern {text!r}: write a host, *.host or host:port")
        if port and not (port.isdigit() and 0 < int(port) < 65536):
            raise BadHost(f"host pattern {text!r}: the port is not a number from 1 to 65535")
        return cls(host=host, port=int(port) if port else None)

    def matches(self, host: str, port: int) -> bool:
        """Whether `host:port` is meant; "*.example.com" means every name below example.com, not itself."""
        if port != self.port and not (self.port is None and port in WEB_PORTS):
            return False
        host = plain_host(host)
        if self.host == "*":
            return True
        if self.host.startswith("*."):
            return host.endswith(self.host[1:]) and len(host) > len(self.host) - 1
        return host == self.host


def parse_patterns(texts: Iterable[str]) -> tuple[HostPattern, ...]:
    """Read several patterns. Raises BadHost."""
    return tuple(HostPattern.parse(text) for text in texts)


def allows(patterns: Iterable[HostPattern], host: str, port: int) -> bool:
    """Whether any of the patterns means `host:port`."""
    return any(pattern.matches(host, port) for pattern in patterns)


def host_port(url: str) -> tuple[str, int]:
    """Host and port of a web address. Raises BadHost for another scheme, userinfo, or no host."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEME_PORTS:
        raise BadHost(f"{url[:80]!r}: only http and https addresses can be gone to")
    if parts.username is not None or parts.password is not None:
        raise BadHost(f"{parts.hostname!r}: an address must not carry a user name")
    try:
        port = parts.port
    except ValueError as error:
        raise BadHost(f"{url[:80]!r}: the port is not a number from 1 to 65535") from error
    if not parts.hostname:
        raise BadHost(f"{url[:80]!r}: no host")
    return plain_host(parts.hostname), port or _SCHEME_PORTS[parts.scheme]
