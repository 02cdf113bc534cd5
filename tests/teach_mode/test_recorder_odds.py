"""What hands do less often: several of a list, a tab by the middle button, a code in boxes, a page that goes back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.page import Page
from browser.pool import Pool
from teach_mode.replay import Replay
from tests.teach_mode.lessons import LOG, Lesson, School, lesson, log_of, skill_of

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

LIST = (
    LOG
    + """<label>Toppings <select multiple size=4 name=toppings><option>Olives<option>Basil<option>Ham<option>Corn
</select></label><button>Ready</button><script>
const list = document.querySelector("select");
document.querySelector("button").onclick = () => say([...list.selectedOptions].map((one) => one.text).join("+"));
</script>"""
)


async def test_of_a_list_that_takes_several_all_that_were_chosen_are_one_step(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.click("text=Basil")
        await lesson.click("text=Ham", modifiers=["Control"])
        await lesson.click("text=Corn", modifiers=["Control"])
        await lesson.click("text=Ham", modifiers=["Control"])
        await lesson.click("button")

    shown = await taught(show, {"/": LIST})
    assert shown.did == [("select", "Basil\nCorn"), ("click", "Ready")]
    assert shown.log == shown.again == "Basil+Corn;"


FIELD = (
    LOG
    + """<label>Name <input name=who value="Bea Example"></label>
<button onclick="say(document.querySelector('[name=who]').value)">Go</button>"""
)


async def test_a_triple_click_in_a_field_is_no_step_beside_what_is_typed(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.tab.click("[name=who]", click_count=3)
        await lesson.tab.keyboard.type("Ada")
        await lesson.until(lambda steps: steps[-1].value == "Ada")
        await lesson.click("button")

    shown = await taught(show, {"/": FIELD})
    assert shown.did == [("fill", "Ada"), ("click", "Go")]
    assert shown.log == shown.again == "Ada;"


BACK = "<h1>Two</h1><button onclick='history.back()'>Never mind</button>"


async def test_a_page_that_goes_back_by_itself_is_what_came_of_the_click(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.click("text=Two")
        await lesson.tab.wait_for_url("**/two")
        await lesson.click("text=Never mind")
        await lesson.tab.wait_for_url("**/")
        await lesson.at_rest()
        await lesson.click("text=Say it")

    one = LOG + "<a href=/two>Two</a> <button onclick=\"say('one')\">Say it</button>"
    shown = await taught(show, {"/": one, "/two": BACK})
    assert [(step.action, urlsplit(step.change.url).path) for step in shown.steps] == [
        ("click", "/two"),
        ("click", "/"),
        ("click", ""),
    ]
    assert shown.log == shown.again == "one;"


SHELF = LOG + "<a href=/tea>Tea</a> <button onclick=\"say('still here')\">Stay</button>"
TEA = """<title>Tea</title><button onclick="document.title = 'Poured'">Pour</button>"""


@pytest.mark.parametrize("how", [{"button": "middle"}, {"modifiers": ["Control"]}])
async def test_a_link_opened_in_a_tab_of_its_own_is_opened_so_again(taught: Any, how: dict[str, Any]) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.click("text=Tea", **how)
        await lesson.until(lambda steps: bool(steps[-1].change.popup))
        await lesson.recorder.settled()
        tea = lesson.task.pages[-1].playwright
        await tea.wait_for_url("**/tea")
        await lesson.recorder.settled()
        await lesson.click("text=Pour", page=tea)
        await lesson.click("text=Stay")

    shown = await taught(show, {"/": SHELF, "/tea": TEA})
    assert [(step.action, step.tab, step.change.popup) for step in shown.steps] == [
        ("middle_click", "", "tab-2"),
        ("click", "tab-2", ""),
        ("click", "", ""),
    ]
    assert shown.log == shown.again == "still here;"


BOXES = (
    LOG
    + """<form><fieldset><legend>Enter the code that we sent</legend>"""
    + "".join(f"<div><input maxlength=1 inputmode=numeric aria-label='Digit {number}'></div>" for number in range(1, 7))
    + """</fieldset></form><script>
const boxes = [...document.querySelectorAll("input")];
boxes.forEach((box, at) => { box.onkeyup = () => { if (box.value && boxes[at + 1]) boxes[at + 1].focus();
  if (boxes.every((one) => one.value)) say("whole " + (boxes.map((one) => one.value).join("") === "481516")); }; });
</script>"""
)


class Typing:
    """Secrets for tests: types the one that there is."""

    async def type_into(self, page: Page, at: Sighting, name: str, *, origin: str, deadline: Deadline) -> None:
        await page.fill_secret(at, "481516", check=lambda field: None, deadline=deadline)


async def test_a_code_in_boxes_is_one_secret_and_is_typed_key_by_key(
    school: School, pool: Pool, scripted_gate: Any
) -> None:
    school.pages = {"/": BOXES}
    async with lesson(pool, (f"shop.localhost:{school.port}",)) as shown:
        await shown.page.goto(school.url(), deadline=Deadline.after_ms(10_000))
        await shown.recorder.settled()
        await shown.tab.click("input >> nth=0")
        await shown.tab.keyboard.type("481516", delay=20)
        await shown.tab.wait_for_function("() => document.getElementById('log').innerText.includes('whole true')")
        await shown.at_rest()
        [_, step] = shown.recorder.steps
        assert (step.action, step.secret, step.value) == ("fill", "one_time_code", "")
        assert step.shown is not None and step.shown.target.fingerprint.name == "Digit 1"
        assert "481516" not in msgspec.json.encode(shown.told).decode()
        made = shown.recorder.demonstration("sign in")
    skill = skill_of(made, ("shop.localhost",), f"http://shop.localhost:{school.port}")
    async with pool.context(navigate=skill.navigates) as task:
        page = await task.new_page()
        ended = await Replay(page, scripted_gate(), secrets=Typing()).run(skill, {}, Deadline.after_ms(30_000))
        assert (ended.error, await log_of(page.playwright)) == (None, "whole true;")


async def test_a_code_that_is_no_secret_is_typed_into_its_boxes_too(school: School, pool: Pool) -> None:
    school.pages = {"/": BOXES}
    async with pool.context(navigate=[f"shop.localhost:{school.port}"]) as task:
        page = await task.new_page()
        await page.goto(school.url(), deadline=Deadline.after_ms(10_000))
        snapshot = await page.snapshot(deadline=Deadline.after_ms(10_000))
        ref = next(one.ref for one in snapshot.elements if one.name == "Digit 1")
        first = await page.at(snapshot, ref, deadline=Deadline.after_ms(10_000))
        await page.fill(first, "481516", deadline=Deadline.after_ms(10_000))
        assert await log_of(page.playwright) == "whole true;"
