"""Conditions that ask that something be gone, and steps that are due only on some pages, after a redesign. What is
only called otherwise is neither gone nor absent."""

from __future__ import annotations

from typing import Any

import pytest

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.pool import Pool
from cloud.tools.healings import with_targets
from teach_mode.errors import StepNotTrue
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.skill import Entry, Origins, Skill, Step, Target, When
from tests.teach_mode.lessons import School

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

PAGE = """<title>Tea</title><header><a href=/>Home</a> <a href=/teas>All teas</a></header><h1>Our teas</h1>
<section class=notice><p id=busy class=note>Please wait for your order</p></section>
<section class=tea><h2>Green tea</h2><label>Pieces <input></label><button id=add>Add to cart</button></section>
<section class=day><h2>Choose a delivery day</h2><button id=today>Today</button></section><p id=log></p><script>
for (const one of document.querySelectorAll("button"))
  one.onclick = () => { document.getElementById("log").append(one.id + " "); };
</script>"""
REDRAWN = (
    PAGE.replace("<header>", "<nav><div>").replace("</header>", "</div></nav>")
    .replace("<p id=busy class=note>Please wait for your order", "<p id=b1 class=note>Please wait for your purchase")
    .replace("Choose a delivery day", "Select a delivery date")
)  # fmt: skip
WAITS = "<section class=notice>"


def button(name: str) -> Target:
    return Target(
        locators=(Locator(kind=LocatorKind.ROLE, value="button", name=name, exact=True),),
        fingerprint=Fingerprint(role="button", name=name, text=name, tag="button"),
    )


def says(text: str, **more: Any) -> tuple[tuple[Locator, ...], Fingerprint]:
    """How an element with this text is found, and what it looked like."""
    return (Locator(kind=LocatorKind.TEXT, value=text, exact=True),), Fingerprint(text=text, **more)


WAITING, LOOKED = says("Please wait for your order", tag="p", attributes={"id": "busy"}, classes="note")
CHOOSE, HEADING = says("Choose a delivery day", role="heading", name="Choose a delivery day", tag="h2")
GONE = Condition(hidden=WAITING, looks=LOOKED)


def skill_of(*steps: Step, entry: Condition | None = None, reconcile: tuple[Step, ...] = ()) -> Skill:
    return Skill(
        format=1, name="tea", description="buy tea", base="http://shop.localhost", site="",
        origins=Origins(navigate=("shop.localhost",)), utterances=("buy tea",), steps=steps,
        entry=Entry(url="{site}/", condition=entry, reconcile=reconcile),
    )  # fmt: skip


ADD = Step(id="add", action="click", target=button("Add to cart"))


async def done(skill: Skill, pool: Pool, school: School, gate: Any, html: str) -> tuple[Replayed, str]:
    """How the skill went on such a page, and which buttons it pressed."""
    school.pages = {"/": html}
    skill = skill.at(f"http://shop.localhost:{school.port}")
    async with pool.context(navigate=skill.navigates) as task:
        page = await task.new_page()
        ended = await Replay(page, gate).run(skill, {}, Deadline.after_ms(40_000))
        return ended, await page.playwright.locator("#log").inner_text()


@pytest.mark.parametrize("tag", ["p", "div"])
async def test_what_must_be_gone_and_is_only_called_otherwise_is_not_gone(
    tag: str, pool: Pool, school: School, scripted_gate: Any
) -> None:
    skill = skill_of(Step(id="wait", action="wait", wait=GONE), ADD)
    html = REDRAWN.replace("<p id=b1", f"<{tag} id=b1")
    ended, pressed = await done(skill, pool, school, scripted_gate(), html)
    assert isinstance(ended.error, StepNotTrue) and "to be gone" in str(ended.error)
    assert pressed == ""


async def test_what_must_be_gone_and_is_called_otherwise_is_waited_for_until_it_goes_and_learnt(
    pool: Pool, school: School, scripted_gate: Any
) -> None:
    goes = REDRAWN.replace("</script>", "setTimeout(() => document.getElementById('b1').remove(), 3000);</script>")
    skill = skill_of(Step(id="wait", action="wait", wait=GONE), ADD)
    ended, pressed = await done(skill, pool, school, scripted_gate(), goes)
    assert (ended.error, pressed) == (None, "add")
    healed, kept = with_targets(skill.at(f"http://shop.localhost:{school.port}"), ended.healed)
    assert [one.confirmed for one in kept] == [True]
    new = healed.steps[0].wait
    assert new is not None and new.hidden[0].value == "Please wait for your purchase" and new.visible == ()


async def test_what_is_gone_for_good_holds_nothing_up(pool: Pool, school: School, scripted_gate: Any) -> None:
    skill = skill_of(Step(id="wait", action="wait", wait=GONE), ADD)
    html = REDRAWN.replace("Please wait for your purchase", "Teas of the month")
    ended, pressed = await done(skill, pool, school, scripted_gate(), html)
    assert (ended.error, pressed, ended.healed) == (None, "add", ())


async def test_a_start_at_which_something_must_not_be_is_put_right_also_where_that_is_called_otherwise(
    pool: Pool, school: School, scripted_gate: Any
) -> None:
    today = Step(id="today", action="click", target=button("Today"))
    goes = "document.getElementById('today').addEventListener('click', () => sessionStorage.setItem('tidy', 'yes'));"
    gone = "if (sessionStorage.getItem('tidy')) document.getElementById('b1').remove();"
    html = REDRAWN.replace("</script>", f"{goes}{gone}</script>")
    skill = skill_of(ADD, entry=GONE, reconcile=(today,))
    ended, pressed = await done(skill, pool, school, scripted_gate(), html)
    assert (ended.error, pressed) == (None, "add")
    assert [one.step for one in ended.steps] == ["entry", "today", "entry", "add"]


@pytest.mark.parametrize(
    ("html", "pressed"),
    [(PAGE, "today add"), (REDRAWN, "today add"), (PAGE.replace("Choose a delivery day", "Opening hours"), "add")],
)
async def test_a_step_that_is_due_on_some_pages_is_due_there_also_when_they_say_so_otherwise(
    html: str, pressed: str, pool: Pool, school: School, scripted_gate: Any
) -> None:
    due = When(page=Condition(visible=CHOOSE, looks=HEADING))
    today = Step(id="today", action="click", target=button("Today"), when=due)
    ended, log = await done(skill_of(today, ADD), pool, school, scripted_gate(), html)
    assert (ended.error, log) == (None, pressed)


async def test_a_step_is_not_done_where_what_must_not_be_there_is_only_called_otherwise(
    pool: Pool, school: School, scripted_gate: Any
) -> None:
    today = Step(id="today", action="click", target=button("Today"), when=When(page=GONE))
    ended, log = await done(skill_of(today, ADD), pool, school, scripted_gate(), REDRAWN)
    assert (ended.error, log) == (None, "add")


async def test_whether_a_step_is_due_is_not_guessed(pool: Pool, school: School, scripted_gate: Any) -> None:
    due = When(page=Condition(visible=CHOOSE, looks=HEADING))
    today = Step(id="today", action="click", target=button("Today"), when=due)
    heading = "<h2>Select a delivery date</h2>"
    twice = REDRAWN.replace(heading, "").replace("<h1>Our teas</h1>", f"<div>{heading}</div><div>{heading}</div>")
    ended, log = await done(skill_of(today, ADD), pool, school, scripted_gate(), twice)
    assert isinstance(ended.error, StepNotTrue) and "cannot tell whether it is due" in str(ended.error)
    assert log == ""


async def test_what_a_step_made_go_away_proves_it_only_if_it_was_there(
    pool: Pool, school: School, scripted_gate: Any
) -> None:

    step = Step(id="add", action="click", target=button("Add to cart"), postcondition=Condition(hidden=WAITING))
    html = REDRAWN.replace("<button id=add>Add to cart", "<button id=a2>Add to basket")
    ended, _ = await done(skill_of(step), pool, school, scripted_gate(), html)
    assert ended.error is None
    assert [(one.step, one.confirmed) for one in ended.healed] == [("add", False)]
