"""Every kind of interaction, shown with a real mouse and keyboard, recorded, and done again word for word."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from teach_mode.pictures import MOST_PX
from tests.teach_mode.lessons import LOG, Lesson

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

FORM = (
    LOG
    + """<title>Form</title>
<label>Name <input name="name"></label> <label for="mail">Mail</label> <input id="mail" type="email">
<label><input type="checkbox" name="news"> News</label> <label><input type="checkbox" name="ads"> Offers</label>
<fieldset><legend>Size</legend><label><input type="radio" name="size" value="s"> Small</label>
<label><input type="radio" name="size" value="l"> Large</label></fieldset>
<label>Colour <select name="colour"><option value="r">Red</option><option value="g">Green</option></select></label>
<label>Pieces <input type="range" name="pieces" min="0" max="10" value="2"></label>
<label>Day <input type="date" name="day"></label> <label>At <input type="time" name="at"></label>
<button id="b" type="button">Twice</button>
<form id="f"><input name="q" aria-label="Search"><button>Find</button></form>
<div role="button" tabindex="0" id="custom" style="cursor: pointer"><b>Custom</b></div>
<script>
f.onsubmit = (event) => { event.preventDefault(); say("sent " + f.q.value); };
addEventListener("change", ({ target: { name, id, value, checked, type } }) => {
  say((name || id) + "=" + (type === "checkbox" ? checked : value));
});
b.addEventListener("dblclick", () => say("double"));
b.addEventListener("contextmenu", (event) => { event.preventDefault(); say("menu"); });
custom.addEventListener("click", () => say("custom"));
addEventListener("keydown", (event) => { if (event.key === "Escape") say("escaped"); });
</script>"""
)


async def test_a_form_is_recorded_and_filled_again(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        tab = lesson.tab
        await tab.click("text=Name")
        await tab.keyboard.type("Ada")
        await tab.keyboard.press("Tab")
        await tab.keyboard.type("ada@mail.example")
        await tab.click("text=News")
        await tab.click("text=Large")
        await tab.focus("select")
        await tab.keyboard.press("G")
        await tab.focus("[name=pieces]")
        await tab.keyboard.press("ArrowRight")
        await tab.keyboard.press("ArrowRight")
        await tab.focus("[name=day]")
        await tab.keyboard.type("12242026")
        await tab.focus("[name=at]")
        await tab.keyboard.type("0730PM")
        await tab.click("#b", button="right")
        await tab.dblclick("#b")
        await tab.click("#custom b")
        await tab.click("[name=q]")
        await tab.keyboard.type("tea")
        await tab.keyboard.press("Enter")
        await tab.keyboard.press("Escape")

    shown = await taught(show, {"/": FORM}, less=True)
    assert shown.did == [
        ("fill", "Ada"),
        ("fill", "ada@mail.example"),
        ("check", "News"),
        ("check", "Large"),
        ("select", "Green"),
        ("fill", "4"),
        ("fill", "2026-12-24"),
        ("fill", "19:30"),
        ("right_click", "Twice"),
        ("double_click", "Twice"),
        ("click", "Custom"),
        ("fill", "tea"),
        ("press", "Enter"),
        ("press", "Escape"),
    ]
    assert [option.text for option in shown.steps[2].shown.options] == ["News", "Offers"]
    assert [option.text for option in shown.steps[4].shown.options] == ["Red", "Green"]
    assert [(option.value, option.text) for option in shown.steps[3].shown.options] == [("s", "Small"), ("l", "Large")]
    # Dates and numbers pass through others while they are typed.
    assert set(shown.again.split("; ")) <= set(shown.log.split("; "))
    assert shown.steps[0].shown.picture in shown.pictures


DRAWN = (
    LOG
    + """<style>[type=radio] { position: absolute; opacity: 0; pointer-events: none }
span { display: block; width: 90px; height: 40px; background: rgb(200, 0, 0) }
[name=name] { display: block; width: 180px; height: 24px; border: 0; background: rgb(0, 0, 200) }</style>
<div><label><input type="radio" name="size" value="l"><span>Large</span></label></div>
<label>Name <input name="name"></label>"""
)


async def test_a_step_is_pictured_as_a_person_sees_it(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        await lesson.at_rest()
        await lesson.click("text=Large")
        await lesson.at_rest()
        await lesson.tab.click("[name=name]")
        await lesson.tab.keyboard.type("Ada")

    shown = await taught(show, {"/": DRAWN})
    seen = [Image.open(BytesIO(shown.pictures[step.picture])) for step in shown.demonstration.steps]
    page, size, name = seen
    assert page.width == MOST_PX  # the page that was gone to
    assert (size.width, size.height) == (90, 40)
    assert is_close(size.convert("RGB").getpixel((80, 5)), (200, 0, 0))  # what is in place of the radio button
    pixels = {name.convert("RGB").getpixel((name.width - 20, y)) for y in range(name.height)}
    assert any(is_close(one, (0, 0, 200)) for one in pixels)  # the field, with its label
    assert name.height > 24


def is_close(pixel: tuple[int, ...], colour: tuple[int, int, int]) -> bool:
    """As far as JPEG keeps it."""
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


KEYS = (
    LOG
    + """<label>City <input name="city" role="combobox" aria-expanded="false" aria-controls="cities"></label>
<ul id="cities" role="listbox"><li role="option">Bern</li><li role="option">Basel</li></ul>
<textarea aria-label="Note"></textarea>
<button onclick="say('saved ' + note.value.split('\\n').length)">Save</button><script>
const city = document.querySelector("input"), note = document.querySelector("textarea");
let at = -1;
city.onkeydown = ({ key }) => {
  if (key === "ArrowDown") at++;
  if (key === "Enter") say(document.querySelectorAll("li")[at].textContent);
};
addEventListener("keydown", (event) => {
  if (event.target.tagName === "BUTTON" && event.key !== "Control") say((event.ctrlKey ? "control " : "") + event.key);
});
</script>"""
)


async def test_keys_that_do_something_are_steps_and_keys_that_write_are_not(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        keyboard = lesson.tab.keyboard
        await lesson.tab.click("input")
        await keyboard.type("b")
        for key in ("Backspace", "b", "ArrowLeft", "ArrowDown", "ArrowDown", "Enter"):
            await keyboard.press(key)
        await lesson.tab.click("textarea")
        await keyboard.type("one\ntwo")
        await keyboard.press("Control+A")
        await lesson.tab.keyboard.type("1\n2\n3")
        await lesson.click("button")
        await keyboard.press("j")
        await keyboard.press("Control+j")

    shown = await taught(show, {"/": KEYS})
    assert shown.did == [
        ("fill", "b"),
        ("press", "ArrowDown"),
        ("press", "ArrowDown"),
        ("press", "Enter"),
        ("fill", "1\n2\n3"),
        ("click", "Save"),
        ("press", "j"),
        ("press", "Control+j"),
    ]
    assert shown.log == shown.again == "Basel; saved 3; j; control j;"
