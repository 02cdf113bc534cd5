"""What is secret never leaves the page, and what a page makes up never gets into the steps."""

from __future__ import annotations

import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from browser.deadline import Deadline
from browser.pool import Pool
from teach_mode.heard import NotHeard, decode
from tests.teach_mode.lessons import LOG, Lesson, School, lesson

a_lesson = pytest.mark.asyncio(loop_scope="module")

CANARIES = {
    "password": "kingfisher-42",
    "code": "918273",
    "card": "4929123412341234",
    "cvc": "7370914",
    "plain": "sparrow-17",
}

LOGIN = """<title>Login</title><form action="/in"><label>Name <input name="user"></label>
<label>Password <input type="password" name="pass"></label>
<button type="button" id="eye">Show</button>
<label>Code <input autocomplete="one-time-code" name="code"></label>
<label>Card <input autocomplete="cc-number" name="card"></label>
<label>Security code (CVC) <input name="field_17" inputmode="numeric"></label>
<label>Secret word <input id="late" name="word" type="text"></label>
<p id="echo">Nothing yet</p><button>Sign in</button></form><script>
const pass = document.querySelector("[name=pass]");
eye.onclick = () => { pass.type = pass.type === "password" ? "text" : "password"; };
addEventListener("input", () => { echo.innerHTML = "<h2>You typed " + pass.value + "</h2>"; });
late.onfocus = () => { late.type = "password"; };
document.forms[0].onsubmit = () => alert("Welcome with " + pass.value);
</script>"""


async def write(lesson: Lesson, selector: str, text: str) -> None:
    await lesson.tab.click(selector)
    await lesson.tab.keyboard.type(text)


@pytest.mark.e2e
@a_lesson
async def test_secrets_are_in_nothing_that_the_recorder_makes(
    school: School, pool: Pool, capfd: pytest.CaptureFixture[str]
) -> None:
    school.pages = {"/": LOGIN, "/in": "<h1>In</h1>"}
    async with lesson(pool, (f"shop.localhost:{school.port}",)) as shown:
        await shown.page.goto(school.url(), deadline=Deadline.after_ms(10_000))
        await write(shown, "[name=user]", "ada")
        await write(shown, "[name=pass]", CANARIES["password"])
        await shown.click("#eye")
        await write(shown, "[name=pass]", "x")
        await write(shown, "[name=code]", CANARIES["code"])
        await write(shown, "[name=card]", CANARIES["card"])
        await write(shown, "[name=field_17]", CANARIES["cvc"])
        await write(shown, "[name=word]", CANARIES["plain"])
        await shown.click("text=Sign in")
        await shown.tab.wait_for_url("**/in?*")
        await shown.at_rest()
    steps = shown.recorder.steps
    assert [step.secret for step in steps if step.action == "fill"] == [
        None,
        "password",
        "password",
        "one_time_code",
        "card",
        "card",
        "password",
    ]
    made = msgspec.json.encode((shown.told, steps, shown.recorder.demonstration("log in"))).decode()
    made += "".join(capfd.readouterr())
    assert [name for name, canary in CANARIES.items() if canary in made] == []
    assert "ada" in made and steps[-1].change.url.endswith("/in?user=ada")
    for step in steps:
        if step.secret is not None and step.shown is not None:
            with Image.open(io.BytesIO(shown.pictures[step.shown.picture])) as picture:
                low, high = picture.convert("L").getextrema()
            assert high == low, "the crop of a secret field shows something"


HOSTILE = (
    LOG
    + """<button id="b">Go</button><input id="i"><input type="file" id="f"><script>
window.leveretSays = (text) => say("caught " + text);
window.leveret = { clean: () => say("called") };
const bubbles = { bubbles: true, composed: true };
for (const kind of ["click", "dblclick", "contextmenu"]) b.dispatchEvent(new MouseEvent(kind, bubbles));
b.click();
i.value = "forged";
for (const kind of ["input", "change"]) i.dispatchEvent(new Event(kind, { bubbles: true }));
i.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
const files = new DataTransfer();
files.items.add(new File(["x"], "forged.txt"));
f.files = files.files;
f.dispatchEvent(new Event("change", { bubbles: true }));
const strange = Object.getOwnPropertyNames(window).filter((name) => /leveret/i.test(name));
if (strange.length > 2) say("found " + strange);
const mine = () => { throw new Error("mine"); };
Array.prototype.map = Array.prototype.filter = JSON.stringify = Element.prototype.getAttribute = mine;
Object.defineProperty(Event.prototype, "isTrusted", { get: () => true });
addEventListener("click", (event) => event.stopImmediatePropagation(), true);
location.hash = "moved";
window.open("/more");
</script>"""
)


@pytest.mark.e2e
@a_lesson
async def test_a_page_cannot_make_up_a_step_or_see_the_recorder(school: School, pool: Pool) -> None:
    school.pages = {"/": HOSTILE, "/more": "<h1>More</h1>"}
    async with lesson(pool, (f"shop.localhost:{school.port}",)) as shown:
        await shown.page.goto(school.url(), deadline=Deadline.after_ms(10_000))
        await shown.at_rest()
        assert [step.action for step in shown.recorder.steps] == ["goto"]
        await shown.click("#b")
        await shown.at_rest()
        assert await shown.tab.inner_text("#log") == ""
    assert [step.action for step in shown.recorder.steps] == ["goto", "click"]
    assert shown.recorder.demonstration().navigated == ("shop.localhost",)


@pytest.mark.e2e
@a_lesson
async def test_what_is_done_while_paused_is_not_a_step(school: School, pool: Pool) -> None:
    school.pages = {
        "/": LOG + "<button>One</button><button>Two</button><select aria-label=Size><option>S<option>L</select>"
    }
    async with lesson(pool, (f"shop.localhost:{school.port}",)) as shown:
        await shown.page.goto(school.url(), deadline=Deadline.after_ms(10_000))
        await shown.click("text=One")
        await shown.recorder.pause()
        await shown.tab.click("text=Two")
        await shown.recorder.resume()
        await shown.click("text=One")
        await shown.tab.select_option("select", "L")
        async with shown.recorder.vouching(shown.page):
            await shown.tab.select_option("select", "S")
            await shown.tab.select_option("select", "L")
        await shown.at_rest()
    done = [(step.action, step.value) for step in shown.recorder.steps[1:]]
    assert done == [("click", ""), ("click", ""), ("select", "S"), ("select", "L")]


def test_a_message_is_held_to_its_schema() -> None:
    for said in (
        "",
        "[]",
        '{"t": "act", "n": 1}',
        '{"t": "act", "n": -1, "kind": "click"}',
        '{"t": "act", "n": 1, "kind": "goto", "value": "http://evil.example"}',
        '{"t": "act", "n": 1, "kind": "press", "value": "%s"}' % ("x" * 5_000),
        '{"t": "act", "n": 1, "kind": "click", "origins": ["evil.example"]}',
        '{"t": "change", "n": 1, "appeared": %s}' % (['{"kind": "text", "value": "x"}'] * 7),
    ):
        with pytest.raises(NotHeard):
            decode(said)


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_no_message_raises_anything_else(said: str) -> None:
    try:
        decode(said)
    except NotHeard as error:
        assert str(error)


@pytest.mark.e2e
@a_lesson
async def test_what_a_dialog_says_on_a_page_without_secrets_is_kept_also_when_the_page_goes_at_once(
    school: School, pool: Pool
) -> None:
    asks = """<form action="/done" onsubmit="return confirm('Suspend heron?')"><button>Suspend</button></form>"""
    school.pages = {"/": LOGIN, "/in": asks, "/done": "<h1>Done</h1>"}
    async with lesson(pool, (f"shop.localhost:{school.port}",), dialogs=lambda seen: "") as shown:
        await shown.page.goto(school.url(), deadline=Deadline.after_ms(10_000))
        await write(shown, "[name=pass]", CANARIES["password"])
        await shown.click("text=Sign in")
        await shown.tab.wait_for_url("**/in?*")
        await shown.click("text=Suspend")
        await shown.tab.wait_for_url("**/done?")
        await shown.until(lambda steps: bool(steps[-1].change.dialogs))
    steps = shown.recorder.steps
    assert CANARIES["password"] not in msgspec.json.encode(steps).decode()
    assert [one.message for step in steps for one in step.change.dialogs][1:] == ["Suspend heron?"]
