"""The smaller sites over plain HTTP: what they refuse, and what they write down."""

from __future__ import annotations

import time

import httpx
import pytest

from examples.town import Town
from examples.town.identity import ADA, code_at
from examples.town.ledger import ChoreRow, CustomerRow, GardenRow, MailRow, MemberRow, RideRow
from examples.town.returns.desk import Wish
from examples.town.town import SITES
from tests.town.conftest import MONDAY


async def test_the_garden_delivers_on_days_when_it_can_and_what_is_in_the_basket(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    garden = town.addresses.garden
    assert "basket is empty" in (await visitor.post(f"{garden}/order", data={"name": "Ada Example"})).text
    too_many = await visitor.post(f"{garden}/basket/add", data={"plant": "fern", "quantity": "13"})
    assert too_many.status_code == 422 and "between 1 and 12" in too_many.text
    for plant in ("fern", "mint"):
        await visitor.post(f"{garden}/basket/add", data={"plant": plant, "quantity": "2"})
    for day, said in (("", "choose a day"), ("2026-11-29", "on that day"), ("2026-11-23", "on that day")):
        wrong = await visitor.post(f"{garden}/order", data={"name": "Ada Example", "delivery": day})
        assert wrong.status_code == 422 and said in wrong.text
    await visitor.post(f"{garden}/order", data={"name": "Ada Example", "delivery": "2026-11-24"})
    rows = [row for row in town.ledger.rows("garden") if isinstance(row, GardenRow)]
    assert [(row.plant, row.quantity, row.total) for row in rows] == [("Fern", 2, "23.60"), ("Mint", 2, "23.60")]


async def test_the_garden_asks_about_cookies_until_it_is_answered(town: Town, visitor: httpx.AsyncClient) -> None:
    assert "<cookie-consent>" in (await visitor.get(town.addresses.garden)).text
    await visitor.post(f"{town.addresses.garden}/consent", data={"answer": "needed"})
    assert "<cookie-consent>" not in (await visitor.get(town.addresses.garden)).text


@pytest.mark.parametrize(
    ("book", "form", "said"),
    [
        ("S17", {"CRDNO": "4471", "BR": "Station"}, "looks like L-0000"),
        ("S17", {"CRDNO": "L-4471"}, "where you collect it"),
        ("S18", {"CRDNO": "L-4471", "BR": "Station"}, "All copies are out"),
    ],
)
async def test_the_library_says_why_it_keeps_no_book(
    book: str, form: dict[str, str], said: str, town: Town, visitor: httpx.AsyncClient
) -> None:
    reply = await visitor.post(f"{town.addresses.library}/book/{book}", data=form)
    assert reply.status_code == 422 and said in reply.text and not town.ledger.rows()


async def test_a_kept_book_stands_on_the_card_and_is_one_copy_less(town: Town, visitor: httpx.AsyncClient) -> None:
    library = town.addresses.library
    form = {"CRDNO": "L-4471", "BR": "Station"}
    assert (await visitor.post(f"{library}/book/N14", data=form)).url.path == "/reserved/L31"
    assert "The Bees" in (await visitor.get(f"{library}/card", params={"CRDNO": "l-4471"})).text
    await visitor.post(f"{library}/book/N14", data=form)
    assert (await visitor.post(f"{library}/book/N14", data=form)).status_code == 422


ANSWERS = {"name": "Ada Example", "email": "ada@leveret.example", "plate": "LE-AB 123", "zone": "A"}


async def test_the_wizard_goes_on_only_when_a_step_is_answered(town: Town, visitor: httpx.AsyncClient) -> None:
    hall = town.addresses.townhall
    assert (await visitor.get(f"{hall}/permit/3")).url.path == "/permit/1"
    assert (await visitor.get(f"{hall}/permit/check")).url.path == "/permit/1"
    wrong = await visitor.post(f"{hall}/permit/1", data={"name": "", "email": "ada"})
    assert wrong.status_code == 422 and "your name" in wrong.text and "an email address" in wrong.text
    assert (await visitor.post(f"{hall}/permit/1", data=ANSWERS)).url.path == "/permit/2"
    assert "looks like" in (await visitor.post(f"{hall}/permit/2", data={**ANSWERS, "plate": "?"})).text
    assert (await visitor.post(f"{hall}/permit/2", data=ANSWERS)).url.path == "/permit/3"
    when = {"start": "2026-12-01", "months": "12", "agree": "yes"}
    for change in ({"start": "2026-11-22"}, {"start": "2027-06-01"}, {"months": "5"}, {"agree": ""}):
        assert (await visitor.post(f"{hall}/permit/3", data={**when, **change})).status_code == 422
    assert "180.00" in (await visitor.post(f"{hall}/permit/3", data=when)).text
    assert not town.ledger.rows()
    assert (await visitor.post(f"{hall}/permit/check")).url.path == "/permits/PP-211"
    assert (await visitor.post(f"{hall}/permit/check")).url.path == "/permit/1"
    assert len(town.ledger.rows("townhall")) == 1


async def test_chores_are_given_in_pieces_added_ticked_and_removed(town: Town, visitor: httpx.AsyncClient) -> None:
    api = f"{town.addresses.chores}/api/chores"
    first, second = [(await visitor.get(api, params={"from": start})).json() for start in ("0", "60")]
    assert first["count"] == 400 and first["chores"][-1]["id"] == second["chores"][0]["id"] + 1
    assert (await visitor.post(api, data={"title": "  "})).status_code == 422
    assert (await visitor.post(api, data={"title": "Feed the ducks"})).json()["id"] == 401
    for done in ("yes", "yes", "no"):
        await visitor.post(f"{api}/401", data={"done": done})
    await visitor.delete(f"{api}/401")
    assert (await visitor.get(f"{api}/401")).status_code == 404
    told = [row.what for row in town.ledger.rows() if isinstance(row, ChoreRow)]
    assert told == ["added", "done", "undone", "removed"]


async def test_the_panel_invites_gives_roles_and_shuts_out_only_who_was_typed(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    admin = town.addresses.admin
    assert (await visitor.post(f"{admin}/invite", data={"email": "owl@town.example"})).url.path == "/login"
    await visitor.post(f"{admin}/login", data={"user": ADA.name, "password": ADA.password})
    await visitor.post(f"{admin}/code", data={"code": code_at(ADA.seed, time.time())})
    for email, role, said in (("owl", "guest", "not an email"), ("owl@town.example", "", "choose a role")):
        wrong = await visitor.post(f"{admin}/invite", data={"email": email, "role": role})
        assert wrong.status_code == 422 and said in wrong.text
    invitation = {"email": "owl@town.example", "role": "guest"}
    assert "1 members" in (await visitor.post(f"{admin}/invite", data=invitation)).text
    assert "a member already" in (await visitor.post(f"{admin}/invite", data=invitation)).text
    await visitor.post(f"{admin}/members/owl/role", data={"role": "editor"})
    await visitor.post(f"{admin}/members/owl/role", data={"role": "king"})
    assert "nothing was changed" in (await visitor.post(f"{admin}/members/owl/suspend", data={"typed": "wren"})).text
    await visitor.post(f"{admin}/members/owl/suspend", data={"typed": "owl"})
    told = [(row.what, row.role) for row in town.ledger.rows() if isinstance(row, MemberRow)]
    assert told == [("invited", "guest"), ("role", "editor"), ("suspended", "editor")]


async def test_the_waterworks_take_readings_that_can_be(town: Town, visitor: httpx.AsyncClient) -> None:
    form = {"meter": "W-4471", "reading": "1250", "read_on": "2026-11-22", "email": "ada@leveret.example"}
    at = f"{town.addresses.waterworks}/reading"
    for change, said in (
        ({"meter": "W-1"}, "do not know this meter"),
        ({"reading": "12,5"}, "black digits only"),
        ({"reading": "1203"}, "does not run backwards"),
        ({"reading": "1405"}, "Please confirm"),
        ({"read_on": "2026-11-24"}, "within the last 14 days"),
        ({"email": ""}, "an email address"),
    ):
        wrong = await visitor.post(at, data={**form, **change})
        assert wrong.status_code == 422 and said in wrong.text
    taken = await visitor.post(at, data={**form, "reading": "1405", "unusual": "1"})
    assert taken.url.path == "/receipts/Z-61" and "<b >201</b>" in taken.text
    assert len(town.ledger.rows("waterworks")) == 1


async def test_every_row_of_the_ledger_is_shown_to_people(town: Town, visitor: httpx.AsyncClient) -> None:
    at = "2026-11-23T14:00:00"
    town.ledger.write(
        MailRow(number="S-1", to="bea@garden.example", subject="Hello", body="Hi", at=at),
        RideRow(number="H-1", pick_up="A", drop_off="B", when="now", car="Hop", phone="1", total="9.00", at=at),
        CustomerRow(number="K-1", customer="C-0001", field="city", before="A", after="B", at=at),
    )
    page = await visitor.get(f"{town.addresses.town}/ledger", headers={"accept": "text/html"})
    assert all(
        words in page.text for words in ("mail: Hello", "Hop, A to B, now", "city: A to B", "bea@garden.example")
    )


async def test_the_landing_page_leads_to_every_site_and_every_site_answers(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    landing = (await visitor.get(town.addresses.town)).text
    for site in SITES:
        address = getattr(town.addresses, site)
        assert f'href="{address}"' in landing and (await visitor.get(address)).status_code == 200


async def test_without_marks_no_page_tells_what_its_elements_mean(town: Town, visitor: httpx.AsyncClient) -> None:
    for site in SITES:
        page = (await visitor.get(getattr(town.addresses, site))).text
        assert "data-truth" not in page and "window.truth=" not in page


@pytest.mark.parametrize("release", ["1", "2", "3"])
async def test_what_was_done_can_be_looked_up_in_every_release(release: str, visitor: httpx.AsyncClient) -> None:
    async with Town(now=lambda: MONDAY, releases=dict.fromkeys(SITES, release)) as town:
        town.nursery.basket("visit").lines["fern"] = 1
        town.nursery.order("visit", {"name": "Ada Example", "delivery": "2026-11-24"})
        town.permits.answers["visit"] = {**ANSWERS, "start": "2026-12-01", "months": "1"}
        town.permits.apply("visit")
        form = {"meter": "W-4471", "reading": "1250", "read_on": "2026-11-22", "email": "ada@leveret.example"}
        town.meters.report(form)
        order = town.desk.orders["A-2190"]
        town.desk.wishes["visit"] = Wish(order, order.items[:1], "too-small", "", None)
        town.desk.file("visit")
        at = town.addresses
        for address, field, value, number in (
            (f"{at.garden}/orders", "name", "Ada Example", "G-401"),
            (f"{at.townhall}/permits", "email", "ada@leveret.example", "PP-211"),
            (f"{at.waterworks}/receipts", "meter", "w-4471", "Z-61"),
            (f"{at.returns}/returns", "order", "a-2190", "R-901"),
        ):
            assert number in (await visitor.get(address, params={field: value})).text
            assert number not in (await visitor.get(address, params={field: "other"})).text


@pytest.mark.parametrize(
    ("act", "path", "form"),
    [
        ("library.reserve", "/book/S17", {"CRDNO": "L-4471", "BR": "Station"}),
        ("chores.add", "/api/chores", {"title": "Feed the ducks"}),
        (
            "waterworks.report",
            "/reading",
            {"meter": "W-4471", "reading": "1250", "read_on": "2026-11-22", "email": "ada@leveret.example"},
        ),
    ],
)
async def test_an_act_can_be_refused_or_spoiled_on_purpose(
    act: str, path: str, form: dict[str, str], town: Town, visitor: httpx.AsyncClient
) -> None:
    site = act.partition(".")[0]
    for kind, rows in (("refuse", 0), ("error", 1)):
        town.faults.arm(act, kind)  # type: ignore[arg-type]
        assert (await visitor.post(f"http://{site}.localhost:{town.port}{path}", data=form)).status_code == 500
        assert len(town.ledger.rows(site)) == rows


async def test_a_site_is_drawn_anew_under_the_feet_of_its_visitors(town: Town, visitor: httpx.AsyncClient) -> None:
    shop = town.addresses.pizza
    await visitor.post(f"{shop}/cart/add", data={"kind": "hawaii", "size": "small", "quantity": "1"})
    town.redraw({"pizza": "2"})
    assert "Amount due" in (await visitor.get(f"{shop}/cart")).text
    await visitor.post(f"{town.addresses.town}/redraw", params={"pizza": "3"})
    bag = (await visitor.get(f"{shop}/cart")).text
    assert "Your bag" in bag and "Small Hawaii" in bag
    wrong = await visitor.post(f"{town.addresses.town}/redraw", params={"pizza": "9"})
    assert wrong.status_code == 422 and "no release '9'" in wrong.text
