"""The return desk: which orders, what is needed, what comes out."""

from __future__ import annotations

import httpx
import pytest

from examples.town import Town
from examples.town.returns.pdf import page_of

MINE = {"order": "A-2190", "email": "ada@leveret.example"}
PHOTO = {"photo": ("mug.jpg", b"jpg")}


@pytest.mark.parametrize(
    ("change", "said"),
    [({"order": "A-1"}, "no order"), ({"email": "a@b.example"}, "no order"), ({"order": "A-2031"}, "stays with you")],
)
async def test_an_order_that_cannot_come_back_says_why(
    change: dict[str, str], said: str, town: Town, visitor: httpx.AsyncClient
) -> None:
    reply = await visitor.post(town.addresses.returns, data={**MINE, **change})
    assert reply.status_code == 422 and said in reply.text


async def test_an_order_is_shown_to_nobody_who_did_not_find_it(town: Town, visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get(f"{town.addresses.returns}/orders/A-2190")).url.path == "/"


@pytest.mark.parametrize(
    ("form", "files", "said"),
    [
        ({"reason": "too-small"}, {}, "what you send back"),
        ({"item": "mugs"}, {}, "choose a reason"),
        ({"item": "mugs", "reason": "damaged"}, {}, "upload a photo"),
        ({"item": "mugs", "reason": "damaged"}, {"photo": ("mug.exe", b"")}, "upload a picture"),
    ],
)
async def test_what_is_missing_is_said(
    form: dict[str, str], files: dict[str, tuple[str, bytes]], said: str, town: Town, visitor: httpx.AsyncClient
) -> None:
    await visitor.post(town.addresses.returns, data=MINE)
    reply = await visitor.post(f"{town.addresses.returns}/orders/A-2190", data=form, files=files or None)
    assert reply.status_code == 422 and said in reply.text


async def test_a_return_is_in_the_ledger_and_its_item_comes_back_once(town: Town, visitor: httpx.AsyncClient) -> None:
    desk = town.addresses.returns
    await visitor.post(desk, data=MINE)
    choice = {"item": "mugs", "reason": "damaged"}
    assert "38.00" in (await visitor.post(f"{desk}/orders/A-2190", data=choice, files=PHOTO)).text
    done = await visitor.post(f"{desk}/review")
    assert done.url.path == "/returns/R-901" and len(town.ledger.rows("returns")) == 1
    assert (await visitor.post(f"{desk}/review")).url.path == "/"
    again = await visitor.get(f"{desk}/orders/A-2190")
    assert "Six mugs" not in again.text and "Desk lamp" in again.text
    label = await visitor.get(f"{desk}/returns/R-901/label.pdf")
    assert label.content.startswith(b"%PDF-1.4") and b"R-901" in label.content


def test_a_label_is_a_page_whose_table_points_at_its_objects() -> None:
    file = page_of(("A (b) \\c", "two"))
    start = int(file.rsplit(b"startxref\n", 1)[1].split()[0])
    assert file[start:].startswith(b"xref\n0 6")
    places = [int(line.split()[0]) for line in file[start:].splitlines()[3:8]]
    assert all(file[place:].startswith(b"%d 0 obj" % number) for number, place in enumerate(places, 1))
    assert b"(A \\(b\\) \\\\c) Tj" in file
