"""What a run leaves on a real page, and what is said of it when it ends early."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from browser.deadline import Deadline
from browser.sending import sending
from examples.town import Town
from teach_mode.checks import parse_skill
from teach_mode.deeds import so_far
from teach_mode.errors import StepRefused
from teach_mode.interfaces import Act, Permit
from teach_mode.replay import Replay
from teach_mode.traces import Traces
from tests.teach_mode.conftest import ScriptedGate

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

LIST = """<!doctype html><title>Chores</title><a href="/about">About</a>
<ul><li><label><input type="checkbox"> Dishes</label><li><label><input type="checkbox"> Windows</label>
<li><label><input type="checkbox"> Garden</label></ul><button>Archive</button><label>Note <input name="note"></label>
<script>addEventListener("change", (event) => {
  if (event.target.type === "checkbox") fetch("/done", {method: "POST", body: "x"});
});</script>"""


def box(name: str) -> dict[str, Any]:
    seen = {"role": "checkbox", "name": name, "label": name, "tag": "input", "attributes": {"type": "checkbox"}}
    return {"locators": [{"kind": "role", "value": "checkbox", "name": name, "exact": True}], "fingerprint": seen}


ABOUT = {
    "locators": [{"kind": "role", "value": "link", "name": "About"}],
    "fingerprint": {"role": "link", "name": "About", "text": "About", "tag": "a", "attributes": {"href": "/about"}},
}
NOTE = {
    "locators": [{"kind": "label", "value": "Note"}],
    "fingerprint": {"role": "textbox", "name": "Note", "label": "Note", "tag": "input"},
}
ARCHIVE = {
    "locators": [{"kind": "role", "value": "button", "name": "Archive"}],
    "fingerprint": {"role": "button", "name": "Archive", "text": "Archive", "tag": "button"},
}


class Chores(Town):
    """A list whose boxes are saved as they are ticked."""

    def app(self) -> Starlette:
        async def page(request: Request) -> Response:
            return HTMLResponse(LIST)

        async def done(request: Request) -> Response:
            return Response("ok")

        return Starlette(
            routes=[Route("/", page), Route("/about", page), Route("/done", done, methods=["POST"])],
        )


@pytest_asyncio.fixture(loop_scope="module")
async def chores(port: int) -> Any:
    async with Chores(port=port) as started:
        yield started


class Strict(ScriptedGate):
    """Says no to what is done on the element of this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    async def judge(self, act: Act) -> Permit:
        return Permit(go=act.fingerprint.name != self._name, rule="strict")


@pytest.fixture
def stopped(chores: Chores, open_task: Any) -> Any:
    """Does steps until the one on an element of a name, which is not let go; the traces that they left."""

    async def run(at: str, *steps: dict[str, Any], loops: tuple[dict[str, str], ...] = ()) -> Traces:
        raw = {
            "format": 1,
            "name": "chores",
            "description": "Do chores.",
            "base": "http://shop.localhost",
            "origins": {"navigate": ["shop.localhost"]},
            "entry": {"url": "{site}/"},
            "parameters": [{"name": "chore", "kind": "text", "question": "Which?", "many": True}],
            "utterances": ["do {chore}"],
            "loops": loops,
            "steps": steps,
        }
        skill = parse_skill(msgspec.json.encode(raw)).at(f"http://shop.localhost:{chores.port}")
        traces = Traces(skill)
        async with open_task(skill) as task:
            with sending(task, traces.sent):
                replay = Replay(await task.new_page(), Strict(at), on_event=traces.take)
                chosen = {"chore": ("Dishes", "Windows", "Garden")}
                done = await replay.run(skill, chosen, Deadline.after_ms(60_000))
        assert isinstance(done.error, StepRefused)
        return traces

    return run


async def test_of_boxes_that_are_saved_as_they_are_ticked_it_is_said_which_were(stopped: Any) -> None:
    loop = {"first": "tick", "last": "tick", "for_each": "chore"}
    traces = await stopped("Garden", {"id": "tick", "action": "check", "target": box("{item}")}, loops=(loop,))
    assert so_far(traces.halt()) == "It was done for 2 of 3: Dishes and Windows."


async def test_looking_around_and_typing_what_is_not_sent_changes_nothing(stopped: Any) -> None:
    traces = await stopped(
        "Archive",
        {"id": "about", "action": "click", "target": ABOUT},
        {"id": "note", "action": "fill", "target": NOTE, "value": "at noon"},
        {"id": "archive", "action": "click", "target": ARCHIVE},
    )
    assert so_far(traces.halt()) == "" and traces.typed
