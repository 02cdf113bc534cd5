"""Skills as files of the Recorder, played by `@puppeteer/replay` on the town, and the Recorder's files, done by us: the
town's ledger judges both."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from benchmarks.replaying.peers import Beside, PeerFailed, beside
from benchmarks.replaying.players import PLAYERS, node
from browser import launch
from browser.deadline import Deadline
from examples.gallery import FOLDER, TRIES
from examples.town import Town
from teach_mode.checks import read_skill
from teach_mode.formats.registry import export_skill, import_skill
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.skill import Skill
from tests.teach_mode.lessons import LOG, Lesson, School, skill_of

pytestmark = pytest.mark.e2e
together = pytest.mark.asyncio(loop_scope="module")

FLOWS = Path(__file__).parent / "town" / "chrome-recorder"
PIZZA_FLOW = Path(__file__).parents[3] / "benchmarks" / "replaying" / "pizza.recorder.json"
ADA = {"name": "Ada Example", "phone": "555 0100 22"}
PIZZA: dict[str, Any] = {"size": "large", "kind": "funghi", "toppings": ("olives", "bacon"), "quantity": 2, **ADA}
PIZZA["address"] = "Elm Street 5"
TABLE = {"people": 4, "when": "2026-11-28T19:00", **ADA}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def player() -> AsyncIterator[Beside]:
    """The player of user flows, on a Chromium of its own; started once."""
    async with async_playwright() as playwright:
        chromium = launch.find_chromium("", playwright.chromium.executable_path, launch.account())
    async with beside([node(), "replay.mjs", str(chromium)], PLAYERS) as started:
        yield started


def rows(town: Town) -> list[dict[str, Any]]:
    return [json.loads(msgspec.json.encode(row)) for row in town.ledger.rows()]


def flow_of(path: Path, town: Town) -> bytes:
    """A recording, at the port of this town."""
    port = town.addresses.town.rpartition(":")[2]
    return path.read_text(encoding="utf-8").replace(".localhost", f".localhost:{port}").encode()


async def done(open_task: Any, skill: Skill, gate: Any) -> Replayed:
    async with open_task(skill) as task:
        replay = Replay(await task.new_page(), gate, open_page=task.new_page)
        return await replay.run(skill, {}, Deadline.after_ms(90_000))


@together
async def test_the_skills_of_the_town_are_played_by_the_recorders_player(
    town: Town, pizza: Skill, bistro: Skill, player: Beside
) -> None:
    for skill, values in ((pizza, PIZZA), (bistro, TABLE)):
        exported = export_skill(skill, "chrome-recorder", values)
        assert any("does not ask" in note.words for note in exported.notes)
        await player.ask({"flow": json.loads(exported.data), "timeout": 20_000})
    ordered, booked = rows(town)
    assert {name: ordered[name] for name in ("size", "kind", "toppings", "quantity", "address", "name")} == {
        "size": "large",
        "kind": "funghi",
        "toppings": ["olives", "bacon"],
        "quantity": 2,
        "address": "Elm Street 5",
        "name": "Ada Example",
    }
    assert (booked["people"], booked["when"], booked["name"]) == (4, "2026-11-28T19:00", "Ada Example")


@together
async def test_skills_of_the_gallery_are_played_by_the_recorders_player(town: Town, player: Beside) -> None:
    for name in ("find_book", "reserve_book", "whats_on"):
        skill = read_skill(FOLDER / f"{name}.json")
        here = skill.at(getattr(town.addresses, skill.site))
        exported = export_skill(here, "chrome-recorder", TRIES[name].values)
        await player.ask({"flow": json.loads(exported.data), "timeout": 20_000})
    [row] = rows(town)
    assert row | TRIES["reserve_book"].ledger == row


def test_a_frame_whose_number_is_not_known_is_told_of() -> None:
    exported = export_skill(read_skill(FOLDER / "report_reading.json"), "chrome-recorder")
    assert any("correct `frame`" in note.words for note in exported.notes)


@together
async def test_the_player_says_why_it_could_not_go_on(town: Town, pizza: Skill, player: Beside) -> None:
    exported = export_skill(pizza, "chrome-recorder", {**PIZZA, "address": ""})
    flow = json.loads(exported.data)
    flow["timeout"] = 300
    flow["steps"][2]["selectors"] = [["#nothing"]]
    with pytest.raises(PeerFailed):
        await player.ask({"flow": flow})
    assert rows(town) == []


@together
async def test_a_recording_is_done_by_us_as_the_recorder_would(
    town: Town, open_task: Any, scripted_gate: Any, player: Beside
) -> None:
    town.redraw({"waterworks": "2"})
    gate = scripted_gate()

    async def one(path: Path) -> None:
        [found] = import_skill(flow_of(path, town), path.name)
        result = await done(open_task, found.skill, gate)
        assert result.error is None, (path.name, str(result.error))

    await asyncio.gather(*map(one, (PIZZA_FLOW, *sorted(FLOWS.glob("*.json")))))
    assert sorted(row["site"] for row in rows(town)) == ["garden", "pizza", "returns", "waterworks"]
    by_site = {row["site"]: row for row in rows(town)}
    assert (by_site["pizza"]["kind"], by_site["pizza"]["toppings"]) == ("pepperoni", ["olives"])
    assert (by_site["garden"]["plant"], by_site["garden"]["quantity"]) == ("Fern", 3)
    assert by_site["garden"]["delivery"] == "2026-11-26"
    assert (by_site["waterworks"]["meter"], by_site["waterworks"]["reading"]) == ("W-4471", 1250)
    assert (by_site["returns"]["order"], by_site["returns"]["reason"]) == ("A-2207", "Too large")
    assert len(gate.asked) == 4


@together
async def test_a_recording_that_came_in_is_played_when_it_goes_out_again(town: Town, player: Beside) -> None:
    town.redraw({"waterworks": "2"})
    for name in ("readings.json", "plants.json"):
        [found] = import_skill(flow_of(FLOWS / name, town), name)
        exported = export_skill(found.skill, "chrome-recorder")
        await player.ask({"flow": json.loads(exported.data), "timeout": 20_000})
    assert [(row["site"], row.get("reading"), row.get("quantity")) for row in rows(town)] == [
        ("waterworks", 1250, None),
        ("garden", None, 3),
    ]


CARD = """<shop-card></shop-card><script>
customElements.define("shop-card", class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: "open" }).innerHTML = "<input placeholder=Note><button>Keep it</button>";
    const [note, button] = this.shadowRoot.children;
    button.onclick = () => say("kept " + note.value);
  }
});
</script>"""
FRAMED = """<label>Holder <input name="holder"></label> <button>Save</button><script>
document.querySelector("button").onclick = () => top.postMessage("saved " + document.querySelector("input").value, "*");
</script>"""
TERMS = """<h1>Terms</h1><button onclick="opener.say('agreed'); this.textContent = 'Agreed'">Agree</button>"""
HOME = f"""{LOG}<iframe src="/framed" name="inner"></iframe>{CARD}
<a href="/terms" target="_blank" rel="opener">Terms</a>"""


@together
async def test_what_was_taught_with_frames_shadow_roots_and_a_tab_is_played(
    taught: Any, school: School, player: Beside
) -> None:
    async def show(lesson: Lesson) -> None:
        frame = lesson.tab.frame_locator("[name=inner]")
        await frame.locator("input").click()
        await lesson.tab.keyboard.type("Ada")
        await frame.locator("button").click()
        await lesson.tab.get_by_placeholder("Note").click()
        await lesson.tab.keyboard.type("soon")
        await lesson.click("text=Keep it")
        async with lesson.tab.context.expect_page() as coming:
            await lesson.click("text=Terms")
        popup = await coming.value
        await popup.wait_for_load_state()
        await lesson.recorder.settled()
        await lesson.click("button", popup)

    shown = await taught(show, {"/": HOME, "/framed": FRAMED, "/terms": TERMS})
    assert shown.log == "saved Ada; kept soon; agreed;"
    base = f"http://shop.localhost:{school.port}"
    skill = skill_of(shown.demonstration, ("shop.localhost",), base)
    exported = export_skill(skill, "chrome-recorder")
    played = await player.ask({"flow": json.loads(exported.data), "timeout": 20_000, "reads": {"log": "#log"}})
    assert played["texts"]["log"] == shown.log
