"""Builds as data, and a whole real device opened from one: rpi-lgpio, luma and PyAudio over false edges."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from device.builds import NONE, Build, build_of, builds, pins_of
from device.config import Config, Key, device_of, read_config
from device.errors import ConfigError
from device.handheld import Handheld, Setup
from device.main import main, run_device
from device.parts.power import PISUGAR3
from device.parts.simulated import WavSpeaker
from device.parts.sound_cards import SoundCards
from device.real import Edges, Missing, RealParts, open_parts
from tests.device.contract.fake_lgpio import Chip
from tests.device.contract.pins import false_chip
from tests.device.contract.rigs import told
from tests.device.panel_of_tests import FakeGpio, FakePanel
from tests.device.test_power import FalseBus
from wire.link import Identity

WHISPLAY, DISCRETE = build_of("whisplay", {}), build_of("discrete", {})
PISUGAR = {(PISUGAR3, 0x2A): 64, (PISUGAR3, 0x02): 0x40}


@pytest.mark.parametrize("name", list(builds()))
def test_a_build_is_sound(name: str) -> None:
    assert build_of(name, {}) == builds()[name]


def test_single_pins_are_set_otherwise_and_parts_taken_away_and_added() -> None:
    build = build_of("discrete", {"button": 4, "wheel_push": -1, "mute": -1, "red": -1})
    assert build.button == replace(DISCRETE.button, pin=4)
    assert build.wheel == replace(DISCRETE.wheel, push=NONE) and build.mute is None and build.light is None
    added = build_of("whisplay", {"mute": 26, "wheel_a": 5, "wheel_b": 6})
    assert added.mute is not None and added.mute.pin == 26 and added.wheel is not None and added.wheel.push == NONE
    assert pins_of(added)["button"] == WHISPLAY.button.pin


@pytest.mark.parametrize(
    ("build", "pins", "words"),
    [
        ("whispley", {}, "did you mean 'whisplay'"),
        ("zzz", {}, "known are whisplay, discrete, simulated"),
        ("whisplay", {"buton": 5}, "did you mean 'button'"),
        ("whisplay", {"button": 40}, "expected 0 to 27"),
        ("whisplay", {"button": -1}, "no device can be without it"),
        ("whisplay", {"button": 25}, "'button' and 'red' are both 25"),
        ("discrete", {"mute": 19}, "belongs to the I2S bus"),
        ("discrete", {"mute": 7}, "belongs to the SPI bus"),
        ("whisplay", {"mute": 1}, "belongs to the HAT identification bus"),
        ("discrete", {"button": 16}, r"belongs to the kernel's driver \(amplifier_on\)"),
    ],
)
def test_a_wrong_build_is_told_with_what_was_perhaps_meant(build: str, pins: dict[str, int], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        build_of(build, pins)


def test_the_settings_choose_a_build_and_single_parts_of_it(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text('build = "discrete"\nmicrophone = "USB"\n[pins]\nbutton = 4\n')
    build = device_of(read_config(path, {}, {}))
    assert (build.name, build.button.pin, build.microphone, build.speaker) == (
        "discrete",
        4,
        "USB",
        DISCRETE.speaker,
    )
    turned = device_of(read_config(path, {}, {"screen_rotation": 180, "camera_rotation": 90}))
    assert turned.panel == replace(DISCRETE.panel, rotation=180) and turned.camera_rotation == 90
    environ = {"LEVERET_DEVICE_BUILD": "whisplay", "LEVERET_DEVICE_PINS": "button=16, mute=26"}
    build = device_of(read_config(None, environ, {}))
    assert build.button.pin == 16 and build.mute is not None


@pytest.mark.parametrize("pins", ["button", "button=a", "buttn=5"])
def test_pins_that_cannot_be_read_are_told(pins: str) -> None:
    with pytest.raises(ConfigError, match=r"expected a number|did you mean 'button'"):
        read_config(None, {"LEVERET_DEVICE_PINS": pins}, {})


# A whole device -------------------------------------------------------------------------------------------------------


class NoSound:
    """A PyAudio without a single device."""

    paInt16 = 8

    class PyAudio:
        def get_device_count(self) -> int:
            return 0

        def get_default_input_device_info(self) -> dict[str, Any]:
            raise OSError("No Default Input Device Available")

        get_default_output_device_info = get_default_input_device_info

        def terminate(self) -> None:
            """Nothing is held."""


@pytest.fixture
def chip() -> Iterator[Chip]:
    with false_chip() as made:
        yield made


def edges(build: Build, chip: Chip, *, battery: bool = True) -> Edges:
    wires = FakeGpio()
    # The panel's data line is a pin of the chip, moved by luma through the real rpi-lgpio.
    wires.levels = chip.level
    return Edges(
        cards=lambda: SoundCards(library=NoSound),
        bus=lambda number: FalseBus(PISUGAR if battery else {}),
        spi=FakePanel(wires, build.panel.dc_pin),
        environ={},
    )


async def test_the_whole_whisplay_opens_feels_its_button_and_shows_its_light(chip: Chip) -> None:
    real = open_parts(WHISPLAY, edges=edges(WHISPLAY, chip))
    assert real.missing == () and real.parts.mute is None and real.parts.wheel is None
    assert real.parts.battery is not None and real.parts.lights is not None
    handheld = await live(real)
    await told(lambda: handheld.state.charge.percent == 64)
    chip.drive(WHISPLAY.button.pin, 1)
    await told(lambda: handheld.state.fingers.down)
    # There is no sound card at all: the person is told so, and the device lives on.
    await told(lambda: any(one.data.get("part") == "microphone" for one in handheld.journal.since(0)))
    assert handheld.state.notice is not None and not handheld.state.microphone
    chip.drive(WHISPLAY.button.pin, 0)
    await told(lambda: not handheld.state.fingers.down)
    await told(lambda: chip.level[25] == 0 or chip.duty.get(25, 100) < 100)
    await die(handheld, real)
    assert not chip.mode, "every pin was given back"


async def test_the_discrete_one_is_muted_from_its_first_moment(chip: Chip) -> None:
    build = DISCRETE
    assert build.mute is not None and build.wheel is not None
    chip.drive(build.mute.pin, 0)
    real = open_parts(build, edges=edges(build, chip, battery=False))
    assert [one.part for one in real.missing] == ["camera", "battery"]
    handheld = await live(real)
    assert handheld.state.muted
    chip.drive(build.button.pin, 0)
    await told(lambda: handheld.state.notice is not None)
    assert not any(one.data.get("part") == "microphone" for one in handheld.journal.since(0)), "it was never opened"
    await die(handheld, real)


def setup() -> Setup:
    return Setup(address="ws://127.0.0.1:9/device", identity=Identity(device="hare", key=bytes(32), boot="0" * 32))


_RUNNING: dict[int, asyncio.Task[None]] = {}


async def live(real: RealParts) -> Handheld:
    handheld = Handheld(setup(), real.parts)
    _RUNNING[id(handheld)] = asyncio.create_task(handheld.run())
    await handheld.started.wait()
    return handheld


async def die(handheld: Handheld, real: RealParts) -> None:
    running = _RUNNING.pop(id(handheld))
    running.cancel()
    await asyncio.wait([running])
    real.close()


def test_what_it_can_be_without_is_named_with_its_reason_and_it_goes_on(chip: Chip) -> None:
    chip.taken |= {25, 5}
    build = replace(WHISPLAY, wheel=DISCRETE.wheel)
    real = open_parts(build, edges=edges(build, chip, battery=False))
    assert [one.part for one in real.missing] == ["light", "wheel", "battery"]
    assert "GPIO 25" in real.missing[0].sentence and "dtoverlay" in real.missing[0].sentence
    assert "i2cdetect" in real.missing[2].sentence
    real.parts.close()
    real.close()


def test_what_it_cannot_be_without_is_told_all_together_and_everything_is_given_back(chip: Chip) -> None:
    chip.taken |= {17, 26}
    with pytest.raises(ExceptionGroup) as raised:
        open_parts(DISCRETE, edges=edges(DISCRETE, chip))
    words = [str(one) for one in raised.value.exceptions]
    assert len(words) == 2 and "button" in words[0] and "mute switch" in words[1]
    assert not chip.mode


def test_without_pyaudio_it_says_how_to_get_it(chip: Chip) -> None:
    def missing() -> SoundCards:
        raise ImportError("No module named 'pyaudio'")

    with pytest.raises(ExceptionGroup) as raised:
        open_parts(WHISPLAY, edges=replace(edges(WHISPLAY, chip), cards=missing))
    assert "portaudio19-dev" in str(raised.value.exceptions[0])


async def test_what_it_goes_on_without_is_said(chip: Chip, capsys: pytest.CaptureFixture[str]) -> None:
    real = open_parts(WHISPLAY, edges=edges(WHISPLAY, chip))
    real.parts.speaker = WavSpeaker(fast=True)
    key = Key("hare", bytes(32))
    shown: list[str] = []
    show = real.parts.screen.show

    def seen(image: Any, face: str) -> None:
        shown.append(face)
        show(image, face)

    real.parts.screen.show = seen  # type: ignore[method-assign]
    missing = [Missing("light", "The light cannot be had."), Missing("battery", "No battery.")]
    config = Config(cloud="ws://127.0.0.1:9/device")
    running = asyncio.create_task(run_device(config, key, real.parts, boot="0" * 32, missing=missing))
    await told(lambda: any("I go on without: light, battery." in face for face in shown))
    running.cancel()
    await asyncio.wait([running])
    real.close()
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if "part=light" in line and "The light cannot be had." in line]
    assert len([line for line in lines if "socket" in line]) <= 1, "what repeats is told once"


async def test_systemd_hears_that_it_is_ready_and_that_it_lives(chip: Chip, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(30)
        environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "60000"}
        real = open_parts(WHISPLAY, edges=replace(edges(WHISPLAY, chip), environ=environ))
        handheld = await live(real)
        heard = [await asyncio.to_thread(systemd.recv, 100) for _ in range(4)]
        await die(handheld, real)
    assert heard == [b"READY=1", *[b"WATCHDOG=1"] * 3]


async def test_it_ends_when_systemd_says_so_and_gives_everything_back(chip: Chip) -> None:
    real = open_parts(WHISPLAY, edges=edges(WHISPLAY, chip))
    config = Config(cloud="ws://127.0.0.1:9/device")
    running = asyncio.create_task(run_device(config, Key("hare", bytes(32)), real.parts, boot="0" * 32))
    await told(lambda: 0 < chip.duty.get(22, 0) < 100)
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(30):
        await running
    real.close()
    assert not chip.mode


def test_on_a_machine_that_is_no_pi_the_program_says_so_and_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "k").write_text(json.dumps({"device": "hare", "key": "00" * 32}))
    assert main(["--key-file", str(tmp_path / "k")]) == 2
    assert "no Raspberry Pi" in capsys.readouterr().err
