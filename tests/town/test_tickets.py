"""The rules of the box office, and its pages over plain HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from examples.town import Ledger, Town
from examples.town.tickets.box_office import HOLD, MOST_SEATS, BoxOffice, all_seats, passes_luhn
from tests.town.conftest import MONDAY
from tests.town.errands import CARD


class Clock:
    """The town's clock, turned by the test."""

    now = MONDAY

    def __call__(self) -> datetime:
        return self.now


def office(clock: Clock) -> BoxOffice:
    return BoxOffice(Ledger(), clock)


def free(at: BoxOffice, event: str) -> list[str]:
    return [seat for seat in all_seats() if seat not in at.taken(at.events[event], "")]


def test_a_held_seat_is_taken_for_others_until_the_hold_runs_out() -> None:
    clock = Clock()
    at = office(clock)
    event, seat = at.events["bees"], free(at, "bees")[0]
    assert at.toggle("one", event, seat) == ""
    assert at.toggle("two", event, seat) == f"Seat {seat} is taken."
    clock.now += HOLD + timedelta(seconds=1)
    assert at.toggle("two", event, seat) == "" and not at.visit("one").seats


def test_nobody_holds_more_seats_than_allowed_and_a_second_click_lets_one_go() -> None:
    at = office(Clock())
    event, seats = at.events["bees"], free(at, "bees")
    assert all(at.toggle("one", event, seat) == "" for seat in seats[:MOST_SEATS])
    assert "At most" in at.toggle("one", event, seats[MOST_SEATS])
    at.toggle("one", event, seats[0])
    assert seats[0] not in at.visit("one").seats


def test_rows_in_front_cost_more() -> None:
    at = office(Clock())
    prices = [at.price(at.events["opera"], f"{row}1") for row in "ADH"]
    assert prices == [Decimal("51.00"), Decimal("42.50"), Decimal("34.00")]


def test_search_filter_and_order() -> None:
    at = office(Clock())
    assert [event.key for event in at.search("granary", "", "")] == ["bees", "hamlet"]
    assert {event.genre for event in at.search("", "talk", "")} == {"talk"}
    assert [event.key for event in at.search("", "talk", "price")] == ["stars", "bread"]


@pytest.mark.parametrize(
    ("card", "fits"), [("4242 4242 4242 4242", True), ("4242 4242 4242 4241", False), ("42", False)]
)
def test_a_card_number_has_its_check_digit(card: str, fits: bool) -> None:
    assert passes_luhn(card) is fits


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("card", "1", "card number"),
        ("expiry", "13/29", "month and year"),
        ("cvc", "", "three digits"),
        ("email", "a", "email"),
    ],
)
async def test_wrong_details_are_named_and_no_card_is_shown_again(
    field: str, value: str, said: str, town: Town, visitor: httpx.AsyncClient
) -> None:
    tickets = town.addresses.tickets
    await visitor.get(f"{tickets}/events/bees")
    visit = {"visit": visitor.cookies["visit"], "seat": free(town.box_office, "bees")[0]}
    await visitor.post(f"{tickets}/events/bees/hold", data=visit)
    reply = await visitor.post(f"{tickets}/checkout", data={**CARD, field: value})
    assert reply.status_code == 422 and said in reply.text and "4242" not in reply.text


async def test_the_seat_map_stands_on_its_own_host_too(town: Town, visitor: httpx.AsyncClient) -> None:
    seats = town.addresses.tickets.replace("tickets.", "seats.")
    held = await visitor.post(
        f"{seats}/events/bees/hold", data={"visit": "v", "seat": free(town.box_office, "bees")[0]}
    )
    assert held.status_code == 200 and held.json()["total"] == "21.00"
    assert (await visitor.get(f"{seats}/checkout")).status_code == 404
