"""What the device is connected to, as the kernel tells it: no program is run for it, and nothing is sent."""

from __future__ import annotations

import array
import contextlib
import fcntl
import socket
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from device.state import Network

_WIRELESS: Final = Path("/proc/net/wireless")
_ESSID: Final = 0x8B1B
_ESSID_BYTES: Final = 32
_BEST: Final = 70
# Addresses for documentation: connecting a datagram socket to one only chooses the way out.
_WAYS: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_DISCARD: Final = 9


def read_network(
    wireless: Path = _WIRELESS,
    name_of: Callable[[str], str] | None = None,
    address: Callable[[], str] | None = None,
) -> Network:
    """The Wi-Fi's name and signal, where there is Wi-Fi, and the device's address. What is not known is left empty."""
    card, signal = _signal(wireless)
    name = (name_of or _name)(card) if card else ""
    return Network(name, signal if name else -1, (address or own_address)())


def _signal(wireless: Path) -> tuple[str, int]:
    try:
        lines = wireless.read_text().splitlines()[2:]
    except OSError:
        return "", -1
    for line in lines:
        card, _, told = line.partition(":")
        values = told.split()
        if len(values) >= 2:
            quality = values[1].rstrip(".")
            return card.strip(), min(100, 100 * int(quality) // _BEST) if quality.isdecimal() else -1
    return "", -1


def _name(card: str) -> str:
    text = array.array("B", bytes(_ESSID_BYTES + 1))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            request = struct.pack("16sPHH", card.encode()[:15], text.buffer_info()[0], len(text), 0)
            fcntl.ioctl(line.fileno(), _ESSID, request)
        except OSError:
            return ""
    return text.tobytes().rstrip(b"\0").decode("utf-8", "replace")


def own_address(ways: Sequence[tuple[socket.AddressFamily, str]] = _WAYS) -> str:
    """The address that the device goes out by, IPv6 where there is nothing else; empty while it has none.

    Sends nothing.
    """
    for family, anywhere in ways:
        # A kernel without IPv6 has no such sockets.
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as line:
            line.connect((anywhere, _DISCARD))
            return str(line.getsockname()[0])
    return ""
