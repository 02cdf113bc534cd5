"""Replay gets past notices and logins, brings a person to captchas, and names what it cannot get past."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from browser.deadline import Deadline
from browser.page import Page
from browser.pool import Pool, PoolConfig
from teach_mode.checks import parse_skill
from teach_mode.obstacles import Obstacle
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.skill import Origins, Skill
from tests.browser.conftest import Site
from tests.teach_mode.conftest import ScriptedGate

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

INN = """<!doctype html><meta charset=utf-8><title>Inn</title><h1>Inn</h1><button id=bill>Show bill</button>
<p id=sum></p><script>const presses = [];
bill.onclick = () => { presses.push("bill"); sum.textContent = "The bill is 20.00"; };</script>"""
NOTICE = """<div role=dialog id=note style="position:fixed;inset:0;background:#eee"><p>We use cookies.</p>
<button onclick="note.remove(); presses.push('accept')">Accept all</button>
<button onclick="note.remove(); presses.push('reject')">Reject all</button></div>"""
WALL = """<!doctype html><meta charset=utf-8><title>Inn</title><div role=dialog><p>Your privacy matters: cookies.</p>
<button onclick="location='/inn'">Only necessary</button></div>"""
LOGIN = """<!doctype html><meta charset=utf-8><title>Sign in</title><h1>Sign in</h1>
<label>Password <input type=password id=p></label>
<button onclick="if (p.value === 'sesame') location='/inn'">Sign in</button>"""
CAPTCHA = "<!doctype html><meta charset=utf-8><title>Inn</title><h1>Are you human?</h1><button>Begin</button>"
DOWN = "<!doctype html><meta charset=utf-8><title>Inn</title><h1>Down for maintenance</h1>"


def button(name: str) -> dict[str, Any]:
    seen = {"role": "button", "name": name, "text": name, "tag": "button"}
    return {"locators": [{"kind": "role", "value": "button", "name": name, "exact": True}], "fingerprint": seen}


PASSWORD = {
    "locators": [{"kind": "label", "value": "Password", "exact": True}],
    "fingerprint": {
        "role": "textbox",
        "name": "Password",
        "label": "Password",
        "tag": "input",
        "attributes": {"type": "password", "id": "p"},
    },
}
BILL = {
    "id": "bill",
    "action": "click",
    "target": button("Show bill"),
    "postcondition": {"text": "The bill is"},
}
SIGN_IN = [
    {"id": "password", "action": "fill", "secret": "inn", "target": PASSWORD, "optional": True},
    {"id": "sign-in", "action": "click", "target": button("Sign in"), "optional": True},
]


class Keyring:
    """Secrets for tests."""

    async def type_into(self, page: Page, at: Any, name: str, *, origin: str, deadline: Deadline) -> None:
        await page.fill(at, "sesame", deadline=deadline)


class Guest:
    """An attendant who deals with what is in the way, or does not."""

    def __init__(self, deals: Callable[[Page], Awaitable[bool]]) -> None:
        self.deals = deals
        self.brought: list[str] = []

    async def hand_over(self, page: Page, obstacle: Obstacle) -> bool:
        self.brought.append(obstacle.kind)
        return await self.deals(page)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def warm(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Pool, Site]]:
    site = Site()
    await site.start()
    config = PoolConfig(state_dir=tmp_path_factory.mktemp("state"), allow_local=(f"*.localhost:{site.port}",))
    async with Pool(config) as pool:
        yield pool, site
    await site.stop()


class Inn:
    """The site, and a run on it. `presses` is what was pressed on its last page."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site

    def skill(self, *steps: dict[str, Any], **entry: Any) -> Skill:
        raw = {
            "format": 1,
            "name": "see_bill",
            "description": "See the bill.",
            "base": self.site.url("", "inn.localhost"),
            "origins": {"navigate": ["inn.localhost"]},
            "entry": {"url": "{site}/", **entry},
            "utterances": ["the bill please"],
            "steps": steps,
        }
        return parse_skill(json.dumps(raw).encode())

    async def run(
        self, skill: Skill, first: str, attendant: Guest | None = None, patience_ms: float = 20_000
    ) -> Replayed:
        self.site.pages.update({"/": first, "/inn": INN, "/login": LOGIN})
        replay = Replay(self.page, ScriptedGate(), secrets=Keyring(), attendant=attendant)
        return await replay.run(skill, {}, Deadline.after_ms(40_000))

    async def presses(self) -> list[str]:
        return list(await self.page.playwright.evaluate("presses"))


@pytest_asyncio.fixture(loop_scope="module")
async def inn(warm: tuple[Pool, Site]) -> AsyncIterator[Inn]:
    pool, site = warm
    async with pool.context(navigate=[f"inn.localhost:{site.port}"]) as task:
        yield Inn(await task.new_page(), site)


async def test_a_notice_that_lies_on_the_button_is_rejected_while_the_click_waits(inn: Inn) -> None:
    result = await inn.run(inn.skill(BILL), INN + NOTICE)
    assert (result.error, await inn.presses()) == (None, ["reject", "bill"])


FOREIGN = """<div style="position:fixed;inset:0;background:#eee">
<iframe width=900 height=600 src="{}" id=notice></iframe></div><script>
addEventListener("message", ({{ data }}) => {{
  document.getElementById("notice").parentElement.remove();
  presses.push(data);
}});
</script>"""
CONSENT = """<!doctype html><meta charset=utf-8><title>Consent</title><h2>We value your privacy</h2>
<p>Cookies and more.</p><button onclick="parent.postMessage('accept', '*')">Accept all</button>
<button onclick="parent.postMessage('reject', '*')">Reject all</button>"""


async def test_a_notice_in_a_frame_of_a_host_that_pages_load_from_is_rejected_there(warm: tuple[Pool, Site]) -> None:
    pool, site = warm
    site.pages["/notice"] = CONSENT
    hosts = [f"inn.localhost:{site.port}"], [f"consent.localhost:{site.port}"]
    async with pool.context(navigate=hosts[0], load=hosts[1]) as task:
        inn = Inn(await task.new_page(), site)
        origins = Origins(navigate=("inn.localhost",), load=("consent.localhost",))
        skill = msgspec.structs.replace(inn.skill(BILL), origins=origins)
        site.pages["/"] = INN + FOREIGN.format(site.url("/notice", "consent.localhost"))
        replay = Replay(inn.page, gate := ScriptedGate())
        result = await replay.run(skill, {}, Deadline.after_ms(40_000))
        assert (result.error, await inn.presses()) == (None, ["reject", "bill"])
        told = [(act.step, act.origin) for act in gate.acts if act.notice]
        assert told == [("bill-notice", site.url("", "consent.localhost"))]
    assert not skill.may_load_from(site.url("", "ads.localhost"))
    assert not msgspec.structs.replace(skill, base="https://inn.localhost").may_load_from("http://consent.localhost")


async def test_a_notice_in_place_of_the_page_is_put_aside_at_the_entry_or_when_the_element_is_missed(inn: Inn) -> None:
    for entry in ({}, {"condition": {"visible": [{"kind": "role", "value": "button", "name": "Show bill"}]}}):
        result = await inn.run(inn.skill(BILL, **entry), WALL)
        assert (result.error, await inn.presses()) == (None, ["bill"])


async def test_a_login_in_the_middle_is_done_from_the_vault(inn: Inn) -> None:
    leave = {"id": "leave", "action": "goto", "value": "{site}/login", "effect": "read"}
    result = await inn.run(inn.skill(*SIGN_IN, leave, BILL), LOGIN)
    assert (result.error, await inn.presses()) == (None, ["bill"])
    assert [step.step for step in result.steps].count("password") == 2


NAME = {
    "locators": [{"kind": "label", "value": "Email", "exact": True}],
    "fingerprint": {"role": "textbox", "name": "Email", "label": "Email", "tag": "input"},
}
GREETING = {"id": "email", "action": "fill", "value": "ada@inn.example", "target": NAME, "optional": True}
LETTERS = "<label>Email <input id=letters></label>"


async def test_what_signs_in_is_pressed_also_when_it_is_called_otherwise(inn: Inn) -> None:
    result = await inn.run(inn.skill(*SIGN_IN, BILL), LOGIN.replace(">Sign in</button>", ">Log in</button>"))
    assert (result.error, [step.step for step in result.steps]) == (None, ["entry", "password", "sign-in", "bill"])


async def test_what_signs_in_is_not_missed_where_the_last_key_did_it(inn: Inn) -> None:
    at_once = LOGIN.replace("id=p>", "id=p oninput=\"location='/inn'\">").replace(
        ">Sign in</button>", " hidden></button>"
    )
    result = await inn.run(inn.skill(*SIGN_IN, BILL), at_once)
    assert (result.error, [step.step for step in result.steps]) == (None, ["entry", "password", "bill"])


async def test_the_name_at_a_login_is_typed_into_no_other_field_that_is_called_so(inn: Inn) -> None:
    result = await inn.run(inn.skill(GREETING, *SIGN_IN, BILL), INN + LETTERS)
    assert (result.error, await inn.page.playwright.input_value("#letters")) == (None, "")
    asked = LOGIN.replace("<label>Password", "<label>Email <input></label><label>Password")
    result = await inn.run(inn.skill(GREETING, *SIGN_IN, BILL), asked)
    assert result.error is None and result.steps[1].step == "email"


async def test_a_captcha_is_left_to_the_person_and_then_it_goes_on(inn: Inn) -> None:
    async def deals(page: Page) -> bool:
        inn.site.pages["/"] = INN
        return True

    guest = Guest(deals)
    result = await inn.run(inn.skill(BILL), CAPTCHA, guest)
    assert (result.error, guest.brought) == (None, ["captcha"])
    assert await inn.presses() == ["bill"]


@pytest.mark.parametrize(
    ("page", "kind", "words"),
    [(CAPTCHA, "captcha", "person"), (LOGIN, "login", "login"), (DOWN, "out_of_order", "order")],
)
async def test_what_cannot_be_passed_is_named(inn: Inn, page: str, kind: str, words: str) -> None:
    result = await inn.run(inn.skill(BILL), page)
    assert result.outcome == "failed" and result.error is not None
    assert (result.error.code, result.error.obstacle.kind) == ("step_obstructed", kind)  # type: ignore[attr-defined]
    assert words in str(result.error)


async def test_a_person_who_does_not_deal_with_it_is_brought_once(inn: Inn) -> None:
    async def deals(page: Page) -> bool:
        return False

    guest = Guest(deals)
    wait = {"id": "wait", "action": "wait", "wait": {"text": "Inn"}}
    result = await inn.run(inn.skill(wait, BILL), CAPTCHA.replace("<title>Inn", "<title>"), guest)
    assert result.error is not None and result.error.code == "step_obstructed"
    assert guest.brought == ["captcha"]


async def test_an_act_is_not_made_again_because_a_login_came_after_it(inn: Inn) -> None:
    times_out = f"history.pushState(null, '', '/paid?' + presses.push(1)); document.body.innerHTML = {LOGIN!r};"

    async def deals(page: Page) -> bool:
        await page.playwright.evaluate("document.body.textContent = 'The bill is 20.00'")
        return True

    guest = Guest(deals)
    page = re.sub(r"presses.push.*20.00\"", lambda found: times_out, INN)
    result = await inn.run(inn.skill(BILL), page, guest)
    assert (result.error, guest.brought) == (None, ["login"])
    assert inn.page.url.endswith("/paid?1")
