from __future__ import annotations

import asyncio

from device.assistant import due_ms, step
from device.effects import KeepSettings, OpenMicrophone
from device.faces import draw, light_of
from device.handheld import Handheld, Setup
from device.inputs import Button, ClockSet, FromLink, Tick, Wheel
from device.modes import mode_of
from device.parts.interfaces import Parts
from device.parts.screen import LcdScreen, Panel
from device.parts.simulated import SimulatedButton, WavMicrophone, WavSpeaker
from device.settings import Settings
from device.state import Mode, State
from device.view import Dark, Listening, face_of
from tests.device.contract.rigs import told
from tests.device.panel_of_tests import FakeGpio, FakePanel
from wire.link import Identity
from wire.messages import Card, Ring

DEVICE = Identity(device="hare", key=bytes(32), boot="ab" * 16)
MINUTE = State(settings=Settings(sleep_s=60))


def asleep(state: State = MINUTE) -> State:
    state, _ = step(state, ClockSet(0), 0)
    assert due_ms(state) == 60_000
    state, _ = step(state, Tick(), 60_000)
    assert state.asleep
    return state


def body_of(state: State, now_ms: int) -> object:
    return face_of(state, now_ms, clock="14:05", date="d").body


def test_after_a_while_of_nothing_screen_and_light_are_dark() -> None:
    state = asleep()
    face = face_of(state, 60_000, clock="14:05", date="d")
    assert isinstance(face.body, Dark) and light_of(face) == (0, 0, 0)
    assert draw(face).getextrema() == ((0, 0), (0, 0), (0, 0))
    assert due_ms(state) is None, "a device that sleeps is not woken by its own clock"


def test_a_press_wakes_in_the_same_step_and_records() -> None:
    state, effects = step(asleep(), Button(True, 70_000), 70_000)
    assert isinstance(body_of(state, 70_000), Listening)
    assert any(isinstance(one, OpenMicrophone) for one in effects)


def test_a_click_that_wakes_does_nothing_else() -> None:
    state, _ = step(MINUTE, FromLink(Card(number=1, title="Ordered")), 0)
    state, _ = step(state, Tick(), 30_000)
    state, _ = step(state, Tick(), 95_000)
    assert state.asleep
    for down, at_ms in ((True, 100_000), (False, 100_060)):
        state, _ = step(state, Button(down, at_ms), at_ms)
    state, _ = step(state, Tick(), 100_400)
    assert mode_of(state) is Mode.IDLE and not state.asleep
    for down, at_ms in ((True, 101_000), (False, 101_060)):
        state, _ = step(state, Button(down, at_ms), at_ms)
    state, _ = step(state, Tick(), 101_400)
    assert mode_of(state) is Mode.CARD


def test_a_turn_of_the_wheel_only_wakes() -> None:
    state, effects = step(asleep(), Wheel(steps=3), 70_000)
    assert not state.asleep and not effects and state.settings.volume == 75


def test_what_the_cloud_has_to_show_wakes() -> None:
    state, _ = step(asleep(), FromLink(Ring(number=1, timer="a", label="tea")), 70_000)
    assert mode_of(state) is Mode.RINGING and not state.asleep


def test_without_a_time_it_never_sleeps() -> None:
    state, _ = step(State(settings=Settings(sleep_s=0)), ClockSet(0), 0)
    assert due_ms(state) is None
    state, _ = step(state, Tick(), 10**9)
    assert not state.asleep


def test_what_is_set_is_kept_once() -> None:
    state, _ = step(MINUTE, ClockSet(0), 0)
    state, effects = step(state, Wheel(steps=1), 1)
    assert [one for one in effects if isinstance(one, KeepSettings)] == [KeepSettings(Settings(volume=80))]
    _, effects = step(state, Tick(), 2)
    assert not effects


async def test_a_press_lights_a_dark_panel_with_the_face_that_listens_and_records_at_once() -> None:
    gpio = FakeGpio()
    glass = FakePanel(gpio, 24)
    screen = LcdScreen(Panel(backlight_pin=12), spi=glass, gpio=gpio, settle_s=0)
    button, microphone, now_ms = SimulatedButton(), WavMicrophone(fast=True), [1_000]
    handheld = Handheld(
        Setup(address="ws://127.0.0.1:1/device", identity=DEVICE),
        Parts(button, microphone, WavSpeaker(fast=True), screen),
        clock_ms=lambda: now_ms[0],
    )
    running = asyncio.create_task(handheld.run())
    await handheld.started.wait()
    await told(lambda: glass.on and gpio.duty.get(12) == 80)
    now_ms[0] += 61_000
    handheld.feed(Tick())
    await told(lambda: handheld.state.asleep and not glass.on and gpio.levels[12] == gpio.LOW and 12 not in gpio.duty)
    button.down(now_ms[0])
    assert not handheld.state.asleep and handheld.state.microphone, "in the same step"
    await told(lambda: glass.on and gpio.duty.get(12) == 80 and handheld.state.samples > 0)
    assert screen.settled(30)
    assert any(value > 200 for value, _, _ in [glass.seen().getpixel((120, 80))]), "the disc of the microphone"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not glass.on and glass.closed
