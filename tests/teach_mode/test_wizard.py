"""A form that asks page by page in another order than it was taught: it is filled in whole, or not handed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from browser.bystanders import remembered
from browser.conditions import Condition
from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.pool import Pool
from teach_mode.checks import parse_skill
from teach_mode.errors import StepLost, StepNotTrue
from teach_mode.filling import filled_elsewhere
from teach_mode.replay import Replay
from teach_mode.sight import Sight
from teach_mode.skill import Skill, Step, Target, When
from teach_mode.underway import Underway
from teach_mode.wizard import wizard_at
from tests.teach_mode.conftest import ScriptedGate
from tests.teach_mode.lessons import LOG, School

in_a_browser = pytest.mark.asyncio(loop_scope="module")

TAUGHT = (("Owner", "Street"), ("Frame number", "Colour"))
VALUES = {"Owner": "Ada Example", "Street": "Elm Street 5", "Frame number": "XK 88", "Colour": "green"}
# Draws the questions of a page, and the next one once all of it is answered; `stuck`: never.
FORM = """<main></main><script>
const pages = PAGES, stuck = STUCK, given = [], main = document.querySelector("main");
let at = 0;
function draw() {
  const asks = pages[at] ?? [];
  main.innerHTML = `<h1>${at < pages.length ? `Part ${at + 1}` : "Look it over"}</h1>`;
  for (const label of asks) {
    main.insertAdjacentHTML("beforeend", `<p><label>${label} <input></label></p>`);
  }
  const last = at === pages.length;
  main.insertAdjacentHTML("beforeend", `<button>${last ? "Register bicycle" : "Next"}</button>`);
  if (last) main.insertAdjacentHTML("beforeend", `<p>For <b id=who>${given[0]?.[1]}</b></p>`);
  main.querySelector("button").onclick = () => last ? register() : go();
}
function go() {
  const fields = [...main.querySelectorAll("input")];
  if (stuck || fields.some((field) => !field.value)) return;
  given.push(...fields.map((field) => [field.labels[0].textContent.trim(), field.value]));
  at += 1;
  draw();
}
function register() {
  say(`registered ${given.map((one) => one.join("=")).sort().join(", ")}`);
  main.innerHTML = "<h1>Thank you</h1>";
}
draw();
</script>"""
ALL_OF_IT = "registered Colour=green, Frame number=XK 88, Owner=Ada Example, Street=Elm Street 5;"


def field(label: str) -> Fingerprint:
    return Fingerprint(role="textbox", name=label, label=label, tag="input", attributes={"type": "text"})


def button(name: str) -> Fingerprint:
    return Fingerprint(role="button", name=name, text=name, tag="button")


def step(name: str, action: Any, seen: Fingerprint, **more: Any) -> Step:
    way = Locator(kind=LocatorKind.ROLE, value=seen.role, name=seen.name, exact=True)
    return Step(id=name, action=action, target=Target(locators=(way,), fingerprint=seen), **more)


def called(label: str) -> str:
    return label.lower().replace(" ", "-")


def shown() -> tuple[Step, ...]:
    """The steps of a form of two pages, then what hands it in."""
    steps = []
    for number, labels in enumerate(TAUGHT):
        page = [*map(field, labels), button("Next")]
        for label in labels:
            steps.append(step(called(label), "fill", remembered(field(label), page), value=VALUES[label]))
        steps.append(step(f"next-{number}", "click", remembered(button("Next"), page)))
    return (*steps, step("register", "click", button("Register bicycle")))


def form_of(*pages: tuple[str, ...], stuck: bool = False) -> str:
    return LOG + FORM.replace("PAGES", json.dumps(pages)).replace("STUCK", json.dumps(stuck))


def skill_of(school: School, steps: Sequence[Step]) -> Skill:
    """The steps, the last of which cannot be undone."""
    raw = [msgspec.to_builtins(one) for one in steps]
    raw[-1] |= {
        "effect": "irreversible", "question": "Register it for {who}?", "postcondition": {"text": "Thank you"},
        "confirms": [{"name": "who", "title": "For", "locators": [{"kind": "css", "value": "#who"}]}],
    }  # fmt: skip
    base = f"http://shop.localhost:{school.port}"
    skill = {
        "format": 1, "name": "register", "description": "Register it.", "base": base, "entry": {"url": "{site}/"},
        "origins": {"navigate": ["shop.localhost"]}, "utterances": ["register it"], "steps": raw,
        "effect": "irreversible",
    }  # fmt: skip
    return parse_skill(json.dumps(skill).encode())


async def filled(
    school: School, pool: Pool, *pages: tuple[str, ...], stuck: bool = False, without: str = ""
) -> tuple[int | None, dict[str, str], str]:
    """What is due once the first question was not found on these pages, what was filled in by then, and the heading."""
    school.pages = {"/": form_of(*pages, stuck=stuck)}
    steps = tuple(replace(one, when=When(given="asked")) if one.id == without else one for one in shown())
    skill = skill_of(school, shown())
    async with pool.context(navigate=(f"shop.localhost:{school.port}",)) as task:
        page = await task.new_page()
        sight = Sight(page, skill, {})
        given: dict[str, str] = {}

        async def take(one: Step) -> None:
            assert one.target is not None
            at = await sight.aim(one, one.target, (), Deadline.after_ms(30_000))
            if one.action == "fill":
                given[one.id] = one.value
                await page.fill(at, one.value, deadline=Deadline.after_ms(30_000))
            else:
                await page.click(at, deadline=Deadline.after_ms(30_000))

        async def is_due(one: Step) -> bool:
            return one.when is None

        run = Underway(sight=sight, values={}, take=take, is_due=is_due)
        await page.goto(school.url(), deadline=Deadline.after_ms(30_000))
        due = await filled_elsewhere(steps, 0, StepLost("it is not there", step="owner"), run)
        return due, given, await page.playwright.inner_text("h1")


@in_a_browser
@pytest.mark.parametrize(
    "pages",
    [
        (("Colour", "Owner"), ("Street",), ("Frame number",)),
        (("Street", "Colour", "Frame number", "Owner"),),
    ],
)
async def test_a_form_is_filled_in_on_fewer_pages_and_on_more(
    school: School, pool: Pool, pages: tuple[tuple[str, ...], ...]
) -> None:
    due, given, heading = await filled(school, pool, *pages)
    assert (due, heading) == (len(shown()) - 1, "Look it over")
    assert given == {called(label): text for label, text in VALUES.items()}


@in_a_browser
async def test_what_is_not_due_is_not_missed_in_a_form(school: School, pool: Pool) -> None:
    due, given, _ = await filled(school, pool, ("Frame number",), ("Owner", "Street"), without="colour")
    assert due == len(shown()) - 1 and given.keys() == {"owner", "street", "frame-number"}


@in_a_browser
@pytest.mark.parametrize(
    ("pages", "stuck"),
    [
        ((("Frame number",), ("Owner", "Street")), False),  # one is not asked for any more
        ((("Frame number", "Colour"), ("Owner", "Street", "Colour")), False),  # one is asked for once more
        ((("Frame number", "Frame number", "Colour"), ("Owner", "Street")), False),  # two that are called so
        ((("Frame number", "Brand"), ("Owner", "Street", "Colour")), False),  # something else is asked for
        ((("Frame number", "Colour"), ("Owner", "Street")), True),  # the next page does not come
    ],
)
async def test_a_form_that_is_not_filled_in_for_sure_is_not_handed_in(
    school: School, pool: Pool, pages: tuple[tuple[str, ...], ...], stuck: bool
) -> None:
    try:
        due, _, _ = await filled(school, pool, *pages, stuck=stuck)
    except StepNotTrue:
        due = None
    assert due is None


@in_a_browser
async def test_what_cannot_be_undone_comes_once_all_is_filled_in(school: School, pool: Pool) -> None:
    school.pages = {"/": form_of(*TAUGHT[::-1])}
    skill = skill_of(school, shown())
    async with pool.context(navigate=(f"shop.localhost:{school.port}",)) as task:
        page = await task.new_page()
        result = await Replay(page, ScriptedGate()).run(skill, {}, Deadline.after_ms(120_000))
        log = await page.playwright.inner_text("#log")
    assert (result.outcome, result.error, log) == ("done", None, ALL_OF_IT)


def test_what_is_left_of_a_form_is_all_that_is_filled_in_up_to_what_comes_after_it() -> None:
    steps = shown()
    found = wizard_at(steps, 1)
    assert found is not None and found.after is steps[-1] and found.end == len(steps) - 1
    assert [one.id for one in found.fills] == ["street", "frame-number", "colour"]
    assert [one.id for one in found.filled] == [one.id for one in found.page] == ["owner"]
    later = wizard_at(steps, 3)
    assert later is not None and [one.id for one in later.filled] == ["owner", "street"] and later.page == ()


def changed(number: int, **more: Any) -> tuple[Step, ...]:
    steps = list(shown())
    steps[number] = replace(steps[number], **more)
    return tuple(steps)


@pytest.mark.parametrize(
    "steps",
    [
        shown()[:3] + shown()[6:],  # one press tells nothing of what it does
        changed(2, target=shown()[6].target),  # two buttons
        changed(3, target=replace(shown()[3].target, locators=shown()[0].target.locators)),  # type: ignore[type-var, union-attr]
        changed(3, target=Target(locators=shown()[3].target.locators, fingerprint=field("Street"))),  # type: ignore[union-attr]
        changed(1, for_each="streets"),
        changed(1, when=When(page=Condition(text="Part 1"))),
        shown()[:6],  # nothing comes after it
    ],
)
def test_what_does_not_tell_that_it_is_asked_page_by_page_is_no_such_form(steps: tuple[Step, ...]) -> None:
    assert wizard_at(steps, 1) is None
