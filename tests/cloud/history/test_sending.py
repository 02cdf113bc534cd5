"""What leaves the house in a trace file, and what never does."""

from __future__ import annotations

from typing import Any

import msgspec

from cloud.history.exporting import Wanted
from cloud.history.sending import Parcel, parcel_of
from cloud.history.trace import read_trace
from cloud.logs import Redactor
from tests.cloud.history.conftest import Past

CANARY = "pass/canary+Zq7 ä&"


async def run(past: Past) -> str:
    """A run in whose events a secret stands after all, as it may in those of an earlier version."""
    task = await past.run("order a large pepperoni pizza to Elm Street 5", pictures=3, device="d1")
    did: dict[str, Any] = {"step": "name", "words": "Type “Ada Example” into “Name”", "at": 1_000_001.0}
    did |= {"took_ms": 20, "ended": "done", "action": "fill", "element": "Name", "value": "Ada Example"}
    said = {"text": f"Done, and the site said {CANARY}."}
    rows = [["Total", "14.50", "site"], ["Address", "Elm Street 5", "site"]]
    asked = {"ask": "a1", "kind": "irreversible", "text": "Order it to Elm Street 5?", "rows": rows, "step": 1}
    planned = {"number": 1, "tool": "order_pizza", "words": "order", "arguments": {"address": "Elm Street 5"}}
    await past.tell(
        task,
        ("planned", {"steps": [planned]}),
        ("did", {"number": 1, "steps": [did]}),
        ("asked", asked),
        ("answered", {"ask": "a1", "answer": "yes", "surface": "d1:7"}),
        ("said", said),
    )
    return task


async def sent(past: Past, **wanted: bool) -> Parcel:
    redactor = Redactor()
    redactor.register(CANARY)
    task = await run(past)
    return await parcel_of(
        past.archive,
        "ada",
        task,
        Wanted(**wanted),
        hide=redactor.cleaned,
        devices={"d1": "kitchen"},
        now=2_000_000.0,
    )


async def test_a_run_is_sent_whole_with_its_devices_by_name_and_without_a_secret(past: Past) -> None:
    parcel = await sent(past)
    trace = read_trace(parcel.data)
    text = msgspec.json.encode(trace.story).decode()
    assert "canary" not in text
    assert "[hidden]" in text
    assert (trace.story.device, trace.story.asks[0].surface) == ("kitchen", "kitchen:7")
    assert len(trace.places) == 3
    assert "3 pictures" in parcel.words
    assert parcel.name.startswith("order_pizza-")


async def test_without_values_nothing_is_in_it_that_was_said_typed_or_shown(past: Past) -> None:
    parcel = await sent(past, values=False)
    trace = read_trace(parcel.data)
    text = msgspec.json.encode(trace.story).decode()
    for value in ("Elm Street", "Ada", "14.50", "pepperoni", "canary"):
        assert value not in text
    assert trace.story.parts[0].did[0].words == "Type “…” into “Name”"
    assert not trace.places
    assert "left out" in parcel.words


async def test_pictures_can_be_left_out_alone(past: Past) -> None:
    parcel = await sent(past, pictures=False)
    trace = read_trace(parcel.data)
    assert not trace.places
    assert not trace.story.pictures
    assert trace.story.parts[0].did[0].value == "Ada Example"
    assert "picture" not in parcel.words
