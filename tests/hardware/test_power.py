"""The power budget: what is drawn stays below what the supply gives, and the hours follow from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from device.errors import ConfigError
from device.wiring import wiring
from hardware.bill import bill, read_bill, total
from hardware.power import STATES, Day, budget, drawn_mw, hours, mean_mw, most_mw, read_budget, shares

ROOT = Path(__file__).parents[2]
TOLD = budget(ROOT)
NAMES = list(TOLD.builds)


@pytest.mark.parametrize("name", NAMES)
def test_everything_at_its_worst_is_less_than_the_supply_gives(name: str) -> None:
    supply = TOLD.builds[name]
    assert most_mw(supply) < 0.9 * supply.supply_mw
    assert all(drawn_mw(TOLD, supply, state) < most_mw(supply) for state in STATES)


@pytest.mark.parametrize("name", NAMES)
def test_a_device_draws_more_when_it_does_more(name: str) -> None:
    drawn = {state: drawn_mw(TOLD, TOLD.builds[name], state) for state in STATES}
    assert drawn["dark"] < drawn["waiting"] < drawn["working"] < drawn["listening"] <= drawn["speaking"]
    lasts = [hours(TOLD, TOLD.builds[name], day, 60) for day in TOLD.days]
    assert lasts == sorted(lasts, reverse=True) and lasts[0] > 4


def test_an_hour_is_an_hour_whatever_is_asked_and_however_long_the_screen_is_on() -> None:
    for turns in (0, 1, 60, 10_000):
        for sleep_s in (0, 15, 60, 3600):
            made = shares(TOLD, Day(name="", turns_an_hour=turns), sleep_s)
            assert sum(made.values()) == pytest.approx(1) and min(made.values()) >= 0


def test_the_hours_are_what_is_stored_by_what_is_drawn() -> None:
    supply, day = TOLD.builds["whisplay"], Day(name="", turns_an_hour=0)
    assert mean_mw(TOLD, supply, day, 60) == drawn_mw(TOLD, supply, "dark") == pytest.approx(651)
    assert hours(TOLD, supply, day, 60) == pytest.approx(1200 * 3.7 * 0.95 * 0.88 / 651)
    assert mean_mw(TOLD, supply, day, 0) == drawn_mw(TOLD, supply, "waiting")
    twice = replace(supply, cell_mah=2400)
    assert hours(TOLD, twice, day, 60) == pytest.approx(2 * hours(TOLD, supply, day, 60))


def test_every_build_has_its_bill_and_its_budget() -> None:
    told = bill(ROOT)
    assert set(told.builds) == set(TOLD.builds) == {one.name for one in wiring().builds}
    assert total(told.builds["whisplay"]) == pytest.approx(106.7)
    assert not [source for items in told.builds.values() for one in items for source in one.sources if "/" in source]


def test_a_file_that_cannot_be_used_is_told() -> None:
    with pytest.raises(ConfigError, match=r"power\.toml cannot be used"):
        read_budget((ROOT / "hardware/power.toml").read_text().replace("usable = 0.95", "usable = 9.5", 1))
    with pytest.raises(ConfigError, match=r"parts\.toml cannot be used"):
        read_bill((ROOT / "hardware/parts.toml").read_text().replace("count = 1", "count = 0", 1))
