"""Whether the cloud answers at an address, with which certificate, and else why not, in a sentence for the screen.

Nothing that could be of use to anybody is sent: a TLS handshake, and where that failed one plain request to the cloud's
host, by whose answer a sign-in page and a wrong clock are known.
"""

from __future__ import annotations

import asyncio
import email.utils
import ssl
import time
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from device import away
from device.trust import Certificate, look_at

_DIAL_S: Final = 10.0
_ASK_S: Final = 5.0
_HEAD_BYTES: Final = 8_192
_DAY_S: Final = 86_400.0


class Unreachable(Exception):
    """The cloud does not answer; the text is a sentence."""


class Around(Struct, frozen=True):
    """What a plain request came to. `elsewhere`: it was led to another host. `date_s`: the time it told; 0: none."""

    elsewhere: bool = False
    date_s: float = 0.0


async def reach(address: str) -> Certificate | None:
    """The certificate of the cloud at `address`; None where it is not encrypted. Raises Unreachable."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        if parts.scheme == "wss":
            return await look_at(host, parts.port or 443)
        async with asyncio.timeout(_DIAL_S):
            _, writer = await asyncio.open_connection(host, parts.port or 80)
            writer.transport.abort()
    except (OSError, TimeoutError) as error:
        around = Around() if not isinstance(error, ssl.SSLError) else await _look_around(host)
        raise Unreachable(why(error, around, time.time())) from error
    return None


def why(error: BaseException, around: Around, now_s: float) -> str:
    """The sentence for what went wrong. Pure."""
    if around.elsewhere:
        return away.SIGN_IN
    if around.date_s - now_s > _DAY_S and isinstance(error, ssl.SSLCertVerificationError):
        return away.TOO_EARLY
    return away.why_away(error)


async def _look_around(host: str) -> Around:
    """What answers on the cloud's host without encryption: the cloud's proxy, or whoever holds us up."""
    try:
        async with asyncio.timeout(_ASK_S):
            reader, writer = await asyncio.open_connection(host, 80, limit=_HEAD_BYTES)
            try:
                writer.write(f"HEAD / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError, EOFError, asyncio.LimitOverrunError):
        return Around()
    return around_of(head.decode("latin-1"), host)


def around_of(head: str, host: str) -> Around:
    """What the head of an answer tells. Pure."""
    first, *lines = head.split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    status = first.split(" ")[1] if len(first.split(" ")) > 1 else ""
    led_to = urlsplit(headers.get("location", "")).hostname
    elsewhere = status == "511" or (status.startswith("3") and led_to is not None and led_to != host)
    try:
        date_s = email.utils.parsedate_to_datetime(headers.get("date", "")).timestamp()
    except ValueError:
        date_s = 0.0
    return Around(elsewhere, date_s)
