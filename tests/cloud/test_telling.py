"""What a device is told of an event."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cloud import telling
from cloud.events import Event, Kind
from cloud.tasks.records import Status
from wire import codec, limits, messages
from wire.outcomes import Outcome

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=900),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def event(kind: Any, task: str = "t", **data: Any) -> Event:
    return Event(cursor=1, task=task, number=1, kind=kind, person="owner", at=0.0, data=data)


@given(words=st.text(max_size=5000), task=st.text(max_size=90), value=anything)
def test_whatever_a_site_says_fits_the_wire(words: str, task: str, value: Any) -> None:
    rows = [[words, str(value)], {"label": words, "value": str(value), "source": words}]
    choices = [{"value": words, "text": str(value)}, words]
    told = [
        event("progress", task, text=words, number=10**7, of=-3),
        event(
            "asked", task, ask=words, text=words, rows=rows * 9, choices=choices * 9, digest="ab" * 32, expires_at=-5
        ),
        event("card", task, title=words, body=words, rows=rows),
        event("task_done", task, status=words, sentence=words),
        event("ring", task, timer=words, label=words),
    ]
    for one in told:
        for told_message in telling.told(one, 1):
            message = replace(told_message, number=1)
            text = codec.encode(message)
            if "" not in (telling.wire_id(words), telling.wire_id(task)):
                assert codec.decode_from_cloud(text) == message
            assert len(text.encode()) <= limits.TEXT_FRAME_BYTES


def test_every_way_a_task_ends_has_an_outcome() -> None:
    ends = set(get_args(Status)) - {"queued", "running"}
    assert ends <= telling.ENDINGS.keys()


@pytest.mark.parametrize("kind", get_args(Kind))
def test_no_kind_of_event_breaks_the_gateway(kind: str) -> None:
    assert isinstance(telling.told(event(kind, timer="a", ask="a"), 0), list)


@pytest.mark.parametrize(
    ("kind", "data", "outcome"),
    [
        ("asked", {"ask": "a"}, Outcome.ASKED),
        ("progress", {"text": "x"}, Outcome.STARTED),
        ("task_done", {"status": "declined"}, Outcome.DECLINED),
        ("said", {"text": "x"}, None),
        ("planned", {"steps": []}, None),
    ],
)
def test_a_turn_is_answered_when_there_is_nothing_more_to_wait_for(
    kind: str, data: dict[str, Any], outcome: Outcome | None
) -> None:
    assert telling.ends_turn(event(kind, **data)) == outcome


def test_what_will_be_done_is_told_in_words() -> None:
    steps = [{"words": "order a pizza"}, {"words": "set a timer"}]
    (understood,) = telling.told(event("planned", steps=steps), 3)
    assert understood == messages.Understood(turn=3, text="order a pizza, set a timer", task="t")
