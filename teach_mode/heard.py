"""What the recorder's script says, held to a schema with limits: a page under teaching is not to be trusted."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from browser.fingerprint import Fingerprint
from browser.locators import Locator
from teach_mode.demonstration import Option, SecretKind
from teach_mode.errors import TeachError

MOST_LOCATORS = 10
MOST_OPTIONS = 60
MOST_CHANGES = 6
MOST_NAMES = 100
MOST_CHARS = 4_000
LONGEST_NAME_CHARS = 300
MOST_AROUND = 10
MOST_WIDER = 100
FURTHEST_PX = 1_000_000

Number = Annotated[int, Meta(ge=0, le=1_000_000)]
Px = Annotated[float, Meta(ge=-FURTHEST_PX, le=FURTHEST_PX)]
Text = Annotated[str, Meta(max_length=MOST_CHARS)]
Told = Annotated[tuple[Locator, ...], Meta(max_length=MOST_CHANGES)]

Kind = Literal[
    "click",
    "double_click",
    "right_click",
    "middle_click",
    "hover",
    "fill",
    "select",
    "check",
    "uncheck",
    "press",
    "upload",
    "drag",
    "scroll",
]


class Turning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What turns a calendar."""

    seen: Fingerprint
    locators: Annotated[tuple[Locator, ...], Meta(min_length=1, max_length=MOST_LOCATORS)]


class DescribedCalendar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The calendar that an element is a day of: the month above it, and what turns it."""

    month: Annotated[str, Meta(max_length=40)]
    forward: Turning | None = None
    back: Turning | None = None


class DescribedRows(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Like rows: what each is called, where that stands, and which one the element is in."""

    locator: Locator
    texts: Annotated[tuple[Annotated[str, Meta(max_length=MOST_CHARS)], ...], Meta(max_length=MOST_OPTIONS)]
    own: Annotated[str, Meta(max_length=MOST_CHARS)]


class DescribedList(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a page lists: how all rows are found, what the first and the last say, and what one looks like."""

    locator: Locator
    texts: Annotated[tuple[Text, ...], Meta(max_length=2)]
    seen: Fingerprint


class Described(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An element as the script saw it. `box` is in CSS px of its document's viewport."""

    seen: Fingerprint
    locators: Annotated[tuple[Locator, ...], Meta(min_length=1, max_length=MOST_LOCATORS)]
    box: tuple[Px, Px, Px, Px]
    options: Annotated[tuple[Option, ...], Meta(max_length=MOST_OPTIONS)] = ()
    kind: Annotated[str, Meta(max_length=40)] = ""
    calendar: DescribedCalendar | None = None
    rows: DescribedRows | None = None
    prices: Annotated[tuple[Annotated[str, Meta(max_length=100)], ...], Meta(max_length=4)] = ()
    secret: bool = False


class Around(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An element at a point, or one around it: `wider` levels above. `box` is in CSS px of its document's viewport;
    `role` is its tag where it has none; `text` is what the innermost says, and the title of the others."""

    wider: Annotated[int, Meta(ge=0, le=MOST_WIDER)]
    box: tuple[Px, Px, Px, Px]
    role: Annotated[str, Meta(max_length=40)]
    text: Annotated[str, Meta(max_length=LONGEST_NAME_CHARS)] = ""


class Acted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="act", tag_field="t"):
    """The person did something. `n` counts the acts of the document, `over` is one that this one takes the place of (0:
    none); `fresh`: the page has not changed since it was still."""

    n: Number
    kind: Kind
    el: Described | None = None
    onto: Described | None = None
    value: Text = ""
    secret: SecretKind | None = None
    over: Number = 0
    fresh: bool = False


class Valued(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="value", tag_field="t"):
    """More was typed into the field of act `n`."""

    n: Number
    value: Text
    secret: SecretKind | None = None


class Changed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="change", tag_field="t"):
    """What came and went since act `n`; 0 is the coming of the document, which may list something. `looks` are of what
    came, in its order."""

    n: Number
    appeared: Told = ()
    left: Told = ()
    looks: Annotated[tuple[Fingerprint, ...], Meta(max_length=MOST_CHANGES)] = ()
    listed: DescribedList | None = None


class Quiet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="quiet", tag_field="t"):
    """The page has come to rest. `secrets` are names and ids of its secret fields."""

    secrets: Annotated[
        tuple[Annotated[str, Meta(max_length=LONGEST_NAME_CHARS)], ...], Meta(max_length=MOST_NAMES)
    ] = ()


Heard = Acted | Valued | Changed | Quiet

_decoder: msgspec.json.Decoder[Heard] = msgspec.json.Decoder(Heard)


class NotHeard(TeachError, ValueError):
    """A message that the script would not have sent."""

    code = "not_heard"


def decode(said: str) -> Heard:
    """The message. Raises NotHeard."""
    try:
        return _decoder.decode(said)
    except msgspec.MsgspecError as error:
        raise NotHeard(f"a message of the recorder's script is malformed: {error}") from error
