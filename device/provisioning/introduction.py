"""The device's side of a pairing by a code (`wire/pairing.py`), and of a change of its keys."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from device.errors import PairingError
from device.signing import Exchange, SigningKey
from wire import limits, pairing
from wire.proof import same

Post = Callable[[str, bytes], Awaitable[bytes]]
T = TypeVar("T", bound=Struct)

_ANSWER_S: Final = 10.0
_ANSWER_BYTES: Final = 65_536
_BROKEN: Final = "The cloud's answer cannot be read. Is it a Leveret cloud, and up to date?"
_NOT_OURS: Final = "The cloud could not prove itself. I tell it nothing."


class Keys(Struct, frozen=True, kw_only=True):
    """What a device is to a cloud that it is paired with."""

    device: str
    key: bytes
    seed: bytes


class Code(Struct, frozen=True, kw_only=True):
    """What is on the screen while it is being paired."""

    code: str
    words: tuple[str, str]
    expires_in_ms: int


class _Refusal(Struct):
    error: str = ""


def poster(address: str, tls: ssl.SSLContext | None) -> Post:
    """Asks the cloud at `address` (wss://host/device). What it raises is a PairingError, or an OSError of the dial."""
    # Here, not above: it brings all of e-mail with it.
    import http.client

    parts = urlsplit(address)
    above = parts.path.removesuffix("/").removesuffix("/device")

    def post(path: str, body: bytes) -> bytes:
        if parts.scheme == "wss":
            line: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.hostname or "", parts.port, timeout=_ANSWER_S, context=tls
            )
        else:
            line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_ANSWER_S)
        try:
            line.request("POST", above + path, body, {"content-type": "application/json"})
            answer = line.getresponse()
            told = answer.read(_ANSWER_BYTES)
        except http.client.HTTPException as error:
            raise PairingError(_BROKEN) from error
        finally:
            line.close()
        if answer.status >= 400:
            raise PairingError(_why(answer.status, told))
        return told

    async def ask(path: str, body: bytes) -> bytes:
        return await asyncio.to_thread(post, path, body)

    return ask


def _why(status: int, told: bytes) -> str:
    try:
        said = msgspec.json.decode(told, type=_Refusal).error
    except msgspec.DecodeError:
        said = ""
    return f"The cloud says: {said}." if said else f"The cloud does not pair devices (it answered {status})."


class Introduction:
    """One pairing. `certificate`: the fingerprint of the cloud's, where nobody vouches for it."""

    def __init__(self, post: Post, *, software: str = "", certificate: str = "") -> None:
        self._post = post
        self._signing = SigningKey.fresh()
        self._exchange = Exchange()
        self._nonce = os.urandom(limits.NONCE_BYTES)
        self._begin = pairing.Begin(
            public_key=self._signing.public,
            exchange=self._exchange.public,
            commitment=pairing.commit(self._nonce),
            certificate=certificate,
            software=software,
        )
        self._pairing = ""
        self._key = b""

    async def begin(self) -> Code:
        """Ask for a code. Raises PairingError, OSError, TimeoutError."""
        begun = await self._ask("/pairing", self._begin, pairing.Begun)
        said = pairing.transcript(self._begin, begun, self._nonce.hex())
        self._key = _agreed(self._exchange, begun.exchange, said)
        self._pairing = begun.pairing
        reveal = pairing.Reveal(
            pairing=begun.pairing, nonce=self._nonce.hex(), signature=self._signing.sign(said).hex()
        )
        revealed = await self._ask("/pairing/reveal", reveal, pairing.Revealed)
        return Code(code=revealed.code, words=pairing.words(said), expires_in_ms=revealed.expires_in_ms)

    async def look(self) -> Keys | None:
        """Is it through? None: not yet. Raises PairingError when it is over, and OSError, TimeoutError."""
        polled = await self._ask("/pairing/poll", pairing.Poll(pairing=self._pairing), pairing.Polled)
        if polled.state in ("waiting", "typed"):
            return None
        if polled.state != "paired":
            raise PairingError(f"I was not paired: {polled.sentence}.")
        if not same(polled.mac, pairing.paired(self._key, self._pairing, polled.device)):
            raise PairingError(_NOT_OURS)
        return Keys(device=polled.device, key=self._key, seed=self._signing.seed)

    async def _ask(self, path: str, body: Struct, kind: type[T]) -> T:
        return _read(await self._post(path, msgspec.json.encode(body)), kind)


async def rotate(post: Post, keys: Keys) -> Keys:
    """New keys for a device that is paired; the old ones count until the new ones were used. Raises as `begin`."""
    signing, exchange = SigningKey.fresh(), Exchange()
    asked = pairing.Rotate(device=keys.device, public_key=signing.public, exchange=exchange.public, signature="")
    said = pairing.rotation(asked)
    signature = SigningKey(keys.seed).sign(said).hex()
    signed = msgspec.structs.replace(asked, signature=signature)
    rotated = _read(await post("/pairing/rotate", msgspec.json.encode(signed)), pairing.Rotated)
    key = _agreed(exchange, rotated.exchange, said)
    if not same(rotated.mac, pairing.paired(key, signing.public, keys.device)):
        raise PairingError(_NOT_OURS)
    return Keys(device=keys.device, key=key, seed=signing.seed)


def _agreed(ours: Exchange, theirs: str, said: bytes) -> bytes:
    try:
        return pairing.shared_key(said, ours.agree(theirs))
    except ValueError as error:
        raise PairingError(_BROKEN) from error


def _read(told: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(told, type=kind)
    except msgspec.DecodeError as error:
        raise PairingError(_BROKEN) from error
