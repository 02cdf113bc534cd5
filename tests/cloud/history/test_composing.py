"""Rows and events become the story of a run."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from cloud.commands import HandleUtterance
from cloud.events import Event, Kind
from cloud.history.composing import story_of
from cloud.history.rules import RULES
from cloud.lam.judgement import ACT_RULES, STEP_RULES
from cloud.tasks.intents import Intent
from cloud.tasks.records import Task


def task(**more: Any) -> Task:
    command = HandleUtterance(key="dev:7", person="ada", text="order a piza", device="dev", turn=7, engine="moonshine")
    row: dict[str, Any] = {"id": "t1", "person": "ada", "key": "dev:7", "status": "done", "text": "order a piza"}
    row |= {"command": command, "device": "dev", "turn": 7, "sentence": "Done.", "attempts": 1}
    return Task(**{**row, "created": 100.0, "updated": 109.0, "epoch": 1, **more})


def events(*told: tuple[str, float, dict[str, Any]]) -> list[Event]:
    return [
        Event(cursor=at, task="t1", number=at, kind=kind, person="ada", at=when, data=data)  # type: ignore[arg-type]
        for at, (kind, when, data) in enumerate(told, 1)
    ]


STEP = {"number": 1, "tool": "order_pizza", "version": 3, "words": "order a pizza", "effect": "irreversible"}
ROWS = [["Total", "14.50", "site"]]
ORDER = events(
    ("heard", 100.0, {"text": "order a piza", "by": "device"}),
    ("corrected", 100.1, {"text": "order a pizza", "distance": 0.1}),
    (
        "planned",
        100.2,
        {"steps": [STEP]},
    ),
    ("step_started", 100.3, {"number": 1, "tool": "order_pizza", "words": "order a pizza"}),
    ("verdict", 100.3, {"step": 1, "decision": "go", "rule": "asks_at_the_act"}),
    ("progress", 100.4, {"text": "Click “Add”", "number": 1, "of": 3}),
    (
        "did",
        101.0,
        {
            "number": 1,
            "steps": [
                {
                    "step": "add",
                    "words": "Click “Add”",
                    "at": 100.4,
                    "took_ms": 250.0,
                    "ended": "done",
                    "action": "click",
                    "element": "Add",
                    "similarity": 0.97,
                    "site": "pizza.example",
                    "verdicts": [{"decision": "go", "rule": "harmless", "at": 100.5}],
                }
            ],
        },
    ),
    ("frame", 101.1, {"number": 1, "name": "0001.jpg"}),
    ("verdict", 101.2, {"step": 1, "decision": "ask", "rule": "irreversible_is_asked", "act": "order"}),
    (
        "asked",
        101.3,
        {"ask": "a1", "kind": "irreversible", "text": "Order it?", "rows": ROWS, "digest": "d1", "step": 1},
    ),
    ("answered", 103.0, {"ask": "a1", "answer": "yes", "surface": "portal"}),
    ("ask_closed", 103.0, {"ask": "a1", "outcome": "yes"}),
    ("intent", 103.1, {"act": "i1", "step": 1, "words": "order a pizza"}),
    ("result", 104.0, {"act": "i1", "result": "done"}),
    ("replayed", 104.1, {"number": 1, "version": 3, "sites": ["pizza.example"], "read": {"number": "42"}, "files": []}),
    ("step_done", 104.2, {"number": 1, "status": "done", "sentence": "Order 42.", "waited_ms": 1700}),
    ("said", 104.2, {"text": "Order 42."}),
)  # fmt: skip


def test_a_run_is_told_whole() -> None:
    act = Intent(
        id="i1", task="t1", person="ada", step=1, name="order", digest="d", words="order a pizza", written_at=103.1
    )
    told = story_of(task(), ORDER, [Intent(**{**_fields(act), "evidence": ("Thank you",)})], kept=lambda number: False)
    assert (told.text, told.heard, told.by, told.took_ms) == ("order a pizza", "order a piza", "device", 9000.0)
    (part,) = told.parts
    assert (part.tool, part.version, part.effect, part.status, part.waited_ms) == (
        "order_pizza", 3, "irreversible", "done", 1700.0,
    )  # fmt: skip
    assert [one.rule for one in part.verdicts] == ["asks_at_the_act", "irreversible_is_asked"]
    (did,) = part.did
    assert (did.words, did.took_ms, did.element, did.similarity) == ("Click “Add”", 250.0, "Add", 0.97)
    assert did.verdicts[0].words == RULES["harmless"]
    (asked,) = told.asks
    assert (asked.rows, asked.digest, asked.answer, asked.surface, asked.answered, asked.outcome) == (
        (("Total", "14.50", "site"),), "d1", "yes", "portal", 103.0, "yes",
    )  # fmt: skip
    assert told.acts[0].evidence == ("Thank you",)
    assert told.sites == ("pizza.example",)
    assert not told.pictures[0].kept


def _fields(intent: Intent) -> dict[str, Any]:
    return {name: getattr(intent, name) for name in intent.__struct_fields__}


def test_steps_of_which_only_the_beginnings_are_known_took_until_the_next_began() -> None:
    told = story_of(
        task(),
        events(
            ("planned", 100.0, {"steps": [{"number": 1, "tool": "t", "words": "w", "effect": "read"}]}),
            ("step_started", 100.0, {"number": 1, "tool": "t", "words": "w"}),
            ("progress", 100.5, {"text": "one"}),
            ("progress", 101.5, {"text": "two"}),
            ("step_done", 104.5, {"number": 1, "status": "done", "sentence": ""}),
        ),
    )
    assert [(one.words, one.took_ms) for one in told.parts[0].did] == [("one", 1000.0), ("two", 3000.0)]


def test_a_run_that_goes_on_says_what_is_being_done() -> None:
    told = story_of(task(status="running"), events(("progress", 100.5, {"text": "Click “Add”"})))
    assert (told.now, told.ended, told.took_ms) == ("Click “Add”", None, 0.0)


def test_every_rule_of_judgement_has_its_words() -> None:
    own = {"harmless", "asks_at_the_act", "irreversible_is_asked", "tool_known"}
    assert set(RULES) == own | {rule.__name__ for rule in (*STEP_RULES, *ACT_RULES)}


json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 9) | st.floats(0, 9) | st.sampled_from(["", "a", "go", "1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["number", "steps", "step", "rows", "verdicts", "ask", "act", "at"]), inner)
    ),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.sampled_from(get_args(Kind)), json), max_size=12))
def test_whatever_stands_in_the_events_there_is_a_story(told: list[tuple[str, Any]]) -> None:
    given_ = [(kind, 100.0, data if isinstance(data, dict) else {"steps": data, "rows": data}) for kind, data in told]
    assert story_of(task(), events(*given_)).run == "t1"
