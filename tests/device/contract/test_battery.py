"""What every battery does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from device.parts import interfaces
from device.parts.interfaces import BatteryState
from device.parts.power import MAX17048, PISUGAR3, PolledBattery, max17048, open_battery, pisugar3, power_supply
from device.parts.simulated import FixedBattery
from tests.device.test_power import FalseBus, supply


def kernel(folder: Path) -> interfaces.Battery:
    supply(folder, "battery", type="Battery", capacity="50", status="Charging")
    return PolledBattery(power_supply(folder))


KINDS: Final[dict[str, Callable[[Path], interfaces.Battery]]] = {
    "simulated": lambda folder: FixedBattery(50, charging=True),
    "pisugar3": lambda folder: PolledBattery(pisugar3(FalseBus({(PISUGAR3, 0x2A): 50, (PISUGAR3, 0x02): 0xC0}))),
    "max17048": lambda folder: PolledBattery(max17048(FalseBus({(MAX17048, 0x04): 0x32, (MAX17048, 0x16): 0x100}))),
    "power-supply": kernel,
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_it_tells_how_full_it_is_and_may_be_closed_twice(kind: str, tmp_path: Path) -> None:
    battery = KINDS[kind](tmp_path)
    assert battery.read() == BatteryState(50, True)
    battery.close()
    battery.close()


@pytest.mark.pi
def test_the_battery_of_this_pi_tells_something() -> None:
    battery = open_battery(["pisugar3", "pisugar-server", "max17048", "power-supply"])
    read = battery.read()
    battery.close()
    assert read is not None and 0 <= read.percent <= 100
