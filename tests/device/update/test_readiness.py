"""U4: a release that is ready waits while something goes on, below 20 % of battery, and while an alarm is due."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from device.aside import Clock, Offline
from device.assistant import step
from device.effects import Effect
from device.gestures import Fingers
from device.inputs import BatteryRead, Button, UpdateIs
from device.state import Charge, Menu, Notice, Phase, Ringing, Saying, State, Turn, Update, Wait, Working
from device.update.readiness import ALARM_MS, RESTED_MS, waits_for
from device.update.watching import Watching
from device.words import languages, words_of
from release.boot.kept import Kept
from release.boot.place import Place
from release.child import Parent
from wire.outcomes import Tone
from wire.parts import TaskState, Timer

IDLE = State(boot="ab" * 16)
NOW = 10 * RESTED_MS
WHILE = {
    "a button is held": replace(IDLE, fingers=Fingers(down=True, down_ms=NOW - 10)),
    "clicks are counted": replace(IDLE, fingers=Fingers(clicks=1, up_ms=NOW - 10)),
    "the microphone is open": replace(IDLE, microphone=True),
    "a turn is recorded": replace(IDLE, turn=Turn(1, Phase.RECORDING, NOW, NOW + 60_000)),
    "a turn is thought about": replace(IDLE, turn=Turn(1, Phase.THINKING, NOW, NOW + 60_000)),
    "an answer is spoken": replace(IDLE, say=Saying(1, 1, "Yes.", NOW + 5_000)),
    "it rings": replace(IDLE, ring=Ringing("t", "tea", NOW + 5_000)),
    "a task works": replace(IDLE, working=Working("task", "Ordering", NOW + 5_000)),
    "a task is open": replace(IDLE, tasks=(TaskState(task="t", text="Ordering", step=1, of=2),)),
    "the menu is open": replace(IDLE, menu=Menu(0, NOW + 5_000)),
    "something is told": replace(IDLE, notice=Notice("Something.", Tone.GOOD, NOW + 5_000)),
    "a request is sent": replace(IDLE, offline=Offline(sending="x")),
}


@pytest.mark.parametrize("going_on", WHILE)
def test_nothing_is_cut(going_on: str) -> None:
    assert waits_for(WHILE[going_on], 0, NOW) is Wait.TURN


def test_nobody_who_has_just_used_it_is_surprised() -> None:
    assert waits_for(IDLE, NOW - 1_000, NOW) is Wait.USED
    assert waits_for(IDLE, NOW - RESTED_MS, NOW) is None


@pytest.mark.parametrize(
    ("percent", "wait"), [(0, Wait.BATTERY), (19, Wait.BATTERY), (20, None), (100, None), (-1, None)]
)
@pytest.mark.parametrize("charging", [False, True])
def test_below_a_fifth_of_battery_nothing_is_begun(percent: int, wait: Wait | None, charging: bool) -> None:
    state = replace(IDLE, charge=Charge(percent=percent, charging=charging))
    assert waits_for(state, 0, NOW) is wait


def test_an_alarm_that_is_due_soon_is_waited_for_whoever_keeps_it() -> None:
    due = NOW + ALARM_MS - 1
    own = Clock(id="local:1", kind="timer", due_at_ms=0, due_ms=due, length_ms=1)
    assert waits_for(replace(IDLE, offline=Offline(clocks=(own,))), 0, NOW) is Wait.ALARM
    theirs = Timer("t", "tea", due + IDLE.offset_ms)
    assert waits_for(replace(IDLE, timers=(theirs,), clock_known=True), 0, NOW) is Wait.ALARM
    later = replace(own, due_ms=NOW + ALARM_MS)
    assert waits_for(replace(IDLE, offline=Offline(clocks=(later,))), 0, NOW) is None


def test_a_button_that_is_stuck_is_nobodys() -> None:
    state = replace(IDLE, fingers=Fingers(down=True, down_ms=5), stuck_ms=5)
    assert waits_for(state, 0, NOW) is None


def test_how_an_update_stands_is_told_in_every_language() -> None:
    from device import menu

    for language in languages():
        words = words_of(language)
        for update in (
            Update("0.2-8", percent=40),
            *(Update("0.2-8", wait=wait) for wait in Wait),
            Update(given_up="0.2-8"),
        ):
            state, _ = step(IDLE, UpdateIs(update), NOW)
            settings = replace(state.settings, language=language)
            about = menu.card(replace(state, settings=settings, menu=Menu(0, NOW + 5_000, menu.ABOUT)))
            assert about is not None
            value = next(row.value for row in about.rows if row.label == words("about.update"))
            assert "0.2-8" in value
    about = menu.card(replace(IDLE, menu=Menu(0, NOW, menu.ABOUT)))
    assert about is not None and all(row.label != "Update" for row in about.rows)


# With boot/ as the parent ---------------------------------------------------------------------------------------------


class Desk:
    """A device whose state tests set."""

    def __init__(self) -> None:
        self.state = IDLE
        self.alive = True
        self.told: list[Update] = []
        self.notes: list[dict[str, Any]] = []
        self.news = asyncio.Event()

    def feed(self, told: UpdateIs) -> None:
        effects: tuple[Effect, ...]
        self.state, effects = step(self.state, told, NOW)
        assert not effects
        self.told.append(told.update)
        self.news.set()

    def note(self, event: str, **data: Any) -> None:
        self.notes.append({"event": event, **data})


def place_with(root: Path, *, ready: str = "", kept: Kept = Kept(good="0.1-7", counter=7)) -> Place:  # noqa: B008
    place = Place(root)
    place.chosen.mkdir(exist_ok=True)
    place.incoming.mkdir(exist_ok=True)
    place.keep(kept)
    if ready:
        (place.incoming / "ready.json").write_text(f'{{"name":"{ready}"}}')
    return place


async def test_it_reports_while_it_lives_and_makes_room_when_nothing_is_cut(tmp_path: Path) -> None:
    place_with(tmp_path, ready="0.2-8")
    reading, writing = os.pipe()
    desk = Desk()
    desk.state = replace(IDLE, charge=Charge(percent=10))
    now = [0]
    parent = Parent.of({"LEVERET_REPORT_FD": str(writing), "LEVERET_ROOT": str(tmp_path)})
    assert parent is not None
    watching = Watching(parent, desk, desk.note, lambda: now[0], missing=("eye",), beat_s=0.001)
    now[0] = NOW
    running = asyncio.create_task(watching.run())
    await asyncio.wait_for(desk.news.wait(), 20)
    assert desk.told == [Update("0.2-8", wait=Wait.BATTERY)] and not running.done()
    desk.state, _ = step(desk.state, BatteryRead(80, False), NOW)
    await asyncio.wait_for(running, 20)
    assert [note["event"] for note in desk.notes] == ["update_waits", "update_taken"]
    assert os.read(reading, 65536).startswith(b'{"started": true, "link": false, "missing": ["eye"]}\n')
    os.close(reading)
    os.close(writing)


async def test_a_press_puts_it_off(tmp_path: Path) -> None:
    place_with(tmp_path, ready="0.2-8")
    reading, writing = os.pipe()
    desk, now = Desk(), [NOW]
    desk.state, _ = step(IDLE, Button(True), NOW)
    running = asyncio.create_task(
        Watching(Parent(tmp_path, "0.1-7", writing), desk, desk.note, lambda: now[0], beat_s=0.001).run()
    )
    await asyncio.wait_for(desk.news.wait(), 20)
    assert desk.told == [Update("0.2-8", wait=Wait.TURN)]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    os.close(reading)
    os.close(writing)


def test_what_failed_or_is_put_off_is_not_asked_for(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    place_with(tmp_path, ready="0.2-8")
    assert Parent(tmp_path, "0.1-7", writing).look().ready == "0.2-8"
    assert Parent(tmp_path, "0.1-7", writing, "0.2-8").look().ready == ""
    place_with(tmp_path, kept=Kept(good="0.1-7", counter=7, refused=("0.2-8",), why="0.2-8 was given up."))
    news = Parent(tmp_path, "0.1-7", writing).look()
    assert news.ready == "" and news.given_up == "0.2-8"
    place_with(tmp_path, kept=Kept(good="0.1-7", counter=9))
    assert Parent(tmp_path, "0.1-7", writing).look().ready == ""
    os.close(reading)
    Parent(tmp_path, "0.1-7", writing).report(started=True, link=True)
    os.close(writing)


def test_a_device_without_a_parent_has_none() -> None:
    assert Parent.of({}) is None
    assert Parent.of({"LEVERET_REPORT_FD": "9999", "LEVERET_ROOT": "/nowhere"}) is None
