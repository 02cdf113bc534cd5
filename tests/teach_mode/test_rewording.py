"""A site that words its conditions and read-backs anew: what a lesson recorded of them is found again, or nothing is
done. Real pages, a real lesson."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import pytest_asyncio

from browser.deadline import Deadline
from browser.pool import Pool
from cloud.tools.healings import with_targets
from teach_mode.checks import check, parse_skill, write_skill
from teach_mode.demonstration import Demonstration
from teach_mode.generalize import generalize
from teach_mode.healer import Healer
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.rereading import Rereading
from teach_mode.sight import Sight
from teach_mode.skill import Confirm, Entry, Origins, Skill, Step
from tests.teach_mode.lessons import School, lesson

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

PAGE = """<title>Tea</title><header><a href=/>Home</a> <a href=/teas>All teas</a> <a href=/help>Help</a>
<a id=cart href=#cart class=basket>Cart 0</a></header><h1>Our teas</h1>
<section class=tea><h2>Green tea</h2><button id=add>Add to cart</button></section>
<section class=pay><dl><dt>Total</dt><dd>4.50</dd></dl><button id=pay>Order and pay</button></section><script>
document.getElementById("add").onclick = () => { document.getElementById("cart").textContent = "Cart 1"; };
document.getElementById("pay").onclick = () => {
  document.querySelector(".pay").remove();
  document.body.insertAdjacentHTML("beforeend", "<div class=done><h2>Thank you for your order</h2></div>");
};
</script>"""
REDRAWN = (
    PAGE.replace("<header>", "<nav><div>")
    .replace("</header>", "</div></nav>")
    .replace("id=cart href=#cart class=basket>Cart 0", "id=bag href=#cart class=basket>Basket (0)")
    .replace('"cart").textContent = "Cart 1"', '"bag").textContent = "Basket (1)"')
    .replace("<dt>Total</dt>", "<dt>Your total</dt>")
    .replace("Thank you for your order", "Thank you for your purchase")
)


@pytest_asyncio.fixture(loop_scope="module")
async def shown(school: School, pool: Pool) -> Demonstration:
    school.pages = {"/": PAGE}
    async with lesson(pool, (f"shop.localhost:{school.port}",)) as begun:
        await begun.page.goto(school.url(), deadline=Deadline.after_ms(10_000))
        await begun.recorder.settled()
        await begun.click("#add")
        await begun.at_rest()
        await begun.click("#pay")
        await begun.at_rest()
        return begun.recorder.demonstration("order green tea")


@pytest.fixture
def skill(shown: Demonstration, school: School) -> Skill:
    return generalize([shown]).skill.at(f"http://shop.localhost:{school.port}")


async def done(skill: Skill, pool: Pool, school: School, gate: Any, html: str) -> Replayed:
    school.pages = {"/": html}
    async with pool.context(navigate=skill.navigates) as task:
        return await Replay(await task.new_page(), gate).run(skill, {}, Deadline.after_ms(40_000))


async def test_a_lesson_remembers_what_its_conditions_looked_like(skill: Skill) -> None:
    entry, pay = skill.entry.condition, skill.steps[-1]
    assert entry is not None and entry.visible[0].name == "Cart 0"
    assert entry.looks is not None and (entry.looks.name, entry.looks.role) == ("Cart 0", "link")
    assert pay.effect == "irreversible" and pay.postcondition is not None
    assert pay.postcondition.looks is not None and pay.postcondition.looks.name == "Thank you for your order"


async def test_reworded_conditions_and_read_backs_are_found_again_told_and_kept(
    skill: Skill, pool: Pool, school: School, scripted_gate: Any
) -> None:
    gate = scripted_gate()
    ended = await done(skill, pool, school, gate, REDRAWN)
    assert (ended.outcome, ended.error) == ("done", None)
    [pay] = [step.id for step in skill.steps if step.effect == "irreversible"]
    found = {(one.step, one.part): one.words for one in ended.healed if one.confirmed}
    assert found == {
        ("entry", "condition"): "Basket (0)",
        (pay, "confirms.total"): "Your total",
        (pay, "postcondition"): "Thank you for your purchase",
    }
    assert "where it said “Cart 0” it now says “Basket (0)”" in gate.asked[0].question
    healed, kept = with_targets(skill, ended.healed)
    assert len(kept) == 3
    assert parse_skill(write_skill(healed)) == healed
    second = await done(healed, pool, school, gate := scripted_gate(), REDRAWN)
    assert (second.outcome, second.healed) == ("done", ())
    assert "Mind" not in gate.asked[0].question and gate.asked[0].read_backs[-1].title == "Your total"
    full = REDRAWN.replace("Basket (0)", "Basket (3)")
    assert not await is_said(healed, pool, school, full, "entry", "condition"), "it holds by its place, not its words"


@pytest.mark.parametrize("now", ["Basket (0)", "Basket (2)", "Wishlist (0)"])
async def test_a_start_is_found_said_otherwise_only_where_it_says_what_was_taught(
    skill: Skill, pool: Pool, school: School, now: str
) -> None:
    html = REDRAWN.replace("Basket (0)", now)
    assert await is_said(skill, pool, school, html, "entry", "condition") == (now == "Basket (0)")


@pytest.mark.parametrize("now", ["Thank you for your purchase", "No thank you for your order", "Order and pay"])
async def test_an_answer_that_denies_what_was_taught_is_never_taken_for_it(
    skill: Skill, pool: Pool, school: School, now: str
) -> None:
    html = REDRAWN.replace("</script>", "</script><div class=done><h2>" + now + "</h2></div>")
    said = await is_said(skill, pool, school, html, skill.steps[-1].id, "postcondition")
    assert said == (now == "Thank you for your purchase")


CART = """<title>Cart</title><a id=cart href=#cart>Cart 2</a> <a href=/>Home</a><h1>Tea</h1><ul>
<li>Green <button class=drop>Remove</button></li><li>Black <button class=drop>Remove</button></li></ul><script>
for (const drop of document.querySelectorAll(".drop")) drop.onclick = () => {
  drop.parentElement.remove();
  const left = document.querySelectorAll(".drop").length;
  document.getElementById("cart").textContent = "Cart " + left;
  if (!left) document.querySelector("ul").outerHTML = "<p class=none>Your cart is empty.</p>";
};</script>"""
BASKET = (
    CART.replace("id=cart", "id=bag")
    .replace('"cart"', '"bag"')
    .replace("Cart ", "Basket ")
    .replace("cart is", "basket is")
)


async def test_a_loop_whose_end_and_counter_are_said_otherwise_goes_on_until_it_is_done(
    pool: Pool, school: School, scripted_gate: Any
) -> None:
    loop = {
        "id": "empty",
        "action": "click",
        "target": {
            "locators": [{"kind": "css", "value": ".drop", "nth": 0}],
            "fingerprint": {"role": "button", "name": "Remove", "text": "Remove", "tag": "button"},
        },
        "until": {
            "text": "Your cart is empty.",
            "looks": {"text": "Your cart is empty.", "tag": "p", "classes": ["none"]},
        },
        "changes": [{"kind": "css", "value": "#cart"}],
        "changes_looks": {
            "role": "link",
            "name": "Cart 2",
            "text": "Cart 2",
            "tag": "a",
            "attributes": {"href": "#cart"},
        },
    }
    base = f"http://shop.localhost:{school.port}"
    skill = Skill(
        format=1,
        name="empty_cart",
        description="Empty the cart.",
        base=base,
        origins=Origins(navigate=("shop.localhost",)),
        entry=Entry(url="{site}/"),
        steps=(msgspec.convert(loop, Step),),
        utterances=("empty the cart",),
    )
    check(skill)
    for html in (CART, BASKET):
        ended = await done(skill, pool, school, scripted_gate(), html)
        assert (ended.outcome, ended.error, len(ended.steps)) == ("done", None, 3)  # the start, and twice the loop
        assert {one.part: one.words for one in ended.healed} == (
            {} if html is CART else {"changes": "Basket 2", "until": "Your basket is empty."}
        )
    healed, kept = with_targets(skill, ended.healed)
    assert len(kept) == 2
    again = await done(healed, pool, school, scripted_gate(), BASKET)
    assert (again.outcome, again.healed) == ("done", ())


SENT = """<title>Send</title><h1>Send</h1><form><label>Delivery address <input name=where value="Elm Street 5"></label>
<label>Note <input name=note value="Elm Street 5"></label><button id=go>Order</button></form>"""


async def test_a_read_back_of_a_field_is_found_again_by_the_field_itself(pool: Pool, school: School) -> None:
    looks = {"role": "textbox", "name": "Delivery address", "label": "Delivery address", "tag": "input"}
    confirm = msgspec.convert(
        {
            "name": "where",
            "title": "Delivery address",
            "locators": [{"kind": "css", "value": "#where"}],
            "expect": "Elm Street 5",
            "looks": looks | {"attributes": {"name": "where", "type": "text"}},
        },
        Confirm,
    )
    school.pages = {"/": SENT.replace("Delivery address", "Address")}
    skill = Skill(
        format=1,
        name="send",
        description="Send it.",
        base=f"http://shop.localhost:{school.port}",
        origins=Origins(navigate=("shop.localhost",)),
        entry=Entry(url="{site}/"),
        steps=(),
        utterances=(),
    )
    async with pool.context(navigate=skill.navigates) as task:
        page = await task.new_page()
        await page.goto(school.url(), deadline=Deadline.after_ms(10_000))
        found = await Rereading(page, skill, {}, Deadline.after_ms(15_000)).find(confirm)
        assert found is not None and found.title == "Address"
        back = found.back({})
        assert await page.read(back.locators, frame=back.frame, deadline=Deadline.after_ms(15_000)) == "Elm Street 5"
        await page.playwright.evaluate("document.querySelector('[name=where]').parentElement.remove()")
        assert await Rereading(page, skill, {}, Deadline.after_ms(15_000)).find(confirm) is None


async def is_said(skill: Skill, pool: Pool, school: School, html: str, step: str, part: str) -> bool:
    """Whether a page is as a condition of the skill asks, perhaps in other words."""
    school.pages = {"/": html}
    steps = {one.id: one for one in skill.all_steps} | {"entry": Step(id="entry", action="goto")}
    condition = skill.entry.condition if part == "condition" else steps[step].postcondition
    assert condition is not None
    async with pool.context(navigate=skill.navigates) as task:
        page = await task.new_page()
        sight = Sight(page, skill, {})
        sight.healer = Healer(skill, {}, None)
        await page.goto(school.url(), deadline=Deadline.after_ms(10_000))
        holds = await page.holds(condition, deadline=Deadline.after_ms(10_000))
        return holds or await sight.said_otherwise(steps[step], part, condition)
