"""What a run leaves on a site, and how that is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.checks import read_skill
from teach_mode.deeds import Deed, Halt, halt_of, listed, rounds_done, so_far
from teach_mode.replayed import StepEvent
from teach_mode.sentences import past
from teach_mode.skill import Skill, Step, Target
from teach_mode.traces import Traces

PIZZA = read_skill(Path(__file__).parents[2] / "examples" / "skills" / "pizza.json")
SITE = PIZZA.base


def step(name: str, action: Any, words: str, **more: Any) -> Step:
    role = "textbox" if action == "fill" else "button"
    target = Target(
        locators=(Locator(kind=LocatorKind.TEXT, value=words),), fingerprint=Fingerprint(role=role, name=words)
    )
    return Step(id=name, action=action, target=target, **more)


def skill_of(*steps: Step) -> Skill:
    return msgspec.structs.replace(PIZZA, steps=steps, loops=())


def event(kind: Literal["begun", "done", "failed"], name: str, words: str, item: str = "", at: int = 0) -> StepEvent:
    rounds = 3 if item else 0
    return StepEvent(kind=kind, step=name, words=words, number=1, at_ms=0.0, item=item, round=at, rounds=rounds)


FORM = skill_of(step("name", "fill", "Name"), step("go", "click", "Next"), step("pay", "click", "Pay now"))


def test_what_was_only_typed_is_not_done() -> None:
    traces = Traces(FORM)
    traces.take(event("begun", "name", "Type “Ada” into “Name”"))
    traces.take(event("done", "name", "Type “Ada” into “Name”"))
    assert so_far(traces.halt()) == "" and traces.typed


def test_a_click_after_which_the_page_sends_something_is_done_and_takes_what_was_typed_with_it() -> None:
    told: list[Deed] = []
    traces = Traces(FORM, told.append)
    for kind in ("begun", "done"):
        traces.take(event(kind, "name", "Type “Ada” into “Name”"))  # type: ignore[arg-type]
    traces.take(event("begun", "go", "Click “Next”"))
    traces.sent(f"{SITE}/next")
    traces.sent(f"{SITE}/next")
    assert so_far(traces.halt()) == "I had already clicked “Next”." and not traces.typed
    assert told == [Deed(step="go", words="clicked “Next”")]


def test_what_goes_to_a_host_that_the_skill_does_not_know_is_not_of_its_doing() -> None:
    traces = Traces(FORM)
    traces.take(event("begun", "go", "Click “Next”"))
    traces.sent("https://tracker.example/beacon")
    assert traces.halt() == Halt()


@pytest.mark.parametrize(("words", "said"), [("Add to basket", True), ("Save", True), ("Next page", False)])
def test_a_button_that_says_that_it_changes_something_is_believed(words: str, said: bool) -> None:
    traces = Traces(skill_of(step("press", "click", words)))
    traces.take(event("begun", "press", f"Click “{words}”"))
    assert traces.halt().done == ()
    traces.take(event("done", "press", f"Click “{words}”"))
    assert bool(traces.halt().done) is said


def test_what_the_person_does_on_the_page_signing_in_and_what_cannot_be_undone_are_told_of_elsewhere() -> None:
    login = (
        step("who", "fill", "Name"),
        step("word", "fill", "Word", secret="site.word"),
        step("in", "click", "Enter"),
    )
    traces = Traces(
        skill_of(*login, step("pay", "click", "Pay now", effect="irreversible"), step("go", "click", "Next"))
    )
    for name in ("who", "word", "in", "pay"):
        traces.take(event("begun", name, f"Click “{name}”"))
        traces.sent(f"{SITE}/sent")
    traces.take(event("begun", "go", "Click “Next”"))
    with traces.aside():
        traces.sent(f"{SITE}/sent")
    assert traces.halt() == Halt()


def test_a_step_that_the_site_says_it_did_not_take_is_not_done() -> None:
    traces = Traces(FORM)
    traces.take(event("begun", "go", "Click “Next”"))
    traces.sent(f"{SITE}/next")
    assert traces.halt(refused="go").done == () and len(traces.halt(refused="pay").done) == 1


def test_of_a_loop_it_is_said_for_which_it_was_done_and_how_far_it_came_with_the_next() -> None:
    traces = Traces(skill_of(step("tick", "check", "Done"), step("save", "click", "Save")))
    for number, item in enumerate(("Ada", "Ben"), 1):
        for name, words in (("tick", "Tick “Done”"), ("save", "Click “Save”")):
            traces.take(event("begun", name, words, item, number))
            traces.sent(f"{SITE}/{name}")
            traces.take(event("done", name, words, item, number))
    traces.take(event("begun", "tick", "Tick “Done”", "Cy", 3))
    traces.sent(f"{SITE}/tick")
    traces.take(event("failed", "tick", "Tick “Done”", "Cy", 3))
    said = "It was done for 2 of 3: Ada and Ben. For Cy I had already ticked “Done”."
    assert so_far(traces.halt()) == said
    assert so_far(halt_of(traces.halt().done)) == said


def test_many_deeds_are_shown_and_the_last_is_said() -> None:
    halt = Halt(done=tuple(Deed(step=f"s{n}", words=f"clicked “{n}”") for n in range(5)))
    assert so_far(halt) == "I had already done 5 things there; at last I clicked “4”. All of it is on the screen."


def test_rounds_are_counted_also_where_each_is_an_act_on_record() -> None:
    assert rounds_done(Halt(round=5, rounds=7, items=("A", "B", "C", "D", "E"))) == "It was done for 4 of 7, up to D."
    assert rounds_done(Halt(round=1, rounds=7, items=("A",))) == ""


def test_deeds_with_one_verb_are_said_together() -> None:
    words = ("clicked “Add”", "clicked “Next”", "typed “5” into “Guests”")
    assert listed(words) == "clicked “Add” and “Next” and typed “5” into “Guests”"


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("Click “Save”", "clicked “Save”"),
        ("Double-click “Save”", "double-clicked “Save”"),
        ("Choose “5” in “Guests”", "chose “5” in “Guests”"),
        ("Give the file “a.pdf” to “Bill”", "gave the file “a.pdf” to “Bill”"),
        ("Press Enter", "pressed Enter"),
        ("Untick “News”", "unticked “News”"),
    ],
)
def test_a_step_is_told_in_the_past(now: str, then: str) -> None:
    assert past(now) == then
