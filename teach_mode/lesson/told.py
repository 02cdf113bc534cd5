"""What a lesson tells whoever looks on. Data, and the view of a state; pure."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from language.entities import Value
from teach_mode.demonstration import ShownStep
from teach_mode.errors import EditRefused, TeachError
from teach_mode.generalize import Chip, Proposal, apply, generalize
from teach_mode.lesson.state import State, demonstrations
from teach_mode.lesson.wording import words_of
from teach_mode.skill import Parameter, Step


class ChipTold(Struct, frozen=True, kw_only=True):
    """A decision about a step, with its reason. `step` is the skill's."""

    step: str
    kind: str
    field: str
    parameter: str
    evidence: str


class StepTold(Struct, frozen=True, kw_only=True):
    """A shown step. `words` say it, `picture` names its thumbnail, `step` is the skill's step that it became, or "".

    `markable`: its value, or which element it took, can be a parameter or a constant. `secret`: what kind of secret was
    typed; `origin` is the page's.
    """

    id: str
    words: str
    step: str = ""
    picture: str = ""
    effect: str = "reversible"
    optional: bool = False
    markable: Literal["value", "target", "file", ""] = ""
    value: str = ""
    secret: str = ""
    vault: str = ""
    origin: str = ""
    tab: str = ""
    chips: tuple[ChipTold, ...] = ()


class ParameterTold(Struct, frozen=True, kw_only=True):
    """A parameter; `shown` is its value in the demonstration that is being made."""

    name: str
    kind: str
    question: str
    required: bool
    shown: str
    choices: tuple[str, ...] = ()


class ConfirmTold(Struct, frozen=True, kw_only=True):
    """A read-back before an irreversible step."""

    step: str
    name: str
    title: str


class SkillTold(Struct, frozen=True, kw_only=True):
    """The skill as it would be saved."""

    name: str
    description: str
    utterances: tuple[str, ...]
    parameters: tuple[ParameterTold, ...]
    confirms: tuple[ConfirmTold, ...]
    read_back: str
    irreversible: bool


class TakeTold(Struct, frozen=True, kw_only=True):
    """One demonstration."""

    sentence: str
    steps: int


class LessonTold(Struct, frozen=True, kw_only=True, tag="lesson", tag_field="type"):
    """All of a lesson. `problem` says why there is no skill yet."""

    takes: tuple[TakeTold, ...]
    recording: bool
    running: str
    picking: str
    after: str
    redoing: str
    undoable: bool
    steps: tuple[StepTold, ...]
    skill: SkillTold | None
    problem: str = ""


class Thumbnail(Struct, frozen=True, kw_only=True, tag="thumbnail", tag_field="type"):
    """A picture of a step's element; told once, before the step that names it or after it."""

    name: str
    jpeg: bytes


class Aimed(Struct, frozen=True, kw_only=True):
    """What could be picked: its box in px of the viewport, how many levels above the innermost, and words for it."""

    wider: int
    box: tuple[float, float, float, float]
    words: str


class Aim(Struct, frozen=True, kw_only=True, tag="aim", tag_field="type"):
    """What is at the place that is pointed at, the innermost first."""

    x: float
    y: float
    around: tuple[Aimed, ...]


class RunTold(Struct, frozen=True, kw_only=True, tag="run_told", tag_field="type"):
    """How a run goes: a step begun, done or failed, and at last how it ended, in words."""

    kind: Literal["begun", "done", "failed", "ended"]
    step: str
    words: str
    outcome: str = ""


class Question(Struct, frozen=True, kw_only=True, tag="question", tag_field="type"):
    """Before an irreversible step of a run: what it would do, and what the site says. Answered by `agree`."""

    digest: str
    text: str
    rows: tuple[tuple[str, str], ...]


class Answered(Struct, frozen=True, kw_only=True, tag="answered", tag_field="type"):
    """The question is over."""

    digest: str


class Saved(Struct, frozen=True, kw_only=True, tag="saved", tag_field="type"):
    """A version was saved; `example` is a sentence that starts it."""

    name: str
    version: int
    example: str


Told = LessonTold | Thumbnail | Aim | RunTold | Question | Answered | Saved

_PLACED = frozenset({"click", "double_click", "check", "uncheck"})
_VALUED = frozenset({"fill", "select"})


def proposed(state: State, name: str = "") -> Proposal | None:
    """The skill of what was shown, with the person's edits; one that does not fit any more is left out.

    Raises TeachError when no skill can be made.
    """
    shown = demonstrations(state)
    if not shown:
        return None
    made = generalize(shown, name=name)
    for edit in state.edits:
        with contextlib.suppress(EditRefused):
            made = apply(made, edit)
    return made


def told(state: State, proposal: Proposal | None, problem: TeachError | None = None) -> LessonTold:
    """The view of a state."""
    return LessonTold(
        takes=tuple(TakeTold(sentence=take.sentence, steps=len(take.steps)) for take in state.takes),
        recording=state.recording,
        running=state.running,
        picking=state.picking or "",
        after=state.after,
        redoing=state.redoing,
        undoable=bool(state.before),
        steps=tuple(_step(shown, proposal) for shown in state.steps),
        skill=_skill(state, proposal) if proposal is not None else None,
        problem=str(problem) if problem is not None else "",
    )


def _step(shown: ShownStep, proposal: Proposal | None) -> StepTold:
    chips = _chips_of(shown, proposal.chips) if proposal is not None else ()
    made = _made_of(shown, chips, proposal.skill.steps) if proposal is not None else None
    fillable = shown.action in _VALUED and not shown.secret
    return StepTold(
        id=shown.id,
        words=words_of(shown),
        step=made.id if made is not None else "",
        picture=shown.picture,
        effect=made.effect if made is not None else "reversible",
        optional=made.optional if made is not None else False,
        markable="value" if fillable else _markable(shown),
        value="" if shown.secret else shown.value,
        secret=shown.secret or "",
        vault=made.secret if made is not None else "",
        origin=shown.url,
        tab=shown.tab,
        chips=tuple(
            ChipTold(step=chip.step, kind=chip.kind, field=chip.field, parameter=chip.parameter, evidence=chip.evidence)
            for chip in chips
        ),
    )


def _markable(shown: ShownStep) -> Literal["target", "file", ""]:
    if shown.action == "upload":
        return "file"
    return "target" if shown.action in _PLACED and shown.shown is not None else ""


def _chips_of(shown: ShownStep, chips: Sequence[Chip]) -> tuple[Chip, ...]:
    return tuple(chip for chip in chips if shown.id in (chip.shown or (chip.step,)))


def _made_of(shown: ShownStep, chips: Sequence[Chip], steps: Sequence[Step]) -> Step | None:
    """The skill's step that a shown one became."""
    ids = (shown.id, *(chip.step for chip in chips))
    return next((step for step in steps if step.id in ids), None)


def _skill(state: State, proposal: Proposal) -> SkillTold:
    skill = proposal.skill
    values = proposal.values[-1] if proposal.values else {}
    return SkillTold(
        name=skill.name,
        description=skill.description,
        utterances=skill.utterances,
        parameters=tuple(_parameter(one, values.get(one.name)) for one in skill.parameters),
        confirms=tuple(
            ConfirmTold(step=step.id, name=one.name, title=one.title) for step in skill.steps for one in step.confirms
        ),
        read_back=skill.read_back,
        irreversible=skill.effect == "irreversible",
    )


def _parameter(one: Parameter, value: Value | None) -> ParameterTold:
    return ParameterTold(
        name=one.name,
        kind=one.kind,
        question=one.question,
        required=one.required,
        shown=", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value),
        choices=tuple(choice.value for choice in one.choices),
    )
