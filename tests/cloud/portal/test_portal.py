"""The owner's door: who may come in, and what is behind it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from cloud.commands import AnswerAsk, CancelTask, HandleUtterance
from cloud.people.accounts import OWNER
from cloud.portal.doors import COOKIE
from cloud.portal.pages import PAGES
from cloud.tasks.asks import Ask
from teach_mode.checks import read_skill
from tests.cloud.portal.conftest import HOST, Door

PIZZA = Path(__file__).parents[3] / "examples" / "skills" / "pizza.json"
OURS = {"origin": f"http://{HOST}", "content-type": "application/json"}
PRIVATE = [
    ("GET", "/api/engines"),
    ("GET", "/metrics"),
    ("GET", "/api/me"),
    ("POST", "/api/say"),
    ("GET", "/api/tools"),
    ("GET", "/api/events"),
    ("GET", "/api/tasks"),
    ("GET", "/api/tasks/t/events"),
    ("POST", "/api/tasks/t/cancel"),
    ("GET", "/api/tasks/t/frames/1"),
    ("GET", "/api/asks"),
    ("POST", "/api/asks/a"),
    ("GET", "/api/devices"),
    ("POST", "/api/devices"),
    ("DELETE", "/api/devices/hare"),
    ("GET", "/api/vault"),
    ("POST", "/api/vault"),
    ("DELETE", "/api/vault/mail"),
    ("GET", "/api/connections"),
    ("POST", "/api/connections/forget"),
    ("GET", "/api/skills"),
    ("GET", "/api/skills/s"),
    ("DELETE", "/api/skills/s"),
    ("POST", "/api/skills/s/run"),
    ("POST", "/api/skills/s/then"),
    ("POST", "/api/chains"),
    ("POST", "/api/skills/s/revert"),
    ("POST", "/api/skills/s/restore"),
    ("POST", "/api/skills/s/forget"),
    ("POST", "/api/skills/s/export"),
    ("POST", "/api/skills/s/share"),
    ("POST", "/api/imports"),
    ("POST", "/api/imports/save"),
    ("GET", "/api/formats"),
    ("GET", "/api/skills/s/versions/1/powers"),
    ("POST", "/api/skills/s/utterances"),
    ("GET", "/api/skills/s/versions/1"),
    ("GET", "/api/skills/s/versions/1/changes"),
    ("GET", "/api/skills/s/versions/1/pictures/p"),
    ("GET", "/api/history"),
    ("POST", "/api/history/forget"),
    ("POST", "/api/history/take-back"),
    ("POST", "/api/history/open"),
    ("GET", "/api/history/t"),
    ("GET", "/api/history/t/pictures/1"),
    ("GET", "/api/history/t/healed/p"),
    ("GET", "/api/history/t/trace"),
    ("GET", "/api/history/t/trace/about"),
    ("POST", "/api/history/t/forget"),
    ("GET", "/api/lists"),
    ("POST", "/api/lists"),
    ("DELETE", "/api/lists/l"),
    ("POST", "/api/lists/l/lines"),
    ("POST", "/api/lists/l/clear"),
    ("POST", "/api/lists/l/lines/m"),
    ("DELETE", "/api/lists/l/lines/m"),
    ("POST", "/api/undo"),
    ("GET", "/api/journal"),
    ("POST", "/api/journal"),
    ("GET", "/api/journal/file"),
    ("POST", "/api/journal/entries/e"),
    ("DELETE", "/api/journal/entries/e"),
    ("GET", "/api/journal/entries/e/picture"),
    ("POST", "/api/sign-out"),
]


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"cookie": f"{COOKIE}=1.aa"}])
async def test_nothing_private_is_told_without_the_token(door: Door, headers: dict[str, str]) -> None:
    told = []
    for method, path in PRIVATE:
        given = {"text": "x"} if method == "POST" else None
        answer = await door.client.request(method, path, headers=headers, json=given)
        told += [(method, path, answer.status_code)] if answer.status_code != 401 or door.token in answer.text else []
    assert told == []
    assert not door.commands


def test_every_private_address_is_in_that_list(door: Door) -> None:
    app = door.client._transport.app  # type: ignore[attr-defined]
    open_to_all = {*PAGES, "/static/{name:path}", "/health", "/api/sign-in"}
    private = [route for route in app.routes if route.path not in open_to_all]
    missing = [
        route.path
        for route in private
        for method in route.methods - {"HEAD"}
        if not any(listed == method and route.path_regex.match(path) for listed, path in PRIVATE)
    ]
    assert not missing


async def test_it_tells_what_hears_and_speaks_and_how_far_the_stronger_one_is(door: Door) -> None:
    told = (await door.client.get("/api/engines", headers=door.bearer)).json()
    assert (told["hears"], told["speaks"], told["troubles"]) == ("moonshine-tiny-en", "espeak-ng", [])
    (ear,) = told["upgrades"]
    assert (ear["does"], ear["name"], ear["state"]) == ("hears", "whisper-base.en", "waiting")


async def test_health_says_only_whether_it_is_ready(door: Door) -> None:
    assert (await door.client.get("/health")).json() == {"ready": True}
    door.closing.set()
    answer = await door.client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


@pytest.mark.parametrize("path", sorted(PAGES))
async def test_a_page_loads_without_a_token_tells_nothing_and_allows_no_foreign_script(door: Door, path: str) -> None:
    page = await door.client.get(path)
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "<script>" not in page.text and " onclick=" not in page.text and "style=" not in page.text
    assert page.text.count('aria-current="page"') == 1
    for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        assert (await door.client.get(file)).status_code == 200, file


@pytest.mark.parametrize("name", ["layout.html", "pages/home.html", "../api.py", "%2e%2e/api.py", "nothing.js"])
async def test_nothing_but_the_pages_own_files_is_static(door: Door, name: str) -> None:
    assert (await door.client.get(f"/static/{name}")).status_code == 404


async def test_another_host_name_is_refused(door: Door) -> None:
    for path in ("/health", "/", "/api/tasks"):
        answer = await door.client.get(path, headers={"host": "evil.example", **door.bearer})
        assert answer.status_code == 401
    assert (await door.client.get("/health", headers={"host": "leveret.example:1"})).status_code == 200


async def test_what_is_typed_becomes_the_same_command_as_what_is_said(door: Door) -> None:
    answer = await door.client.post("/api/say", json={"text": " what time is it "}, headers=door.bearer)
    assert (answer.status_code, answer.json()["task"]) == (202, "task 1")
    (command,) = door.commands
    assert isinstance(command, HandleUtterance)
    assert (command.person, command.text, command.spoken, command.engine) == (OWNER, "what time is it", False, "typed")


async def test_the_same_key_is_the_same_request(door: Door) -> None:
    for _ in range(2):
        answer = await door.client.post("/api/say", json={"text": "x", "key": "k"}, headers=door.bearer)
        assert answer.json() == {"key": "portal:k", "task": "task 1"}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b'{"text": 1}', 422),
        (b'{"text": "  "}', 422),
        (b'{"text": "x", "more": 1}', 422),
        (b'{"text": "' + b"x" * 70_000 + b'"}', 413),
    ],
)
async def test_a_request_that_makes_no_sense_is_told_why(door: Door, content: bytes, status: int) -> None:
    answer = await door.client.post("/api/say", content=content, headers=door.bearer)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert not door.commands


async def sign_in(door: Door) -> httpx.Response:
    return await door.client.post("/api/sign-in", json={"token": door.token})


async def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(door: Door) -> None:
    cookie = (await sign_in(door)).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert door.token.lower() not in cookie
    assert (await door.client.get("/api/tasks")).status_code == 200


async def test_a_wrong_token_gets_no_cookie(door: Door) -> None:
    answer = await door.client.post("/api/sign-in", json={"token": "wrong"})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        OURS | {"origin": "http://evil.example"},
        OURS | {"origin": "null"},
        OURS | {"content-type": "text/plain"},
    ],
)
async def test_a_change_with_the_cookie_must_come_from_our_own_page(door: Door, headers: dict[str, str]) -> None:
    await sign_in(door)
    answer = await door.client.post("/api/say", content=b'{"text": "x"}', headers=headers)
    assert answer.status_code == 401
    assert not door.commands
    assert (await door.client.post("/api/say", content=b'{"text": "x"}', headers=OURS)).status_code == 202


async def test_a_session_ends(door: Door) -> None:
    await sign_in(door)
    door.now[0] += 15 * 24 * 3600
    assert (await door.client.get("/api/tasks")).status_code == 401


async def test_a_new_token_ends_every_session(door: Door) -> None:
    await sign_in(door)
    door.accounts.token_path.unlink()
    door.accounts.open()
    assert (await door.client.get("/api/tasks")).status_code == 401


async def test_signing_out_takes_the_cookie_away(door: Door) -> None:
    await sign_in(door)
    await door.client.post("/api/sign-out", headers=OURS)
    assert (await door.client.get("/api/tasks")).status_code == 401


async def test_tasks_and_their_events_are_listed(door: Door) -> None:
    await door.client.post("/api/say", json={"text": "one"}, headers=door.bearer)
    listed = (await door.client.get("/api/tasks", headers=door.bearer)).json()
    assert [task["text"] for task in listed["tasks"]] == ["one"]
    found = (await door.client.get("/api/tasks/task 1/events", headers=door.bearer)).json()["events"]
    assert [event["kind"] for event in found] == ["heard"]
    after = found[-1]["cursor"]
    assert (await door.client.get(f"/api/events?after={after}", headers=door.bearer)).json() == {"events": []}
    assert (await door.client.get("/api/events?after=-1", headers=door.bearer)).status_code == 422


async def test_events_can_be_followed_until_the_cloud_stops(door: Door) -> None:
    await door.events.append(OWNER, "", "ring", {"timer": "a"})
    accept = {"accept": "text/event-stream"} | door.bearer
    following = asyncio.create_task(door.client.get("/api/events", headers=accept))
    await door.events.append(OWNER, "", "ring", {"timer": "b"})
    asyncio.get_running_loop().call_later(0.3, door.closing.set)
    lines = (await following).text.splitlines()
    events = [msgspec.json.decode(line[6:]) for line in lines if line.startswith("data: ")]
    assert [event["data"]["timer"] for event in events] == ["a", "b"]


async def test_what_belongs_to_somebody_else_is_not_there(door: Door) -> None:
    theirs = HandleUtterance(key="k", person="somebody else", text="secret")
    await door.tasks.open(theirs, "theirs")
    (door.folder / "theirs" / "frames").mkdir(parents=True)
    (door.folder / "theirs" / "frames" / "0001.jpg").write_bytes(b"jpeg")
    ask = Ask(id="a", task="theirs", person="somebody else", step=1, kind="slot", digest="d", text="secret?")
    await door.asks.open(ask)
    for path in ("/api/tasks", "/api/events", "/api/tasks/theirs/events", "/api/asks"):
        assert "secret" not in (await door.client.get(path, headers=door.bearer)).text
    assert (await door.client.get("/api/tasks/theirs/frames/1", headers=door.bearer)).status_code == 404
    answered = await door.client.post("/api/asks/a", json={"digest": "d", "answer": "no"}, headers=door.bearer)
    assert answered.status_code == 404


async def test_a_question_is_listed_and_its_answer_passed_on(door: Door) -> None:
    await door.submit(HandleUtterance(key="k", person=OWNER, text="x"))
    ask = Ask(id="a", task="task 1", person=OWNER, step=1, kind="irreversible", digest="d", text="Order it?")
    await door.asks.open(ask)
    listed = (await door.client.get("/api/asks", headers=door.bearer)).json()["asks"]
    assert [(one["ask"], one["task"], one["text"], one["digest"]) for one in listed] == [
        ("a", "task 1", "Order it?", "d")
    ]
    await door.client.post("/api/asks/a", json={"digest": "d", "answer": "yes"}, headers=door.bearer)
    assert door.commands[-1] == AnswerAsk(ask="a", digest="d", answer="yes", person=OWNER, surface="portal")


async def test_a_task_is_cancelled(door: Door) -> None:
    await door.client.post("/api/tasks/t9/cancel", headers=door.bearer)
    assert door.commands == [CancelTask(person=OWNER, task="t9")]


async def test_a_picture_of_the_browser_is_shown(door: Door) -> None:
    await door.submit(HandleUtterance(key="k", person=OWNER, text="x"))
    (door.folder / "task 1" / "frames").mkdir(parents=True)
    (door.folder / "task 1" / "frames" / "0001.jpg").write_bytes(b"jpeg")
    answer = await door.client.get("/api/tasks/task 1/frames/1", headers=door.bearer)
    assert (answer.content, answer.headers["content-type"]) == (b"jpeg", "image/jpeg")
    assert (await door.client.get("/api/tasks/task 1/frames/2", headers=door.bearer)).status_code == 404


async def test_tools_are_listed_with_how_they_are_asked_for(door: Door) -> None:
    tools: list[dict[str, Any]] = (await door.client.get("/api/tools", headers=door.bearer)).json()["tools"]
    assert {"name", "description", "effect", "utterances", "slots"} == set(tools[0])
    assert all(tool["utterances"] for tool in tools)


async def test_a_device_is_paired_listed_without_its_key_and_revoked(door: Door) -> None:
    made = (await door.client.post("/api/devices", json={"name": "Hare"}, headers=door.bearer)).json()
    assert door.accounts.device("hare").key == made["key"]
    assert (await door.client.post("/api/devices", json={"name": "Hare"}, headers=door.bearer)).status_code == 409
    listed = await door.client.get("/api/devices", headers=door.bearer)
    assert made["key"] not in listed.text
    assert (await door.client.delete("/api/devices/hare", headers=door.bearer)).status_code == 200
    assert door.revoked == ["hare"]
    assert (await door.client.delete("/api/devices/hare", headers=door.bearer)).status_code == 404


async def test_figures_are_told_to_the_owner(door: Door) -> None:
    assert "leveret_devices_connected" in (await door.client.get("/metrics", headers=door.bearer)).text


async def test_a_secret_goes_into_the_vault_and_no_address_ever_tells_it(door: Door) -> None:
    given = {"name": "shop", "value": "correct horse", "kind": "password", "origins": ["shop.example"]}
    made = await door.client.post("/api/vault", json=given, headers=door.bearer)
    listed = await door.client.get("/api/vault", headers=door.bearer)
    assert made.status_code == 201
    (secret,) = listed.json()["secrets"]
    assert (secret["name"], secret["kind"], secret["origins"]) == ("shop", "password", ["https://shop.example"])
    assert "correct horse" not in made.text + listed.text
    assert (await door.client.delete("/api/vault/shop", headers=door.bearer)).status_code == 200
    assert (await door.client.delete("/api/vault/shop", headers=door.bearer)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"origins": []}, {"origins": ["shop.example/login"]}, {"kind": "pin"}, {"value": "correct\nhorse"}, {"x": 1}],
)
async def test_a_secret_that_cannot_be_kept_is_refused_without_repeating_it(door: Door, wrong: dict[str, Any]) -> None:
    given = {"name": "shop", "value": "correct horse", "kind": "password", "origins": ["shop.example"]} | wrong
    answer = await door.client.post("/api/vault", json=given, headers=door.bearer)
    assert answer.status_code in (400, 422)
    assert "horse" not in answer.text


async def test_a_session_on_a_site_is_listed_and_forgotten(door: Door) -> None:
    state = {"cookies": [{"name": "id", "value": "a long session id", "domain": "mail.example"}], "origins": []}
    await door.connections.keep(OWNER, "https://mail.example", state, ["mail.example"])
    listed = await door.client.get("/api/connections", headers=door.bearer)
    assert listed.json() == {"sites": ["https://mail.example"]}
    given = {"site": "https://mail.example"}
    assert (await door.client.post("/api/connections/forget", json=given, headers=door.bearer)).status_code == 200
    assert (await door.client.post("/api/connections/forget", json=given, headers=door.bearer)).status_code == 404
    assert (await door.client.get("/api/connections", headers=door.bearer)).json() == {"sites": []}


async def test_skills_are_listed_with_a_sentence_that_starts_them(door: Door) -> None:
    door.shelf.save(read_skill(PIZZA), why="taught")
    card = (await door.client.get("/api/skills", headers=door.bearer)).json()["skills"][0]
    assert (card["name"], card["version"], card["why"], card["effect"]) == ("order_pizza", 1, "taught", "irreversible")
    assert "pizza" in card["example"] and card["host"].startswith("pizza.")
    whole = (await door.client.get("/api/skills/order_pizza", headers=door.bearer)).json()
    assert [one["number"] for one in whole["versions"]] == [1]
    door.shelf.save(read_skill(PIZZA), why="healed", pictures={"pay-after.png": b"png", "choose-kind.png": b"png"})
    healed = (await door.client.get("/api/skills/order_pizza", headers=door.bearer)).json()["versions"][0]
    assert healed["captions"] == {
        "pay-after.png": "Click “Order and pay”: now",
        "choose-kind.png": "Click the link “Choose {kind}”",
    }
    assert whole["file"]["name"] == "order_pizza"
    assert (await door.client.get("/api/skills/none", headers=door.bearer)).status_code == 404


async def test_versions_of_a_skill_are_compared_gone_back_to_and_taken_away(door: Door) -> None:
    pizza = read_skill(PIZZA)
    door.shelf.save(pizza, why="taught")
    other = msgspec.structs.replace(pizza, description="Order it.")
    door.shelf.save(other, why="healed", pictures={"order-after.png": b"png"})
    at = "/api/skills/order_pizza"
    changes = (await door.client.get(f"{at}/versions/2/changes", headers=door.bearer)).json()
    assert changes["from"] == 1
    assert changes["words"] == [
        {"what": "changed", "words": f"What it does: “Order it.”, before “{pizza.description}”."}
    ]
    assert [line for line in changes["lines"] if line.startswith(("-  ", "+  "))] == [
        f'-  "description": "{pizza.description}",',
        '+  "description": "Order it.",',
    ]
    picture = await door.client.get(f"{at}/versions/2/pictures/order-after.png", headers=door.bearer)
    assert (picture.content, picture.headers["content-type"]) == (b"png", "image/png")
    assert (await door.client.get(f"{at}/versions/1/pictures/order-after.png", headers=door.bearer)).status_code == 404
    back = await door.client.post(f"{at}/revert", json={"version": 1}, headers=door.bearer)
    assert back.json() == {"version": 3}
    assert door.shelf.current("order_pizza").description == pizza.description
    assert (await door.client.post(f"{at}/revert", json={"version": 9}, headers=door.bearer)).status_code == 404
    assert (await door.client.delete(at, headers=door.bearer)).status_code == 200
    assert (await door.client.get(at, headers=door.bearer)).status_code == 404


async def test_a_skill_is_asked_for_in_other_words_only_when_they_can_be_said(door: Door) -> None:
    door.shelf.save(read_skill(PIZZA), why="taught")
    at = "/api/skills/order_pizza/utterances"
    said = await door.client.post(at, json={"utterances": ["bring me [a] {kind}", " "]}, headers=door.bearer)
    assert said.json() == {"version": 2}
    assert door.shelf.current("order_pizza").utterances == ("bring me [a] {kind}",)
    for wrong in (["bring me {car}"], ["bring (me"], [" "]):
        refused = await door.client.post(at, json={"utterances": wrong}, headers=door.bearer)
        assert refused.status_code == 422, wrong
    assert len(door.shelf.versions("order_pizza")) == 2


async def test_a_skill_is_made_of_others_in_words_and_goes_on_in_words(door: Door) -> None:
    door.shelf.save(read_skill(PIZZA), why="taught")
    does = "order a large pepperoni pizza and then what time is it"
    made = await door.client.post("/api/chains", json={"say": "Feed me!", "does": does}, headers=door.bearer)
    assert (made.status_code, made.json()) == (201, {"name": "feed_me", "version": 1})
    skill = door.shelf.current("feed_me")
    assert [(call.skill, call.values.get("kind")) for call in skill.calls] == [
        ("order_pizza", "pepperoni"),
        ("time", None),
    ]
    assert (skill.utterances, skill.effect) == (("feed me",), "irreversible")
    again = await door.client.post("/api/chains", json={"say": "feed me", "does": does}, headers=door.bearer)
    nonsense = {"say": "do it", "does": "call the moon"}
    refused = await door.client.post("/api/chains", json=nonsense, headers=door.bearer)
    assert (again.status_code, refused.status_code) == (409, 422)
    at = "/api/skills/order_pizza/then"
    longer = await door.client.post(at, json={"does": "what is the date today"}, headers=door.bearer)
    assert longer.json() == {"name": "order_pizza", "version": 2}
    assert [call.skill for call in door.shelf.current("order_pizza").calls] == ["date"]
    circle = await door.client.post(at, json={"does": "feed me"}, headers=door.bearer)
    assert circle.status_code == 422 and "never ends" in circle.text


async def test_a_skill_broken_by_hand_is_listed_with_its_reason(door: Door) -> None:
    door.shelf.save(read_skill(PIZZA), why="taught")
    (door.folder.parent / "skills" / "order_pizza" / "0001" / "skill.json").write_text('{"format": 9}')
    card = (await door.client.get("/api/skills", headers=door.bearer)).json()["skills"][0]
    assert "this version reads format 1" in card["problem"]
    whole = (await door.client.get("/api/skills/order_pizza", headers=door.bearer)).json()
    assert whole["file"] is None
    assert "format" in whole["versions"][0]["problem"]
