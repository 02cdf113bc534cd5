"""Every action, loop and condition of a skill file, on one page made for it."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from browser.deadline import Deadline
from browser.locators import Locator
from browser.page import Page
from examples.town import Town
from teach_mode.checks import parse_skill
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.skill import Skill
from teach_mode.uploads import Folder

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

PAGE = """<!doctype html><title>Workshop</title>
<style>
nav ul { display: none } nav:hover ul { display: block }
.box { width: 90px; height: 40px; background: #ccc }
</style>
<h1>Workshop</h1>
<label>Code <input type="password" name="code"></label>
<label>Note <input name="note"></label>
<label>Colour <select name="colour"><option value="r">Red</option><option value="g">Green</option></select></label>
<label><input type="checkbox" name="news" checked> Newsletter</label>
<label>Photo <input type="file" name="photo"></label>
<button id="twice">Twice</button>
<nav><button>Tools</button><ul><li><button id="hammer">Hammer</button></li></ul></nav>
<div class="box" id="from" draggable="true">Parcel</div><div class="box" id="to">Shelf</div>
<button id="more">More</button> <span data-testid="count">0</span>
<div id="late"></div>
<ul id="log" data-testid="log"><li>open</li></ul>
<script>
const by = (id) => document.getElementById(id);
const on = (id, kind, what) => by(id).addEventListener(kind, what);
function say(text) {
  const li = document.createElement("li");
  li.textContent = text;
  by("log").append(li);
}
function valueOf({ type, value, checked, files }) {
  if (type === "password") return "*".repeat(value.length);
  return type === "checkbox" ? checked : files ? files[0].name : value;
}
on("twice", "dblclick", () => say("double"));
on("hammer", "click", () => say("hammer"));
on("to", "dragover", (event) => event.preventDefault());
on("to", "drop", () => say("dropped"));
on("more", "click", () => setTimeout(() => {
  const count = document.querySelector("[data-testid=count]");
  count.textContent = Number(count.textContent) + 1;
}, 60));
addEventListener("change", ({ target }) => say(`${target.name}=${valueOf(target)}`));
document.querySelector("[name=note]").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  say("entered " + event.target.value);
  setTimeout(() => { by("late").innerHTML = "<h2>Ready</h2>"; }, 150);
});
</script>"""


class Workshop(Town):
    """The town's server with one page for everything."""

    def app(self) -> Starlette:
        async def page(request: Request) -> Response:
            return HTMLResponse(PAGE)

        return Starlette(routes=[Route("/", page)])


@pytest_asyncio.fixture(loop_scope="module")
async def workshop(port: int) -> AsyncIterator[Workshop]:
    async with Workshop(port=port) as started:
        yield started


def at(kind: str, value: str, name: str = "") -> dict[str, Any]:
    """A target by one locator; its fingerprint is taken from the page before the run, as a lesson would."""
    return {"locators": [{"kind": kind, "value": value, **({"name": name} if name else {})}], "fingerprint": {}}


async def learn(page: Page, base: str, steps: tuple[dict[str, Any], ...]) -> None:
    """Fill in what the targets look like."""
    await page.goto(base, deadline=Deadline.after_ms(15_000))
    for step in steps:
        for target in (step.get("target"), step.get("onto")):
            if target is not None:
                locators = msgspec.convert(target["locators"], list[Locator])
                seen = await page.find(locators, deadline=Deadline.after_ms(15_000))
                target["fingerprint"] = msgspec.to_builtins(seen.seen)
                if step["action"] == "hover":
                    await page.hover(seen, deadline=Deadline.after_ms(15_000))
    await page.close()


def skill_of(workshop: Workshop, steps: tuple[dict[str, Any], ...], parameters: tuple[dict[str, Any], ...]) -> Skill:
    raw = {
        "format": 1,
        "name": "workshop",
        "description": "Work.",
        "base": "http://shop.localhost",
        "origins": {"navigate": ["shop.localhost"]},
        "entry": {"url": "{site}/"},
        "steps": [{"id": f"step-{number}", **step} for number, step in enumerate(steps)],
        "utterances": ["work"],
        "parameters": list(parameters),
        "read_back": "{log}",
    }
    return parse_skill(json.dumps(raw).encode()).at(f"http://shop.localhost:{workshop.port}")


READ_LOG = {"action": "read", "target": at("testid", "log"), "saves": "log", "effect": "read"}


@pytest.fixture
def done(workshop: Workshop, open_task: Any, scripted_gate: Any) -> Any:
    """Runs steps and gives what happened; the log of the page is the answer."""

    async def run(
        *given: dict[str, Any], values: dict[str, Any] | None = None, parameters: Any = (), **more: Any
    ) -> Replayed:
        steps = copy.deepcopy((*given, READ_LOG))
        async with open_task(skill_of(workshop, steps, parameters)) as task:
            await learn(await task.new_page(), f"http://shop.localhost:{workshop.port}/", steps)
            skill = skill_of(workshop, steps, parameters)
            replay = Replay(await task.new_page(), scripted_gate(), **more)
            return await replay.run(skill, values or {}, Deadline.after_ms(20_000))

    return run


TWICE = at("role", "button", "Twice")
NOTE = at("label", "Note")
MORE = at("role", "button", "More")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"action": "double_click", "target": TWICE}, "double"),
        (
            {"action": "select", "target": at("label", "Colour"), "value": "Green"},
            "colour=g",
        ),
        ({"action": "uncheck", "target": at("label", "Newsletter")}, "news=false"),
        (
            {
                "action": "drag",
                "target": at("text", "Parcel"),
                "onto": at("text", "Shelf"),
            },
            "dropped",
        ),
    ],
    ids=lambda value: value["action"] if isinstance(value, dict) else "",
)
async def test_an_action_does_what_it_says(step: dict[str, Any], said: str, done: Any) -> None:
    result = await done(step)
    assert result.error is None and result.answer.split()[-1] == said


async def test_a_hover_opens_a_menu(done: Any) -> None:
    tools = at("role", "button", "Tools")
    hammer = at("role", "button", "Hammer")
    result = await done({"action": "hover", "target": tools}, {"action": "click", "target": hammer})
    assert result.error is None and result.answer.split()[-1] == "hammer"


async def test_a_file_is_uploaded(done: Any, tmp_path: Path) -> None:
    photo = tmp_path / "cat.png"
    photo.write_bytes(b"not really")
    taken = tmp_path / "taken" / "photo.jpg"
    taken.parent.mkdir()
    taken.write_bytes(b"not really, either")
    files = Folder(tmp_path, taken)
    for value, given in (("cat.png", "photo=cat.png"), ("{photo}", "photo=photo.jpg")):
        step = {"action": "upload", "target": at("label", "Photo"), "value": value}
        result = await done(step, files=files)
        assert result.error is None and result.answer.split()[-1] == given


async def test_a_file_that_is_not_there_and_a_photo_that_was_not_taken_are_named(done: Any, tmp_path: Path) -> None:
    for value, said in (("dog.png", "'dog.png'"), ("{photo}", "a photo that was taken with the request")):
        step = {"action": "upload", "target": at("label", "Photo"), "value": value}
        result = await done(step, files=Folder(tmp_path))
        assert result.error is not None and said in str(result.error)


async def test_a_key_is_pressed_and_what_comes_late_is_waited_for(done: Any) -> None:
    ready = {"visible": [{"kind": "role", "value": "heading", "name": "Ready"}]}
    result = await done(
        {"action": "fill", "target": NOTE, "value": "abc"},
        {"action": "press", "target": NOTE, "value": "Enter", "postcondition": {"text": "entered"}},
        {"action": "wait", "wait": ready},
        {"action": "assert", "wait": ready},
    )
    assert result.error is None and "entered abc" in result.answer


async def test_an_assertion_that_is_not_true_stops_the_run(done: Any) -> None:
    result = await done({"action": "assert", "wait": {"text": "Sold"}}, {"action": "double_click", "target": TWICE})
    assert (result.outcome, result.error.code, result.error.step) == ("failed", "step_not_true", "step-0")
    assert "the text “Sold”" in str(result.error)


async def test_a_loop_goes_on_until_the_page_is_so_and_counts_each_change_once(done: Any) -> None:
    count = {"kind": "testid", "value": "count"}
    three = {"visible": [{"kind": "css", "value": "[data-testid=count]"}], "text": "3"}
    step = {"action": "click", "target": MORE, "until": three, "changes": [count]}
    read = {"action": "read", "target": at("testid", "count"), "saves": "count", "effect": "read"}
    result = await done(step, read)
    assert (result.error, result.values["count"]) == (None, "3")
    assert [seen.step for seen in result.steps].count("step-0") == 3


async def test_a_loop_that_never_gets_there_stops_after_its_most(done: Any) -> None:
    step = {"action": "click", "target": MORE, "until": {"text": "Never"}, "most": 2}
    result = await done({**step, "changes": [{"kind": "testid", "value": "count"}]}, parameters=())
    assert (result.outcome, result.error.code) == ("failed", "step_not_true")
    assert len(result.steps) == 3  # the entry, and two clicks


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ({"given": "note"}, True),
        ({"given": "other"}, False),
        ({"equals": {"note": "hi"}}, True),
        ({"equals": {"note": "ho"}}, False),
        ({"page": {"text": "Workshop"}}, True),
        ({"page": {"text": "Elsewhere"}}, False),
        ({"given": "note", "page": {"text": "Elsewhere"}}, False),
    ],
)
async def test_a_step_is_done_only_when_it_is_due(when: dict[str, Any], due: bool, done: Any) -> None:
    parameters = tuple({"name": name, "kind": "text", "required": False} for name in ("note", "other"))
    step = {"action": "double_click", "target": TWICE, "when": when}
    result = await done(step, values={"note": "hi"}, parameters=parameters)
    assert result.error is None and ("double" in result.answer) == due


class Vault:
    """Secrets for tests: it fills the field, as the real one does, and remembers who asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def type_into(self, page: Any, at: Any, name: str, *, origin: str, deadline: Any) -> None:
        self.asked.append((name, origin))
        await page.fill(at, "open sesame", deadline=deadline)


CODE = {
    "action": "fill",
    "target": at("label", "Code"),
    "secret": "workshop-code",
}


async def test_a_secret_is_typed_by_the_vault_and_told_to_nobody(done: Any, workshop: Workshop) -> None:
    vault, told = Vault(), []
    result = await done(CODE, {"action": "double_click", "target": TWICE}, secrets=vault, on_event=told.append)
    assert (result.error, vault.asked) == (None, [("workshop-code", f"http://shop.localhost:{workshop.port}")])
    assert "code=***********" in result.answer
    assert "sesame" not in repr((result, told))


async def test_without_a_vault_a_secret_stops_the_run(done: Any) -> None:
    result = await done(CODE)
    assert (result.outcome, result.error.code, result.error.rule) == ("failed", "step_refused", "no_vault")


async def test_where_a_locator_finds_several_what_the_element_looked_like_decides(done: Any) -> None:
    result = await done({"action": "double_click", "target": at("role", "button")})
    assert (result.error, [one.words for one in result.healed]) == (None, ["Twice"])
    assert "double" in result.answer
