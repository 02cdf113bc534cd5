"""What a viewer of a live page sends. Decoded by schema: what does not fit is refused with the reason."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Px = Annotated[float, Meta(ge=-100_000, le=100_000)]
Side = Annotated[int, Meta(ge=16, le=4096)]
Number = Annotated[int, Meta(ge=0, le=2**53)]
MOST_FILES = 10
MOST_FILE_BYTES = 32 << 20


class Pointer(Struct, frozen=True, kw_only=True, tag="pointer", tag_field="type", forbid_unknown_fields=True):
    """The mouse, at a place of the page's viewport in CSS px. `clicks` 2: the second press of a double click."""

    kind: Literal["move", "down", "up"]
    x: Px
    y: Px
    button: Literal["left", "middle", "right"] = "left"
    clicks: Annotated[int, Meta(ge=1, le=3)] = 1


class Wheel(Struct, frozen=True, kw_only=True, tag="wheel", tag_field="type", forbid_unknown_fields=True):
    """The wheel, or a finger that pans: scrolls what lies at the place by CSS px."""

    x: Px
    y: Px
    dx: Px = 0
    dy: Px = 0


class Key(Struct, frozen=True, kw_only=True, tag="key", tag_field="type", forbid_unknown_fields=True):
    """A key by its DOM name ("a", "Enter", "Control"); a chord is its keys, pressed in order."""

    kind: Literal["down", "up"]
    key: Annotated[str, Meta(min_length=1, max_length=32)]


class Text(Struct, frozen=True, kw_only=True, tag="text", tag_field="type", forbid_unknown_fields=True):
    """Text that is no single key: pasted, dictated, or composed by an input method."""

    text: Annotated[str, Meta(min_length=1, max_length=20_000)]


class Compose(Struct, frozen=True, kw_only=True, tag="compose", tag_field="type", forbid_unknown_fields=True):
    """What an input method has composed so far; empty when the composition was given up."""

    text: Annotated[str, Meta(max_length=1000)]


class Copy(Struct, frozen=True, tag="copy", tag_field="type", forbid_unknown_fields=True):
    """Asks for the text that is selected on the page."""


class Size(Struct, frozen=True, kw_only=True, tag="size", tag_field="type", forbid_unknown_fields=True):
    """How large the viewer's canvas is, in CSS px."""

    width: Side
    height: Side


class Drawn(Struct, frozen=True, kw_only=True, tag="drawn", tag_field="type", forbid_unknown_fields=True):
    """The picture of this number is on the canvas: the next one may come."""

    frame: Number


class Go(Struct, frozen=True, kw_only=True, tag="go", tag_field="type", forbid_unknown_fields=True):
    """What was typed into the address bar."""

    address: Annotated[str, Meta(max_length=2000)]


class Walk(Struct, frozen=True, kw_only=True, tag="walk", tag_field="type", forbid_unknown_fields=True):
    """Back, forward, or the same page again."""

    to: Literal["back", "forward", "reload"]


class Tab(Struct, frozen=True, kw_only=True, tag="tab", tag_field="type", forbid_unknown_fields=True):
    """Opens a tab, shows one, or closes one. `tab` is ignored when one is opened."""

    do: Literal["open", "show", "close"]
    tab: Number = 0


class Choose(Struct, frozen=True, kw_only=True, tag="choose", tag_field="type", forbid_unknown_fields=True):
    """What was chosen in a control that the viewer drew in the page's place; `values` None: nothing."""

    control: Number
    values: Annotated[tuple[Annotated[str, Meta(max_length=1000)], ...], Meta(max_length=500)] | None


class File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that the viewer gives; its bytes follow."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    size: Annotated[int, Meta(ge=0, le=MOST_FILE_BYTES)]
    kind: Annotated[str, Meta(max_length=127)] = ""


class Upload(Struct, frozen=True, kw_only=True, tag="upload", tag_field="type", forbid_unknown_fields=True):
    """Files for a chooser that the page opened, whose bytes follow in order as binary messages; none: cancelled."""

    chooser: Number
    files: Annotated[tuple[File, ...], Meta(max_length=MOST_FILES)] = ()


class Answer(Struct, frozen=True, kw_only=True, tag="answer", tag_field="type", forbid_unknown_fields=True):
    """The answer to a dialog of the page."""

    dialog: Number
    accept: bool
    text: Annotated[str, Meta(max_length=2000)] = ""


Input = Pointer | Wheel | Key | Text | Compose | Copy | Size | Drawn | Go | Walk | Tab | Choose | Upload | Answer
