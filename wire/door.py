"""The cloud's half of the handshake, and how a socket ends: who knocks, do they hold their key, and how to say no."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from wire import limits
from wire.codec import encode
from wire.errors import MisuseError, OutOfOrder
from wire.events import CloudEvent, Ended, Greeted, Proven
from wire.messages import Challenge, Close, Hello, Message, Prove, Refused
from wire.outcomes import CLOSES, OUR_FAULT, CloseCode
from wire.proof import proof, same, signed
from wire.session import Session

Verify = Callable[[bytes, bytes], bool]


class Credential(Struct, frozen=True):
    """By what a device is known: its key and, if it must sign, whether a signature (64 bytes) of a text is its own."""

    key: bytes
    verify: Verify | None = None


class Door:
    """One socket up to `Proven`. See `CloudLink`, which goes on from there."""

    def __init__(self) -> None:
        self.ended: Ended | None = None
        self.hello: Hello | None = None
        self.session: Session | None = None
        self._version = limits.VERSION_MAX
        self._key: bytes | None = None
        self._known: list[Credential] = []
        self._nonce = ""
        self._challenged = False
        self._proven = False
        self._urgent: list[str | bytes] = []

    def challenge(
        self, *, key: bytes | None, nonce: bytes, verify: Verify | None = None, newer: Credential | None = None
    ) -> None:
        """Answer `Greeted`. With no key (device unknown) it is refused as unpaired, after it has tried to prove.

        `verify`: see `Credential`. `newer`: what the device may have changed to.
        """
        if self.ended is not None:
            return
        if self.hello is None or self._challenged:
            raise MisuseError("challenge answers Greeted, once")
        if len(nonce) != limits.NONCE_BYTES:
            raise MisuseError(f"a nonce has {limits.NONCE_BYTES} bytes, not {len(nonce)}")
        self._key = key
        self._known = [] if key is None else [Credential(key, verify)]
        self._known += [] if key is None or newer is None else [newer]
        self._nonce = nonce.hex()
        self._challenged = True
        self._put(Challenge(version=self._version, nonce=self._nonce))

    def refuse(self, code: CloseCode, sentence: str = "") -> None:
        """Do not let the device in."""
        if self.ended is None:
            self._put(Refused(code=code, sentence=sentence[: limits.SENTENCE_CHARS]))
            self._end(code, sentence, say_so=False)

    def close(self, code: CloseCode, reason: str = "") -> None:
        """End the link from this side."""
        if self.ended is None:
            self._end(code, reason)

    def _greet(self, hello: Hello) -> list[CloudEvent]:
        if self.hello is not None:
            raise OutOfOrder("a second hello")
        self.hello = hello
        version = min(hello.version_max, limits.VERSION_MAX)
        if version < max(hello.version_min, limits.VERSION_MIN):
            reason = (
                f"device speaks versions {hello.version_min} to {hello.version_max},"
                f" this cloud {limits.VERSION_MIN} to {limits.VERSION_MAX}"
            )
            self.refuse(CloseCode.UPGRADE_REQUIRED, reason)
            return [self.ended] if self.ended else []
        self._version = version
        return [Greeted(hello)]

    def _prove(self, prove: Prove) -> list[CloudEvent]:
        if self.hello is None or not self._challenged or self._proven:
            raise OutOfOrder("prove without a challenge")
        if self._key is None:
            self.refuse(CloseCode.UNPAIRED, CLOSES[CloseCode.UNPAIRED].sentence)
            return [self.ended] if self.ended else []
        for place, known in enumerate(self._known):
            if self._holds(known, prove, self.hello):
                self._key, self._proven = known.key, True
                return [Proven(self.hello, prove.ticket if known.verify else "", place > 0)]
        self.refuse(CloseCode.BAD_PROOF, CLOSES[CloseCode.BAD_PROOF].sentence)
        return [self.ended] if self.ended else []

    def _holds(self, known: Credential, prove: Prove, hello: Hello) -> bool:
        if not same(prove.mac, self._mac(known.key, "device", hello)):
            return False
        if known.verify is None:
            return True
        nonces = (hello.nonce, self._nonce)
        text = signed(version=self._version, device=hello.device, boot=hello.boot, nonces=nonces, ticket=prove.ticket)
        return bool(prove.signature) and known.verify(text, bytes.fromhex(prove.signature))

    def _mac(self, key: bytes, side: str, hello: Hello) -> str:
        return proof(
            key,
            "device" if side == "device" else "cloud",
            version=self._version,
            device=hello.device,
            boot=hello.boot,
            nonces=(hello.nonce, self._nonce),
        )

    def _put(self, message: Message) -> None:
        self._urgent.append(encode(message))

    def _end(self, code: CloseCode, reason: str, *, by_peer: bool = False, say_so: bool = True) -> Ended:
        closing = CLOSES[code]
        reason = reason[: limits.REASON_CHARS]
        self.ended = Ended(code, reason, closing.retry, closing.sentence, by_peer)
        if by_peer and self.session is not None and code in OUR_FAULT:
            self.session.overflowed = True
        if say_so and not by_peer:
            self._put(Close(code=code, reason=reason))
        return self.ended
