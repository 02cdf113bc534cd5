"""What happened, in one append-only table; device, portal and log read it from a cursor."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

Kind = Literal[
    "heard",  # text, spoken, engine, device, turn
    "corrected",  # text, distance
    "understood",  # intents: [{tool, values, missing}], confidence
    "planned",  # steps: [{number, tool, arguments, effect, words}]
    "step_started",  # number, tool, words
    "progress",  # text, number, of
    "verdict",  # step, decision, rule
    "asked",  # ask, kind, text, rows, choices, digest, expires_at
    "answered",  # ask, answer, surface
    "ask_closed",  # ask, outcome: yes|no|expired|cancelled|chosen|superseded
    "intent",  # act id, step, words: written before an irreversible act
    "result",  # act id, result: done|failed|unknown|not_acted
    "step_done",  # number, status, sentence
    "said",  # text: to be spoken, on the turn that caused it
    "card",  # title, body, rows
    "frame",  # number, address of a filmstrip picture (never the picture)
    "ring",  # timer, label
    "ring_stopped",  # timer
    "task_done",  # status, sentence
]


class Event(Struct, frozen=True, kw_only=True):
    """One row. `cursor` is global and grows; `number` counts within the task from 1. `at` is UTC seconds."""

    cursor: int
    task: str
    number: int
    kind: Kind
    person: str
    at: float
    data: dict[str, Any]
