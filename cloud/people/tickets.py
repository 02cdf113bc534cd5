"""Tickets, by which a copied device is noticed: each start gets a new one, and whoever shows an old one is a copy.

A device keeps its ticket on its disk and says so; only then the one before is worth nothing. So no power cut makes a
copy of it, and of two that hold the same key the second one to come back is noticed.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from cloud.people.accounts import write_secret

# A start keeps its ticket for so long, for the sake of its memory card.
FRESH_S: Final = 600.0


class Known(Struct, frozen=True, kw_only=True):
    """What is known of a device's tickets. `kept`: it has it; `offered`: it was given, and not acknowledged yet."""

    kept: str = ""
    offered: str = ""
    boot: str = ""
    at: float = 0.0


def judge(known: Known, shown: str, boot: str, now: float, fresh: str) -> tuple[Known, str] | None:
    """What is known from now on, and the ticket to give ("" for none); None: this is a copy. Pure."""
    if known.offered and hmac.compare_digest(shown.encode(), known.offered.encode()):
        known = msgspec.structs.replace(known, kept=known.offered, offered="")
    elif known.kept and not hmac.compare_digest(shown.encode(), known.kept.encode()):
        # Before the first one is kept there is nothing to compare with, whatever an earlier pairing left on the disk.
        return None
    if known.offered:
        # The same again: it may be on its way to the disk.
        return known, known.offered
    if known.kept and known.boot == boot and now - known.at < FRESH_S:
        return known, ""
    return Known(kept=known.kept, offered=fresh, boot=boot, at=now), fresh


class Tickets:
    """One small file a device, in `folder`. May be used from several threads."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock
        # Of a device and its copy, both may come at once.
        self._lock = threading.Lock()

    def show(self, device: str, ticket: str, boot: str) -> str | None:
        """The device came with this one: what to give it, "" for nothing, None for a copy."""
        with self._lock:
            judged = judge(self.known(device), ticket, boot, self._clock(), secrets.token_urlsafe(18))
            if judged is None:
                return None
            known, given = judged
            self._write(device, known)
            return given

    def kept(self, device: str, ticket: str) -> None:
        """The device has it on its disk."""
        with self._lock:
            known = self.known(device)
            if known.offered and hmac.compare_digest(ticket.encode(), known.offered.encode()):
                self._write(device, msgspec.structs.replace(known, kept=known.offered, offered=""))

    def forget(self, device: str) -> None:
        """The device was revoked, or paired anew."""
        self._path(device).unlink(missing_ok=True)

    def known(self, device: str) -> Known:
        """What is known of a device; nothing of one that never came."""
        try:
            return msgspec.json.decode(self._path(device).read_bytes(), type=Known)
        except FileNotFoundError:
            return Known()

    def _write(self, device: str, known: Known) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(self._path(device), msgspec.json.encode(known).decode())

    def _path(self, device: str) -> Path:
        return self._folder / f"{device}.ticket"
