"""One set of timers and alarms, whoever keeps them: each rings once, and one that nobody stopped is seen. Pure."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from device import clocks
from device.aside import Offline, Restored
from device.clocks import ENDING_MS, LATE_MS, LINK_MS, MISSED_MS, RINGING_MS, bells
from device.effects import Effect, KeepClocks, RingBell, Speak
from device.inputs import Button, ClockSet, Found, Input, Linked, Sound
from device.offline import GRACE_MS, NOTICE_MS
from device.state import Mode, State
from device.view import Idle, Unseen, face_of
from tests.device.test_alone import BOOT, WALL_MS, safe, say
from tests.device.test_assistant import WELCOME, Device
from wire.events import Joined
from wire.messages import Ring, RingStop, SetTimer, StopRinging, Timers
from wire.parts import Timer, TimerKind

SEVEN_MS = int(datetime(2026, 11, 27, 7, 0).timestamp() * 1000)


@pytest.fixture
def device() -> Kept:
    """Without a cloud, at two in the afternoon, and the time is known."""
    made = Kept(State(boot=BOOT, turn_audio_ms=60_000, offline=Offline(since_ms=-GRACE_MS)))
    made.tell(ClockSet(WALL_MS))
    return made


def join(device: Kept, *timers: Timer, resumed: bool = False) -> None:
    device.cloud(Joined(replace(WELCOME, now_ms=WALL_MS + device.now_ms, timers=timers, resumed=resumed)))


def lists(device: Kept, *timers: Timer) -> None:
    device.cloud(Timers(turn=0, number=1, timers=timers))


def at(ms: int, name: str = "t1", kind: TimerKind = "timer", label: str = "") -> Timer:
    """A timer of the cloud's, due so long after the start."""
    return Timer(name, label, WALL_MS + ms, kind)


def set_by_hand(device: Kept, seconds: int) -> None:
    """By the menu."""
    effects: list[Effect] = []
    device.state = clocks.set_timer(device.state, seconds, device.now_ms, effects)
    device.disk = next((one for one in effects if isinstance(one, KeepClocks)), device.disk)
    device.effects += effects


def rings(device: Kept) -> int:
    return sum(effect == RingBell(True) for effect in device.effects)


class Kept(Device):
    """With a disk."""

    disk = KeepClocks((), ())
    rang: tuple[str, ...] = ()

    def tell(self, told: Input) -> list[Effect]:
        effects = super().tell(told)
        self.disk = next((one for one in reversed(effects) if isinstance(one, KeepClocks)), self.disk)
        if RingBell(True) in effects and self.state.ring is not None:
            self.rang = (*self.rang, self.state.ring.timer)
        return effects


def restarted(device: Kept, off_ms: int, boot: str = "c" * 32) -> Kept:
    """The power was cut, and the device starts anew `off_ms` later, with what the disk had."""
    kept = device.disk
    made = Kept(State(boot=boot, turn_audio_ms=60_000, offline=Offline(since_ms=-GRACE_MS)))
    made.disk = kept
    made.now_ms = device.now_ms + off_ms
    made.tell(ClockSet(WALL_MS))
    made.tell(Found(Restored(clocks=kept.clocks, timers=kept.timers, done=kept.done, missed=kept.missed)))
    return made


def screen(device: Device, language: str = "en") -> object:
    state = replace(device.state, settings=replace(device.state.settings, language=language))
    return face_of(state, device.now_ms, clock="14:00", date="").body


# Missed --------------------------------------------------------------------------------------------------------------


def test_an_alarm_that_nobody_stopped_is_seen_until_somebody_looks(device: Kept) -> None:
    say(device, "wake me at seven")
    device.wait(SEVEN_MS - WALL_MS + RINGING_MS)
    assert rings(device) == 1 and device.mode is Mode.MISSED
    seen = screen(device)
    assert isinstance(seen, Unseen) and seen.sentence == "Your alarm for seven a m rang, and nobody stopped it."
    german = screen(device, "de")
    assert isinstance(german, Unseen) and german.sentence.startswith("Wecker für 07:00 hat geklingelt")
    device.wait(3 * 3_600_000)
    assert device.mode is Mode.MISSED and device.state.asleep, "the screen may sleep meanwhile"
    device.click()
    assert device.mode is Mode.MISSED, "this press only woke it"
    device.click()
    assert device.mode is Mode.IDLE


def test_it_is_still_seen_after_a_restart(device: Kept) -> None:
    say(device, "set a timer for one minute")
    device.wait(60_000 + RINGING_MS)
    device = restarted(device, 8 * 3_600_000)
    assert device.mode is Mode.MISSED and rings(device) == 0
    device.wait(0)
    device.click()
    assert device.mode is Mode.IDLE
    assert restarted(device, 1000).mode is Mode.IDLE, "what was seen is not shown again"


def test_what_was_missed_while_the_device_was_off_is_said_and_seen_at_the_next_start(device: Kept) -> None:
    say(device, "wake me at seven")
    device = restarted(device, SEVEN_MS - WALL_MS + MISSED_MS + 1)
    told = "Your alarm for seven a m could not ring: I was off."
    assert rings(device) == 0 and Speak(told) in device.effects
    device.wait(NOTICE_MS)
    assert device.mode is Mode.MISSED
    seen = screen(device)
    assert isinstance(seen, Unseen) and seen.sentence == told
    assert device.state.offline.clocks == ()


def test_a_ring_that_a_power_cut_ended_rings_on_when_the_power_is_back_soon(device: Kept) -> None:
    say(device, "set a timer for one minute")
    device.wait(70_000)
    assert device.mode is Mode.RINGING
    device = restarted(device, 20_000)
    assert device.mode is Mode.RINGING
    device.wait(500)
    device.click()
    assert restarted(device, 1000).mode is Mode.IDLE


def test_several_are_looked_at_one_after_the_other(device: Kept) -> None:
    for _ in range(2):
        say(device, "set a timer for one minute")
    device.wait(60_000 + 2 * RINGING_MS)
    seen = screen(device)
    assert isinstance(seen, Unseen) and seen.more == 1
    device.click()
    seen = screen(device)
    assert isinstance(seen, Unseen) and seen.more == 0
    device.click()
    assert device.mode is Mode.IDLE


def test_one_that_is_missed_is_no_obstacle_to_what_else_a_person_wants(device: Kept) -> None:
    say(device, "set a timer for one minute")
    device.wait(60_000 + RINGING_MS)
    device.hold()
    assert device.mode is Mode.SENDING
    device.click(3)
    device.wait(60_000)
    assert device.mode is Mode.MISSED


def test_one_that_another_device_let_ring_to_its_end_was_stopped_by_nobody_here_either(device: Kept) -> None:
    join(device, at(60_000))
    device.cloud(Ring(turn=0, number=1, timer="t1"))
    device.wait(RINGING_MS - ENDING_MS)
    device.cloud(RingStop(turn=0, number=2, timer="t1"))
    assert device.mode is Mode.MISSED


# One set -------------------------------------------------------------------------------------------------------------


def test_what_was_set_here_is_handed_over_and_is_the_clouds_when_it_lists_it(device: Kept) -> None:
    say(device, "set a timer for ten minutes")
    say(device, "wake me at seven")
    device.wait(60_000)
    join(device)
    told = [one for one in device.told() if isinstance(one, SetTimer)]
    assert [(one.kind, one.due_at_ms, one.optional) for one in told] == [
        ("timer", WALL_MS + 600_000, True),
        ("alarm", SEVEN_MS, True),
    ]
    assert len(device.state.offline.clocks) == 2, "the cloud has not said yet that it has them"
    lists(device, *(Timer(one.timer, one.label, one.due_at_ms, one.kind) for one in told))
    assert device.state.offline.clocks == () and len(bells(device.state)) == 2
    device.tell(Linked(False, "away"))
    device.wait(539_000)
    assert rings(device) == 0
    device.wait(1_000)
    assert rings(device) == 1, "and rings here when the cloud is away"


def test_what_is_set_while_there_is_a_link_is_handed_over_at_once(device: Kept) -> None:
    join(device)
    set_by_hand(device, 60)
    assert any(isinstance(one, SetTimer) for one in device.told())


def test_a_cloud_that_knows_nothing_of_it_lets_it_ring_here_and_once(device: Kept) -> None:
    say(device, "set a timer for one minute")
    join(device)
    device.wait(60_000)
    assert rings(device) == 1 and device.mode is Mode.RINGING
    device.click()
    device.wait(3_600_000)
    assert rings(device) == 1


def test_one_that_was_stopped_elsewhere_while_it_was_on_its_way_is_gone_here_too(device: Kept) -> None:
    say(device, "set a timer for ten minutes")
    name = device.state.offline.clocks[0].id
    join(device)
    device.cloud(RingStop(turn=0, number=1, timer=name))
    device.wait(3_600_000)
    assert rings(device) == 0


def test_which_are_set_is_told_of_all_of_them(device: Kept) -> None:
    join(device, at(600_000, label="pasta"), at(SEVEN_MS - WALL_MS, "t2", "alarm"))
    device.tell(Linked(False, "away"))
    device.wait(GRACE_MS)
    say(device, "set a timer for five minutes")
    say(device, "which timers are set")
    told = [effect.text for effect in device.effects if isinstance(effect, Speak)][-1]
    assert told == (
        "Your timer has five minutes left. Your pasta timer has ten minutes left. "
        "Your alarm is set for seven a m tomorrow."
    )
    idle = screen(device)
    assert device.mode is not Mode.IDLE or isinstance(idle, Idle)


def test_the_next_of_all_stands_on_the_idle_screen(device: Kept) -> None:
    join(device, at(SEVEN_MS - WALL_MS, "t2", "alarm"))
    idle = screen(device)
    assert isinstance(idle, Idle) and (idle.timer, idle.timer_label) == ("07:00", "Alarm")
    lists(device, at(SEVEN_MS - WALL_MS, "t2", "alarm"), at(600_000, label="pasta"))
    idle = screen(device)
    assert isinstance(idle, Idle) and (idle.timer, idle.timer_label) == ("10:00", "pasta")


def test_all_are_cancelled_whoever_keeps_them(device: Kept) -> None:
    join(device, at(600_000))
    device.tell(Linked(False, "away"))
    device.wait(GRACE_MS)
    say(device, "set a timer for five minutes")
    say(device, "cancel my timers")
    assert bells(device.state) == () and StopRinging(timer="t1") in device.told()
    assert Speak("Your timers are cancelled.") in device.effects
    # The power is cut before the cloud hears of it.
    device = restarted(device, 1000)
    join(device, at(600_000))
    assert bells(device.state) == () and StopRinging(timer="t1") in device.told()
    device.wait(3_600_000)
    assert rings(device) == 0


# Once ----------------------------------------------------------------------------------------------------------------


def test_one_that_rang_without_the_cloud_does_not_ring_again_with_it_nor_after_a_restart(device: Kept) -> None:
    join(device, at(60_000))
    device.tell(Linked(False, "away"))
    device.wait(61_000)
    device.click()
    device = restarted(device, 1000)
    join(device, at(60_000))
    device.cloud(Ring(turn=0, number=1, timer="t1"))
    device.wait(60_000)
    assert rings(device) == 0 and device.told().count(StopRinging(timer="t1")) == 1


def test_one_that_the_cloud_does_not_ring_in_time_rings_all_the_same(device: Kept) -> None:
    join(device, at(60_000))
    device.wait(60_000 + LINK_MS - 1)
    assert rings(device) == 0
    device.wait(1)
    assert rings(device) == 1, "the link may be half open"
    device.cloud(Ring(turn=0, number=1, timer="t1"))
    device.wait(RINGING_MS)
    device.cloud(Ring(turn=0, number=2, timer="t1"))
    assert rings(device) == 1


def test_a_ring_of_the_cloud_waits_for_the_one_before_it_and_for_a_person_who_speaks(device: Kept) -> None:
    join(device, at(60_000, "t1"), at(60_000, "t2"))
    device.wait(60_000)
    device.tell(Button(True))
    device.cloud(Ring(turn=0, number=1, timer="t1"), Ring(turn=0, number=2, timer="t2"))
    assert rings(device) == 0
    device.wait(1000)
    device.tell(Sound(16_000, 3))
    device.tell(Button(False))
    assert rings(device) == 1 and device.state.ring is not None and device.state.ring.timer == "t1"
    device.wait(RINGING_MS)
    assert rings(device) == 2 and device.state.ring.timer == "t2"


def test_one_that_was_put_off_elsewhere_rings_again(device: Kept) -> None:
    join(device, at(60_000))
    device.wait(60_000)
    device.cloud(Ring(turn=0, number=1, timer="t1"), RingStop(turn=0, number=2, timer="t1"))
    lists(device, at(360_000))
    device.wait(300_000)
    device.cloud(Ring(turn=0, number=4, timer="t1"))
    assert rings(device) == 2


def test_one_that_rang_while_the_device_was_off_rings_when_it_comes_soon_and_is_told_when_late(device: Kept) -> None:
    device.now_ms = 300_000
    join(device, at(120_000))
    device.wait(LINK_MS)
    assert device.state.ring is not None and device.state.ring.late_ms > LATE_MS
    late = Device(State(boot=BOOT))
    late.now_ms = 3_600_000
    join(late, at(120_000))
    assert rings(late) == 0 and StopRinging(timer="t1") in late.told()
    late.wait(10_000)
    assert late.mode is Mode.MISSED


class Clocks(RuleBasedStateMachine):
    """A device and a cloud that keep one set of timers, over a link that comes and goes, and power that is cut."""

    def __init__(self) -> None:
        super().__init__()
        self.device = Kept(State(boot=BOOT))
        self.device.tell(ClockSet(WALL_MS))
        self.theirs: dict[str, Timer] = {}
        self.over: set[str] = set()
        self.heard = 0
        self.rang: tuple[str, ...] = ()
        self.cut_short: set[str] = set()
        self.boots = 0

    def take(self) -> None:
        """The device writes down what it must, and, when there is a link, the cloud takes what it was told."""
        safe(self.device)
        if not self.device.state.online:
            return
        told = self.device.told()
        changed = False
        for one in told[self.heard :]:
            if isinstance(one, SetTimer) and one.timer not in self.theirs and one.timer not in self.over:
                self.theirs[one.timer] = Timer(one.timer, one.label, one.due_at_ms, one.kind)
                changed = True
            if isinstance(one, StopRinging):
                self.over.add(one.timer)
                changed = self.theirs.pop(one.timer, None) is not None or changed
        self.heard = len(told)
        if changed:
            lists(self.device, *self.theirs.values())
            self.take()

    @rule(minutes=st.integers(1, 30))
    def set_here(self, minutes: int) -> None:
        set_by_hand(self.device, 60 * minutes)
        self.take()

    @rule(minutes=st.integers(1, 30))
    def set_there(self, minutes: int) -> None:
        timer = at(self.device.now_ms + 60_000 * minutes, f"t{len(self.theirs) + len(self.over)}")
        self.theirs[timer.timer] = timer
        if self.device.state.online:
            lists(self.device, *self.theirs.values())

    @rule(seconds=st.integers(1, 300))
    def time_passes(self, seconds: int) -> None:
        for _ in range(seconds):
            self.device.wait(1000)
            now_ms = WALL_MS + self.device.now_ms
            if self.device.state.online:
                for one in list(self.theirs.values()):
                    if one.due_at_ms <= now_ms:
                        self.device.cloud(Ring(turn=0, number=1, timer=one.timer))
            self.take()

    @rule()
    def press(self) -> None:
        self.device.click()
        self.take()

    @precondition(lambda self: self.device.state.online)
    @rule()
    def link_breaks(self) -> None:
        self.device.tell(Linked(False, "away"))

    @precondition(lambda self: not self.device.state.online)
    @rule()
    def link_returns(self) -> None:
        join(self.device, *self.theirs.values())
        self.take()

    @rule(seconds=st.integers(1, 900))
    def power_is_cut(self, seconds: int) -> None:
        if self.device.state.ring is not None:
            self.cut_short.add(self.device.state.ring.timer)
        self.rang += self.device.rang
        self.boots += 1
        self.device = restarted(self.device, 1000 * seconds, f"{self.boots:016x}" * 2)
        self.heard = 0
        self.take()

    @invariant()
    def each_rings_once(self) -> None:
        whole = [name for name in (*self.rang, *self.device.rang) if name not in self.cut_short]
        assert len(whole) == len(set(whole)), whole

    @invariant()
    def none_is_forgotten(self) -> None:
        """What is due and neither rings nor waits for another is done with."""
        state = self.device.state
        for bell in bells(state):
            waits = state.ring is not None or state.microphone
            assert waits or self.device.now_ms - bell.due_ms <= LINK_MS, bell


TestClocks = Clocks.TestCase
TestClocks.settings = settings(stateful_step_count=20)
