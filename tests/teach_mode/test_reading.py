"""What is read is read of a whole page: a value that is still on its way is waited for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Route

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.pool import Pool
from teach_mode.replay import Replay, StepEvent
from teach_mode.skill import Entry, Origins, Skill, Step, Target
from tests.teach_mode.lessons import School

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

PAGE = """<title>Tea</title><h1>Your order</h1><p>Total <b id=total>0.00</b></p><button id=more>Refresh</button><script>
const ask = async () => { document.getElementById("total").textContent = await (await fetch("/total")).text(); };
document.getElementById("more").onclick = ask;
if (location.hash) ask();
</script>"""
TOTAL = Target(
    locators=(Locator(kind=LocatorKind.CSS, value="#total"),),
    fingerprint=Fingerprint(text="4.50", tag="b", attributes={"id": "total"}),
)
MORE = Target(
    locators=(Locator(kind=LocatorKind.ROLE, value="button", name="Refresh", exact=True),),
    fingerprint=Fingerprint(role="button", name="Refresh", text="Refresh", tag="button"),
)
ASKED = Condition(visible=(Locator(kind=LocatorKind.CSS, value="body[data-asked]"),))  # by whoever answers
PRESS = Step(id="more", action="click", target=MORE, postcondition=ASKED)
READ = Step(id="read", action="read", target=TOTAL, saves="total", effect="read")


@pytest.mark.parametrize(("url", "steps"), [("{site}/#now", (READ,)), ("{site}/", (PRESS, READ))])
async def test_a_value_that_is_still_on_its_way_is_waited_for(
    url: str, steps: tuple[Step, ...], pool: Pool, school: School, scripted_gate: Any
) -> None:
    school.pages = {"/": PAGE}
    base = f"http://shop.localhost:{school.port}"
    skill = Skill(
        format=1, name="tea", description="say the total", base=base, origins=Origins(navigate=("shop.localhost",)),
        utterances=("the total",), steps=steps, read_back="It is {total}.",
        entry=Entry(url=url, condition=ASKED if steps == (READ,) else None),
    )  # fmt: skip
    reading = asyncio.Event()

    async def answer(route: Route) -> None:
        await page.playwright.evaluate("() => { document.body.dataset.asked = 'yes'; }")
        await reading.wait()
        await route.fulfill(body="14.50")

    def told(event: StepEvent) -> None:
        if (event.kind, event.step) == ("begun", "read"):
            reading.set()

    async with pool.context(navigate=skill.navigates) as task:
        page = await task.new_page()
        await task.playwright.route("**/total", answer)
        done = await Replay(page, scripted_gate(), on_event=told).run(skill, {}, Deadline.after_ms(60_000))
    assert (done.outcome, done.answer) == ("done", "It is 14.50.")
