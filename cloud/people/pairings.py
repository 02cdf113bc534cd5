"""Pairings that are open: codes on the screens of devices, to be typed into the portal. In memory, no I/O.

A device begins one, reveals its nonce, and gets a code (`wire/pairing.py`). Whoever is signed in types the code,
compares the two words, and gives the device a name. A code lives for ten minutes, is typed right once, and is closed
after five codes that were compared with it and were wrong; an account may type twenty an hour.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Final, Literal

from msgspec import Struct

from cloud.errors import CodeRefused, PairingBusy, PairingUnknown
from cloud.people.exchange import Exchange, agree, is_signed
from wire import pairing
from wire.pairing import CODE_CHARS, CODE_LETTERS, PAIRING_MS, Begin, Begun, Polled, Reveal, Revealed

GUESSES_A_CODE: Final = 5
GUESSES_AN_HOUR: Final = 20
HOUR_S: Final = 3600.0
MOST_OPEN: Final = 64
MOST_OF_ONE: Final = 8

_WRONG = "this code is on no screen: look at the device, it shows the one that counts"
_BETWEEN = (
    "the device sees another certificate than this cloud's: somebody is in between, or a proxy has one of its own;"
    " nothing was paired"
)
_OVER = "this pairing is over: let the device show a new code"


class Stage(Enum):
    """How far a pairing is."""

    BEGUN = "begun"
    SHOWN = "shown"
    TYPED = "typed"
    PAIRED = "paired"
    REFUSED = "refused"
    CLOSED = "closed"


_LIVE: Final = frozenset({Stage.BEGUN, Stage.SHOWN, Stage.TYPED})


class Open(Struct, kw_only=True):
    """One pairing. `secret` is known to the device, `handle` to the portal; neither helps to guess the other."""

    secret: str
    handle: str
    begin: Begin
    begun: Begun
    exchange: Exchange
    origin: str
    began_s: float
    stage: Stage = Stage.BEGUN
    code: str = ""
    said: bytes = b""
    wrong: int = 0
    person: str = ""
    device: str = ""
    mac: str = ""


class Offer(Struct, frozen=True, kw_only=True):
    """What whoever typed a code is shown, to compare it with the device in their hand.

    `certificate`: what nobody vouches for, and what is not known to be ours.
    """

    pairing: str
    words: tuple[str, str]
    software: str
    origin: str
    certificate: str


class Pairings:
    """All that are open. `clock_s` is a steady clock, `certificate` the fingerprint of our own, where it is known."""

    def __init__(
        self,
        clock_s: Callable[[], float],
        *,
        letters: Callable[[str], str] = secrets.choice,
        certificate: Callable[[], str] = lambda: "",
    ) -> None:
        self._clock_s = clock_s
        self._certificate = certificate
        self._letters = letters
        self._open: dict[str, Open] = {}
        self._tried: dict[str, deque[float]] = {}

    # What a device does -------------------------------------------------------------------------------------------

    def begin(self, begin: Begin, origin: str) -> Begun:
        """A device wants to be paired; `origin` is its address. Raises PairingBusy."""
        self._drop_old()
        live = [one for one in self._open.values() if one.stage in _LIVE and self._left_ms(one) > 0]
        if len(live) >= MOST_OPEN or sum(one.origin == origin for one in live) >= MOST_OF_ONE:
            raise PairingBusy("too many devices are being paired just now: try again in a few minutes")
        exchange = Exchange()
        begun = Begun(pairing=secrets.token_urlsafe(24), exchange=exchange.public, nonce=secrets.token_hex(16))
        self._open[begun.pairing] = Open(
            secret=begun.pairing,
            handle=secrets.token_urlsafe(12),
            begin=begin,
            begun=begun,
            exchange=exchange,
            origin=origin,
            began_s=self._clock_s(),
        )
        return begun

    def reveal(self, reveal: Reveal) -> Revealed:
        """The device shows what it was bound to, and gets its code. Raises PairingUnknown, CodeRefused."""
        one = self._of(reveal.pairing)
        if one.stage is not Stage.BEGUN:
            raise CodeRefused(_OVER)
        said = pairing.transcript(one.begin, one.begun, reveal.nonce)
        bound = hmac.compare_digest(pairing.commit(bytes.fromhex(reveal.nonce)), one.begin.commitment)
        if not bound or not is_signed(one.begin.public_key, said, reveal.signature):
            del self._open[one.secret]
            raise CodeRefused("this device did not prove its key: let it begin anew")
        one.said = said
        one.code = self._fresh_code()
        one.stage = Stage.SHOWN
        return Revealed(code=pairing.shown(one.code), expires_in_ms=self._left_ms(one))

    def poll(self, secret: str) -> Polled:
        """How far it is, for the device. Raises PairingUnknown."""
        one = self._of(secret, ended=True)
        match one.stage:
            case Stage.PAIRED:
                return Polled(state="paired", device=one.device, mac=one.mac)
            case Stage.REFUSED:
                return Polled(state="refused", sentence="the portal said no")
            case Stage.CLOSED:
                return Polled(state="closed", sentence="too many wrong codes were typed")
            case _:
                if self._left_ms(one) == 0:
                    return Polled(state="expired", sentence="ten minutes have passed")
                state: Literal["waiting", "typed"] = "typed" if one.stage is Stage.TYPED else "waiting"
                return Polled(state=state)

    # What the person does -----------------------------------------------------------------------------------------

    def type(self, person: str, text: str) -> Offer:
        """The person typed a code: what they now compare. Raises CodeRefused, also when it was tried too often."""
        self._count(person)
        self._drop_old()
        given = pairing.typed(text)
        live = [one for one in self._open.values() if one.stage is Stage.SHOWN and self._left_ms(one) > 0]
        # Each is compared, and in constant time: how long it takes tells nothing.
        right = [one for one in live if hmac.compare_digest(one.code.encode(), given.encode())]
        for one in live:
            if one not in right:
                one.wrong += 1
                if one.wrong >= GUESSES_A_CODE:
                    one.stage = Stage.CLOSED
        if not right:
            raise CodeRefused(_WRONG)
        one = right[0]
        seen, ours = one.begin.certificate, self._certificate()
        if seen and ours and seen != ours:
            one.stage = Stage.REFUSED
            raise CodeRefused(_BETWEEN)
        one.stage, one.person = Stage.TYPED, person
        return Offer(
            pairing=one.handle,
            words=pairing.words(one.said),
            software=one.begin.software,
            origin=_where(one.origin),
            certificate="" if ours else seen,
        )

    def approve(self, person: str, handle: str, keep: Callable[[bytes, str], str]) -> str:
        """The words are the same. `keep` gets the key and the public key, and gives the device's id.

        Whatever `keep` raises leaves the pairing as it was. Raises PairingUnknown, for another person, too.
        """
        one = self._typed_by(person, handle)
        key = pairing.shared_key(one.said, agree(one.exchange, one.begin.exchange))
        one.device = keep(key, one.begin.public_key)
        one.mac = pairing.paired(key, one.secret, one.device)
        one.stage = Stage.PAIRED
        return one.device

    def refuse(self, person: str, handle: str) -> None:
        """The words differ, or it is not the person's device. Raises PairingUnknown."""
        self._typed_by(person, handle).stage = Stage.REFUSED

    # --------------------------------------------------------------------------------------------------------------

    def _typed_by(self, person: str, handle: str) -> Open:
        for one in self._open.values():
            same = hmac.compare_digest(one.handle.encode(), handle.encode()) and one.person == person
            if same and one.stage is Stage.TYPED and self._left_ms(one) > 0:
                return one
        raise PairingUnknown(_OVER)

    def _of(self, secret: str, *, ended: bool = False) -> Open:
        one = self._open.get(secret)
        if one is None or (not ended and self._left_ms(one) == 0):
            raise PairingUnknown(_OVER)
        return one

    def _left_ms(self, one: Open) -> int:
        return max(0, round(PAIRING_MS - (self._clock_s() - one.began_s) * 1000))

    def _drop_old(self) -> None:
        """What has ended is still told for as long again, then forgotten."""
        now_s = self._clock_s()
        for secret, one in list(self._open.items()):
            if now_s - one.began_s > 2 * PAIRING_MS / 1000 or (one.stage is Stage.BEGUN and self._left_ms(one) == 0):
                del self._open[secret]

    def _fresh_code(self) -> str:
        taken = {one.code for one in self._open.values()}
        while (code := "".join(self._letters(CODE_LETTERS) for _ in range(CODE_CHARS))) in taken:
            continue
        return code

    def _count(self, person: str) -> None:
        now_s = self._clock_s()
        tried = self._tried.setdefault(person, deque(maxlen=GUESSES_AN_HOUR))
        while tried and now_s - tried[0] >= HOUR_S:
            tried.popleft()
        if len(tried) >= GUESSES_AN_HOUR:
            raise CodeRefused(f"{GUESSES_AN_HOUR} codes were typed within an hour: wait a while, then try again")
        tried.append(now_s)


def _where(origin: str) -> str:
    """Where an address is, in words."""
    try:
        address = ipaddress.ip_address(origin)
    except ValueError:
        return "an unknown place"
    if address.is_loopback:
        return "this machine (or a proxy on it)"
    return f"the home network ({origin})" if address.is_private else f"the internet ({origin})"
