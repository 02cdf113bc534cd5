"""Both skills of the town in a real Chromium, with the town's ledger as judge."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from browser.deadline import Deadline
from browser.locators import Locator, LocatorKind
from examples.town import Town
from teach_mode.evidence import find_evidence
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.skill import Skill, Step
from tests.teach_mode.lessons import short_from

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

ADA = {"name": "Ada Example", "phone": "555 0100 22"}
PIZZA = {"size": "large", "kind": "pepperoni", "address": "Elm Street 5", **ADA}
TABLE = {"people": 2, "when": "2026-11-23T19:00", **ADA}


async def run(task: Any, skill: Skill, values: dict[str, Any], gate: Any, **more: Any) -> Replayed:
    replay = Replay(await task.new_page(), gate, open_page=task.new_page, **more)
    return await replay.run(skill, values, Deadline.after_ms(90_000))


async def side_by_side(open_task: Any, skill: Skill, given: list[dict[str, Any]], gates: Any) -> list[Replayed]:
    """The skill with each of the values, each run in a context of its own."""

    async def one(values: dict[str, Any]) -> Replayed:
        async with open_task(skill) as task:
            return await run(task, skill, values, gates())

    return list(await asyncio.gather(*map(one, given)))


def ordered(town: Town) -> list[dict[str, Any]]:
    return [json.loads(msgspec.json.encode(row)) for row in town.ledger.rows()]


async def test_a_pizza_is_ordered_once_and_the_answer_says_what_the_site_said(town, pizza, open_task, scripted_gate):
    gate = scripted_gate()
    async with open_task(pizza) as task:
        done = await run(task, pizza, {**PIZZA, "toppings": ("olives", "extra-cheese"), "quantity": 2}, gate)
    assert (done.outcome, done.error) == ("done", None)
    [row] = ordered(town)
    wanted = {"size": "large", "kind": "pepperoni", "toppings": ["olives", "extra-cheese"], "quantity": 2}
    assert {name: row[name] for name in wanted} == wanted
    assert (row["address"], row["total"]) == ("Elm Street 5", "34.00")
    [ask] = gate.asked
    assert ask.question == (
        "2 times Large Pepperoni with olives and extra cheese, the site says 34.00, to Elm Street 5. Order it?"
    )
    assert [(back.name, back.text, back.capped) for back in ask.read_backs if back.capped] == [("total", "34.00", True)]
    assert done.answer == "Done: 2 times Large Pepperoni for 34.00. Order P-1001 arrives at about 14:30."
    assert gate.after_judging() == ["judge", "intend", "settled"]


async def test_other_pizzas_are_found_by_the_same_skill(town, pizza, open_task, scripted_gate):
    kinds = ("margherita", "quattro-formaggi", "hawaii")
    values = [{**PIZZA, "kind": kind, "size": "small"} for kind in kinds]
    for done in await side_by_side(open_task, pizza, values, scripted_gate):
        assert done.error is None
    assert sorted((row["kind"], row["size"]) for row in ordered(town)) == [(kind, "small") for kind in sorted(kinds)]


async def test_a_table_is_booked_in_any_month_of_the_calendar(town, bistro, open_task, scripted_gate):
    moments = ["2026-11-23T19:00", "2026-12-31T18:30", "2027-03-01T21:00"]
    values = [{**TABLE, "people": 8, "when": when} for when in moments]
    for done in await side_by_side(open_task, bistro, values, scripted_gate):
        assert done.error is None and done.answer.startswith("Booked: a table for 8")
    rows = sorted((row["when"], row["people"], row["name"]) for row in ordered(town))
    assert rows == [(when, 8, "Ada Example") for when in moments]


async def test_a_no_orders_nothing(town, pizza, open_task, scripted_gate):
    gate = scripted_gate(no_to="pay")
    async with open_task(pizza) as task:
        done = await run(task, pizza, PIZZA, gate)
    assert (done.outcome, done.error.code, done.error.rule) == ("failed", "step_refused", "person_said_no")
    assert ordered(town) == [] and gate.after_judging() == ["judge"]


async def test_a_run_that_stops_between_two_acts_says_that_only_a_part_was_done(town, pizza, open_task, scripted_gate):
    again = [msgspec.structs.replace(step, id=f"{step.id}-again") for step in pizza.steps]
    back = Step(id="back", action="goto", value="{site}/", effect="read")
    twice = msgspec.structs.replace(pizza, steps=(*pizza.steps, back, *again))
    async with open_task(pizza) as task:
        stopped = await run(task, twice, PIZZA, scripted_gate(no_to="pay-again"))
        done = await run(task, twice, PIZZA, scripted_gate())
    assert (stopped.outcome, stopped.partly, stopped.settled.result) == ("failed", True, "done")
    assert (done.outcome, done.partly) == ("done", False)
    assert len(ordered(town)) == 3


async def test_leftovers_in_the_cart_are_removed_first(town, pizza, open_task, scripted_gate):
    async with open_task(pizza) as task:
        stopped = await run(task, pizza, {**PIZZA, "kind": "marinara"}, scripted_gate(no_to="pay"))
        again = await run(task, pizza, {**PIZZA, "kind": "funghi"}, scripted_gate(no_to="checkout"))
        done = await run(task, pizza, PIZZA, scripted_gate())
    assert [one.outcome for one in (stopped, again, done)] == ["failed", "failed", "done"]
    assert [row["kind"] for row in ordered(town)] == ["pepperoni"]


async def test_a_price_that_changes_after_the_yes_is_asked_again(town, pizza, open_task, scripted_gate):
    prices = iter(["19.90", "19.90"])

    async with open_task(pizza) as task:

        async def dearer(act: Any) -> None:
            price = next(prices, None)
            if price and len(gate.asked) == 1:
                await task.pages[0].playwright.evaluate(
                    "price => document.querySelector('[data-testid=total]').textContent = price", price
                )

        gate = scripted_gate(while_asked=dearer)
        done = await run(task, pizza, PIZZA, gate)
    said = [back.text for act in gate.asked for back in act.read_backs if back.name == "total"]
    assert said == ["14.50", "19.90"]
    assert gate.after_judging() == ["judge", "intend", "withdraw", "judge", "intend", "settled"]
    assert len(ordered(town)) == 1 and done.outcome == "done"


async def test_a_page_that_never_stops_changing_is_not_clicked(town, pizza, open_task, scripted_gate):
    async with open_task(pizza) as task:

        async def dearer(act: Any) -> None:
            await task.pages[0].playwright.evaluate(
                "n => document.querySelector('[data-testid=total]').textContent = `${n}.00`", 20 + len(gate.asked)
            )

        gate = scripted_gate(while_asked=dearer)
        done = await run(task, pizza, PIZZA, gate)
    assert done.outcome == "failed" and "kept changing" in str(done.error)
    assert ordered(town) == [] and gate.calls.count(("withdraw", "pay")) == 3


async def test_a_total_that_is_no_amount_is_not_asked_about_but_looked_for(town, pizza, open_task, scripted_gate):
    heading = Locator(kind=LocatorKind.CSS, value="h1")
    raw = msgspec.to_builtins(pizza)
    [pay] = [step for step in raw["steps"] if step["id"] == "pay"]
    [total] = [one for one in pay["confirms"] if one["name"] == "total"]
    total["locators"] = [msgspec.to_builtins(heading)]
    gate = scripted_gate()
    async with open_task(pizza) as task:
        done = await run(task, msgspec.convert(raw, Skill), PIZZA, gate)
    [asked] = gate.asked
    assert (done.outcome, [back.text for back in asked.read_backs if back.name == "total"]) == ("done", ["14.50"])


async def test_a_button_that_becomes_another_after_the_yes_is_not_clicked(town, pizza, open_task, scripted_gate):
    async with open_task(pizza) as task:

        async def swapped(act: Any) -> None:
            await task.pages[0].playwright.evaluate(
                "() => { document.querySelector('form[action=\"/pay\"] button').textContent = 'Cancel my account' }"
            )

        done = await run(task, pizza, PIZZA, scripted_gate(while_asked=swapped))
    assert (done.outcome, done.error.code) == ("failed", "step_lost")
    assert ordered(town) == []


async def test_a_price_that_changed_in_the_shop_is_said_and_asked_about_anew(town, pizza, open_task, scripted_gate):
    async def dearer(act: Any) -> None:
        town.shop.prices_up_by = Decimal("3.00")

    gate = scripted_gate(while_asked=dearer)
    async with open_task(pizza) as task:
        done = await run(task, pizza, PIZZA, gate)
    [row] = ordered(town)
    assert (done.outcome, row["total"]) == ("done", "17.50")
    assert [back.text for act in gate.asked for back in act.read_backs if back.capped] == ["14.50", "17.50"]
    assert gate.asked[1].question.startswith("The site says: The price has changed: it is 17.50 now.")
    refused, made = gate.settlements
    assert (refused.result, refused.before, refused.after, made.result) == ("failed", 0, 0, "done")


async def test_what_is_sold_out_is_said_in_the_sites_own_words(town, pizza, open_task, scripted_gate):
    town.shop.sold_out.add("pepperoni")
    async with open_task(pizza) as task:
        done = await run(task, pizza, PIZZA, scripted_gate())
    assert (done.outcome, done.error.step) == ("failed", "choose-kind")
    assert done.error.site_says == "Pepperoni is sold out today"


@pytest.mark.parametrize(
    ("when", "says"), [("2026-11-28T20:00", "20:00 fully booked"), ("2026-11-23T13:00", "")], ids=["full", "closed"]
)
async def test_a_time_that_cannot_be_had_is_said(when, says, town, bistro, open_task, scripted_gate):
    deadline, told = short_from("choose-time", 1_500)
    async with open_task(bistro) as task:
        replay = Replay(await task.new_page(), scripted_gate(), open_page=task.new_page, on_event=told)
        replayed = await replay.run(bistro, {**TABLE, "when": when}, deadline)
    assert (replayed.outcome, replayed.error.step, replayed.error.site_says) == ("failed", "choose-time", says)
    assert ordered(town) == []


async def test_a_day_that_cannot_be_had_is_said(town, bistro, open_task, scripted_gate):
    values = [{**TABLE, "when": when} for when in ("2026-11-02T19:00", "2027-05-30T19:00", "2028-01-01T19:00")]
    for done in await side_by_side(open_task, bistro, values, scripted_gate):
        assert done.outcome == "failed"
        assert done.error.site_says == "Tables can be booked from 23 November 2026 to 22 May 2027."
    assert ordered(town) == []


async def test_a_validation_error_is_said_in_the_sites_own_words(town, pizza, open_task, scripted_gate):
    async with open_task(pizza) as task:
        done = await run(task, pizza, {**PIZZA, "phone": "12"}, scripted_gate())
    assert (done.outcome, done.error.step) == ("failed", "review")
    assert "Please look at 1 field again" in done.error.site_says


@pytest.mark.parametrize("fault", ["drop", "error"])
async def test_an_order_whose_reply_is_lost_is_found_in_the_history(fault, town, pizza, open_task, scripted_gate):
    town.faults.arm("pizza.pay", fault)
    gate = scripted_gate()
    async with open_task(pizza) as task:
        done = await run(task, pizza, PIZZA, gate)
    assert len(ordered(town)) == 1
    assert (done.outcome, done.settled.before, done.settled.after) == ("done", 0, 1)
    assert done.answer == "It is done. The site's answer got lost, so I looked: it is there."
    assert gate.after_judging() == ["judge", "intend", "settled"]


async def test_an_order_that_the_site_refused_is_not_said_to_be_done(town, pizza, open_task, scripted_gate):
    town.faults.arm("pizza.pay", "refuse")
    gate = scripted_gate()
    async with open_task(pizza) as task:
        done = await run(task, pizza, PIZZA, gate)
    assert ordered(town) == []
    assert (done.outcome, done.settled.before, done.settled.after) == ("failed", 0, 0)


async def test_after_a_crash_a_new_context_of_the_same_person_finds_the_evidence(town, pizza, open_task, scripted_gate):
    async with open_task(pizza) as task:
        await run(task, pizza, PIZZA, scripted_gate())
    async with open_task(pizza) as fresh:
        there = await find_evidence(pizza, PIZZA, await fresh.new_page(), 0)
        not_there = await find_evidence(pizza, PIZZA, await fresh.new_page(), 1)
        unsure = await find_evidence(pizza, PIZZA, await fresh.new_page(), None)
    assert [one.happened for one in (there, not_there, unsure)] == [True, False, None]
    assert there.after == 1


async def test_cancelled_while_the_person_thinks_nothing_is_ordered(town, pizza, open_task, scripted_gate):
    asked = asyncio.Event()

    async def think(act: Any) -> None:
        asked.set()
        await asyncio.Event().wait()

    gate = scripted_gate(while_asked=think)
    async with open_task(pizza) as task:
        running = asyncio.create_task(run(task, pizza, PIZZA, gate))
        await asked.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert len(task.pages) == 1
    assert ordered(town) == [] and gate.after_judging() == ["judge"]


async def test_cancelled_after_the_click_is_settled_as_unknown(town, pizza, open_task, scripted_gate):
    town.faults.arm("pizza.pay", "hang")
    gate = scripted_gate()
    async with open_task(pizza) as task:
        running = asyncio.create_task(run(task, pizza, PIZZA, gate))
        await town.faults.hanging.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert [one.result for one in gate.settlements] == ["unknown"]
    assert len(ordered(town)) == 1


async def test_a_dialog_on_the_way_is_answered_and_the_order_goes_on(town, pizza, open_task, scripted_gate):
    async with open_task(pizza) as task:
        await task.playwright.add_init_script("addEventListener('click', () => alert('Try our new dip!'))")
        done = await run(task, pizza, PIZZA, scripted_gate())
    assert done.error is None and len(ordered(town)) == 1


async def test_the_site_saying_another_address_stops_before_the_question(town, pizza, open_task, scripted_gate):
    gate = scripted_gate()
    async with open_task(pizza) as task:
        await task.playwright.add_init_script(
            "addEventListener('DOMContentLoaded', () => { const to = document.querySelector('dd[data-testid=address]');"
            " if (to) to.textContent = 'Oak Lane 9'; })"
        )
        done = await run(task, pizza, PIZZA, gate)
    assert (done.outcome, done.error.site_says, gate.asked) == ("failed", "Oak Lane 9", [])
    assert ordered(town) == []


async def test_a_page_that_leads_elsewhere_is_not_acted_on(town, pizza, open_task, scripted_gate):
    lured = pizza.at(town.addresses.pizza)
    async with open_task(lured) as task:
        await task.playwright.add_init_script(
            f"if (location.pathname === '/cart') location.href = '{town.addresses.bistro}/book'"
        )
        done = await run(task, lured, PIZZA, scripted_gate())
    assert done.outcome == "failed" and ordered(town) == []


async def test_a_site_that_is_down_is_named(town, pizza, open_task, scripted_gate):
    await town.stop()
    async with open_task(pizza) as task:
        done = await run(task, pizza, PIZZA, scripted_gate())
    assert (done.outcome, done.error.code, done.error.step) == ("failed", "step_failed", "entry")
    assert "pizza.localhost" in str(done.error)


async def test_every_step_is_told_as_it_happens(town, pizza, open_task, scripted_gate):
    told: list[Any] = []
    async with open_task(pizza) as task:
        done = await run(task, pizza, PIZZA, scripted_gate(), on_event=told.append)
    assert [event.step for event in told if event.kind == "done"] == [step.step for step in done.steps]
    assert "Click the link “Choose Pepperoni”" in [event.words for event in told]
    assert all(step.similarity is None or step.similarity >= 0.8 for step in done.steps)
