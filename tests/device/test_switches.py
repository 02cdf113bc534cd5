"""The mute switch and the battery, as the assistant takes them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from device import battery, view
from device.assistant import MUTED
from device.effects import AbortTurn, BeginTurn, CloseMicrophone, OpenMicrophone, RingBell, Speak, SwitchOff
from device.inputs import BatteryRead, Button, FromLink, Muted, Sound
from device.modes import NOTICE_MS
from device.state import Mode
from tests.device.test_assistant import Device, asking
from wire.messages import Ring


@pytest.fixture
def device() -> Device:
    return Device().join()


def notice_of(device: Device) -> str:
    return device.state.notice.sentence if device.state.notice else ""


# Mute ----------------------------------------------------------------------------------------------------------------


def test_a_hold_while_muted_opens_nothing_and_says_why(device: Device) -> None:
    device.tell(Muted(True))
    device.hold()
    assert not [one for one in device.effects if isinstance(one, OpenMicrophone | BeginTurn)]
    assert notice_of(device) == MUTED == "The microphone is off: slide the switch."
    assert Speak(MUTED) in device.effects


def test_sliding_the_switch_cuts_what_is_being_said_and_nothing_of_it_is_sent(device: Device) -> None:
    device.tell(Button(True))
    device.wait(500)
    device.tell(Sound(8_000, 3))
    effects = device.tell(Muted(True))
    assert CloseMicrophone() in effects and AbortTurn(1) in effects
    device.tell(Sound(8_000, 3))
    device.tell(Button(False))
    assert device.state.turn is None and device.state.samples == 8_000


def test_a_switch_that_is_slid_before_it_is_a_hold_leaves_no_microphone_open(device: Device) -> None:
    device.tell(Button(True))
    device.wait(100)
    assert CloseMicrophone() in device.tell(Muted(True))
    device.wait(1000)
    assert not [one for one in device.effects if isinstance(one, BeginTurn)] and notice_of(device) == MUTED


def test_the_sentence_goes_when_the_switch_is_slid_back_and_the_next_press_records(device: Device) -> None:
    device.tell(Muted(True))
    device.hold()
    device.tell(Muted(False))
    assert device.mode is Mode.IDLE
    device.hold()
    assert BeginTurn(1, "", False) in device.effects


def test_clicks_still_count_while_muted(device: Device) -> None:
    device.tell(Muted(True))
    device.cloud(asking())
    device.wait(1000)
    device.click(2)
    assert device.answers() == ["yes"]


def test_a_hold_while_muted_still_stops_a_bell(device: Device) -> None:
    device.tell(Muted(True))
    device.tell(FromLink(Ring(turn=0, number=1, timer="r")))
    device.hold()
    assert RingBell(False) in device.effects and device.mode is Mode.IDLE


def test_the_screen_at_rest_says_that_the_microphone_is_off(device: Device) -> None:
    device.tell(Muted(True))
    body = view.face_of(device.state, device.now_ms, clock="14:05", date="Monday").body
    assert isinstance(body, view.Idle) and body.hint == "The microphone is off"


# Battery -------------------------------------------------------------------------------------------------------------


def offs(device: Device) -> int:
    return sum(isinstance(one, SwitchOff) for one in device.effects)


def test_a_low_battery_is_said_once(device: Device) -> None:
    for percent in (16, 15, 14, 16, 13):
        device.tell(BatteryRead(percent))
        device.wait(10_000)
    said = [one for one in (notice_of(device),) if one]
    assert device.state.charge.warned and not said
    device.tell(BatteryRead(12))
    assert not notice_of(device)
    device.tell(BatteryRead(40, charging=True))
    device.tell(BatteryRead(15))
    assert notice_of(device) == "The battery is low: 15 %. Please charge me."


def test_an_empty_battery_is_said_and_then_the_device_switches_off(device: Device) -> None:
    for _ in range(battery.EMPTY_READINGS - 1):
        device.tell(BatteryRead(5))
        assert notice_of(device) != battery.EMPTY, "a few readings may be wrong"
    device.tell(BatteryRead(5))
    assert notice_of(device) == battery.EMPTY and Speak(battery.EMPTY) in device.effects and offs(device) == 0
    device.wait(battery.OFF_MS)
    assert offs(device) == 1


def test_wrong_readings_now_and_then_switch_nothing_off(device: Device) -> None:
    for percent in (60, 0, 0, 60, 0, 0, 60):
        device.tell(BatteryRead(percent))
        device.wait(10_000)
    assert offs(device) == 0


def test_a_charger_in_time_keeps_it_on_and_it_says_so(device: Device) -> None:
    for _ in range(battery.EMPTY_READINGS):
        device.tell(BatteryRead(4))
    device.tell(BatteryRead(4, charging=True))
    assert "stay on" in notice_of(device)
    device.wait(10 * battery.OFF_MS)
    assert offs(device) == 0


def test_nobody_is_cut_off_in_mid_sentence_by_an_empty_battery(device: Device) -> None:
    for _ in range(battery.EMPTY_READINGS):
        device.tell(BatteryRead(3))
    device.tell(Button(True))
    device.wait(2 * battery.OFF_MS)
    device.tell(Sound(16_000, 3))
    assert offs(device) == 0
    device.tell(Button(False))
    device.wait(1)
    assert offs(device) == 1


def test_a_battery_that_says_nothing_is_not_shown_and_changes_nothing_else(device: Device) -> None:
    device.tell(BatteryRead(10))
    device.wait(2 * NOTICE_MS)
    device.tell(BatteryRead(-1))
    assert device.state.charge == replace(device.state.charge, percent=-1, warned=True) and offs(device) == 0
