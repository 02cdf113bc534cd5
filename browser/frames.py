"""Addresses of frames that survive a reload: "name=pay", else "url=https://host/path", with " nth=1" for a twin.

Files of other tools may know a frame by its place alone: "index=1" is the second of its siblings.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from playwright.async_api import Frame

_INDEX = "index="


def plain(frame: Frame) -> str:
    """The frame's address, as if it had no twin."""
    return plain_of(frame.name, frame.url)


def plain_of(name: str, url: str) -> str:
    """The address of a frame of this name and URL, as if it had no twin."""
    if name:
        return f"name={name}"
    parts = urlsplit(url)
    return f"url={parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else f"url={parts.scheme}:{parts.path}"


def address(frame: Frame) -> str:
    """The frame's address among its siblings."""
    own = plain(frame)
    parent = frame.parent_frame
    twins = [twin for twin in parent.child_frames if plain(twin) == own] if parent else [frame]
    return own if len(twins) == 1 else f"{own} nth={twins.index(frame)}"


def path(frame: Frame) -> tuple[str, ...]:
    """Addresses from the top frame's child down to this frame; empty for the top frame."""
    found: list[str] = []
    at: Frame | None = frame
    while at and at.parent_frame:
        found.append(address(at))
        at = at.parent_frame
    return tuple(reversed(found))


def origin(frame: Frame) -> str:
    """The origin of the address that a frame shows."""
    parts = urlsplit(frame.url)
    return f"{parts.scheme}://{parts.netloc}"


def resolve(top: Frame, addresses: Sequence[str]) -> Frame | None:
    """The frame at a path, or None while it is not there."""
    at = top
    for wanted in addresses:
        own, _, nth = wanted.partition(" nth=")
        twins = [child for child in at.child_frames if own.startswith(_INDEX) or plain(child) == own]
        place = own.removeprefix(_INDEX) if own.startswith(_INDEX) else nth
        index = int(place) if place.isdecimal() else 0
        if index >= len(twins):
            return None
        at = twins[index]
    return at
