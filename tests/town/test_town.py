"""The town over plain HTTP: forms, rules, ledger, faults."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import httpx
import pytest

from examples.town import Ledger, Town
from examples.town.pizza.art import pizza_svg
from examples.town.pizza.menu import KINDS, SIZES
from tests.town.conftest import MONDAY, LoopbackTransport

DETAILS = {"name": "Ada Example", "phone": "555 0100 22", "address": "Elm Street 5", "payment": "card"}
WISH = {"people": "2", "date": "2026-11-23", "time": "19:00", "name": "Ada Example", "phone": "555010022"}


async def to_review(town: Town, visitor: httpx.AsyncClient, **line: str) -> httpx.Response:
    shop = town.addresses.pizza
    chosen = {"kind": "pepperoni", "size": "large", "quantity": "1", **line}
    await visitor.post(f"{shop}/cart/add", data=chosen)
    return await visitor.post(f"{shop}/checkout", data=DETAILS)


async def test_an_order_goes_from_the_menu_to_the_ledger_and_the_history(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    shop = town.addresses.pizza
    assert "Choose Margherita" in (await visitor.get(shop)).text
    assert "14.50" in (await to_review(town, visitor)).text
    thanks = await visitor.post(f"{shop}/pay", data={"total": "14.50"})
    assert thanks.url.path == "/orders/P-1001" and "14:30" in thanks.text
    [row] = json.loads((await visitor.get(town.addresses.ledger)).content)
    assert row == {
        "site": "pizza",
        "number": "P-1001",
        "size": "large",
        "kind": "pepperoni",
        "toppings": [],
        "quantity": 1,
        "name": "Ada Example",
        "phone": "555 0100 22",
        "address": "Elm Street 5",
        "total": "14.50",
        "at": "2026-11-23T14:00:00",
    }
    async with httpx.AsyncClient(transport=LoopbackTransport()) as other:
        assert "P-1001" in (await other.get(f"{shop}/orders", params={"phone": "555-010022"})).text
        assert "P-1001" not in (await other.get(f"{shop}/orders", params={"phone": "555"})).text


async def test_a_booking_goes_from_the_form_to_the_ledger_and_the_history(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    bistro = town.addresses.bistro
    confirm = await visitor.post(f"{bistro}/book", data=WISH)
    assert "Monday 23 November 2026" in confirm.text
    assert (await visitor.post(f"{bistro}/confirm")).url.path == "/bookings/B-501"
    [row] = json.loads((await visitor.get(town.addresses.ledger)).content)
    assert (row["site"], row["people"], row["when"], row["name"]) == ("bistro", 2, "2026-11-23T19:00", "Ada Example")
    assert "B-501" in (await visitor.get(f"{bistro}/bookings", params={"phone": "555 0100 22"})).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "Please tell us your name."),
        ({"phone": "12"}, "at least six digits"),
        ({"address": "Elm Street"}, "a street and a house number"),
        ({"address": "5"}, "a street and a house number"),
        ({"payment": "shells"}, "Please choose how to pay."),
    ],
)
async def test_the_shop_says_what_is_wrong_with_the_details(
    change: dict[str, str], said: str, town: Town, visitor: httpx.AsyncClient
) -> None:
    shop = town.addresses.pizza
    await visitor.post(f"{shop}/cart/add", data={"kind": "hawaii", "size": "small", "quantity": "1"})
    reply = await visitor.post(f"{shop}/checkout", data={**DETAILS, **change})
    assert reply.status_code == 422 and said in reply.text


@pytest.mark.parametrize(
    "line", [{"size": ""}, {"size": "huge"}, {"quantity": "0"}, {"quantity": "-1"}, {"topping": "gold"}]
)
async def test_a_line_that_cannot_be_is_not_put_into_the_cart(
    line: dict[str, str], town: Town, visitor: httpx.AsyncClient
) -> None:
    data = {"kind": "hawaii", "size": "small", "quantity": "1", **line}
    assert (await visitor.post(f"{town.addresses.pizza}/cart/add", data=data)).status_code == 422
    assert "Your cart is empty." in (await visitor.get(f"{town.addresses.pizza}/cart")).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"people": "9"}, "parties of 1 to 8"),
        ({"time": "17:30"}, "outside our hours"),
        ({"time": "21:30"}, "outside our hours"),
        ({"date": "2026-11-22"}, "in the past"),
        ({"date": "2026-11-28", "time": "20:00"}, "fully booked"),
        ({"date": "2028-01-01"}, "too far ahead"),
        ({"date": "soon"}, "choose a day and a time"),
    ],
)
async def test_the_bistro_says_why_there_is_no_such_table(
    change: dict[str, str], said: str, town: Town, visitor: httpx.AsyncClient
) -> None:
    reply = await visitor.post(f"{town.addresses.bistro}/book", data={**WISH, **change})
    assert reply.status_code == 422 and said in reply.text


async def test_tables_run_out(town: Town, visitor: httpx.AsyncClient) -> None:
    bistro = town.addresses.bistro
    for _ in range(3):
        await visitor.post(f"{bistro}/book", data={**WISH, "people": "8"})
        await visitor.post(f"{bistro}/confirm")
    assert "fully booked" in (await visitor.post(f"{bistro}/book", data={**WISH, "people": "1"})).text
    times = (await visitor.get(f"{bistro}/times", params={"date": "2026-11-23", "people": "1"})).json()
    assert [slot["time"] for slot in times if slot["why_not"]] == ["19:00"]


async def test_a_price_that_changed_is_asked_again_and_paying_twice_orders_once(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    shop = town.addresses.pizza
    await to_review(town, visitor)
    assert "The price has changed: it is 14.50 now" in (await visitor.post(f"{shop}/pay", data={"total": "9.99"})).text
    assert not town.ledger.rows()
    await visitor.post(f"{shop}/pay", data={"total": "14.50"})
    assert (await visitor.post(f"{shop}/pay", data={"total": "14.50"})).url.path == "/cart"
    assert len(town.ledger.rows()) == 1


@pytest.mark.parametrize(("kind", "rows"), [("drop", 1), ("error", 1), ("refuse", 0)])
async def test_a_fault_spoils_one_reply_as_it_says(
    kind: str, rows: int, town: Town, visitor: httpx.AsyncClient
) -> None:
    await to_review(town, visitor)
    town.faults.arm("pizza.pay", kind)  # type: ignore[arg-type]
    pay = visitor.post(f"{town.addresses.pizza}/pay", data={"total": "14.50"})
    if kind == "drop":
        with pytest.raises(httpx.RemoteProtocolError):
            await pay
    else:
        assert (await pay).status_code == 500
    assert len(town.ledger.rows()) == rows
    assert (await visitor.get(town.addresses.pizza)).status_code == 200


async def test_a_reply_that_hangs_ends_with_the_town(visitor: httpx.AsyncClient) -> None:
    town = Town(now=lambda: MONDAY)
    await town.start()
    await to_review(town, visitor)
    town.faults.arm("pizza.pay", "hang")
    paying = asyncio.create_task(visitor.post(f"{town.addresses.pizza}/pay", data={"total": "14.50"}))
    await town.faults.hanging.wait()
    assert len(town.ledger.rows()) == 1 and not paying.done()
    await town.stop()
    with pytest.raises(httpx.HTTPError):
        await paying


def test_an_unknown_fault_is_refused() -> None:
    town = Town()
    with pytest.raises(ValueError, match="unknown fault 'explode'"):
        town.faults.arm("pizza.pay", "explode")  # type: ignore[arg-type]
    asyncio.run(town.stop())


async def test_the_ledger_is_shown_to_people_and_programs(town: Town, visitor: httpx.AsyncClient) -> None:
    ledger = f"{town.addresses.town}/ledger"
    assert (await visitor.get(ledger)).json() == []
    page = await visitor.get(ledger, headers={"accept": "text/html"})
    assert "Nothing was ordered yet." in page.text


async def test_what_a_visitor_writes_is_never_markup(town: Town, visitor: httpx.AsyncClient) -> None:
    shop = town.addresses.pizza
    evil = "<script>alert(1)</script> 5"
    await visitor.post(f"{shop}/cart/add", data={"kind": "hawaii", "size": "small", "quantity": "1"})
    review = await visitor.post(f"{shop}/checkout", data={**DETAILS, "address": evil})
    assert review.url.path == "/review" and "<script>alert" not in review.text


async def test_two_visitors_have_two_carts(town: Town, visitor: httpx.AsyncClient) -> None:
    await to_review(town, visitor)
    async with httpx.AsyncClient(transport=LoopbackTransport()) as other:
        assert "Your cart is empty." in (await other.get(f"{town.addresses.pizza}/cart")).text


async def test_it_runs_as_a_program_and_keeps_its_ledger_in_a_file(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    arguments = ("-m", "examples.town", "--port", "0", "--now", "2026-11-23T14:00", "--ledger", str(ledger))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    addresses = json.loads(await process.stdout.readline())
    async with httpx.AsyncClient(transport=LoopbackTransport(), follow_redirects=True) as client:
        await client.post(f"{addresses['bistro']}/book", data=WISH)
        await client.post(f"{addresses['bistro']}/confirm")
    process.terminate()
    assert await process.wait() == 0
    assert json.loads(ledger.read_text())["when"] == "2026-11-23T19:00"


def test_the_menu_holds_what_people_ask_for() -> None:
    assert set(SIZES) == {"small", "medium", "large"} and len(KINDS) >= 8
    assert {"margherita", "pepperoni"} <= set(KINDS)
    assert all("<svg" in pizza_svg(kind) and pizza_svg(kind) == pizza_svg(kind) for kind in KINDS)


def test_a_ledger_keeps_rows_in_order() -> None:
    assert Ledger().as_json() == b"[]" and Ledger().rows("pizza") == ()
