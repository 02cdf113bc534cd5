"""The customer list: behind its door, searched, changed, moved."""

from __future__ import annotations

import httpx
import pytest

from examples.town import Ledger, Town
from examples.town.customers.book import PAGE, Book
from examples.town.identity import ADA
from examples.town.ledger import CustomerRow
from tests.town.conftest import MONDAY

FIELDS = {"name": "Willow Hats", "email": "hats@willow.example", "phone": "555 0100", "city": "Seaford"}


def book() -> Book:
    return Book(Ledger(), lambda: MONDAY)


def test_the_customers_are_the_same_in_every_town_and_all_differ() -> None:
    one, two = book(), book()
    assert [each.name for each in one.search("")] == [each.name for each in two.search("")]
    assert len({each.name for each in one.search("")}) == len(one.customers) > 400


def test_they_are_found_by_words_and_sorted_by_columns_both_ways() -> None:
    found = book().search("willow lakeside", "-spent")
    assert found and all("Willow" in each.name and each.city == "Lakeside" for each in found)
    assert [each.spent for each in found] == sorted((each.spent for each in found), reverse=True)


def test_a_card_is_moved_to_its_place_in_a_column_and_only_a_new_column_is_a_change() -> None:
    ledger = Ledger()
    at = Book(ledger, lambda: MONDAY)
    first, second = [column[0] for column in at.board().values() if column][:2]
    stage = second.stage
    at.move(first, stage, 0)
    assert at.board()[stage][:2] == [first, second]
    at.move(first, stage, 1)
    assert at.board()[stage][:2] == [second, first]
    [row] = ledger.rows("customers")
    assert isinstance(row, CustomerRow) and (row.customer, row.field, row.after) == (first.number, "stage", stage)


async def test_pages_of_the_list_and_its_export(town: Town, visitor: httpx.AsyncClient) -> None:
    site = town.addresses.customers
    for path in ("/", "/rows", "/export.csv", "/board", "/customers/C-0001"):
        assert (await visitor.get(site + path)).url.path == "/login"
    await visitor.post(f"{site}/login", data={"user": ADA.name, "password": ADA.password})
    second = (await visitor.get(site, params={"page": "2"})).text
    assert f"C-{PAGE + 1:04}" in second and "C-0001<" not in second
    piece = (await visitor.get(f"{site}/rows", params={"from": "480"})).json()
    assert (len(piece["rows"]), piece["rows"][-1]["number"]) == (piece["count"] - 480, f"C-{piece['count']:04}")
    assert len((await visitor.get(f"{site}/export.csv")).text.splitlines()) == piece["count"] + 1


@pytest.mark.parametrize(
    ("change", "said"),
    [({"name": ""}, "needs a name"), ({"email": "x"}, "not an email"), ({"phone": "1"}, "six digits")],
)
async def test_a_change_that_cannot_be_says_why(
    change: dict[str, str], said: str, town: Town, visitor: httpx.AsyncClient
) -> None:
    site = town.addresses.customers
    await visitor.post(f"{site}/login", data={"user": ADA.name, "password": ADA.password})
    reply = await visitor.post(f"{site}/customers/C-0007?from=list", data={**FIELDS, **change})
    assert reply.status_code == 422 and said in reply.text and not town.ledger.rows()


async def test_every_changed_field_is_a_row_and_an_archived_customer_is_gone(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    site = town.addresses.customers
    await visitor.post(f"{site}/login", data={"user": ADA.name, "password": ADA.password})
    await visitor.post(f"{site}/customers/C-0007", data=FIELDS)
    await visitor.post(f"{site}/customers/C-0007", data=FIELDS)
    fields = [row.field for row in town.ledger.rows() if isinstance(row, CustomerRow)]
    assert len(fields) == len(set(fields)) >= 3
    await visitor.post(f"{site}/customers/C-0007/archive")
    assert "Willow Hats" not in (await visitor.get(site, params={"q": "C-0007"})).text
