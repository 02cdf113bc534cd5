"""Wi-Fi, as whoever sets it up sees it; `network_manager.py` is the real one."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Seen(Struct, frozen=True):
    """A network in reach. `signal` in percent; `known`: the device has its password."""

    name: str
    signal: int
    secured: bool = True
    known: bool = False


class Wish(Struct, frozen=True):
    """The network that the person wants. `hidden`: it does not tell its name by itself. `country`: two letters."""

    name: str
    password: str = ""
    hidden: bool = False
    country: str = ""


class Hotspot(Struct, frozen=True):
    """The device's own network, and the address that it has in it."""

    name: str
    password: str
    address: str


class Online(StrEnum):
    """How far the device's network leads, where anybody knows."""

    NO = "no"
    PORTAL = "portal"
    LOCAL = "local"
    YES = "yes"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why a network could not be joined."""

    PASSWORD = "wrong password"  # noqa: S105  # a reason
    ABSENT = "absent"
    ADDRESS = "address"
    SLOW = "slow"
    OTHER = "other"


class NotJoined(Exception):
    """The network was not joined; nothing of it is kept."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why.value} {detail}".strip())
        self.why = why


class Radio(Protocol):
    """All of these raise RadioError where Wi-Fi cannot be set up at all."""

    async def open(self) -> None:
        """Get ready."""

    def close(self) -> None:
        """May be called twice."""

    async def online(self) -> Online:
        """Is there a network, by Wi-Fi or by a cable?"""

    async def networks(self) -> tuple[Seen, ...]:
        """Those in reach, the strongest first, each name once."""

    async def saved(self) -> tuple[str, ...]:
        """Names of the Wi-Fi networks whose passwords are kept."""

    async def open_hotspot(self, name: str, password: str) -> Hotspot:
        """Be a network of one's own. The Wi-Fi that was joined is left."""

    async def close_hotspot(self) -> None:
        """Be none any more; where there is none, nothing happens."""

    async def join(self, wish: Wish, most_s: float) -> None:
        """Join and keep it; one that is kept needs no password. Raises NotJoined within `most_s`, or when it passed."""

    async def rejoin(self, name: str, most_s: float) -> None:
        """Join a network that is kept. Raises NotJoined."""

    async def forget(self, name: str) -> None:
        """Keep its password no more; one that is joined is left."""
