"""Who the device is to its cloud, from its key file: what it proves, where, and what it believes there."""

from __future__ import annotations

from device.config import Config, Key
from device.signing import SigningKey
from device.ticket import TicketFile, ticket_of
from wire.link import Identity


def identity_of(key: Key, boot: str) -> Identity:
    """`boot`: 32 random hex digits, fresh at every start. One that was paired by a code signs, too."""
    sign = SigningKey(key.seed).sign if key.seed else None
    return Identity(device=key.device, key=key.key, boot=boot, sign=sign)


def cloud_of(config: Config, key: Key | None) -> str:
    """Its cloud's address: that of its pairing, where the key file says so."""
    return key.cloud if key is not None and key.cloud else config.cloud


def tickets_of(config: Config, key: Key) -> TicketFile | None:
    """Where its ticket is kept, if it has any: whoever is let in without showing it is taken for a copy."""
    return ticket_of(config.key_file) if key.seed else None
