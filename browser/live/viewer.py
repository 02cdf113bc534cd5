"""Whoever looks on."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class Viewer(Protocol):
    """What a live view needs of whoever looks on. Neither call may block."""

    def tell(self, shown: Struct) -> None:
        """Something to be drawn beside the picture."""
        ...

    def show(self, picture: bytes) -> None:
        """A picture: see `shown.picture`."""
        ...
