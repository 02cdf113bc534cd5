"""What a page overlooked since it was still coming is typed once more, and nothing that it took out of the field."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.pool import Pool
from teach_mode.errors import StepLost
from teach_mode.retyping import typed_anew
from teach_mode.sight import Sight
from teach_mode.skill import Entry, Origins, Skill, Step, Target
from teach_mode.underway import Underway
from tests.teach_mode.lessons import School

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOUGHT = Target(
    locators=(Locator(kind=LocatorKind.ROLE, value="link", name="{dish}", exact=True),),
    fingerprint=Fingerprint(role="link", name="{dish}", text="{dish}", tag="a"),
)
FIELD = Target(
    locators=(Locator(kind=LocatorKind.LABEL, value="Find a dish"),),
    fingerprint=Fingerprint(role="textbox", name="Find a dish", label="Find a dish", tag="input"),
)
TYPE = Step(id="find", action="fill", target=FIELD, value="{dish}")
OPEN = Step(id="open", action="click", target=SOUGHT)
VALUES = {"dish": "Goulash"}
# The answer to what was asked for first, all dishes, comes after that to what was typed.
LATE = """<label>Find a dish <input></label><ul></ul><script>
let times = 0;
const list = document.querySelector("ul"), field = document.querySelector("input");
field.oninput = () => {
  times += 1;
  list.innerHTML = times > 1 ? `<li><a href=#>${field.value}</a>` : "<li>Soup<li>Pie";
};
</script>"""
TAKEN = """<label>Find a dish <input></label><ul></ul><script>
let times = 0;
const list = document.querySelector("ul"), field = document.querySelector("input");
field.oninput = () => {
  times += 1;
  list.innerHTML += `<li>${field.value}`;
  field.value = "";
};
</script>"""


async def typed(school: School, pool: Pool, html: str, *steps: Step, **error: Any) -> tuple[bool, int]:
    """Whether it was typed once more after the first time, and how often the page heard of it."""
    school.pages = {"/": html}
    skill = Skill(
        format=1, name="dish", description="Find it.", base=school.url(""), entry=Entry(url="{site}/"),
        origins=Origins(navigate=("shop.localhost",)), utterances=("find it",), steps=steps,
    )  # fmt: skip
    async with pool.context(navigate=(f"shop.localhost:{school.port}",)) as task:
        page = await task.new_page()
        sight = Sight(page, skill, VALUES)

        async def take(step: Step) -> None:
            at = await sight.aim(step, FIELD, (), Deadline.after_ms(30_000))
            await page.fill(at, VALUES["dish"], deadline=Deadline.after_ms(30_000))

        async def is_due(one: Step) -> bool:
            return True

        run = Underway(sight=sight, values=VALUES, take=take, is_due=is_due)
        await page.goto(school.url(), deadline=Deadline.after_ms(30_000))
        await take(TYPE)
        lost = StepLost("it is not there", step="open", **error)
        anew = await typed_anew(steps, len(steps) - 1, lost, run)
        return anew, await page.playwright.evaluate("times")


async def test_what_a_page_overlooked_is_typed_once_more(school: School, pool: Pool) -> None:
    assert await typed(school, pool, LATE, TYPE, OPEN) == (True, 2)


async def test_what_a_page_took_out_of_the_field_is_not_typed_twice(school: School, pool: Pool) -> None:
    assert await typed(school, pool, TAKEN, TYPE, OPEN) == (False, 1)


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ((TYPE, OPEN), {"site_says": "No such dish"}),  # the site heard it
        ((TYPE, replace(OPEN, target=FIELD)), {}),  # what is missed is not what was asked for
        ((TYPE, replace(OPEN, effect="irreversible")), {}),
        ((replace(TYPE, secret="dish"), OPEN), {}),
        ((OPEN,), {}),
    ],
)
async def test_what_was_not_typed_to_find_it_is_not_typed_once_more(
    school: School, pool: Pool, steps: tuple[Step, ...], error: dict[str, Any]
) -> None:
    assert await typed(school, pool, LATE, *steps, **error) == (False, 1)
