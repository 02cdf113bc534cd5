"""Shown once on a page, generalised, and done again there with other values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from browser.deadline import Deadline
from browser.pool import Pool
from teach_mode.generalize import Proposal, generalize
from teach_mode.replay import Replay
from tests.teach_mode.lessons import LOG, Lesson, School, Show, lesson, log_of

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

Again = Callable[..., Awaitable[str]]


class Learnt:
    """What one demonstration taught, and `again`: the log of a page on which it was done with other values."""

    def __init__(self, proposal: Proposal, log: str, again: Again) -> None:
        self.proposal = proposal
        self.skill = proposal.skill
        self.log = log
        self.again = again


@pytest_asyncio.fixture(loop_scope="module")
async def learnt(school: School, pool: Pool, scripted_gate: Any, tmp_path: Path) -> Any:
    hosts = (f"shop.localhost:{school.port}",)

    async def learn(sentence: str, show: Show, pages: dict[str, str]) -> Learnt:
        school.pages = pages
        async with lesson(pool, hosts) as begun:
            await begun.page.goto(school.url(), deadline=Deadline.after_ms(10_000))
            await begun.recorder.settled()
            await show(begun)
            await begun.at_rest()
            log = await log_of(begun.tab)
        proposal = generalize([begun.recorder.demonstration(sentence)])

        async def again(changed: dict[str, str] | None = None, **values: Any) -> str:
            school.pages = changed or pages
            async with pool.context(navigate=hosts) as task:
                page = await task.new_page()
                replay = Replay(page, scripted_gate(), open_page=task.new_page, folder=tmp_path)
                done = await replay.run(proposal.skill.at(school.url("")), values, Deadline.after_ms(30_000))
                assert done.error is None, (done.error, proposal.skill)
                return await log_of(page.playwright)

        return Learnt(proposal, log, again)

    return learn


CALENDAR = (
    LOG
    + """<div id="picker"><a title="Prev"><span>Prev</span></a> <a title="Next"><span>Next</span></a>
<div><span id="month"></span>&nbsp;<span id="year"></span></div><table></table></div><script>
const names = "January February March April May June July August September October November December".split(" ");
let shown = 23;
function draw() {
  month.textContent = names[shown % 12];
  year.textContent = 2025 + Math.floor(shown / 12);
  document.querySelector("table").innerHTML = "<tr>" + Array.from({ length: 28 },
    (_, day) => `<td><a href="#">${day + 1}</a></td>` + (day % 7 === 6 ? "</tr><tr>" : "")).join("") + "</tr>";
}
document.querySelector("[title=Prev]").onclick = () => { shown--; draw(); };
document.querySelector("[title=Next]").onclick = () => { shown++; draw(); };
document.querySelector("table").onclick = (event) => {
  event.preventDefault();
  say([year.textContent, month.textContent, event.target.textContent].join(" "));
};
draw();
</script>"""
)


async def test_a_day_of_the_month_that_is_shown_is_later_found_in_any_month(learnt: Any) -> None:
    async def show(at: Lesson) -> None:
        await at.click("table a >> nth=9")

    taught = await learnt("book it on december 10 2026", show, {"/": CALENDAR})
    [parameter] = taught.skill.parameters
    assert (parameter.kind, taught.log) == ("date", "2026 December 10;")
    assert await taught.again(**{parameter.name: "2027-02-03"}) == "2027 February 3;"
    assert await taught.again(**{parameter.name: "2026-10-21"}) == "2026 October 21;"


async def test_a_calendar_that_was_turned_one_way_is_turned_the_other_too(learnt: Any) -> None:
    async def show(at: Lesson) -> None:
        await at.click("[title=Next]")
        await at.click("[title=Next]")
        await at.click("table a >> nth=2")

    taught = await learnt("book it on february 3 2027", show, {"/": CALENDAR})
    [parameter] = taught.skill.parameters
    assert await taught.again(**{parameter.name: "2027-01-05"}) == "2027 January 5;"
    assert await taught.again(**{parameter.name: "2026-11-05"}) == "2026 November 5;"


SUGGESTIONS = (
    LOG
    + """<label>Town <input name="town"></label><ul tabindex="0" style="cursor:pointer"></ul><script>
const towns = ["Anvik (ANV)", "Minot (MOT)", "Minot South (MOS)"];
const [field, list] = [document.querySelector("input"), document.querySelector("ul")];
field.oninput = () => list.innerHTML = towns.filter((town) => field.value && town.startsWith(field.value))
  .map((town) => `<li><div>${town}</div></li>`).join("");
list.onclick = (event) => { field.value = event.target.textContent; say(field.value); list.innerHTML = ""; };
</script>"""
)


async def test_the_one_suggestion_of_a_list_is_an_item_and_another_for_another_value(learnt: Any) -> None:
    async def show(at: Lesson) -> None:
        await at.tab.locator("input").click()
        await at.tab.keyboard.type("Anvik")
        await at.until(lambda steps: bool(steps) and steps[-1].value == "Anvik")
        await at.click("li")

    taught = await learnt("go to Anvik", show, {"/": SUGGESTIONS})
    typed, chosen = taught.skill.steps
    assert (chosen.target.fingerprint.tag, typed.value) == ("li", "{town}")
    assert taught.log == "Anvik (ANV);"
    assert await taught.again(town="Minot South") == "Minot South (MOS);"


SHOPPING = (
    LOG
    + """<label>Thing <input name="thing"></label><button>Add</button><ul></ul><script>
document.querySelector("button").onclick = () => {
  const field = document.querySelector("input"), row = document.createElement("li");
  row.textContent = field.value;
  document.querySelector("ul").append(row);
  say(field.value);
  field.value = "";
};
</script>"""
)


async def type_each(at: Lesson, *things: str) -> None:
    for thing in things:
        await at.tab.locator("input").click()
        await at.tab.keyboard.type(thing)
        await at.until(lambda steps, thing=thing: bool(steps) and steps[-1].value == thing)
        await at.click("button")
        await at.recorder.settled()


async def test_several_steps_that_are_done_for_each_of_a_list_that_is_said_are_a_loop(learnt: Any) -> None:
    async def show(at: Lesson) -> None:
        await type_each(at, "milk", "eggs", "bread")

    taught = await learnt("put milk, eggs and bread on the list", show, {"/": SHOPPING})
    [loop], [parameter] = taught.skill.loops, taught.skill.parameters
    assert [step.value for step in taught.skill.steps] == ["{item}", ""]
    assert (loop.for_each, parameter.many, parameter.required) == (parameter.name, True, True)
    assert taught.log == "milk; eggs; bread;"
    assert await taught.again(**{parameter.name: ("tea", "jam", "flour", "rice")}) == "tea; jam; flour; rice;"


MEMBERS = (
    LOG
    + """<main></main><script>
const members = ["Ada Example", "Bo Example", "Cy Example"];
function list() {
  const rows = members.map((name, row) =>
    `<tr><td><b>${name}</b></td><td><button onclick="edit(${row})">Edit</button></td></tr>`);
  document.querySelector("main").innerHTML = `<h1>Members</h1><table><tbody>${rows.join("")}</tbody></table>`;
}
function edit(row) {
  document.querySelector("main").innerHTML = `<h1>${members[row]}</h1><label>Level <select><option>Plain<option>Gold
    </select></label><button>Save</button>`;
  document.querySelector("main > button").onclick = () => {
    say(`${members[row]} ${document.querySelector("select").value}`);
    list();
  };
}
list();
</script>"""
)


async def raise_each(at: Lesson, rows: int) -> None:
    for row in range(rows):
        await at.click(f"tr:nth-of-type({row + 1}) button")
        async with at.recorder.vouching(at.page):
            await at.tab.locator("select").select_option("Gold")
        await at.until(lambda steps: steps[-1].action == "select")
        await at.click("main > button")
        await at.recorder.settled()


async def test_what_is_done_to_every_row_of_a_page_is_a_loop_over_whatever_rows_are_there(learnt: Any) -> None:
    async def show(at: Lesson) -> None:
        await raise_each(at, 3)

    taught = await learnt("make every member gold", show, {"/": MEMBERS})
    [loop], [level] = taught.skill.loops, taught.skill.parameters
    assert (len(taught.skill.steps), loop.for_each, level.name) == (3, "", "level")
    assert taught.log == "Ada Example Gold; Bo Example Gold; Cy Example Gold;"
    others = MEMBERS.replace('"Bo Example", ', '"Di Sample", "Ed Sample", ')
    said = "Ada Example Plain; Di Sample Plain; Ed Sample Plain; Cy Example Plain;"
    assert await taught.again({"/": others}, level="plain") == said


BOXES = (
    LOG
    + """<form onsubmit="event.preventDefault(); say([...document.querySelectorAll('input:checked')].map(one =>
    one.parentElement.querySelector('span').textContent).join(', '))"><div id="left"></div><div id="right"></div>
    <button>Go on</button></form><script>
["Rain boots", "Wool coat", "Scarf"].forEach((title, at) => {
  const box = `<input type="checkbox" name="item" value="${at}">`;
  document.querySelector(at < 2 ? "#left" : "#right").insertAdjacentHTML(
    "beforeend", `<label>${box} <span>${title}</span> <b>${at}.50</b></label><br>`);
});
</script>"""
)


async def test_every_box_of_a_list_is_a_loop_also_in_two_columns(learnt: Any) -> None:
    async def show(at: Lesson) -> None:
        for title in ("Rain boots", "Wool coat", "Scarf"):
            await at.click(f"label:has-text('{title}')")
        await at.click("button")
        await at.recorder.settled()

    taught = await learnt("tick all of the boxes", show, {"/": BOXES})
    [loop] = taught.skill.loops
    assert (len(taught.skill.steps), loop.for_each, taught.skill.parameters) == (2, "", ())
    assert taught.log == "Rain boots, Wool coat, Scarf;"
    others = BOXES.replace('"Wool coat", "Scarf"', '"Lamp", "Six mugs", "Tent"')
    assert await taught.again({"/": others}) == "Rain boots, Lamp, Six mugs, Tent;"


async def test_rows_that_are_said_by_name_are_chosen_and_no_others(learnt: Any) -> None:
    async def show(at: Lesson) -> None:
        await raise_each(at, 2)

    taught = await learnt("make ada example and bo example gold", show, {"/": MEMBERS})
    [loop], [members, _] = taught.skill.loops, taught.skill.parameters
    assert (loop.for_each, members.kind, members.many) == (members.name, "choice", True)
    assert await taught.again(level="gold", **{members.name: ("cy-example",)}) == "Cy Example Gold;"


LIST = (
    LOG
    + """<div><select id="people"><option>Aurora<option>BobineLorri<option>Bobine</select></div><div>Send it</div>
<script>document.querySelector("select").onchange = (event) => say(event.target.value);</script>"""
)


async def test_what_a_list_offers_is_not_what_the_list_is_called(learnt: Any) -> None:
    async def show(at: Lesson) -> None:
        async with at.recorder.vouching(at.page):
            await at.tab.locator("select").select_option("Bobine")
        await at.until(lambda steps: len(steps) == 2)

    taught = await learnt("pick Bobine", show, {"/": LIST})
    [chosen], [parameter] = taught.skill.steps, taught.skill.parameters
    assert not [one for one in chosen.target.locators if "Aurora" in one.value]
    assert await taught.again(**{parameter.name: parameter.choices[0].value}) == "Aurora;"
