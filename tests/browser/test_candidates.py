"""What might be the element that is sought: gathered over frames and open shadow roots, in one walk each."""

from __future__ import annotations

import pytest

from browser.bystanders import remembered
from browser.candidates import gather
from browser.conditions import Condition
from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from tests.browser.conftest import Show, Site

pytestmark = [pytest.mark.asyncio(loop_scope="session")]

BUTTON = Fingerprint(role="button", tag="button")
PAGE = """
<nav aria-label=Main><a href=/home>Home</a> <a href=/gone hidden>Gone</a></nav>
<h2>People</h2>
<table><tr><td>Ada</td><td><button class="btn small"><span>Edit</span></button></td></tr>
       <tr><td>Ben</td><td><button class="btn small"><span>Edit</span></button></td></tr></table>
<div style="cursor:pointer">Clickable</div><p>Only words</p>
<x-box></x-box><iframe name=inner srcdoc="<button>Inside</button>"></iframe>
<script>document.querySelector("x-box").attachShadow({mode: "open"}).innerHTML = "<button>Deep</button>"</script>
"""


async def test_all_that_can_be_pressed_is_gathered_and_nothing_that_is_hidden_or_only_a_part(
    show: Show, deadline: Deadline
) -> None:
    page = await show(PAGE)
    await page.wait_for(Condition(text="Inside", frame=("name=inner",)), deadline=deadline)
    found = await gather(page.playwright, BUTTON, deadline)
    assert found.complete
    assert [one.seen.name or one.seen.text for one in found.candidates] == [
        "Home", "Edit", "Edit", "Clickable", "Deep", "Inside",
    ]  # fmt: skip
    assert [one.seen.shadow for one in found.candidates if one.seen.name == "Deep"] == [("x-box",)]
    assert [one.seen.frame for one in found.candidates if one.seen.name == "Inside"] == [("name=inner",)]


async def test_what_holds_an_element_tells_it_from_its_twins(show: Show, deadline: Deadline) -> None:
    page = await show(PAGE)
    first, second = [one.seen for one in (await gather(page.playwright, BUTTON, deadline)).candidates][1:3]
    assert first.within == ("row Ada Edit", "table", "under People") and first.classes == ("btn", "small")
    assert second.within[0] == "row Ben Edit"


async def test_words_are_candidates_when_words_are_sought(show: Show, deadline: Deadline) -> None:
    page = await show(PAGE)
    found = await gather(page.playwright, Fingerprint(role="paragraph", tag="p"), deadline)
    assert "Only words" in [one.seen.text for one in found.candidates]


async def test_the_script_remembers_what_else_stood_there_as_python_does(
    show: Show, site: Site, deadline: Deadline
) -> None:
    page = await show(PAGE.replace("<iframe", "<template").replace("</iframe>", "</template>"))
    snapshot = await page.snapshot(deadline=deadline)
    ada = next(one for one in snapshot.elements if one.name == "Edit")
    taught = await snapshot.fingerprint(ada.ref, deadline=deadline)
    page_now = [one.seen for one in (await gather(page.playwright, BUTTON, deadline)).candidates]
    again = remembered(taught, page_now)
    assert (taught.others, taught.shared) == (again.others, again.shared)
    assert "|" in taught.others and taught.shared == {"edit": 1}


async def test_what_stands_before_a_field_that_nothing_labels_is_its_label_to_the_eye(
    show: Show, deadline: Deadline
) -> None:
    page = await show("""<form><table>
        <tr><td><font>Title words:</font></td><td><input name=w></td></tr>
        <tr><td></td><td>Card no. <input name=c> <input name=other></td></tr></table>
        <div><span>Shelf</span><select name=s><option>all</select></div>
        <p>To begin with, please read all of the conditions of the house.</p><div><input name=long></div>
        <div>Beside <input name=hinted placeholder=Search></div></form>""")
    found = await gather(page.playwright, Fingerprint(role="textbox", tag="input"), deadline)
    labels = {one.seen.attributes["name"]: one.seen.label for one in found.candidates}
    assert labels == {"w": "Title words", "c": "Card no.", "other": "", "s": "Shelf", "long": "", "hinted": ""}


async def test_an_xpath_from_anywhere_looks_into_open_shadow_roots(show: Show, deadline: Deadline) -> None:
    page = await show(PAGE)
    deep = Locator(kind=LocatorKind.XPATH, value="//button[.='Deep']")
    assert (await page.find((deep,), deadline=deadline)).seen.shadow == ("x-box",)


async def test_what_stands_nowhere_in_its_own_case_is_found_in_another(show: Show, deadline: Deadline) -> None:
    page = await show("<a href=/1>Moss and Lichen</a> <a href=/2>Moss and Lichen, part two</a> <b>done</b> <i>Done</i>")
    link = Locator(kind=LocatorKind.ROLE, value="link", name="Moss And Lichen", exact=True)
    assert (await page.find((link,), deadline=deadline)).seen.attributes["href"] == "/1"
    done = Locator(kind=LocatorKind.TEXT, value="Done", exact=True)
    assert (await page.find((done,), deadline=deadline)).seen.tag == "i"
