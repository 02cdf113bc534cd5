"""What a person says to a lesson, beside driving its page. Decoded by schema: what does not fit is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from browser.live.inputs import Px
from teach_mode.generalizing.proposal import Edit
from teach_mode.heard import MOST_WIDER

Words = Annotated[str, Meta(max_length=1000)]
Id = Annotated[str, Meta(max_length=100)]
Want = Literal["read", "wait", "assert"]


class Begin(Struct, frozen=True, kw_only=True, tag="begin", tag_field="type", forbid_unknown_fields=True):
    """Shows the task from here on; `sentence` says what it does. With steps shown before: shows it again, with other
    values, as one demonstration more."""

    sentence: Words


class Sentence(Struct, frozen=True, kw_only=True, tag="sentence", tag_field="type", forbid_unknown_fields=True):
    """Says what the demonstration does in other words."""

    sentence: Words


class Record(Struct, frozen=True, kw_only=True, tag="record", tag_field="type", forbid_unknown_fields=True):
    """Records from now on, or does not."""

    on: bool


class Undo(Struct, frozen=True, tag="undo", tag_field="type", forbid_unknown_fields=True):
    """Forgets the last change of the steps."""


class Delete(Struct, frozen=True, kw_only=True, tag="delete", tag_field="type", forbid_unknown_fields=True):
    """Takes a step out."""

    step: Id


class Move(Struct, frozen=True, kw_only=True, tag="move", tag_field="type", forbid_unknown_fields=True):
    """Puts a step before the one that now has the number `to`, counted from 0 without it."""

    step: Id
    to: Annotated[int, Meta(ge=0, le=10_000)]


class Insert(Struct, frozen=True, kw_only=True, tag="insert", tag_field="type", forbid_unknown_fields=True):
    """What is shown from now on goes after this step; "" is the end again."""

    after: Id


class Redo(Struct, frozen=True, kw_only=True, tag="redo", tag_field="type", forbid_unknown_fields=True):
    """The next step shown takes the place of this one; "" gives it up."""

    step: Id


class Pick(Struct, frozen=True, kw_only=True, tag="pick", tag_field="type", forbid_unknown_fields=True):
    """What is pointed at next is read back, waited for, or must be there; see `Point`. None gives it up."""

    want: Want | None


class Point(Struct, frozen=True, kw_only=True, tag="point", tag_field="type", forbid_unknown_fields=True):
    """While something is pointed at: asks what is around a place of the page's viewport (CSS px); with `take` it is
    picked, `wider` levels above what is right there."""

    x: Px
    y: Px
    take: bool = False
    wider: Annotated[int, Meta(ge=0, le=MOST_WIDER)] = 0


class Change(Struct, frozen=True, kw_only=True, tag="change", tag_field="type", forbid_unknown_fields=True):
    """Changes the proposal."""

    edit: Edit


class Forget(Struct, frozen=True, kw_only=True, tag="forget", tag_field="type", forbid_unknown_fields=True):
    """Forgets one demonstration of several, by its number from 0."""

    take: Annotated[int, Meta(ge=0, le=100)]


class Run(Struct, frozen=True, kw_only=True, tag="run", tag_field="type", forbid_unknown_fields=True):
    """Does the steps up to and with `to` in the lesson's own page; or, with `to` empty, the whole skill with these
    values in a fresh browser context. What is not given is as it was shown."""

    to: Id = ""
    values: dict[Id, Words] = {}


class Stop(Struct, frozen=True, tag="stop", tag_field="type", forbid_unknown_fields=True):
    """Ends the run, and goes back to the lesson's own page when it has ended."""


class Agree(Struct, frozen=True, kw_only=True, tag="agree", tag_field="type", forbid_unknown_fields=True):
    """The answer to the question before an irreversible step of a run. `digest` is the one that was shown with it."""

    digest: Annotated[str, Meta(max_length=128)]
    yes: bool


class Save(Struct, frozen=True, kw_only=True, tag="save", tag_field="type", forbid_unknown_fields=True):
    """Saves the proposal as a version."""

    note: Annotated[str, Meta(max_length=300)] = ""


class Restart(Struct, frozen=True, tag="restart", tag_field="type", forbid_unknown_fields=True):
    """Forgets all that was shown."""


Command = (
    Begin
    | Sentence
    | Record
    | Undo
    | Delete
    | Move
    | Insert
    | Redo
    | Pick
    | Change
    | Forget
    | Run
    | Stop
    | Agree
    | Save
    | Restart
)
