"""One-time codes (RFC 6238): what an authenticator app would show, from the seed that a site gave at sign-up."""

from __future__ import annotations

import base64
import binascii
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from msgspec import Struct

from cloud.errors import SecretUnfit

Algorithm = Literal["SHA1", "SHA256", "SHA512"]
ALGORITHMS: dict[str, hashes.SHA1 | hashes.SHA256 | hashes.SHA512] = {
    "SHA1": hashes.SHA1(),  # noqa: S303 - what most sites use
    "SHA256": hashes.SHA256(),
    "SHA512": hashes.SHA512(),
}
DIGITS = range(6, 9)
PERIODS = range(10, 301)
SEED_BYTES = range(10, 129)


class Seed(Struct, frozen=True, kw_only=True):
    """A seed in base32 without padding, and how codes are made of it. `period` is in seconds."""

    secret: str
    algorithm: Algorithm = "SHA1"
    digits: int = 6
    period: int = 30

    def window(self, now: float) -> int:
        """The number of the window that the time is in (the moving factor). `now` is UTC seconds."""
        return int(now // self.period)

    def left_s(self, now: float) -> float:
        """Seconds until the next window begins."""
        return (self.window(now) + 1) * self.period - now

    def code(self, window: int) -> str:
        """The code of a window."""
        key, algorithm = _bytes_of(self.secret), ALGORITHMS[self.algorithm]
        # Sites give seeds shorter than the 128 bits that RFC 4226 wants.
        return HOTP(key, self.digits, algorithm, enforce_key_length=False).generate(window).decode()


def seed_of(text: str) -> Seed:
    """The seed in what a site shows: an otpauth:// address (of a QR code), or base32 in any grouping.

    Raises SecretUnfit, which never repeats the text.
    """
    text = text.strip()
    if text.lower().startswith("otpauth:"):
        return _of_address(text)
    return _checked(Seed(secret=_plain(text)))


def _of_address(text: str) -> Seed:
    parts = urlsplit(text)
    asked = {name.lower(): values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.netloc.lower() != "totp":
        raise SecretUnfit("only codes that change with time (otpauth://totp/…) can be kept")
    algorithm = asked.get("algorithm", "SHA1").upper().replace("-", "")
    if algorithm not in ALGORITHMS:
        raise SecretUnfit(f"one-time codes are made by {', '.join(ALGORITHMS)}; this address wants another algorithm")
    try:
        digits, period = int(asked.get("digits", "6")), int(asked.get("period", "30"))
    except ValueError:
        raise SecretUnfit("`digits` and `period` of an otpauth address are whole numbers") from None
    return _checked(
        Seed(secret=_plain(asked.get("secret", "")), algorithm=algorithm, digits=digits, period=period)  # type: ignore[arg-type]
    )


def _checked(seed: Seed) -> Seed:
    if len(_bytes_of(seed.secret)) not in SEED_BYTES:
        raise SecretUnfit("a one-time seed is base32 of 10 to 128 bytes: letters A to Z and digits 2 to 7")
    if seed.digits not in DIGITS or seed.period not in PERIODS:
        raise SecretUnfit("a one-time code has 6 to 8 digits and lasts 10 to 300 seconds")
    return seed


def _plain(text: str) -> str:
    return "".join(text.split()).replace("-", "").rstrip("=").upper()


def _bytes_of(secret: str) -> bytes:
    try:
        return base64.b32decode(secret + "=" * (-len(secret) % 8))
    except binascii.Error:
        return b""
