"""The assistant without a cloud: what waits, what rings, and what is said of it. Pure."""

from __future__ import annotations

from datetime import datetime

import pytest
from msgspec.structs import replace

from device.aside import CLOCKS_MOST, WAITING_MOST, Offline, Waiting
from device.clocks import RINGING_MS, TOO_MANY
from device.effects import (
    AbortTurn,
    BeginTurn,
    Forget,
    KeepClocks,
    LetGo,
    RingBell,
    SendAgain,
    SetAside,
    Speak,
    Understand,
    WriteDown,
)
from device.inputs import (
    Button,
    ClockSet,
    ClocksKept,
    HeardHere,
    HearsHere,
    LetGone,
    Linked,
    SetAsideDone,
    Sound,
    Typed,
)
from device.offline import FULL, GRACE_MS, NOTED, NOTICE_MS, OFFLINE
from device.pages import next_at
from device.state import Mode, State
from device.view import Bell, Body, face_of
from tests.device.test_assistant import WELCOME, Device
from wire.events import Joined, TurnKept, TurnLost
from wire.messages import Ring, StopRinging
from wire.parts import Timer

BOOT = "b" * 32
WALL_MS = int(datetime(2026, 11, 26, 14, 0).timestamp() * 1000)


@pytest.fixture
def device() -> Device:
    """Without a cloud for a while, with a disk that takes everything, at two in the afternoon."""
    made = Device(State(boot=BOOT, turn_audio_ms=60_000))
    made.wait(GRACE_MS)
    made.tell(ClockSet(WALL_MS - made.now_ms))
    return made


def safe(device: Device) -> None:
    """The disk has everything that it was given."""
    for effect in list(device.effects):
        if isinstance(effect, SetAside):
            device.tell(SetAsideDone(effect.waiting.id))
        if isinstance(effect, KeepClocks):
            device.tell(ClocksKept())
        if isinstance(effect, LetGo):
            device.tell(LetGone(effect.turn))
    device.effects = [one for one in device.effects if not isinstance(one, SetAside | KeepClocks | LetGo)]


def say(device: Device, text: str) -> str:
    """Something typed; its id."""
    device.tell(Typed(text))
    name = next(effect.waiting.id for effect in device.effects if isinstance(effect, SetAside))
    safe(device)
    device.wait(0)
    if any(isinstance(effect, Understand) for effect in device.effects):
        device.effects = [one for one in device.effects if not isinstance(one, Understand)]
        device.tell(HeardHere(name, text))
    safe(device)
    return name


def said(device: Device) -> list[str]:
    return [effect.text for effect in device.effects if isinstance(effect, Speak)]


def shown(device: Device) -> Body:
    """What is on the screen."""
    return replace(face_of(device.state, 0, clock="", date="").body, leaf=0)  # type: ignore[type-var]


def of(device: Device, kind: type) -> list[object]:
    return [effect for effect in device.effects if isinstance(effect, kind)]


def test_nothing_is_promised_before_it_is_on_the_disk(device: Device) -> None:
    device.hold()
    assert said(device) == [] and device.mode is Mode.SENDING
    safe(device)
    device.wait(0)
    assert said(device) == [OFFLINE]
    safe(device)
    assert [(one.id, one.turn) for one in device.state.offline.waiting] == [("b" * 16 + ":1", 0)]


def test_a_full_disk_is_said_and_nothing_is_promised(device: Device) -> None:
    device.hold()
    device.tell(SetAsideDone("b" * 16 + ":1", "The disk of this device takes nothing more: it is full."))
    device.wait(30_000)
    assert len(said(device)) == 1 and "until I am switched off" in said(device)[0]
    assert len(device.state.offline.waiting) == 1, "it is sent all the same when the cloud is back"


def test_a_link_that_comes_back_in_a_moment_is_not_worth_a_word(device: Device) -> None:
    device.join()
    device.tell(Linked(False, "away"))
    device.hold(ms=500)
    safe(device)
    device.wait(GRACE_MS - 1000)
    device.join().cloud(TurnKept(1))
    assert said(device) == [] and of(device, SendAgain) == []
    assert of(device, Forget) and device.state.offline.waiting == ()


def test_what_was_sent_and_not_acknowledged_goes_to_the_disk_when_the_link_drops(device: Device) -> None:
    device.join()
    device.hold()
    assert of(device, SetAside) == []
    device.tell(Linked(False, "away"))
    assert len(of(device, SetAside)) == 1
    device.tell(Linked(False, "away"))
    assert len(of(device, SetAside)) == 1, "once"


def test_the_newest_is_refused_when_too_much_waits_and_the_oldest_stay(device: Device) -> None:
    waiting = tuple(Waiting(id=f"{'a' * 16}:{turn}", safe=True) for turn in range(1, WAITING_MOST + 1))
    device.state = replace(device.state, offline=Offline(waiting=waiting))
    device.hold()
    assert said(device) == [FULL] and of(device, BeginTurn) == []
    device.tell(Typed("one more"))
    assert said(device) == [FULL, FULL] and device.state.offline.waiting == waiting


def test_ten_minutes_of_sound_are_enough(device: Device) -> None:
    waiting = (Waiting(id=f"{'a' * 16}:1", safe=True, sound_ms=550_000),)
    device.state = replace(device.state, offline=Offline(waiting=waiting))
    device.hold()
    assert said(device) == [FULL]


def test_what_waits_is_sent_in_its_order_one_at_a_time_with_the_clouds_time(device: Device) -> None:
    first, second = say(device, "order a pizza"), say(device, "water the plants")
    device.wait(3_600_000)
    device.join()
    (sent,) = of(device, SendAgain)
    assert isinstance(sent, SendAgain)
    assert sent.waiting.id == first and sent.turn == 3
    # The cloud says that it is 17 minutes past 1970: what the device thought of the time does not count.
    assert sent.waiting.said_at_ms == max(0, sent.waiting.said_ms + device.state.offset_ms)
    device.cloud(TurnKept(3))
    assert len(of(device, SendAgain)) == 1, "the first is not answered yet"
    device.wait(120_000)
    assert [one.waiting.id for one in of(device, SendAgain)] == [first, second]  # type: ignore[attr-defined]


def test_a_turn_that_the_link_cannot_send_is_lost_but_one_it_had_no_room_for_is_sent_again(device: Device) -> None:
    device.hold()
    safe(device)
    device.cloud(TurnLost(1, "buffer_full"))
    assert len(device.state.offline.waiting) == 1 and said(device) == [OFFLINE]
    device.wait(60_000)
    device.join().cloud(TurnLost(2, "lost"))
    assert device.state.offline.waiting == () and device.mode is Mode.ERROR
    assert of(device, Forget), "it would only break the next link, too"


def test_an_alarm_goes_by_the_time_of_day_and_a_timer_does_not(device: Device) -> None:
    say(device, "wake me at seven")
    say(device, "set a timer for ten minutes")
    # The clock was twelve hours behind.
    device.tell(ClockSet(device.state.offset_ms + 12 * 3_600_000))
    device.wait(9 * 60_000)
    assert device.mode is not Mode.RINGING
    device.wait(60_000)
    assert device.mode is Mode.RINGING and device.state.ring is not None and device.state.ring.kind == "timer"
    device.click()
    device.wait(4 * 3_600_000 + 45 * 60_000)
    assert device.mode is not Mode.RINGING
    device.wait(5 * 60_000)
    assert device.state.ring is not None and device.state.ring.kind == "alarm"
    device.click()
    safe(device)
    assert device.state.offline.clocks == ()


def test_two_that_are_due_at_once_ring_one_after_the_other_and_an_open_microphone_is_not_rung_into(
    device: Device,
) -> None:
    say(device, "set a timer for one minute")
    say(device, "set a timer for one minute")
    device.wait(59_000)
    device.effects.clear()
    device.tell(Button(True))
    device.wait(5_000)
    assert of(device, RingBell) == []
    device.tell(Sound(80_000, 3))
    device.tell(Button(False))
    assert of(device, RingBell) == [RingBell(True)]
    device.wait(500)
    device.click()
    safe(device)
    assert of(device, RingBell) == [RingBell(True), RingBell(False), RingBell(True)]
    device.wait(RINGING_MS + 1000)
    assert device.mode is not Mode.RINGING
    assert device.state.offline.clocks == ()


def test_a_timer_that_was_due_while_the_device_was_off_rings_and_says_so(device: Device) -> None:
    say(device, "set a timer for ten minutes")
    (clock,) = device.state.offline.clocks
    clocks = (replace(clock, due_ms=device.now_ms - 180_000),)
    device.state = replace(device.state, offline=replace(device.state.offline, clocks=clocks))
    device.wait(0)
    assert device.state.ring is not None and device.state.ring.late_ms == 180_000
    device.wait(NOTICE_MS)
    assert shown(device) == Bell("Timer, due three minutes ago", 0)


def test_no_more_timers_are_set_than_there_is_room_for(device: Device) -> None:
    for _ in range(CLOCKS_MOST + 1):
        say(device, "set a timer for ten minutes")
    assert len(device.state.offline.clocks) == CLOCKS_MOST and said(device)[-1] == TOO_MANY


def test_a_timer_of_the_clouds_rings_here_when_there_is_no_cloud_and_once(device: Device) -> None:
    theirs = Timer(timer="t1", label="pasta", due_at_ms=1_000_000 + 60_000)
    device.cloud(Joined(replace(WELCOME, timers=(theirs,))))
    assert of(device, KeepClocks)
    device.tell(Linked(False, "away"))
    device.wait(61_000)
    assert device.state.ring is not None and device.state.ring.label == "pasta"
    device.click()
    assert StopRinging(timer="t1") in device.told()
    device.cloud(Joined(replace(WELCOME, resumed=True, now_ms=1_000_000 + 90_000)), Ring(turn=0, number=1, timer="t1"))
    assert device.state.ring is None, "the cloud rings it, too, and hears that it was silenced"


def test_spoken_words_are_understood_here_and_not_sent(device: Device) -> None:
    device.tell(HearsHere(True))
    device.hold()
    safe(device)
    device.wait(0)
    (asked,) = of(device, Understand)
    assert isinstance(asked, Understand) and said(device) == []
    device.tell(HeardHere(asked.waiting.id, "Set a timer for five minutes."))
    safe(device)
    assert said(device) == ["Your timer is set for five minutes."]
    assert AbortTurn(1) in device.effects and of(device, Forget) and device.state.offline.waiting == ()


def test_words_that_nobody_here_understands_wait_and_are_shown(device: Device) -> None:
    device.tell(HearsHere(True))
    device.hold()
    safe(device)
    device.wait(0)
    name = device.state.offline.waiting[0].id
    device.tell(HeardHere(name, "Order a pizza."))
    assert said(device) == [OFFLINE] and device.state.offline.waiting[0].words == "Order a pizza."


def test_an_ear_that_never_answers_keeps_nobody_waiting(device: Device) -> None:
    device.tell(HearsHere(True))
    device.hold()
    safe(device)
    device.wait(60_000)
    assert said(device) == [OFFLINE] and len(device.state.offline.waiting) == 1


def test_words_that_are_heard_when_the_cloud_is_back_are_the_clouds(device: Device) -> None:
    device.tell(HearsHere(True))
    device.hold()
    safe(device)
    device.wait(0)
    device.join()
    device.tell(HeardHere(device.state.offline.waiting[0].id, "Set a timer for five minutes."))
    assert device.state.offline.clocks == () and len(device.state.offline.waiting) == 1


def test_a_voice_note_is_written_down_in_words_where_it_is_heard_and_as_sound_where_not(device: Device) -> None:
    device.state = replace(device.state, offline=replace(device.state.offline, noting_until_ms=device.now_ms + 5000))
    device.hold()
    safe(device)
    device.wait(0)
    assert said(device) == [NOTED] and device.state.offline.waiting[0].note
    device.wait(NOTICE_MS)
    device.tell(HearsHere(True))
    device.state = replace(device.state, offline=replace(device.state.offline, noting_until_ms=device.now_ms + 5000))
    device.hold()
    safe(device)
    device.wait(0)
    (asked,) = of(device, Understand)
    assert isinstance(asked, Understand)
    device.tell(HeardHere(asked.waiting.id, "Cancel the alarm."))
    (written,) = of(device, WriteDown)
    assert isinstance(written, WriteDown) and (written.text, written.waiting.note) == ("Cancel the alarm.", True)
    assert said(device) == [NOTED, NOTED]


def test_timers_of_the_cloud_are_cancelled_too_and_the_cloud_hears_of_it(device: Device) -> None:
    theirs = (Timer(timer="t1", label="", due_at_ms=WALL_MS + 600_000),)
    device.state = replace(device.state, timers=theirs)
    say(device, "cancel my timers")
    assert said(device) == ["Your timer is cancelled."] and StopRinging(timer="t1") in device.told()
    device.cloud(Joined(replace(WELCOME, now_ms=WALL_MS, timers=theirs)))
    assert device.state.timers == (), "the cloud had not heard of it yet"
    assert device.told().count(StopRinging(timer="t1")) == 2
    device.tell(Linked(False, "away"))
    device.wait(GRACE_MS)
    say(device, "cancel my timers")
    assert said(device)[-1] == "There is no timer to cancel."


def test_the_time_is_told(device: Device) -> None:
    say(device, "what time is it")
    assert said(device) == ["It is two p m, Thursday, the twenty sixth of November."]


def test_an_alarm_of_the_menu_is_for_the_next_time_it_is_that_late() -> None:
    assert next_at(15, 0, WALL_MS) == WALL_MS + 3_600_000
    assert next_at(14, 0, WALL_MS) == WALL_MS + 24 * 3_600_000
