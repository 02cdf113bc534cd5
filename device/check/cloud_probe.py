"""One visit to the cloud, stage by stage: name, connection, certificate, handshake, pairing, round trip."""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from typing import Any, Final
from urllib.parse import urlsplit

from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Subprotocol

from device.check.seen import CloudSeen
from device.clock import steady_ms
from device.config import Key
from device.identity import identity_of
from device.trust import tls_of
from wire import limits
from wire.link import DeviceLink
from wire.outcomes import CLOSE_BY_NUMBER, CLOSES

_STAGE_S: Final = 8.0
_TRIPS: Final = 3


async def visit(address: str, key: Key | None, no_key: str = "", ticket: str = "") -> CloudSeen:
    """How far one gets. Nothing of the key is in what comes back; the session is ended at once.

    `ticket`: the device's. It is shown, and left as it is, or whoever asks would be taken for a copy of the device.
    """
    tls: dict[str, Any] = {"ssl": tls_of(key.certificate)} if key is not None and key.certificate else {}
    parts = urlsplit(address)
    host = parts.hostname or ""
    seen = CloudSeen(host=host, encrypted=parts.scheme == "wss")
    if not host:
        return replace(seen, failed="settings", reason="the cloud's address names no machine")
    began = time.monotonic()
    try:
        async with asyncio.timeout(_STAGE_S):
            port = parts.port or (443 if seen.encrypted else 80)
            await asyncio.get_running_loop().getaddrinfo(host, port)
    except (OSError, TimeoutError) as error:
        return replace(seen, failed="name", reason=f"{host} has no address: {_words(error)}")
    seen = replace(seen, name_ms=_since(began))
    began = time.monotonic()
    try:
        socket = await connect(
            address,
            subprotocols=[Subprotocol(limits.SUBPROTOCOL)],
            compression=None,
            open_timeout=_STAGE_S,
            close_timeout=1,
            proxy=None,
            **tls,
        )
    except ssl.SSLError as error:
        return replace(seen, failed="certificate", reason=_words(error))
    except (InvalidHandshake, InvalidMessage, EOFError) as error:
        return replace(seen, failed="handshake", reason=_words(error))
    except (OSError, TimeoutError) as error:
        return replace(seen, failed="connection", reason=_words(error))
    seen = replace(seen, open_ms=_since(began))
    try:
        if key is None:
            return replace(seen, failed="settings", reason=no_key)
        return await _paired(socket, key, seen, ticket)
    finally:
        await socket.close()


async def _paired(socket: ClientConnection, key: Key, seen: CloudSeen, ticket: str) -> CloudSeen:
    began = time.monotonic()
    link = DeviceLink(identity_of(key, os.urandom(16).hex()))
    link.ticket = ticket
    link.connect(nonce=os.urandom(limits.NONCE_BYTES), now_ms=steady_ms())
    try:
        async with asyncio.timeout(_STAGE_S):
            await _send(socket, link)
            while not link.joined and link.ended is None:
                data = await socket.recv()
                if isinstance(data, str):
                    link.receive_text(data, steady_ms())
                else:
                    link.receive_bytes(data, steady_ms())
                await _send(socket, link)
    except TimeoutError:
        return replace(seen, failed="pairing", reason=f"no answer within {_STAGE_S:.0f} s")
    except ConnectionClosed as error:
        code = CLOSE_BY_NUMBER.get(error.rcvd.code if error.rcvd else 0)
        sentence = CLOSES[code].sentence if code else "the cloud hung up"
        return replace(seen, failed="pairing", reason=sentence, code=code.value if code else "")
    if link.ended is not None:
        return replace(seen, failed="pairing", reason=link.ended.sentence, code=link.ended.code.value)
    seen = replace(seen, joined_ms=_since(began))
    trips = sorted([await _trip(socket) for _ in range(_TRIPS)])
    link.bye("checked")
    await _send(socket, link)
    return replace(seen, round_trip_ms=trips[len(trips) // 2])


async def _send(socket: ClientConnection, link: DeviceLink) -> None:
    while pieces := link.data_to_send():
        for piece in pieces:
            await socket.send(piece)


async def _trip(socket: ClientConnection) -> float:
    began = time.monotonic()
    await (await socket.ping())
    return round(1000 * (time.monotonic() - began), 1)


def _since(began_s: float) -> int:
    return round(1000 * (time.monotonic() - began_s))


def _words(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__
