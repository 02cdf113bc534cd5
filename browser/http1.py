"""HTTP/1.1 message heads, as strictly as a proxy must read them. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec

MAX_HEADERS = 128
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HOP = {b"connection", b"proxy-connection", b"keep-alive", b"proxy-authorization", b"proxy-authenticate"}


class BadMessage(ValueError):
    """A head that is not HTTP/1.1 as RFC 9112 has it, or could be read in two ways."""


Headers = tuple[tuple[bytes, bytes], ...]


class Head(msgspec.Struct, frozen=True):
    """A request's or response's first line in three parts, and its headers."""

    first: tuple[bytes, bytes, bytes]
    headers: Headers

    def values(self, name: bytes) -> list[bytes]:
        """All values of a header; `name` in lower case."""
        return [value for key, value in self.headers if key.lower() == name]

    def value(self, name: bytes) -> bytes:
        """A header's values joined, or empty."""
        return b", ".join(self.values(name))

    @property
    def chunked(self) -> bool:
        """Whether the body is framed by chunks."""
        return bool(self.values(b"transfer-encoding"))

    @property
    def length(self) -> int | None:
        """The body's length in bytes, if it is named."""
        values = self.values(b"content-length")
        return int(values[0]) if values else None

    @property
    def closes(self) -> bool:
        """Whether the sender closes the connection after this message."""
        words = {word.strip().lower() for word in self.value(b"connection").split(b",")}
        version = self.first[0] if self.first[0].startswith(b"HTTP/") else self.first[2]
        return b"close" in words or (version == b"HTTP/1.0" and b"keep-alive" not in words)

    @property
    def upgrades(self) -> bool:
        """Whether the sender asks to leave HTTP."""
        words = {word.strip().lower() for word in self.value(b"connection").split(b",")}
        return b"upgrade" in words and bool(self.values(b"upgrade"))


def parse_head(data: bytes) -> Head:
    """Read a head that ends in an empty line. Raises BadMessage."""
    lines = data.removesuffix(b"\r\n\r\n").split(b"\r\n")
    if len(lines) - 1 > MAX_HEADERS:
        raise BadMessage(f"more than {MAX_HEADERS} headers")
    first = lines[0].split(b" ", 2)
    if len(first) == 2 and first[0].startswith(b"HTTP/"):
        first.append(b"")
    if len(first) != 3 or any(bad in lines[0] for bad in (b"\n", b"\r", b"\0")):
        raise BadMessage("the first line does not have three parts")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name) or any(bad in value for bad in (b"\n", b"\r", b"\0")):
            raise BadMessage("a header line is malformed")
        headers.append((name, value.strip(b" \t")))
    head = Head((first[0], first[1], first[2]), tuple(headers))
    _check_framing(head)
    return head


def _check_framing(head: Head) -> None:
    lengths = head.values(b"content-length")
    codings = head.values(b"transfer-encoding")
    if lengths and (codings or len(set(lengths)) != 1 or not re.fullmatch(rb"[0-9]{1,15}", lengths[0])):
        raise BadMessage("the body's length is given in two ways, or is no number")
    if codings and (len(codings) != 1 or codings[0].lower() != b"chunked"):
        raise BadMessage("a transfer coding other than chunked")


def target(url: bytes) -> tuple[str, int, bytes]:
    """Host, port and origin-form of an absolute http URI. Raises BadMessage."""
    try:
        parts = urlsplit(url.decode("ascii"))
        port = parts.port or 80
    except ValueError as error:
        raise BadMessage("the request's address cannot be read") from error
    if parts.scheme not in ("http", "ws") or not parts.hostname or "@" in parts.netloc:
        raise BadMessage("the request's address is not a plain http one")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.hostname, port, path.encode("ascii")


def authority(text: bytes) -> tuple[str, int]:
    """Host and port of a CONNECT request. Raises BadMessage."""
    match = re.fullmatch(rb"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]@/\s]+)):([0-9]{1,5})", text)
    if not match or not 0 < int(match[3]) < 65536:
        raise BadMessage("CONNECT needs host:port")
    try:
        return (match[1] or match[2]).decode("ascii"), int(match[3])
    except UnicodeDecodeError as error:
        raise BadMessage("the host is not ASCII") from error


def without_hops(headers: Headers, *, drop: tuple[bytes, ...] = ()) -> Headers:
    """The headers that go on to the other side."""
    named = {
        word.strip().lower() for key, value in headers if key.lower() == b"connection" for word in value.split(b",")
    }
    gone = _HOP | (named - {b"close", b"keep-alive", b"upgrade"}) | set(drop)
    return tuple((key, value) for key, value in headers if key.lower() not in gone)


def render(first: tuple[bytes, bytes, bytes], headers: Headers) -> bytes:
    """A head as bytes."""
    return b"".join((b" ".join(first), b"\r\n", *(key + b": " + value + b"\r\n" for key, value in headers), b"\r\n"))
