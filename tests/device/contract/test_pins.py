"""Pins that cannot be had are told with the reason and the way out; what was asked for is what the chip was told."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from device.errors import PinError
from device.parts import pins as opening
from device.parts.contact import DEBOUNCE_MS
from device.parts.gpio import Contact, GpioButton, GpioLight, GpioWheel
from tests.device.contract.pins import LgpioWorld, false_chip
from tests.device.contract.rigs import PIN, told

SYSTEM, OWN = Path("/usr/lib/python3/dist-packages/RPi"), Path("/home/hare/.venv/RPi")


@pytest.mark.parametrize(
    ("there", "taken", "words"),
    [
        ({"RPi.GPIO": OWN, "rpi-lgpio": OWN, "gpiozero": OWN}, OWN, "overwrite one another"),
        ({"RPi.GPIO": OWN, "gpiozero": OWN}, OWN, "knows no Pi 5"),
        ({"RPi.GPIO": OWN, "rpi-lgpio": SYSTEM, "gpiozero": OWN}, OWN, "knows no Pi 5"),
        ({"gpiozero": OWN}, None, r"leveret\[pi\]"),
        ({"rpi-lgpio": OWN}, OWN, r"leveret\[pi\]"),
    ],
)
def test_libraries_that_cannot_work_are_told_before_they_are_loaded(
    there: dict[str, Path], taken: Path | None, words: str
) -> None:
    with pytest.raises(PinError, match=words):
        opening.check_libraries(there.get, lambda: taken)


def test_an_old_library_of_the_system_behind_the_environment_s_own_is_no_harm() -> None:
    opening.check_libraries({"RPi.GPIO": SYSTEM, "rpi-lgpio": OWN, "gpiozero": OWN}.get, lambda: OWN)


def test_lgpio_leaves_nothing_in_the_working_directory_and_does_not_change_it(tmp_path: Path) -> None:
    code = (
        "from device.parts import pins, gpio; from device.errors import PinError\n"
        "try: pins.open_pins()\nexcept PinError as error: print(error)\n"
        "import os, sys; print('lgpio' in sys.modules, os.listdir('.'), os.getcwd())"
    )
    environ = {**os.environ, "RPI_LGPIO_REVISION": "902120", "PYTHONPATH": str(Path(__file__).parents[3])}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=180
    )
    lines = run.stdout.splitlines()
    assert lines[-1] == f"True [] {tmp_path}", run.stdout + run.stderr
    assert "The pins cannot be" in lines[0], "there is no chip here"


def test_the_libraries_of_the_tests_are_the_right_ones() -> None:
    opening.check_libraries()


def test_a_machine_that_is_no_pi_is_told_of_the_simulated_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RPI_LGPIO_REVISION", raising=False)
    with pytest.raises(PinError, match=r"no Raspberry Pi.*--simulated"):
        opening.open_pins()


def test_a_user_who_may_not_use_the_chips_is_told_of_the_group(tmp_path: Path) -> None:
    opening.check_permission(tmp_path, lambda path, mode: False)
    (tmp_path / "gpiochip0").touch()
    (tmp_path / "gpiochip4").touch()
    with pytest.raises(PinError, match="usermod -aG gpio"):
        opening.check_permission(tmp_path, lambda path, mode: False)
    opening.check_permission(tmp_path, lambda path, mode: path.name == "gpiochip4")


def test_a_chip_that_cannot_be_opened_is_told() -> None:
    with false_chip() as chip:
        chip.forbidden = True
        with pytest.raises(PinError, match=r"can not open gpiochip.*gpiodetect"):
            opening.open_pins()


def test_a_pin_that_an_overlay_owns_is_named_with_the_way_out() -> None:
    with false_chip() as chip:
        world = LgpioWorld(chip)
        chip.taken.add(17)
        with pytest.raises(PinError, match=r"button.*GPIO 17 is in use.*dtoverlay"):
            GpioButton(Contact(17), world.factory)
        chip.taken.add(24)
        with pytest.raises(PinError, match=r"light.*GPIO 25 and GPIO 24 and GPIO 23 is in use"):
            GpioLight(25, 24, 23, world.factory)
        chip.taken.add(6)
        with pytest.raises(PinError, match=r"wheel.*GPIO 5 and GPIO 6"):
            GpioWheel(5, 6, None, world.factory)
        world.factory.close()


def test_two_parts_on_one_pin_are_told() -> None:
    with false_chip() as chip:
        world = LgpioWorld(chip)
        button = GpioButton(Contact(17), world.factory)
        with pytest.raises(PinError, match="GPIO 17"):
            GpioButton(Contact(17), world.factory)
        button.close()
        world.factory.close()


async def test_the_chip_debounces_shortly_and_pulls_as_the_contact_needs_it() -> None:
    with false_chip() as chip:
        world = LgpioWorld(chip)
        button = GpioButton(Contact(17, "none"), world.factory)
        assert chip.debounce_us[17] == DEBOUNCE_MS * 1000 and 5 <= DEBOUNCE_MS <= 20
        edges: list[bool] = []
        button.start(lambda down, _: edges.append(down))
        chip.drive(17, 1)
        await told(lambda: edges == [True])
        button.close()
        world.factory.close()


async def test_an_edge_that_the_library_loses_is_found_by_looking() -> None:
    with false_chip() as chip:
        world = LgpioWorld(chip)
        world.drive(PIN, True)
        button = GpioButton(Contact(PIN), world.factory)
        edges: list[bool] = []
        button.start(lambda down, _: edges.append(down))
        world.drive(PIN, False)
        await told(lambda: edges == [True])
        chip.mute_edges = True
        world.drive(PIN, True)
        await told(lambda: edges == [True, False])
        button.close()
        world.factory.close()


async def test_an_edge_that_comes_when_the_loop_has_ended_is_dropped() -> None:
    with false_chip() as chip:
        world = LgpioWorld(chip)
        world.drive(PIN, True)
        button = GpioButton(Contact(PIN), world.factory)

        async def live() -> None:
            button.start(lambda down, at_ms: None)

        await asyncio.to_thread(asyncio.run, live())
        world.drive(PIN, False)
        button.close()
        world.factory.close()


def test_a_light_pulses_only_for_what_is_neither_dark_nor_full() -> None:
    with false_chip() as chip:
        world = LgpioWorld(chip)
        light = GpioLight(25, 24, 23, world.factory, active_high=False)
        assert not chip.duty and [chip.level[pin] for pin in (25, 24, 23)] == [1, 1, 1]
        light.show(255, 64, 0)
        assert chip.duty == {24: pytest.approx(75, abs=0.5)} and chip.level[25] == 0 and chip.level[23] == 1
        light.show(0, 0, 0)
        assert not chip.duty and [chip.level[pin] for pin in (25, 24, 23)] == [1, 1, 1]
        light.close()
        world.factory.close()
