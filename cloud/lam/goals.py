"""Percept + memory + Toolbox -> Goal, or a short question."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from language.comparisons import Comparison
from language.entities import Value
from teach_mode.skill import Check

Origin = Literal["said", "pressed", "profile", "default", "picture", "page", "model"]


class Intent(Struct, frozen=True, kw_only=True):
    """One thing that the person wants: a tool, what fills its slots, and which required slots are still empty."""

    tool: str
    values: dict[str, Value]
    missing: tuple[str, ...] = ()
    text: str = ""
    origins: dict[str, Origin] = field(default_factory=dict)  # slot -> where its value came from
    alternatives: tuple[str, ...] = ()  # other tools for which the same words were said
    suggested: dict[str, Value] = field(default_factory=dict)  # what was chosen last time; shown, never filled in
    then: bool = False  # what was said before must be done before
    version: int = 0  # of a tool that has versions, when one of them was named; 0: the one that counts
    instead_of: int | None = None  # place of the intent that it is done in place of, should that come to nothing
    strict: bool = False  # only where that one is not to be had, not for any other reason
    carried: dict[str, str] = field(default_factory=dict)  # slot -> template over what those before it read
    when: Check | None = None  # done only if that holds of what those before it read
    only_if: Comparison | None = None  # done only if what it costs is so
    each: str = ""  # a list that those before it read: done for each `{item}`


class Call(Struct, frozen=True, kw_only=True):
    """A tool to be used with given values, in place of what would be inferred from words.

    What is not given comes from the profile or is asked for. `origins` says of each value where it came from; what it
    does not name was said.
    """

    tool: str
    arguments: dict[str, Value] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    version: int = 0  # of a tool that has versions; 0: the one that counts when it is begun


class Question(Struct, frozen=True, kw_only=True):
    """A short question whose spoken or pressed answer continues the same task.

    With an empty `slot` it chooses between whole readings: `values` are then the numbers of `options`.
    """

    text: str
    tool: str
    slot: str
    choices: tuple[str, ...] = ()  # spoken forms, in the order shown
    values: tuple[Value, ...] = ()  # their values
    intent: int = 0  # which intent of the goal it is about
    options: tuple[Intent, ...] = ()
    version: int = 0  # of the tool, as in the intent


class Answer(Struct, frozen=True, kw_only=True):
    """What an utterance, or a press, says to a question. `value` goes with kind value alone."""

    kind: Literal["value", "yes", "no"]
    value: Value = ""


class Goal(Struct, frozen=True, kw_only=True):
    """What is wanted, in the order said. `question`: it cannot be planned yet; `refusal`: it is no task.

    `pending` are questions that come after this one; `notice` is told beside what is done.
    """

    intents: tuple[Intent, ...]
    confidence: float
    question: Question | None = None
    pending: tuple[Question, ...] = ()
    refusal: str = ""
    notice: str = ""
