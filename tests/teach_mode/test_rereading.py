"""Read-backs that a redesign moved: found for sure, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from browser.deadline import Deadline
from browser.page import Page
from browser.pool import Pool
from teach_mode.rereading import Reread, Rereading, after
from teach_mode.skill import Confirm, Entry, Origins, Skill

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

TOTAL = Confirm(name="total", title="Total", locators=after("Total"), kind="amount", capped=True)
TO = Confirm(name="to", title="To", locators=after("Delivered to"), expect="Elm Street 5")

SKILL = Skill(
    format=1,
    name="order",
    description="Order",
    base="http://shop.localhost",
    origins=Origins(navigate=("shop.localhost",)),
    entry=Entry(url="{site}/"),
    steps=(),
    utterances=(),
)


@pytest_asyncio.fixture(loop_scope="module")
async def page(pool: Pool) -> AsyncIterator[Page]:
    async with pool.context(navigate=[]) as task:
        yield await task.new_page()


async def on(page: Page, html: str, confirm: Confirm) -> tuple[Reread | None, str]:
    """What is found on a page, and what it says."""
    await page.playwright.set_content(html)
    found = await Rereading(page, SKILL, {}, Deadline.after_ms(15_000)).find(confirm)
    said = await page.read(found.back({}).locators, deadline=Deadline.after_ms(15_000)) if found else ""
    return found, said


@pytest.mark.parametrize(
    "html",
    [
        "<div><span>Amount due</span><span>14.50</span></div>",
        "<table><tr><th>To pay:<td>€ 14.50<tr><th>Delivery<td>2.00</table>",
        "<dl><dt>Grand total</dt><dd>14.50</dd><dt>Saved</dt><dd>1.50</dd></dl>",
    ],
)
async def test_an_amount_is_found_under_a_label_that_means_the_same(page: Page, html: str) -> None:
    found, said = await on(page, html, TOTAL)
    assert found is not None and "14.50" in said
    assert found.title in ("Amount due", "To pay:", "Grand total")


@pytest.mark.parametrize(
    "html",
    [
        "<div><span>Price</span><span>9.50</span></div><div><span>Amount due</span><span>14.50</span></div>",
        "<div><span>Amount due</span><span>14.50 or 12.00</span></div>",
        "<div><span>Amount due</span><span>14.50</span></div><div><span>Amount due</span><span>45.50</span></div>",
        "<div><span>Delivery</span><span>14.50</span></div><div><span>Subtotal</span><span>12.50</span></div>",
        "<div><span>Amount due</span><span>soon</span></div>",
        "<div style='display: none'><span>Amount due</span><span>14.50</span></div>",
        "14.50",
    ],
)
async def test_an_amount_that_is_not_sure_is_not_taken(page: Page, html: str) -> None:
    assert (await on(page, html, TOTAL))[0] is None


async def test_expected_words_are_found_elsewhere_and_nothing_else_for_them(page: Page) -> None:
    found, said = await on(page, "<p>Deliver to: <b>Elm Street 5</b></p><p>Oak Street 7</p>", TO)
    assert found is not None and said == "Elm Street 5"
    assert (await on(page, "<p>Deliver to: <b>Oak Street 7</b></p>", TO))[0] is None
