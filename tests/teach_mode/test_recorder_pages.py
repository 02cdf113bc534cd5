"""Pages of other builds: frames, shadow roots, tabs, files, menus, lists. Shown, recorded, done again word for word."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from browser.deadline import Deadline
from browser.dialogs import DialogSeen
from browser.locators import LocatorKind
from teach_mode.demonstration import Dialog
from tests.teach_mode.lessons import LOG, Lesson

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

TABLE = (
    LOG
    + """<table><tr><th>Order</th><th></th></tr>
<tr><td>P-1001</td><td><button onclick="say('first')">Cancel</button></td></tr>
<tr><td>P-1002</td><td><button onclick="say('second')">Cancel</button></td></tr>
<tr><td>P-1003</td><td><button onclick="say('third')">Cancel</button></td></tr></table>
<nav><a href="#in">Inbox <span>3</span></a> <a href="#out">Sent (12)</a></nav>
<a href="#in">Back to the inbox</a>
<script>addEventListener("hashchange", () => say(location.hash));</script>"""
)


async def test_a_row_of_a_table_is_known_by_what_it_says(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.click("tr:nth-of-type(3) button")
        await lesson.click("nav a >> nth=1")

    shown = await taught(show, {"/": TABLE})
    cancel, sent = shown.steps
    anchored = [way.value for way in cancel.shown.target.locators if way.kind is LocatorKind.XPATH]
    assert anchored == ['//tr[.//text()[normalize-space()="P-1002"]]//button[normalize-space()="Cancel"]']
    assert [(option.value, option.text) for option in cancel.shown.options] == [
        ("Cancel", "P-1001"),
        ("Cancel", "P-1002"),
        ("Cancel", "P-1003"),
    ]
    named = next(way for way in sent.shown.target.locators if way.kind is LocatorKind.ROLE)
    assert (named.name, named.exact) == ("Sent", False)
    assert (shown.log, shown.again) == ("second; #out;", "second; #out;")


FRAMES = (
    LOG
    + """<iframe src="/middle" title="Middle"></iframe>
<iframe src="http://pay.localhost:{port}/pay" name="pay"></iframe>"""
)
MIDDLE = """<p>Middle</p><iframe src="/inner"></iframe><iframe src="/inner"></iframe>"""
INNER = """<button>Seat</button><script>
const tell = () => top.postMessage("seat " + (parent.frames[1] === window ? 1 : 0), "*");
document.querySelector("button").addEventListener("click", tell);
</script>"""
PAY = """<label>Holder <input name="holder"></label> <button>Save</button><script>
document.querySelector("button").onclick = () => top.postMessage("saved " + document.querySelector("input").value, "*");
</script>"""


async def test_nested_frames_and_a_frame_of_another_site(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.tab.frame_locator("iframe >> nth=0").frame_locator("iframe >> nth=1").locator("button").click()
        pay = lesson.tab.frame_locator("[name=pay]")
        await pay.locator("input").click()
        await lesson.tab.keyboard.type("Ada")
        await pay.locator("button").click()
        await lesson.until(lambda steps: len(steps) == 4)

    shown = await taught(show, {"/": FRAMES, "/middle": MIDDLE, "/inner": INNER, "pay.localhost/pay": PAY})
    assert shown.did == [("click", "Seat"), ("fill", "Ada"), ("click", "Save")]
    paths = [step.shown.target.fingerprint.frame for step in shown.steps]
    assert paths[0][1].endswith("/inner nth=1") and paths[1] == paths[2] == ("name=pay",)
    assert "pay.localhost" in shown.demonstration.loaded
    assert shown.log == shown.again == "seat 1; saved Ada;"


SHADOW = (
    LOG
    + """<shop-card></shop-card><script>
customElements.define("shop-card", class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: "open" }).innerHTML = "<p>Card</p><shop-buttons><b>Order now</b></shop-buttons>";
  }
});
customElements.define("shop-buttons", class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: "open" }).innerHTML = "<button><slot></slot></button><input placeholder='Note'>";
    const [button, note] = this.shadowRoot.children;
    button.onclick = () => say("ordered " + note.value);
  }
});
</script>"""
)


async def test_nested_shadow_roots_and_what_is_slotted_into_them(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.tab.get_by_placeholder("Note").click()
        await lesson.tab.keyboard.type("soon")
        await lesson.click("shop-buttons b")

    shown = await taught(show, {"/": SHADOW})
    assert shown.did == [("fill", "soon"), ("click", "Order now")]
    assert shown.steps[1].shown.target.fingerprint.shadow == ("shop-card", "shop-buttons")
    assert shown.log == shown.again == "ordered soon;"


TABS = (
    LOG
    + """<a href="/terms" target="_blank" rel="noopener">Terms</a>
<button onclick="window.open('/picker', 'p', 'width=300,height=200')">Pick an address</button>"""
)
TERMS = """<h1>Terms</h1><button onclick="this.textContent = 'Agreed'">Agree</button>"""
PICKER = """<h1>Addresses</h1><button onclick="opener.say('Elm Street 5'); close()">Elm Street 5</button>"""


async def test_tabs_that_open_are_worked_in_and_closed(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        for opening, inside in (("text=Terms", "button"), ("text=Pick", "button")):
            async with lesson.tab.context.expect_page() as coming:
                await lesson.click(opening)
            popup = await coming.value
            await popup.wait_for_load_state()
            await lesson.recorder.settled()
            await lesson.click(inside, popup)
            if opening == "text=Terms":
                [terms] = [page for page in lesson.task.pages if page.playwright == popup]
                await terms.close()

    shown = await taught(show, {"/": TABS, "/terms": TERMS, "/picker": PICKER})
    assert [(step.action, step.tab, step.change.popup) for step in shown.steps] == [
        ("click", "", "tab-2"),
        ("click", "tab-2", ""),
        ("close", "tab-2", ""),
        ("click", "", "tab-3"),
        ("click", "tab-3", ""),
    ]
    assert shown.log == shown.again == "Elm Street 5;"


FILES = (
    LOG
    + """<style>input { display: none }</style><button id="choose">Choose a photo</button>
<input type="file" id="photo"><a href="data:text/plain,hello" download="invoice 7.txt">Invoice</a><script>
choose.onclick = () => photo.click();
photo.onchange = () => say("got " + photo.files[0].name);
</script>"""
)


async def test_a_file_is_given_and_a_file_is_taken(taught: Any, tmp_path: Path) -> None:
    photo = tmp_path / "cat.png"
    photo.write_bytes(b"not really")

    async def show(lesson: Lesson) -> None:
        async with lesson.tab.expect_file_chooser() as coming:
            await lesson.click("#choose")
        await (await coming.value).set_files({"name": "cat.png", "mimeType": "image/png", "buffer": b"not really"})
        await lesson.click("text=Invoice")
        await lesson.until(lambda steps: bool(steps[-1].change.download))

    shown = await taught(show, {"/": FILES})
    assert [(step.action, step.value, step.change.download) for step in shown.steps] == [
        ("upload", "cat.png", ""),
        ("click", "", "invoice 7.txt"),
    ]
    assert shown.log == shown.again == "got cat.png;"
    assert (tmp_path / "files" / "invoice 7.txt").read_bytes() == b"hello"


DRAG = (
    LOG
    + """<style>.box { width: 90px; height: 40px; background: #ccc; margin: 20px; touch-action: none }</style>
<div class="box" id="from" draggable="true">Parcel</div><div class="box" id="to">Shelf</div>
<div class="box" id="card" style="position: absolute; left: 300px; top: 20px">Card</div>
<div class="box" id="lane" style="position: absolute; left: 600px; top: 20px; height: 200px">Done</div><script>
const to = document.getElementById("to"), card = document.getElementById("card");
to.ondragover = (event) => event.preventDefault();
to.ondrop = () => say("dropped");
card.onpointerdown = (down) => {
  const left = down.clientX - card.offsetLeft;
  card.setPointerCapture(down.pointerId);
  card.onpointermove = (move) => { card.style.left = move.clientX - left + "px"; };
  card.onpointerup = () => { card.onpointermove = null; if (card.offsetLeft > 500) say("moved"); };
};
</script>"""
)


async def test_things_are_dragged_the_browsers_way_and_the_pages_own(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        mouse = lesson.tab.mouse
        for start, end in (((60, 50), (60, 110)), ((340, 60), (640, 80))):
            before = len(lesson.told)
            await mouse.move(*start)
            await mouse.down()
            await mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
            await mouse.move(*end)
            await mouse.move(end[0] + 1, end[1])
            await mouse.up()
            await lesson.until(lambda _: len(lesson.told) > before)  # noqa: B023

    shown = await taught(show, {"/": DRAG})
    assert [
        (step.action, step.shown.target.fingerprint.text, step.onto.target.fingerprint.text) for step in shown.steps
    ] == [
        ("drag", "Parcel", "Shelf"),
        ("drag", "Card", "Done"),
    ]
    assert shown.log == shown.again == "dropped; moved;"


MENUS = (
    LOG
    + """<style>nav ul { display: none; margin: 0 } nav li:hover > ul { display: block } li { width: 120px }</style>
<h1>Shop</h1><p>Nothing here</p>
<nav><li><a href="#">Tools</a><ul>
<li><a href="#">Hammers</a><ul><li><button onclick="say('claw')">Claw</button></li></ul></li></ul></li></nav>
<div style="position: absolute; left: 400px; top: 100px"><button id="more" aria-haspopup="menu">More</button></div>
<script>
more.onmouseenter = () => setTimeout(() => {
  if (document.getElementById("menu")) return;
  const menu = document.createElement("div");
  Object.assign(menu, { id: "menu", role: "menu", style: "position: absolute; left: 400px; top: 130px" });
  menu.innerHTML = "<button role=menuitem onclick=\\"say('shared')\\">Share</button>";
  document.body.append(menu);
}, 60);
</script>"""
)


async def test_only_the_hovers_that_opened_a_menu_are_kept(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        tab = lesson.tab
        for passed in ("h1", "p", "text=Tools", "text=Hammers"):
            await tab.hover(passed)
        await lesson.click("text=Claw")
        await tab.hover("h1")
        await tab.hover("#more")
        await tab.locator("text=Share").wait_for()
        await lesson.click("text=Share")

    shown = await taught(show, {"/": MENUS})
    assert shown.did == [
        ("hover", "Tools"),
        ("hover", "Hammers"),
        ("click", "Claw"),
        ("hover", "More"),
        ("click", "Share"),
    ]
    assert shown.log == shown.again == "claw; shared;"


ROWS = (
    LOG
    + """<style>td div { opacity: 0 } tr:hover div { opacity: 1 } td { padding: 8px }</style><table><tbody>
<tr><td>1</td><td>Oak Maps</td><td>Lakeside</td><td><div><button onclick="say('oak')">Edit</button></div></td></tr>
<tr><td>2</td><td>Ivy Radio</td><td>Lakeside</td><td><div><button onclick="say('ivy')">Edit</button></div></td></tr>
</tbody></table>"""
)


async def test_what_shows_in_a_row_is_shown_by_the_row_wherever_the_pointer_was(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.tab.locator("td", has_text="Lakeside").last.hover()
        await lesson.click("tr:nth-of-type(2) button")

    shown = await taught(show, {"/": ROWS})
    rest, click = shown.steps
    assert (rest.action, rest.shown.target.fingerprint.role, click.action) == ("hover", "row", "click")
    assert '//tr[.//text()[normalize-space()="Ivy Radio"]]' in [one.value for one in rest.shown.target.locators]
    assert shown.log == shown.again == "ivy;"


CALENDAR = (
    LOG
    + """<label>Day <input id="day" readonly></label><div id="box"></div><script>
let month = 10;
const days = () => new Date(2026, month + 1, 0).getDate();
function draw() {
  const cells = Array.from({ length: days() }, (_, day) => `<td role=gridcell>${day + 1}</td>`);
  const rows = [];
  while (cells.length) rows.push(`<tr>${cells.splice(0, 7).join("")}</tr>`);
  const title = new Date(2026, month).toLocaleString("en", { month: "long" });
  const table = `<table role=grid>${rows.join("")}</table>`;
  box.innerHTML = `<button aria-label="Next month">&gt;</button><b>${title} 2026</b>${table}`;
  box.querySelector("button").onclick = () => { month++; draw(); };
  for (const cell of box.querySelectorAll("td")) {
    cell.onclick = () => {
      day.value = `${title} ${cell.textContent}`;
      box.innerHTML = "";
      say(day.value);
    };
  }
}
day.onfocus = draw;
</script>"""
)


async def test_a_calendar_of_the_pages_own_gives_its_days_as_options(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.click("#day")
        await lesson.click("[aria-label='Next month']")
        await lesson.click("td >> text='24'")

    shown = await taught(show, {"/": CALENDAR})
    assert shown.did == [("click", "Day"), ("click", "Next month"), ("click", "24")]
    day = shown.steps[2].shown
    assert [option.text for option in day.options] == [str(number) for number in range(1, 32)]
    assert shown.log == shown.again == "December 24;"


LISTS = (
    LOG
    + """<div id="letter" contenteditable role="textbox" aria-label="Letter"><p>Dear all,</p></div>
<div id="list" role="list" aria-label="People" style="height: 120px; width: 300px; overflow: auto"></div><script>
const list = document.getElementById("list");
function draw() {
  const first = Math.floor(list.scrollTop / 30);
  list.innerHTML = '<div style="height: 9000px; position: relative"></div>';
  for (let row = first; row < first + 5; row++) {
    const button = document.createElement("button");
    button.textContent = "Person " + row;
    button.style = `position: absolute; top: ${row * 30}px; height: 30px`;
    button.onclick = () => say("person " + row);
    list.firstChild.append(button);
  }
}
list.addEventListener("scroll", draw);
draw();
letter.oninput = () => { letter.dataset.changed = 1; };
letter.onblur = () => say(letter.innerText.trim());
</script>"""
)


async def test_rich_text_is_typed_and_a_list_that_draws_what_is_seen_is_scrolled(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        tab = lesson.tab
        await tab.click("#letter")
        await tab.keyboard.press("Control+A")
        await tab.keyboard.type("Hello there")
        await tab.mouse.move(100, 150)
        await tab.mouse.wheel(0, 600)
        await tab.locator("text=Person 21").wait_for()
        await tab.mouse.wheel(0, 600)
        await tab.locator("text=Person 41").wait_for()
        await lesson.click("text=Person 41")

    shown = await taught(show, {"/": LISTS})
    assert shown.did == [("fill", "Hello there"), ("scroll", "1200"), ("click", "Person 41")]
    assert shown.steps[1].shown.target.fingerprint.name == "People"
    assert shown.log == shown.again == "Hello there; person 41;"


APP = (
    LOG
    + """<nav><a href="/mail">Mail</a> <a href="/mail/7">Letter</a></nav><main></main><script>
const mail = "<h1>Mail</h1><button>Archive</button>";
const pages = { "/": "<h1>Home</h1>", "/mail": mail, "/mail/7": "<h1>Letter 7</h1>" };
function draw() { document.querySelector("main").innerHTML = pages[location.pathname]; say(location.pathname); }
addEventListener("click", (event) => {
  if (event.target.matches("button")) say("archived");
  if (!event.target.matches("a")) return;
  event.preventDefault();
  document.querySelector("main").innerHTML = "<p>Loading</p>";
  setTimeout(() => { history.pushState(0, "", event.target.href); draw(); }, 150);
});
addEventListener("popstate", draw);
draw();
</script>"""
)


async def test_an_application_of_one_page_is_waited_for_and_its_addresses_are_consequences(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.click("nav >> text=Letter")
        await lesson.tab.wait_for_url("**/mail/7")
        await lesson.click("nav >> text=Mail")
        await lesson.click("text=Archive")

    shown = await taught(show, {"/": APP})
    assert shown.did == [("click", "Letter"), ("click", "Mail"), ("click", "Archive")]
    letter, mail, _ = shown.steps
    assert letter.change.url.endswith("/mail/7") and mail.change.url.endswith("/mail")
    assert mail.change.appeared[0].name == "Mail"
    assert shown.log == shown.again == "/; /mail/7; /mail; archived;"


ASKS = (
    LOG
    + """<button onclick="say('deleted ' + confirm('Delete draft 7?'))">Delete</button>
<button onclick="setTimeout(() => say('called ' + prompt('What name?', 'x')), 50)">Name</button>"""
)


async def test_dialogs_are_answered_as_they_were(taught: Any) -> None:
    def person(seen: DialogSeen) -> str | None:
        return {"confirm": "", "prompt": "Ada"}[seen.kind]

    async def show(lesson: Lesson) -> None:
        for name in ("Delete", "Name"):
            await lesson.click(f"text={name}")
            await lesson.until(lambda steps: bool(steps[-1].change.dialogs))

    shown = await taught(show, {"/": ASKS}, dialogs=person)
    assert [step.change.dialogs for step in shown.steps] == [
        (Dialog(kind="confirm", message="Delete draft 7?", accepted=True),),
        (Dialog(kind="prompt", message="What name?", accepted=True, text="Ada"),),
    ]
    assert shown.log == shown.again == "deleted true; called Ada;"


async def test_an_address_that_was_typed_and_a_way_back_are_steps_and_links_are_not(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.page.goto(lesson.tab.url + "two", deadline=Deadline.after_ms(15_000))
        await lesson.recorder.settled()
        await lesson.click("text=Three")
        await lesson.tab.wait_for_url("**/three")
        await lesson.page.walk("back")
        await lesson.at_rest()

    two = LOG + "<h1>Two</h1><a href='/three'>Three</a>"
    shown = await taught(show, {"/": LOG, "/two": two, "/three": "<h1>Three</h1>"})
    assert [(step.action, step.value[-4:], urlsplit(step.change.url).path) for step in shown.steps] == [
        ("goto", "/two", "/two"),
        ("click", "", "/three"),
        ("goto", "/two", "/two"),
    ]


async def test_an_address_is_kept_as_it_was_typed_also_where_it_leads_elsewhere(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.page.goto(lesson.tab.url + "old", deadline=Deadline.after_ms(15_000))
        await lesson.recorder.settled()
        await lesson.click("button")

    there = LOG + """<button onclick="say('there')">There</button>"""
    shown = await taught(show, {"/": LOG, "/old": "-> /new", "/new": there})
    went = shown.steps[0]
    assert (urlsplit(went.value).path, urlsplit(went.change.url).path) == ("/old", "/new")
    assert shown.log == shown.again == "there;"


COSTS = (
    LOG
    + """<main><dl><div><dt>From</dt><dd>Market Hall, at the corner of the old town, the second door</dd></div>
<div><dt>To</dt><dd>Central Station, on the side of the river, platform nine</dd></div>
<div><dt>Price</dt><dd>9.78</dd></div></dl><p>Fee: $1.20</p><form onsubmit="return false">
<button onclick="say('booked')">Book ride</button></form></main>"""
)


async def test_what_the_page_says_that_something_costs_is_kept_with_the_button(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.click("button")

    shown = await taught(show, {"/": COSTS})
    assert shown.steps[0].shown.prices == ("Price 9.78", "Fee $1.20")
