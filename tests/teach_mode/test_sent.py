"""The question before an irreversible act shows all that its form sends, and the yes is bound to it."""

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
from examples.town import Town
from teach_mode.checks import parse_skill
from teach_mode.interfaces import Act, SiteSays
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.sent import MOST_SHOWN, asked_along, fields_of

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

LETTER = """<!doctype html><title>Letter</title><form method="post" action="/send">
<label>To <input name="to" value="carl@leveret.example"></label>
<label>Message <textarea name="body"></textarea></label>
<label>Password <input type="password" name="word" value="violet"></label>
<button>Send</button></form>"""
SEND = {"locators": [{"kind": "role", "value": "button", "name": "Send"}]}
SEND["fingerprint"] = {"role": "button", "name": "Send", "text": "Send", "tag": "button"}  # type: ignore[assignment]
MESSAGE = {"locators": [{"kind": "label", "value": "Message"}]}
MESSAGE["fingerprint"] = {"role": "textbox", "name": "Message", "label": "Message", "tag": "textarea"}  # type: ignore[assignment]
SKILL: dict[str, Any] = {
    "format": 1,
    "name": "answer",
    "description": "Answer.",
    "effect": "irreversible",
    "base": "http://shop.localhost",
    "origins": {"navigate": ["shop.localhost"]},
    "entry": {"url": "{site}/"},
    "parameters": [{"name": "words", "kind": "text", "question": "What?"}],
    "utterances": ["say {words}"],
    "steps": [
        {"id": "write", "action": "fill", "target": MESSAGE, "value": "{words}"},
        {
            "id": "send",
            "action": "click",
            "target": SEND,
            "effect": "irreversible",
            "question": "Answer {words}. Press “Send”?",
            "confirms": [{"name": "said", "title": "Message", "locators": [{"kind": "label", "value": "Message"}]}],
            "postcondition": {"text": "Thank you"},
        },
    ],
}


class Post(Town):
    """One letter that is answered; `sent` is what arrived."""

    def app(self) -> Starlette:
        self.sent: list[dict[str, str]] = []

        async def page(request: Request) -> Response:
            return HTMLResponse(LETTER)

        async def send(request: Request) -> Response:
            async with request.form() as form:
                self.sent.append({name: str(value) for name, value in form.items()})
            return HTMLResponse("<p>Thank you</p>")

        return Starlette(routes=[Route("/", page), Route("/send", send, methods=["POST"])])


@pytest_asyncio.fixture(loop_scope="module")
async def post(port: int) -> Any:
    async with Post(port=port) as started:
        yield started


async def answer(post: Post, open_task: Any, gate: Any, meddle: Any = None) -> Replayed:
    skill = parse_skill(msgspec.json.encode(SKILL)).at(f"http://shop.localhost:{post.port}")
    async with open_task(skill) as task:
        if meddle is not None:
            meddle(task)
        return await Replay(await task.new_page(), gate).run(skill, {"words": "I come"}, Deadline.after_ms(60_000))


async def test_a_field_that_the_site_filled_is_shown_and_said_before_the_form_is_sent(
    post: Post, open_task: Any, scripted_gate: Any
) -> None:
    gate = scripted_gate()
    done = await answer(post, open_task, gate)
    [asked] = gate.asked
    assert [(says.title, says.text) for says in asked.read_backs] == [
        ("Message", "I come"),
        ("To", "carl@leveret.example"),
    ]
    assert asked.question == "Answer I come. With it goes: to carl@leveret.example. Press “Send”?"
    assert done.outcome == "done" and [one["to"] for one in post.sent] == ["carl@leveret.example"]


async def test_a_recipient_that_changes_after_the_yes_is_asked_about_again(
    post: Post, open_task: Any, scripted_gate: Any
) -> None:
    tasks: list[Any] = []

    async def another(act: Act) -> None:
        if len(gate.asked) == 1:
            await tasks[0].pages[0].playwright.evaluate("document.forms[0].to.value = 'mallory@leveret.example'")

    gate = scripted_gate(while_asked=another)
    await answer(post, open_task, gate, tasks.append)
    said = [says.text for act in gate.asked for says in act.read_backs if says.title == "To"]
    assert said == ["carl@leveret.example", "mallory@leveret.example"]
    assert gate.after_judging() == ["judge", "intend", "withdraw", "judge", "intend", "settled"]
    assert len(post.sent) == 1


async def test_what_the_site_says_already_is_not_said_twice_and_more_than_a_dozen_fields_are_counted() -> None:
    says = (SiteSays(name="said", text="I come"),)
    assert fields_of('[["Message", "I  come"], ["To", "carl"]]', says)[0].text == "carl"
    many = "[" + ", ".join(f'["Field {n}", "{n}"]' for n in range(MOST_SHOWN + 3)) + "]"
    assert [one.text for one in fields_of(many, says)][-1] == "3 more fields"
    assert fields_of(None, says) == ()


async def test_no_more_is_said_than_can_be_listened_to() -> None:
    sent = [SiteSays(name=f"sent-{n}", text=f"value {n}", title=f"Field {n}", sent=True) for n in range(5)]
    assert asked_along("Shall I?", sent) == (
        "Shall I? With it goes: field 0 value 0; field 1 value 1; field 2 value 2; 2 more fields on the screen."
    )
    assert asked_along("Send value 0?", sent[:1]) == "Send value 0?"
    friday = SiteSays(name="sent-1", text="Re: Friday?", title="Subject", sent=True)
    assert asked_along("Say yes. It costs 4.50. Press “Pay 4.50”?", [friday]) == (
        "Say yes. It costs 4.50. With it goes: subject Re: Friday? Press “Pay 4.50”?"
    )
