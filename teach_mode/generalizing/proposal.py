"""What is proposed to the person: a skill, why it is so, and the edits that can be made to it. Data only."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from browser.conditions import Condition
from language.entities import SlotKind, Value
from teach_mode.demonstration import Demonstration
from teach_mode.skill import Confirm, Skill

ChipKind = Literal[
    "parameter", "constant", "photo", "secret", "optional", "loop", "irreversible", "confirm", "read_back"
]
Field = Literal["value", "target"]


class Chip(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that was decided, to be seen and changed beside its step.

    `step` is the skill's step, `shown` the steps of the demonstrations that it was made of; `parameter` the parameter,
    confirm or value that it is about; `evidence` says in words why it is so.
    """

    step: str
    kind: ChipKind
    evidence: str
    field: Literal["value", "target", ""] = ""
    parameter: str = ""
    shown: tuple[str, ...] = ()


class MarkParameter(Struct, frozen=True, tag="mark_parameter", kw_only=True, omit_defaults=True):
    """What a step typed or chose is a parameter, asked for by `name`."""

    step: str
    name: str
    field: Field = "value"
    kind: SlotKind = "text"


class MarkConstant(Struct, frozen=True, tag="mark_constant", kw_only=True):
    """What a step typed or chose is the same every time."""

    step: str
    field: Field = "value"


class MarkSecret(Struct, frozen=True, tag="mark_secret", kw_only=True):
    """What a step typed is the vault's entry of that name."""

    step: str
    secret: str


class TakePhoto(Struct, frozen=True, tag="take_photo", kw_only=True, omit_defaults=True):
    """What a step uploads is the photo that is taken with each request, or the file that was shown."""

    step: str
    photo: bool = True


class MarkIrreversible(Struct, frozen=True, tag="mark_irreversible", kw_only=True, omit_defaults=True):
    """A step cannot be taken back, or can."""

    step: str
    irreversible: bool = True


class MarkOptional(Struct, frozen=True, tag="mark_optional", kw_only=True, omit_defaults=True):
    """A step is done only when its element is there."""

    step: str
    optional: bool = True


class Rename(Struct, frozen=True, tag="rename", kw_only=True):
    """A parameter gets another name."""

    parameter: str
    to: str


class Retype(Struct, frozen=True, tag="retype", kw_only=True, omit_defaults=True):
    """A parameter is of another kind, asks another question, or may be missing. What is None stays."""

    parameter: str
    kind: SlotKind | None = None
    question: str | None = None
    required: bool | None = None
    default: str | int | float | None = None


class AddConfirm(Struct, frozen=True, tag="add_confirm", kw_only=True):
    """One more read-back before an irreversible step."""

    step: str
    confirm: Confirm


class DropConfirm(Struct, frozen=True, tag="drop_confirm", kw_only=True):
    """One read-back less."""

    step: str
    confirm: str


class SetQuestion(Struct, frozen=True, tag="set_question", kw_only=True):
    """What is asked before an irreversible step."""

    step: str
    question: str


class SetEntry(Struct, frozen=True, tag="set_entry", kw_only=True, omit_defaults=True):
    """What must be true where the skill starts; None: nothing."""

    condition: Condition | None = None


class SetUtterances(Struct, frozen=True, tag="set_utterances", kw_only=True):
    """What people say for it."""

    utterances: tuple[str, ...]


class SetReadBack(Struct, frozen=True, tag="set_read_back", kw_only=True):
    """The answer at the end."""

    read_back: str


class SetDescription(Struct, frozen=True, tag="set_description", kw_only=True, omit_defaults=True):
    """What it is called, and what it does in words. What is empty stays."""

    name: str = ""
    description: str = ""


Edit = (
    MarkParameter
    | MarkConstant
    | MarkSecret
    | TakePhoto
    | MarkIrreversible
    | MarkOptional
    | Rename
    | Retype
    | AddConfirm
    | DropConfirm
    | SetQuestion
    | SetEntry
    | SetUtterances
    | SetReadBack
    | SetDescription
)


class Proposal(Struct, frozen=True, kw_only=True):
    """A skill as it would be saved, with a chip for each decision.

    `values` are those shown, by demonstration; with them the skill does what was demonstrated. `demonstrations` and
    `edits` are what it was made of.
    """

    skill: Skill
    chips: tuple[Chip, ...]
    values: tuple[dict[str, Value], ...]
    demonstrations: tuple[Demonstration, ...]
    edits: tuple[Edit, ...] = field(default_factory=tuple)
