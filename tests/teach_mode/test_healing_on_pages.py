"""Redesigned pages in a real browser: the element that was shown is found again, or nothing is touched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from browser.deadline import Deadline
from browser.locators import Locator, LocatorKind
from browser.pool import Pool, PoolConfig
from browser.stillness import watching
from teach_mode.errors import StepLost
from teach_mode.healer import Healer
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.seeking import target_of
from teach_mode.skill import Confirm, Entry, Origins, Skill, Step, Target
from tests.browser.conftest import Site
from tests.teach_mode.conftest import ScriptedGate
from tests.teach_mode.lessons import short_from

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

HEAD = """<!doctype html><meta charset=utf-8><title>Desk</title><script>
addEventListener("click", (event) => {
  event.preventDefault();
  const right = event.composedPath().some((at) => at.hasAttribute && at.hasAttribute("right"));
  top.document.body.insertAdjacentHTML("beforeend", right ? "<p>Thank you</p>" : "<p>Wrong one</p>");
}, true);
</script>"""
NAV = """<nav aria-label=Main><a href=/home>Home</a> <a href=/orders>Your orders</a> <a href=/help>Help</a></nav>"""
FIELDS = """<h2>Return a parcel</h2><form id=return-form><label>Order number <input name=order></label>
<label>Reason <select name=reason><option>Too small<option>Broken</select></label>"""
BUTTON = """<button id=submit-return class="btn btn-primary" type=submit right>Submit return</button>"""
CANCEL = """<button type=button class=btn>Cancel</button></form>"""
FOOT = """<footer><a href=/imprint>Imprint</a> <a href=/terms>Terms</a></footer>"""
BEFORE = HEAD + NAV + FIELDS + BUTTON + CANCEL + FOOT
WITHOUT = HEAD + NAV + FIELDS + CANCEL + FOOT
# Well within the 2 s that the element has before it is looked for elsewhere, also on a busy machine.
LATE = "<script>setTimeout(() => document.querySelector('form').insertAdjacentHTML('beforeend', `{}`), 600)</script>"


def with_button(html: str) -> str:
    return HEAD + NAV + FIELDS + html + CANCEL + FOOT


RENAMED = BUTTON.replace("submit-return", "b-91fe3c").replace("btn btn-primary", "sc-1x2y3z")
AFTER = {
    "id and classes renamed, wrapped and said otherwise": with_button(
        f"<div><div>{RENAMED.replace('Submit', 'Send')}</div></div>"
    ),
    "moved above the form": HEAD
    + NAV
    + RENAMED.replace("Submit return", "Submit your return")
    + FIELDS
    + CANCEL
    + FOOT,
    "a link now": with_button("<a href=/returns/submit class=button right>Send return</a>"),
    "only clickable": with_button("<div class=cta style=cursor:pointer right>Submit return</div>"),
    "in a frame": with_button(
        f"""<iframe name=pay srcdoc='{HEAD}{RENAMED.replace("Submit return", "Submit the return")}'></iframe>"""
    ),
    "in a shadow root": with_button("<x-actions></x-actions>")
    + f"""<script>document.querySelector("x-actions").attachShadow({{mode: "open"}}).innerHTML =
          `{RENAMED.replace("Submit return", "Submit the return")}`</script>""",
    "late, with a decoy in its place meanwhile": with_button(
        "<button id=submit-return class='btn btn-primary' type=submit>Print label</button>"
    )
    + LATE.format(RENAMED.replace("Submit", "Send")),
}
GONE = {
    "removed": WITHOUT,
    "replaced by a button that does something else": with_button(
        "<button id=submit-return class='btn btn-primary' type=submit>Delete account</button>"
    ),
    "two of it": with_button(RENAMED.replace("right", "") + RENAMED.replace("right", "")),
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site() -> AsyncIterator[Site]:
    started = Site()
    await started.start()
    yield started
    await started.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(site: Site, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pool]:
    config = PoolConfig(state_dir=tmp_path_factory.mktemp("pool"), allow_local=(f"*.localhost:{site.port}",))
    async with Pool(config) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def taught(site: Site, browser: Pool) -> Target:
    """The button as it is shown once, on the page of the day."""
    site.pages["/"] = BEFORE
    deadline = Deadline.after_ms(15_000)
    async with browser.context(navigate=[f"desk.localhost:{site.port}"]) as task:
        page = await task.new_page()
        await page.goto(site.url(host="desk.localhost"), deadline=deadline)
        snapshot = await page.snapshot(deadline=deadline)
        ref = next(one.ref for one in snapshot.elements if one.name == "Submit return")
        at = await page.at(snapshot, ref, deadline=deadline)
        target = await target_of(page, at, Target(locators=(), fingerprint=at.seen), {}, deadline)
    assert target is not None
    return target


def skill_of(site: Site, target: Target) -> Skill:
    thanks = msgspec.convert({"text": "Thank you"}, type=Any)
    step = msgspec.convert({"id": "send", "action": "click", "postcondition": thanks}, type=Step)
    return Skill(
        format=1,
        name="send_return",
        description="Return a parcel",
        base=f"http://desk.localhost:{site.port}",
        origins=Origins(navigate=("desk.localhost",)),
        entry=Entry(url="{site}/"),
        steps=(msgspec.structs.replace(step, target=target),),
        utterances=("return a parcel",),
    )


async def replayed(
    browser: Pool, site: Site, skill: Skill, gate: Any, html: str, patience_ms: float = 30_000
) -> tuple[Replayed, str]:
    """The skill on a page of its own, and what that page says in the end."""
    path = f"/{len(site.pages)}"
    site.pages[path] = html
    skill = msgspec.structs.replace(skill, entry=Entry(url=f"{{site}}{path}"))
    deadline, told = short_from("send", patience_ms)
    async with browser.context(navigate=skill.navigates) as task:
        page = await task.new_page()
        done = await Replay(page, gate, on_event=told).run(skill, {}, deadline)
        return done, await page.playwright.inner_text("body")


Ends = dict[str, tuple[Replayed, str]]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def ends(browser: Pool, site: Site, taught: Target) -> Ends:
    """What came of each change, a few at a time: most of each is waiting."""
    room = asyncio.Semaphore(4)

    async def end(html: str, patience_ms: float) -> tuple[Replayed, str]:
        async with room:
            return await replayed(browser, site, skill_of(site, taught), ScriptedGate(), html, patience_ms)

    changes = {**dict.fromkeys(AFTER, 30_000), **dict.fromkeys(GONE, 5_000)}
    pages = {**AFTER, **GONE}
    found = await asyncio.gather(*(end(pages[change], patience_ms) for change, patience_ms in changes.items()))
    return dict(zip(changes, found, strict=True))


@pytest.mark.parametrize("change", AFTER)
async def test_it_is_found_again_and_a_new_target_is_learnt(change: str, ends: Ends, taught: Target) -> None:
    done, text = ends[change]
    assert (done.outcome, done.error) == ("done", None)
    assert "Thank you" in text and "Wrong one" not in text
    [healed] = done.healed
    assert healed.confirmed and healed.old == taught and healed.new is not None
    assert healed.after.startswith(b"\xff\xd8")


@pytest.mark.parametrize("change", GONE)
async def test_nothing_is_touched_when_it_is_not_sure(change: str, ends: Ends) -> None:
    done, text = ends[change]
    assert isinstance(done.error, StepLost) and done.healed == ()
    assert "Wrong one" not in text and "Thank you" not in text
    assert done.error.picture.startswith(b"\xff\xd8")
    assert [one.words for one in done.error.candidates]


async def test_the_healed_skill_finds_it_at_once(browser: Pool, site: Site, ends: Ends, scripted_gate: Any) -> None:
    change = "id and classes renamed, wrapped and said otherwise"
    [healed] = ends[change][0].healed
    assert healed.new is not None
    again, text = await replayed(browser, site, skill_of(site, healed.new), scripted_gate(), AFTER[change])
    assert (again.outcome, again.healed) == ("done", ()) and "Thank you" in text


LIST = """<h1>People</h1>
<div id=list style="height:200px;overflow:auto"><div id=all style="position:relative"></div></div>
<script>
const names = Array.from({length: 200}, (_, number) => `Person ${String.fromCharCode(65 + number % 26)}${number}`);
const all = document.getElementById("all"), list = document.getElementById("list");
all.style.height = names.length * 40 + "px";
function draw() {
  const first = Math.floor(list.scrollTop / 40);
  all.replaceChildren(...names.slice(first, first + 8).map((name, at) => {
    const row = document.createElement("div");
    row.style = `position:absolute;top:${(first + at) * 40}px`;
    const right = name === "Person H33" ? " right" : "";
    row.innerHTML = `<span>${name}</span> <button aria-label="Open ${name}"${right}>Open</button>`;
    return row;
  }));
}
list.addEventListener("scroll", () => requestAnimationFrame(draw));
draw();
</script>"""
CHANGING = """<main id=app></main><script>
const views = {
  "": `<button onclick="go('form')" right class=start>Start return</button>`,
  form: `<h2>Return a parcel</h2><button class=s-9d onclick="go('done')" right>Send return</button>
         <button>Cancel</button>`,
  done: `<h2>Received</h2>`,
};
function go(view) {
  history.pushState({}, "", "#/" + view);
  document.getElementById("app").innerHTML = "<p>Loading</p>";
  setTimeout(() => { document.getElementById("app").innerHTML = views[view]; }, 700);
}
document.getElementById("app").innerHTML = views[""];
</script>"""


async def test_a_list_that_makes_only_what_it_shows_is_looked_through(
    browser: Pool, site: Site, scripted_gate: Any
) -> None:
    row = {"kind": "role", "value": "button", "name": "Open Person H33", "exact": True}
    seen = {"role": "button", "name": "Open Person H33", "text": "Open", "tag": "button"}
    target = msgspec.convert({"locators": [row], "fingerprint": seen}, type=Target)
    done, text = await replayed(browser, site, skill_of(site, target), scripted_gate(), HEAD + LIST)
    assert (done.error, done.healed) == (None, ()) and "Thank you" in text


async def test_a_page_that_changes_in_place_is_waited_for_and_then_healed(
    browser: Pool, site: Site, taught: Target, scripted_gate: Any
) -> None:
    seen = {"role": "button", "name": "Start return", "text": "Start return", "tag": "button"}
    start = {"locators": [{"kind": "css", "value": ".start"}], "fingerprint": seen}
    skill = skill_of(site, taught)
    first = msgspec.convert({"id": "start", "action": "click", "target": start}, type=Step)
    skill = msgspec.structs.replace(skill, steps=(first, *skill.steps))
    quiet = HEAD.replace("event.preventDefault();", "")
    done, _ = await replayed(browser, site, skill, scripted_gate(), quiet + CHANGING)
    assert (done.error, [one.words for one in done.healed]) == (None, ["Send return"])


async def test_a_button_that_says_itself_what_is_confirmed_is_read_where_it_was_found(
    browser: Pool, site: Site, taught: Target, scripted_gate: Any
) -> None:
    moved = msgspec.structs.replace(taught, locators=(Locator(kind=LocatorKind.CSS, value="#of-last-year"),))
    says = Confirm(name="says", title="Button", locators=moved.locators)
    plain = skill_of(site, moved)
    act = msgspec.structs.replace(plain.steps[0], effect="irreversible", confirms=(says,), question="Send it?")
    skill = msgspec.structs.replace(plain, steps=(act,), effect="irreversible")
    gate = scripted_gate()
    done, page = await replayed(browser, site, skill, gate, with_button(RENAMED))
    assert (done.outcome, len(gate.asked)) == ("done", 1), done.error
    assert "Thank you" in page


async def test_a_page_that_is_not_at_rest_was_not_looked_over(browser: Pool, site: Site, taught: Target) -> None:
    moving = "const moving = setInterval(() => document.querySelector('output').append('.'), 50)"
    site.pages["/"] = AFTER["moved above the form"] + f"<output></output><script>{moving}</script>"
    skill = skill_of(site, taught)
    [step] = skill.steps
    healer = Healer(skill, {}, None)
    async with browser.context(navigate=skill.navigates) as task:
        page = await task.new_page()
        await page.goto(site.url(host="desk.localhost"), deadline=Deadline.after_ms(15_000))
        with watching(page.playwright) as stillness:
            found = await healer.heal(page, step, "target", stillness, (), 0.6, Deadline.after_ms(400))
            assert found is None and not healer.looked
            await page.playwright.evaluate("clearInterval(moving)")
            found = await healer.heal(page, step, "target", stillness, (), 0.6, Deadline.after_ms(30_000))
    assert found is not None and healer.looked
