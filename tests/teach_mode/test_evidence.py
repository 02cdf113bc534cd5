"""Whether something happened, told by the site's own history: as it was taught, empty, and redrawn. That nothing is
found there is never taken for a no on a page that may be another one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec.structs import replace

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.page import Page
from browser.pool import Pool
from teach_mode.evidence import Found, count, find_evidence
from teach_mode.skill import Confirm, Entry, Evidence, Origins, Skill, Step, Target
from tests.teach_mode.lessons import School

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SHOP = """<title>Tea</title><header><a href=/>Home</a> <a href=/orders>Your orders</a></header><h1>Your orders</h1>
<p data-testid=count>{count}</p><ul class=orders>{items}</ul>"""
ITEM = "<li class=order data-testid=order><b>T-{n}</b> <span class=what>Green tea</span> <i>4.50</i></li>"
REDRAWN = """<title>Tea</title><nav><a href=/>Home</a> <a href=/orders>Your orders</a></nav><h1>Your orders</h1>
<p class=sum>{count}</p><ul class=list>{items}</ul><footer>Tea since 1999</footer>"""
NOW = "<li class=entry><b>T-{n}</b> <span class=what>Green tea</span> <i>4.50</i></li>"
EMPTY = "<p>You have not ordered anything yet.</p>"

ONLY_URL = Condition(url="*/orders*")
COUNTED = Condition(visible=(Locator(kind=LocatorKind.TESTID, value="count"),))
LOOKS = Fingerprint(
    role="listitem", tag="li", text="T-1 Green tea 4.50", attributes={"data-testid": "order"}, classes=("order",),
    within=("list", "under Your orders"), neighbours=("T-2 Green tea 4.50", "2 orders", "Your orders"),
)  # fmt: skip
BUTTON = Locator(kind=LocatorKind.ROLE, value="button", name="Order", exact=True)


def page_of(shop: str, item: str, orders: int) -> str:
    items = "".join(item.replace("{n}", str(n)) for n in range(1, orders + 1))
    return shop.replace("{count}", f"{orders} orders").replace("{items}", items)


def skill_of(ready: Condition, looks: Fingerprint | None) -> Skill:
    items = (Locator(kind=LocatorKind.TESTID, value="order"),)
    pay = Step(
        id="pay", action="click", effect="irreversible", question="Order for {total}?",
        target=Target(locators=(BUTTON,), fingerprint=Fingerprint(role="button", name="Order", tag="button")),
        confirms=(Confirm(name="total", title="Total", locators=(BUTTON,), kind="amount"),),
        postcondition=Condition(url="*/done"),
        evidence=Evidence(url="{site}/orders", ready=ready, items=items, looks=looks),
    )  # fmt: skip
    return Skill(
        format=1, name="tea", description="buy tea", base="http://shop.localhost", effect="irreversible",
        origins=Origins(navigate=("shop.localhost",)), utterances=("buy tea",), steps=(pay,),
        entry=Entry(url="{site}/"),
    )  # fmt: skip


class History:
    """A shop's history, as it stands: how many it counts, and what it proves."""

    def __init__(self, school: School, page: Page) -> None:
        self.school = school
        self.page = page

    def _at(self, skill: Skill, html: str) -> Skill:
        self.school.pages = {"/orders": html}
        return skill.at(f"http://shop.localhost:{self.school.port}")

    async def count(self, skill: Skill, html: str) -> tuple[int, bool] | None:
        skill = self._at(skill, html)
        evidence = skill.steps[0].evidence
        assert evidence is not None
        found = await count(skill, evidence, {"site": skill.base}, self.page, Deadline.after_ms(30_000))
        return (found.items, found.anew) if found is not None else None

    async def tells(self, skill: Skill, html: str, before: int | None, *, anew: bool = False) -> Found:
        skill = self._at(skill, html)
        deadline = Deadline.after_ms(30_000)
        return await find_evidence(skill, {}, self.page, before, anew=anew, deadline=deadline)


@pytest_asyncio.fixture(loop_scope="module")
async def history(school: School, pool: Pool) -> AsyncIterator[History]:
    async with pool.context(navigate=[f"shop.localhost:{school.port}"]) as task:
        yield History(school, await task.new_page())


@pytest.mark.parametrize(
    ("before", "now", "happened"),
    [(1, 2, True), (0, 1, True), (2, 2, False), (0, 0, False), (3, 2, None), (None, 2, None)],
)
async def test_one_more_item_is_a_yes_as_many_a_no_and_fewer_neither(
    before: int | None, now: int, happened: bool | None, history: History
) -> None:
    found = await history.tells(skill_of(COUNTED, LOOKS), page_of(SHOP, ITEM, now), before)
    assert (found.happened, found.after) == (happened, now)


async def test_as_many_on_a_page_that_may_show_the_latest_alone_tell_nothing(history: History) -> None:
    skill = skill_of(COUNTED, LOOKS)
    pay = skill.steps[0]
    assert pay.evidence is not None
    some = replace(skill, steps=(replace(pay, evidence=replace(pay.evidence, whole=False)),))
    assert (await history.tells(some, page_of(SHOP, ITEM, 2), 2)).happened is None
    assert (await history.tells(some, page_of(SHOP, ITEM, 3), 2)).happened is True


async def test_nothing_on_a_page_that_does_not_say_what_it_is_tells_nothing(history: History) -> None:
    for looks in (LOOKS, None):
        skill = skill_of(ONLY_URL, looks)
        assert await history.count(skill, EMPTY) is None
        assert (await history.tells(skill, EMPTY, 0)).happened is None
        assert (await history.tells(skill, page_of(SHOP, ITEM, 2), 2)).happened is False


@pytest.mark.parametrize("ready", [ONLY_URL, COUNTED])
@pytest.mark.parametrize("orders", [0, 2, 3])
async def test_a_history_that_was_redrawn_in_the_meantime_is_no_proof_that_nothing_happened(
    orders: int, ready: Condition, history: History
) -> None:
    for looks in (LOOKS, None):
        found = await history.tells(skill_of(ready, looks), page_of(REDRAWN, NOW, orders), 2)
        assert found.happened is None


async def test_items_that_were_redrawn_are_counted_by_what_they_look_like_and_only_a_further_one_proves_anything(
    history: History,
) -> None:
    skill = skill_of(ONLY_URL, LOOKS)
    assert await history.count(skill, page_of(REDRAWN, NOW, 2)) == (2, True)
    assert (await history.tells(skill, page_of(REDRAWN, NOW, 3), 2, anew=True)).happened is True
    assert (await history.tells(skill, page_of(REDRAWN, NOW, 2), 2, anew=True)).happened is None
    assert (await history.tells(skill, page_of(SHOP, ITEM, 3), 2, anew=True)).happened is None


async def test_of_two_kinds_that_could_be_the_items_neither_is_counted(history: History) -> None:
    both = page_of(REDRAWN, NOW, 2).replace("<footer>", page_of(REDRAWN, NOW.replace("entry", "cell"), 2) + "<footer>")
    assert await history.count(skill_of(ONLY_URL, LOOKS), both) is None
