"""What a run did, noted step by step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from browser.fingerprint import Fingerprint
from cloud.lam.judgement import Verdict
from cloud.tools.trail import Trail
from teach_mode.checks import read_skill
from teach_mode.interfaces import Act
from teach_mode.replayed import StepEvent

PIZZA = read_skill(Path(__file__).parents[3] / "examples" / "skills" / "pizza.json")
GO = Verdict(decision="go", rule="harmless")
NAME = next(step for step in PIZZA.steps if step.action == "fill")


class Notes:
    """A trail of the pizza skill, the notes that it makes, and a clock that stands."""

    def __init__(self) -> None:
        self.taken: list[Mapping[str, Any]] = []
        self.trail = Trail(PIZZA, self.taken.append, lambda: 100.0)

    def event(self, kind: Any, step: str = NAME.id, at_ms: float = 0.0, **more: Any) -> None:
        self.trail.took(StepEvent(kind=kind, step=step, words=f"Do {step}", number=1, at_ms=at_ms, **more))

    def act(self, step: str = NAME.id, **more: Any) -> None:
        given: dict[str, Any] = {"skill": "order_pizza", "version": 1, "step": step, "action": "fill"}
        given |= {"effect": "reversible", "origin": "https://pizza.example", "url": "https://pizza.example/checkout"}
        given |= {"fingerprint": Fingerprint(name="Name"), "similarity": 0.98765, "value": "Ada Example", "values": {}}
        self.trail.judged(Act(**{**given, **more}), GO)


def test_a_step_is_noted_once_it_has_ended_with_all_that_is_known_of_it() -> None:
    notes = Notes()
    notes.event("begun", at_ms=20.0, item="olives", round=2, rounds=3)
    notes.act()
    assert not notes.taken
    notes.event("done", at_ms=70.5)
    (told,) = notes.taken
    assert told == {
        "step": NAME.id,
        "words": f"Do {NAME.id}",
        "at": 100.0,
        "took_ms": 50.5,
        "ended": "done",
        "item": "olives",
        "round": 2,
        "rounds": 3,
        "action": "fill",
        "site": "pizza.example",
        "element": "Name",
        "similarity": 0.988,
        "value": "Ada Example",
        "verdicts": [{"decision": "go", "rule": "harmless", "at": 100.0}],
    }
    assert notes.trail.sites == ("pizza.example",)


@pytest.mark.parametrize(
    "attributes",
    [{"type": "password"}, {"autocomplete": "one-time-code"}, {"autocomplete": "cc-number"}],
)
def test_what_is_typed_into_a_field_for_secrets_is_never_noted(attributes: dict[str, str]) -> None:
    notes = Notes()
    notes.event("begun")
    notes.act(fingerprint=Fingerprint(name="Code", attributes=attributes), value="1234")
    notes.event("done")
    assert "1234" not in str(notes.taken)


def test_a_step_within_another_is_noted_apart_and_what_was_cut_off_says_so() -> None:
    notes = Notes()
    with notes.trail.followed():
        notes.event("begun", "order")
        notes.event("begun", "login", 5.0)
        notes.event("failed", "login", 9.0)
    assert [(one["step"], one["ended"], one["took_ms"]) for one in notes.taken] == [
        ("login", "failed", 4.0),
        ("order", "cut", 0.0),
    ]


def test_a_step_that_is_judged_again_and_again_keeps_its_last_verdicts() -> None:
    notes = Notes()
    notes.event("begun")
    for _ in range(20):
        notes.act()
    notes.event("done")
    assert len(notes.taken[0]["verdicts"]) == 6
