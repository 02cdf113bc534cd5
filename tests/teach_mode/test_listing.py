"""What a site lists is seen while it is shown, and becomes the evidence of the act that is on it."""

from __future__ import annotations

from typing import Any

import pytest

from browser.deadline import Deadline
from browser.pool import Pool
from teach_mode.evidence import count
from teach_mode.generalize import generalize
from teach_mode.skill import Evidence, Skill
from tests.teach_mode.lessons import Lesson, School, lesson

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

MENU = "<nav><ul><li><a href=/>Tea</a></li><li><a href=/orders>Your orders</a></li></ul></nav>"
SHOP = f"""<title>Tea</title>{MENU}<main><h1>Tea</h1><form action=/done>
<label>What <input name=what></label> <p>Total 4.50</p><button>Place order</button></form></main>"""
DONE = (
    f"<title>Thank you</title>{MENU}<main><h1>Thank you</h1><p role=status>Your order T-2041 is on its way.</p></main>"
)
LISTS = {
    "articles": "<article><h2>T-{n}</h2><ul><li>{what}</li><li>4.50</li></ul></article>",
    "rows": "<tr><td>T-{n}</td><td>{what}</td><td>4.50</td></tr>",
    "items": "<li data-testid=entry>T-{n} {what}</li>",
}
AROUND = {
    "articles": "<section>{}</section>",
    "rows": "<table><thead><tr><th>Number</th><th>What</th><th>Price</th></tr></thead><tbody>{}</tbody></table>",
    "items": "<ul>{}</ul>",
}


def listed(kind: str, orders: dict[int, str]) -> str:
    items = "".join(LISTS[kind].replace("{n}", str(n)).replace("{what}", what) for n, what in orders.items())
    list_ = AROUND[kind].replace("{}", items)
    tips = (
        "<aside><ul><li>Warm the pot before you pour, and let it draw for four minutes, never longer.</li></ul></aside>"
    )
    return f"<title>Yours</title>{MENU}<main><h1>Your orders</h1>{list_}</main>{tips}"


async def order(lesson: Lesson) -> None:
    await lesson.click("input")
    await lesson.tab.keyboard.type("green tea")
    await lesson.at_rest()
    await lesson.click("button")
    await lesson.at_rest()
    await lesson.click("nav a >> nth=1")


async def taught(school: School, pool: Pool, orders: str) -> tuple[Skill, Evidence | None]:
    school.pages = {"/": SHOP, "/done": DONE, "/orders": orders}
    async with lesson(pool, (f"shop.localhost:{school.port}",)) as begun:
        await begun.page.goto(school.url(), deadline=Deadline.after_ms(20_000))
        await begun.recorder.settled()
        await order(begun)
        await begun.at_rest()
    made = generalize([begun.recorder.demonstration("order green tea")])
    pay = next(one for one in made.skill.steps if one.effect == "irreversible")
    return made.skill, pay.evidence


@pytest.mark.parametrize("kind", LISTS)
async def test_the_list_that_was_looked_at_after_an_act_is_counted_from_then_on(
    kind: str, school: School, pool: Pool
) -> None:
    skill, evidence = await taught(school, pool, listed(kind, {2041: "Green tea", 2040: "Black tea"}))
    assert evidence is not None and evidence.url == "{site}/orders" and not evidence.whole
    async with pool.context(navigate=[f"shop.localhost:{school.port}"]) as task:
        page = await task.new_page()
        for orders in ({}, {2041: "Green tea"}, {2043: "Oolong", 2042: "Green tea", 2041: "Mint"}):
            school.pages["/orders"] = listed(kind, orders)
            given: dict[str, Any] = {"site": school.url("")}
            counted = await count(skill, evidence, given, page, Deadline.after_ms(30_000))
            assert counted is not None and (counted.items, counted.anew) == (len(orders), False)


async def test_a_list_that_does_not_have_the_act_on_it_is_no_evidence(school: School, pool: Pool) -> None:
    _, evidence = await taught(school, pool, listed("items", {7: "Oolong", 6: "Mint"}))
    assert evidence is None
