"""The taxi stand: places, prices that run out, what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from examples.town import Ledger, Town
from examples.town.rides.stand import HOLDS, Stand
from tests.town.conftest import MONDAY

TRIP = {"pick_up": "Market Hall", "drop_off": "airport", "when": ""}


def test_places_are_suggested_with_those_first_that_begin_so() -> None:
    stand = Stand(Ledger(), lambda: MONDAY)
    assert [place.key for place in stand.places("stat")] == ["station", "station-west"]
    assert [place.key for place in stand.places("Market")] == ["market-hall", "market-square"]
    assert stand.places("  ") == []


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"pick_up": ""}, "pick_up", "Where do we pick you up?"),
        ({"drop_off": "Moon"}, "drop_off", "We do not know “Moon”"),
        ({"drop_off": "Market Hall"}, "drop_off", "You are there already."),
        ({"when": "2026-11-23T13:59"}, "when", "choose a time"),
        ({"when": "2027-01-01T12:00"}, "when", "choose a time"),
        ({"when": "soon"}, "when", "choose a time"),
    ],
)
def test_a_trip_that_cannot_be_says_why(change: dict[str, str], field: str, said: str) -> None:
    quote, errors = Stand(Ledger(), lambda: MONDAY).ask("visit", {**TRIP, **change})
    assert quote is None and said in errors[field]


async def test_a_price_that_ran_out_is_asked_again_and_nothing_is_booked(visitor: httpx.AsyncClient) -> None:
    now = [MONDAY]

    def clock() -> datetime:
        return now[0]

    async with Town(now=clock) as town:
        rides = town.addresses.rides
        assert (await visitor.post(rides, data=TRIP)).url.path == "/offers"
        booking = {"car": "small", "quote": "1", "phone": "555 0100"}
        now[0] += HOLDS + timedelta(minutes=5)
        late = await visitor.post(f"{rides}/book", data=booking)
        assert late.status_code == 422 and "The price has expired" in late.text
        assert not town.ledger.rows()
        assert "another ride meanwhile" in (await visitor.post(f"{rides}/book", data=booking)).text
        assert "six digits" in (await visitor.post(f"{rides}/book", data={**booking, "quote": "2", "phone": ""})).text
        assert (await visitor.post(f"{rides}/book", data={**booking, "quote": "2"})).url.path == "/rides/H-301"
        assert len(town.ledger.rows("rides")) == 1
