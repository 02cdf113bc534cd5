"""Whole journeys, each from audio: a person holds the button of a simulated device and speaks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cloud.config import Config
from examples.demo import flyer
from wire.outcomes import Outcome

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

PIZZA = "order a large pepperoni pizza"
TABLE = "book a table for two at seven tomorrow"
HERE = "book a table here for two at seven tomorrow"
BOTH = "order a small margherita pizza and set a timer for twenty minutes"


def today() -> date:
    """In the zone that the cloud takes spoken times in."""
    return datetime.now(ZoneInfo(Config().timezone)).date()


def at_seven_tomorrow(said: date) -> set[str]:
    """When a table is booked that was asked for on that day, or just after its midnight."""
    return {f"{day + timedelta(days=1)}T19:00" for day in (said, today())}


async def test_a_pizza_is_ordered_after_a_double_click(enter: Any) -> None:
    scene = await enter()
    await scene.person.say(PIZZA)
    ask = await scene.question()
    assert (ask.kind, scene.ordered) == ("confirm", [])
    assert {row.value for row in ask.rows} >= {"14.50", "Elm Street 5"}
    await scene.person.click(2)
    done = await scene.event("task_done")
    assert done["status"] == "done"
    (row,) = scene.ordered
    assert (row["site"], row["size"], row["kind"], row["quantity"]) == ("pizza", "large", "pepperoni", 1)
    assert (await scene.told("task_done"))["outcome"] == Outcome.DONE
    await scene.noted("spoken")
    assert len(scene.person.handheld.parts.speaker.heard) > 16_000
    frames = list((scene.stage.data_dir / "tasks").glob("*/frames/*.jpg"))
    assert frames


async def test_a_table_is_booked(enter: Any) -> None:
    scene, said = await enter(), today()
    await scene.person.say(TABLE)
    await scene.confirmation(TABLE)
    await scene.person.click(2)
    assert (await scene.event("task_done"))["status"] == "done"
    (row,) = scene.ordered
    assert (row["site"], row["people"]) == ("bistro", 2) and row["when"] in at_seven_tomorrow(said)


async def test_a_timer_is_set_and_rings_on_the_device(enter: Any) -> None:
    scene = await enter()
    await scene.person.say("set a timer for one second")
    await scene.event("ring")
    ring = await scene.told("ring")
    await scene.noted("mode", lambda data: data["mode"] == "ringing")
    await scene.person.click()
    assert (await scene.event("ring_stopped"))["timer"] == ring["timer"]


async def test_two_intents_in_one_sentence_are_both_done(enter: Any) -> None:
    scene = await enter()
    await scene.person.say(BOTH)
    await scene.confirmation(BOTH)
    await scene.person.click(2)
    assert (await scene.event("task_done"))["status"] == "done"
    (row,) = scene.ordered
    assert (row["size"], row["kind"]) == ("small", "margherita")
    steps = {step["tool"]: step["arguments"] for plan in scene.of("planned") for step in plan["steps"]}
    assert steps["set_timer"]["duration"] == 1200


async def test_a_missing_slot_is_asked_for_and_its_spoken_answer_continues_the_same_task(enter: Any) -> None:
    scene = await enter()
    await scene.person.say("order a pepperoni pizza")
    ask = await scene.question()
    assert ask.kind in ("choice", "slot")
    await scene.person.say("medium")
    assert (await scene.question()).kind == "confirm"
    await scene.person.click(2)
    assert (await scene.event("task_done"))["status"] == "done"
    assert len({event.task for event in scene.events if event.task}) == 1
    (row,) = scene.ordered
    assert (row["size"], row["kind"]) == ("medium", "pepperoni")


@pytest.mark.parametrize("how", ["pressed", "spoken"])
async def test_a_no_orders_nothing(enter: Any, how: str) -> None:
    scene = await enter()
    await scene.person.say(PIZZA)
    await scene.question()
    if how == "pressed":
        await scene.person.click()
    else:
        await scene.person.say("no")
    assert (await scene.event("task_done"))["status"] == "declined"
    assert scene.ordered == []
    assert (await scene.event("ask_closed"))["outcome"] == "no"


async def test_a_spoken_yes_orders_nothing_and_asks_for_the_button(enter: Any) -> None:
    scene = await enter()
    await scene.person.say(PIZZA)
    await scene.question()
    await scene.person.say("yes")
    await scene.event("asked", 2)
    assert scene.ordered == []
    assert "press" in scene.said.lower()


async def test_a_task_is_cancelled_in_the_middle(enter: Any) -> None:
    scene = await enter()
    scene.town.faults.latency_ms = 1500
    await scene.person.say(PIZZA)
    await scene.event("progress", 2)
    await scene.person.say("cancel")
    await scene.event("task_done", 2)
    task, _ = (event for event in scene.events if event.kind == "heard")
    ended = next(event for event in scene.events if event.kind == "task_done" and event.task == task.task)
    assert ended.data["status"] == "cancelled"
    assert not [event for event in scene.events if event.kind == "intent"]
    assert scene.ordered == []


async def test_talking_again_silences_what_is_being_said(enter: Any) -> None:
    scene = await enter(fast=False)
    await scene.person.say("what can you do")
    first = await scene.noted("first_audio")
    await scene.person.say("what time is it")
    done = await scene.told("turn_done", 2)
    assert done["outcome"] == Outcome.DONE
    await scene.noted("hushed", lambda data: data["say"] == first.data["say"])
    answer = await scene.noted("first_audio", lambda data: data["say"] != first.data["say"])
    assert answer.at_ms > first.at_ms


async def test_a_photographed_flyer_says_where_the_table_is_booked(enter: Any, theatre: Any, tmp_path: Path) -> None:
    flyer.draw(theatre.town.addresses.bistro, tmp_path / "flyer.png")
    scene, said = await enter(see=tmp_path / "flyer.png"), today()
    await scene.person.say(HERE)
    await scene.confirmation(HERE)
    await scene.person.click(2)
    assert (await scene.event("task_done"))["status"] == "done"
    (row,) = scene.ordered
    assert (row["site"], row["people"]) == ("bistro", 2) and row["when"] in at_seven_tomorrow(said)


async def test_a_flyer_of_a_place_that_nobody_taught_is_told(enter: Any, tmp_path: Path) -> None:
    flyer.draw("http://elsewhere.example/book", tmp_path / "flyer.png")
    scene = await enter(see=tmp_path / "flyer.png")
    await scene.person.say(HERE)
    assert (await scene.event("task_done"))["status"] != "done"
    assert "elsewhere.example" in scene.said
    assert scene.ordered == []
