"""What people do in the town, told by what things mean (`data-truth`), so that one script walks every release."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable

from examples.town import Town
from examples.town.identity import ADA, code_at
from examples.town.ledger import (
    BistroRow,
    ChoreRow,
    CustomerRow,
    GardenRow,
    LibraryRow,
    MailRow,
    MemberRow,
    MeterRow,
    PermitRow,
    PizzaRow,
    ReturnRow,
    RideRow,
    TicketRow,
)
from examples.town.tickets.box_office import all_seats
from tests.town.person import Person

Errand = Callable[[Person, Town], Awaitable[None]]
CARD = {
    "name": "Ada Example",
    "email": "ada@leveret.example",
    "card": "4242 4242 4242 4242",
    "expiry": "04/29",
    "cvc": "123",
}


async def order_pizza(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.pizza)
    await somebody.clicks("kind:diavola")
    await somebody.ticks("size:large")
    await somebody.maybe("next:1")
    await somebody.ticks("topping:olives")
    await somebody.maybe("next:2")
    await somebody.chooses("quantity", "2")
    await somebody.clicks("add", "checkout")
    await somebody.types("name", "Ada Example")
    await somebody.types("phone", "555 0100")
    await somebody.maybe("next:3")
    await somebody.types("address", "Elm Street 5")
    await somebody.maybe("next:4")
    await somebody.ticks("payment:cash")
    await somebody.clicks("to-review")
    assert (await somebody.reads("total"), await somebody.reads("address-read")) == ("32.40", "Elm Street 5")
    await somebody.clicks("pay")
    number = await somebody.reads("number")
    row = town.ledger.rows("pizza")[-1]
    assert isinstance(row, PizzaRow) and (row.number, row.kind, row.quantity) == (number, "diavola", 2)
    await somebody.clicks("orders")
    await somebody.types("find-phone", "5550100")
    await somebody.clicks("find", f"order:{number}")
    assert await somebody.reads("arrives") == "14:30"


async def book_table(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.bistro)
    await somebody.clicks("book-now")
    await somebody.chooses("people", "4")
    await somebody.maybe("next:1")
    await somebody.clicks("month-on", "day:2026-12-02")
    await somebody.maybe("next:2")
    await somebody.clicks("time:19:30")
    await somebody.maybe("next:3")
    await somebody.types("name", "Ada Example")
    await somebody.types("phone", "555 0100")
    await somebody.clicks("continue")
    assert await somebody.reads("date-read") == "Wednesday 2 December 2026"
    await somebody.clicks("confirm")
    number = await somebody.reads("number")
    row = town.ledger.rows("bistro")[-1]
    assert isinstance(row, BistroRow) and (row.number, row.people, row.when) == (number, 4, "2026-12-02T19:30")


async def sign_in(somebody: Person) -> None:
    """Through the door of the page that is open."""
    await somebody.types("user", ADA.name)
    await somebody.maybe("next:1")
    await somebody.types("password", ADA.password)
    await somebody.clicks("sign-in")


async def send_mail(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.mail)
    await sign_in(somebody)
    await somebody.types("code", code_at(ADA.seed, time.time()))
    await somebody.clicks("verify", "folder:inbox", "letter:M-101")
    assert await somebody.reads("from-read") == "Bea Example"
    async with somebody.page.expect_download() as coming:
        await somebody.clicks("file:invoice-2291.csv")
    assert (await coming.value).suggested_filename == "invoice-2291.csv"
    await somebody.clicks("answer")
    await somebody.within("iframe")
    await somebody.types("body", "Thank you, Bea.\nI pay tomorrow.")
    somebody.at = somebody.page
    await somebody.sees("attach").set_input_files({"name": "paid.txt", "mimeType": "text/plain", "buffer": b"yes"})
    await somebody.clicks("send")
    assert await somebody.reads("subject-read") == "Re: Your invoice"
    row = town.ledger.rows("mail")[-1]
    assert isinstance(row, MailRow) and (row.to, row.attachments) == ("bea@garden.example", ("paid.txt",))
    assert row.body == "Thank you, Bea.\nI pay tomorrow."
    await somebody.clicks("folder:sent", f"letter:{row.number}")
    assert await somebody.reads("to-read") == "bea@garden.example"


async def buy_tickets(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.tickets)
    await somebody.types("search", "granary")
    await somebody.maybe("apply")
    await somebody.clicks("event:hamlet")
    seats = free_seats(town, "hamlet")
    await somebody.within("iframe")
    await somebody.clicks(*(f"seat:{seat}" for seat in seats))
    somebody.at = somebody.page
    await somebody.page.get_by_text(", ".join(seats)).wait_for()
    await somebody.clicks("continue")
    for truth, text in CARD.items():
        await somebody.types(truth, text)
    await somebody.clicks("to-review")
    assert await somebody.reads("seats-read") == ", ".join(seats)
    total = await somebody.reads("total")
    await somebody.clicks("pay")
    row = town.ledger.rows("tickets")[-1]
    assert isinstance(row, TicketRow) and (row.event, row.seats, row.total) == ("Hamlet, Briefly", seats, total)
    assert row.card == "4242" and await somebody.reads("number") == row.number
    async with somebody.page.expect_download():
        await somebody.clicks("download")


def free_seats(town: Town, event: str) -> tuple[str, str]:
    """Two seats that are free, in the order of the alphabet."""
    taken = town.box_office.taken(town.box_office.events[event], "")
    first, second = sorted(seat for seat in all_seats() if seat not in taken)[:2]
    return first, second


async def book_ride(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.rides)
    for field, typed, place in (
        ("pick_up", "market", "market-hall"),
        ("drop_off", "rail", ""),
        ("drop_off", "stat", "station"),
    ):
        await somebody.types(field, typed)
        if place:
            await somebody.clicks(f"place:{place}")
    await somebody.maybe("tab:later")
    await somebody.types("when", "2026-11-24T08:15")
    await somebody.clicks("see-prices", "car:electric")
    assert await somebody.reads("to-read") == "Central Station"
    total = await somebody.reads("total")
    await somebody.types("phone", "555 0100")
    await somebody.clicks("book")
    number = await somebody.reads("number")
    row = town.ledger.rows("rides")[-1]
    assert isinstance(row, RideRow) and (row.number, row.total, row.car) == (number, total, "Hop Electric")
    assert (row.pick_up, row.drop_off, row.when) == ("Market Hall", "Central Station", "2026-11-24T08:15")
    await somebody.clicks("my-rides")
    await somebody.types("find-phone", "5550100")
    await somebody.clicks("find", f"ride:{number}")
    assert await somebody.reads("total") == total


async def send_back(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.returns)
    await somebody.types("order", "a-2207")
    await somebody.types("email", "ada@leveret.example")
    await somebody.clicks("find")
    item = town.desk.left(town.desk.orders["A-2207"])[0]
    await somebody.ticks(f"item:{item.key}")
    await somebody.maybe("next:1")
    await somebody.chooses("reason", "damaged")
    await somebody.sees("photo").set_input_files({"name": "torn.png", "mimeType": "image/png", "buffer": b"png"})
    await somebody.clicks("continue")
    assert (await somebody.reads("items-read"), await somebody.reads("total")) == (item.title, f"{item.price:.2f}")
    await somebody.clicks("submit")
    number = await somebody.reads("number")
    row = town.ledger.rows("returns")[-1]
    assert isinstance(row, ReturnRow) and (row.number, row.items, row.photo) == (number, (item.title,), "torn.png")
    async with somebody.page.expect_download() as coming:
        await somebody.clicks("label")
    assert (await coming.value).suggested_filename == f"label-{number}.pdf"
    async with somebody.page.expect_popup() as opening:
        await somebody.clicks("print")
    tab = await opening.value
    assert (await tab.locator('[data-truth="number"]').inner_text()).strip() == number
    async with tab.expect_event("close"):
        await tab.locator('[data-truth="close"]').evaluate("made => void setTimeout(() => made.click())")


async def change_customer(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.customers)
    await sign_in(somebody)
    await somebody.types("search", "willow")
    await somebody.maybe("apply")
    customer = town.customers.search("willow")[3]
    if town.releases["customers"] == "3":
        await somebody.sees(f"row:{customer.number}").click(button="right")
        await somebody.clicks(f"menu-edit:{customer.number}")
    else:
        await somebody.sees(f"row:{customer.number}").hover()
        await somebody.clicks(f"edit:{customer.number}")
    await somebody.types("city", "Newtown")
    await somebody.clicks("save")
    await somebody.sees(f"row:{customer.number}").wait_for()
    row = town.ledger.rows("customers")[-1]
    assert isinstance(row, CustomerRow) and (row.customer, row.field, row.after) == (customer.number, "city", "Newtown")
    await somebody.clicks("board")
    columns = town.customers.board()
    start = next(stage for stage in columns if columns[stage])
    end = "resting" if start != "resting" else "new"
    card = columns[start][0].number
    await somebody.sees(f"card:{card}").drag_to(somebody.sees(f"column:{end}"), target_position={"x": 40, "y": 330})
    await somebody.page.get_by_text(f"{card} is {end} now.").wait_for()
    row = town.ledger.rows("customers")[-1]
    assert isinstance(row, CustomerRow) and (row.customer, row.before, row.after) == (card, start, end)


async def buy_plants(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.garden)
    await somebody.clicks("consent:needed")
    await somebody.sees("consent:needed").wait_for(state="detached")
    await somebody.types("quantity:lavender", "3")
    await somebody.clicks("add:lavender")
    assert await somebody.reads("total") == "17.40"
    await somebody.types("name", "Ada Example")
    await somebody.clicks("month-on", "day:2026-12-03", "order")
    assert await somebody.reads("day-read") == "Thursday 3 December 2026"
    row = town.ledger.rows("garden")[-1]
    assert isinstance(row, GardenRow) and (row.plant, row.quantity, row.delivery) == ("Lavender", 3, "2026-12-03")


async def reserve_book(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.library)
    await somebody.types("words", "nine doors")
    await somebody.chooses("shelf", "S")
    await somebody.clicks("search", "book:S17")
    await somebody.types("card", "l-4471")
    if await somebody.sees("branch").count():
        await somebody.chooses("branch", "Station")
    else:
        await somebody.ticks("branch:Station")
    await somebody.clicks("reserve")
    assert await somebody.reads("book-read") == "A House With Nine Doors"
    row = town.ledger.rows("library")[-1]
    assert isinstance(row, LibraryRow) and (row.card, row.branch) == ("L-4471", "Station")


async def apply_for_permit(somebody: Person, town: Town) -> None:
    answers = {"name": "Ada Example", "email": "ada@leveret.example", "plate": "le-ab 123", "start": "2026-12-01"}
    await somebody.goes(town.addresses.townhall)
    await somebody.clicks("begin")
    for step in range(1, 6):
        await somebody.sees(f"continue:{step}").or_(somebody.sees("submit")).wait_for()
        if await somebody.sees("submit").count():
            break
        for field, text in answers.items():
            if await somebody.sees(field).count():
                await somebody.types(field, text)
        for field, value in (("zone", "B"), ("months", "3")):
            if await somebody.sees(field).count():
                await somebody.chooses(field, value)
        for field in ("zone:B", "agree"):
            if await somebody.sees(field).count():
                await somebody.ticks(field)
        await somebody.clicks(f"continue:{step}")
    assert (await somebody.reads("total"), await somebody.reads("plate-read")) == ("37.50", "le-ab 123")
    await somebody.clicks("submit")
    number = await somebody.reads("number")
    row = town.ledger.rows("townhall")[-1]
    assert isinstance(row, PermitRow) and (row.number, row.plate, row.months) == (number, "LE-AB 123", 3)


async def do_chores(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.chores)
    await somebody.sees("count").wait_for()
    await somebody.maybe("new")
    await somebody.types("title", "Feed the ducks")
    await somebody.sees("title").press("Enter")
    await somebody.sees("title-read").filter(has_text="Feed the ducks").wait_for()
    await somebody.clicks("toggle")
    await somebody.sees("state").filter(has_text=re.compile("^(done|finished)$", re.IGNORECASE)).wait_for()
    assert [row.what for row in town.ledger.rows("chores")[-2:] if isinstance(row, ChoreRow)] == ["added", "done"]
    await somebody.maybe("back")
    chore = town.todo.some("open", "piano")[-1]
    await somebody.types("search", "piano")
    await somebody.clicks(f"chore:{chore.id}")
    await somebody.sees("title-read").filter(has_text=chore.title).wait_for()


async def invite_member(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.admin)
    await sign_in(somebody)
    await somebody.types("code", code_at(ADA.seed, time.time()))
    await somebody.clicks("verify")
    await somebody.sees("search").wait_for()
    await somebody.maybe("open-invite")
    await somebody.types("email", "nightjar@town.example")
    await somebody.chooses("role", "editor")
    await somebody.clicks("invite")
    await somebody.sees("count").filter(has_text=re.compile("^1")).wait_for()
    row = town.ledger.rows("admin")[-1]
    assert isinstance(row, MemberRow) and (row.what, row.email) == ("invited", "nightjar@town.example")
    await somebody.page.evaluate("window.confirm = () => true; window.prompt = () => 'nightjar'")
    await somebody.clicks("suspend:nightjar")
    await somebody.sees("state:nightjar").filter(has_text="Suspended").wait_for()


async def report_reading(somebody: Person, town: Town) -> None:
    await somebody.goes(town.addresses.waterworks)
    meter = town.meters.meters["W-4472"]
    if town.releases["waterworks"] != "3":
        await somebody.looks_for("report")
        await somebody.clicks("report")
    await somebody.looks_for("reading")
    values = {
        "meter": "w-4472",
        "reading": str(meter.last + 31),
        "read_on": "2026-11-22",
        "email": "ada@leveret.example",
    }
    for truth, text in values.items():
        await somebody.types(truth, text)
    await somebody.clicks("send")
    await somebody.looks_for("used")
    assert await somebody.reads("used") == "31"
    row = town.ledger.rows("waterworks")[-1]
    assert isinstance(row, MeterRow) and (row.meter, row.reading) == ("W-4472", meter.last)


ERRANDS: dict[str, Errand] = {
    "pizza": order_pizza,
    "bistro": book_table,
    "mail": send_mail,
    "tickets": buy_tickets,
    "rides": book_ride,
    "returns": send_back,
    "customers": change_customer,
    "garden": buy_plants,
    "library": reserve_book,
    "townhall": apply_for_permit,
    "chores": do_chores,
    "admin": invite_member,
    "waterworks": report_reading,
}
