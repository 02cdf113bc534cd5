"""Which cloud is believed: one that an authority vouches for, or the one certificate that was seen when it was paired.

Nothing is ever sent before that: a certificate that is another one ends the dial in the TLS handshake.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from typing import Final

from msgspec import Struct

_VISIT_S: Final = 10.0
# OpenSSL's numbers of certificates that nobody known vouches for: self-signed, and by an unknown issuer.
_NOBODYS: Final = frozenset({18, 19, 20, 21})


class Certificate(Struct, frozen=True):
    """What a cloud showed. `vouched`: an authority that everybody knows stands behind it, so it need not be pinned."""

    pem: str
    fingerprint: str
    vouched: bool


def tls_of(pinned: str = "") -> ssl.SSLContext:
    """How to dial wss://. `pinned`: the one certificate (PEM) that is believed, whatever name it has."""
    if not pinned:
        return ssl.create_default_context()
    # Empty but for the one: no authority may vouch for another certificate instead.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=pinned)
    # A leaf is an anchor here, however it was issued, and home-made ones lack what the strict rules ask for.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def fingerprint_of(pem: str) -> str:
    """SHA-256 of a certificate, 64 hex digits."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


async def look_at(host: str, port: int) -> Certificate:
    """The certificate of whoever answers there. Raises OSError (ssl.SSLError among them), TimeoutError."""
    try:
        pem = await _shake(host, port, tls_of())
    except ssl.SSLCertVerificationError as error:
        if error.verify_code not in _NOBODYS:
            raise
        blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        blind.check_hostname = False
        blind.verify_mode = ssl.CERT_NONE
        pem = await _shake(host, port, blind)
        # It must be good in all else: its dates, for one.
        await _shake(host, port, tls_of(pem))
        return Certificate(pem, fingerprint_of(pem), vouched=False)
    return Certificate(pem, fingerprint_of(pem), vouched=True)


async def _shake(host: str, port: int, context: ssl.SSLContext) -> str:
    """Shake hands, say nothing, and go."""
    async with asyncio.timeout(_VISIT_S):
        _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    try:
        der: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return ssl.DER_cert_to_PEM_cert(der)
    finally:
        writer.transport.abort()
