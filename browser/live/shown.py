"""What a viewer of a live page is told."""

from __future__ import annotations

import struct
from typing import Literal

from msgspec import Struct

# A picture is one binary message: its number, the viewport in CSS px, then JPEG.
HEADER = struct.Struct(">IHH")


class TabShown(Struct, frozen=True, kw_only=True):
    """One tab."""

    tab: int
    title: str
    url: str


class Tabs(Struct, frozen=True, kw_only=True, tag="tabs", tag_field="type"):
    """The open tabs; `tab` is the one that is shown, 0 when there is none."""

    tab: int
    tabs: tuple[TabShown, ...]


class Place(Struct, frozen=True, kw_only=True, tag="place", tag_field="type"):
    """Where the tab that is shown is."""

    tab: int
    url: str
    title: str
    loading: bool
    back: bool
    forward: bool


class Cursor(Struct, frozen=True, kw_only=True, tag="cursor", tag_field="type"):
    """The pointer's shape, a CSS `cursor` keyword."""

    shape: str


class Choice(Struct, frozen=True, kw_only=True):
    """An option of a select list."""

    value: str
    text: str
    group: str = ""
    disabled: bool = False


class Control(Struct, frozen=True, kw_only=True, tag="control", tag_field="type"):
    """A field whose own picker no picture shows; the viewer draws one over `box` (x, y, width, height in CSS px).

    `kind` is "select" or an input's type: "date", "time", "datetime-local", "month", "week", "color"; or "suggestions":
    what a field suggests, which goes on taking what is typed. `keys`: a key asked for it, so keys go there.
    """

    control: int
    kind: str
    box: tuple[float, float, float, float]
    label: str = ""
    values: tuple[str, ...] = ()
    options: tuple[Choice, ...] = ()
    multiple: bool = False
    min: str = ""
    max: str = ""
    step: str = ""
    keys: bool = False


class Chooser(Struct, frozen=True, kw_only=True, tag="chooser", tag_field="type"):
    """The page asks for files."""

    chooser: int
    multiple: bool


class Dialog(Struct, frozen=True, kw_only=True, tag="dialog", tag_field="type"):
    """A dialog of the page, which stands still until it is answered. `text` is what a prompt begins with."""

    dialog: int
    kind: str
    message: str
    text: str
    site: str


class Closed(Struct, frozen=True, kw_only=True, tag="closed", tag_field="type"):
    """A control, chooser or dialog is over."""

    what: Literal["control", "chooser", "dialog"]
    number: int


class Copied(Struct, frozen=True, kw_only=True, tag="copied", tag_field="type"):
    """The text that is selected on the page."""

    text: str


class Refused(Struct, frozen=True, kw_only=True, tag="refused", tag_field="type"):
    """Something was not done, and why. `address` is one that the person may go to by the address bar."""

    code: str
    why: str
    address: str = ""


Shown = Tabs | Place | Cursor | Control | Chooser | Dialog | Closed | Copied | Refused


def picture(number: int, size: tuple[int, int], jpeg: bytes) -> bytes:
    """A picture as a viewer gets it."""
    return HEADER.pack(number, *size) + jpeg
