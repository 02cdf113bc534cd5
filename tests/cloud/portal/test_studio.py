"""The live view in the portal: one Chromium is taught in, the other shows the portal to the person."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from msgspec import Struct
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError

from browser.pool import Pool, PoolConfig
from cloud.clock import fresh_id
from cloud.handovers import Handovers
from cloud.lessons import Lessons
from cloud.people.accounts import Accounts
from cloud.portal.doors import COOKIE, Doors
from cloud.portal.http import Table, answer, routes
from cloud.portal.pages import Pages
from cloud.portal.studio import Studio
from cloud.serving import bind, serving, url_of
from cloud.tools.teaching import judged
from teach_mode.lesson.told import Saved
from teach_mode.skill import Skill
from teach_mode.studio import House, Lesson

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATIENCE_MS = 40_000
LOOKED_AT = (Path(__file__).parents[2] / "e2e" / "looked_at.js").read_text()
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


class Signed(Struct, frozen=True):
    """What every page of the portal asks before it shows anything."""

    doors: Doors

    def table(self) -> Table:
        return (
            ("/api/me", "GET", self.me),
            ("/api/tasks", "GET", self.nothing),
            ("/api/asks", "GET", self.nothing),
            ("/api/events", "GET", self.nothing),
        )

    async def me(self, request: Request) -> Response:
        return answer({"person": self.doors.person(request)})

    async def nothing(self, request: Request) -> Response:
        self.doors.person(request)
        return answer({"tasks": [], "asks": [], "cursor": 0})


class Room(Struct, frozen=True, kw_only=True):
    """The portal with its studio, a site to be taught on, and the person's own browser."""

    url: str
    site: str
    lessons: Lessons
    visitors: Pool
    cookie: str
    html: dict[str, str]
    saved: list[Skill]
    kept: list[dict[str, bytes]]  # with each, the files that it gives each time
    pictured: list[set[str]]

    @property
    def lesson(self) -> Lesson:
        (lesson,) = self.lessons.open
        return lesson

    @property
    def remote(self) -> Page:
        """The page that is shown in the lesson."""
        page = self.lesson.view.page
        assert page is not None
        return page.playwright


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    folder = tmp_path_factory.mktemp("studio")
    html: dict[str, str] = {}

    async def page(request: Request) -> Response:
        return HTMLResponse(html[request.path_params["name"]])

    async with AsyncExitStack() as stack:
        portal_port, site_port = bind("127.0.0.1", 0), bind("127.0.0.1", 0)
        port = site_port.getsockname()[1]
        taught = PoolConfig(state_dir=folder / "taught", allow_local=(f"*.localhost:{port}",))
        visitors = PoolConfig(state_dir=folder / "visitors", allow_local=(url_of(portal_port).removeprefix("http://"),))
        pool = await stack.enter_async_context(Pool(taught))
        visiting = await stack.enter_async_context(Pool(visitors))
        accounts = Accounts(folder / "people")
        token = accounts.open()
        doors = Doors(accounts, ())
        signed = Response()
        doors.sign_in(token, signed, secure=False)
        saved: list[Skill] = []
        kept: list[dict[str, bytes]] = []
        pictured: list[set[str]] = []

        def save(skill: Skill, pictures: Mapping[str, bytes], files: Mapping[str, bytes], note: str) -> Saved:
            saved.append(skill)
            kept.append(dict(files))
            pictured.append(set(pictures))
            return Saved(name=skill.name, version=len(saved), example=skill.utterances[0])

        def house(person: str) -> House:
            return House(judge=partial(judged, person=person, cap=""), save=save, now=lambda: MONDAY)

        lessons = Lessons(pool, house, folder=folder / "lessons", fresh_id=fresh_id)
        stack.push_async_callback(lessons.close)
        portal = routes(
            doors, (Pages(), Signed(doors=doors), Studio(doors=doors, lessons=lessons, handovers=Handovers()))
        )
        await stack.enter_async_context(serving(Starlette(routes=portal), portal_port))
        await stack.enter_async_context(serving(Starlette(routes=[Route("/{name}", page)]), site_port))
        stack.callback(lessons.farewell)
        yield Room(
            url=url_of(portal_port),
            site=f"http://shop.localhost:{port}",
            lessons=lessons,
            visitors=visiting,
            cookie=signed.headers["set-cookie"].partition(";")[0].partition("=")[2],
            html=html,
            saved=saved,
            kept=kept,
            pictured=pictured,
        )


Visit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def visit(room: Room) -> AsyncIterator[Visit]:
    """Opens the studio and, when given HTML, a remote page with it: `page = await visit("<button>Go</button>")`."""
    wrong: list[Any] = []
    async with AsyncExitStack() as stack:

        async def enter(html: str = "", *, signed_in: bool = True) -> Page:
            host = room.url.removeprefix("http://")
            context = await stack.enter_async_context(room.visitors.context(navigate=[host]))
            if signed_in:
                cookie: Any = {"name": COOKIE, "value": room.cookie, "url": room.url}
                await context.playwright.add_cookies([cookie])
            page = (await context.new_page()).playwright
            page.set_default_timeout(PATIENCE_MS)
            page.on("pageerror", lambda error: wrong.append(error))
            await page.goto(f"{room.url}/studio")
            if signed_in:
                await expect(page.locator("#tabs .tab")).not_to_have_count(0)
            if html:
                name = f"page{len(room.html)}"
                room.html[name] = f"<!doctype html><meta charset=utf-8><title>{name}</title>{html}"
                await go(page, f"{room.site}/{name}")
                await room.remote.wait_for_url(f"**/{name}")
                await expect(page.locator("#room.filmed.fitted")).to_be_visible()
            return page

        yield enter
    assert not wrong
    await room.lessons.close()


async def go(page: Page, address: str) -> None:
    await page.get_by_label("address").fill(address)
    await page.get_by_label("address").press("Enter")


async def place(room: Room, page: Page, selector: str) -> tuple[float, float]:
    """Where an element of the remote page is on the portal's page."""
    await expect(page.locator("#room.filmed")).to_be_visible()
    box = await room.remote.locator(selector).bounding_box()
    canvas = await page.locator("#screen").bounding_box()
    size = room.remote.viewport_size
    assert box and canvas and size
    across, down = canvas["width"] / size["width"], canvas["height"] / size["height"]
    return (
        canvas["x"] + (box["x"] + box["width"] / 2) * across,
        canvas["y"] + (box["y"] + box["height"] / 2) * down,
    )


async def click(room: Room, page: Page, selector: str, **how: Any) -> None:
    await page.mouse.click(*await place(room, page, selector), **how)


async def test_what_is_clicked_and_typed_on_the_canvas_happens_on_the_remote_page(room: Room, visit: Visit) -> None:
    page = await visit(
        "<input><button onclick=\"this.textContent='Hello ' + document.querySelector('input').value\">Greet</button>"
    )
    await click(room, page, "input")
    await page.keyboard.type("Zoë 5!")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Ada")
    await click(room, page, "button")
    await expect(room.remote.locator("button")).to_have_text("Hello Ada")


async def test_a_select_list_and_a_date_are_drawn_by_the_portal_and_set_on_the_page(room: Room, visit: Visit) -> None:
    page = await visit(
        "<label>Size <select><option value=s>Small<option value=l>Large</select></label>"
        "<label>Day <input type=date min=2026-01-01></label>"
        "<script>addEventListener('change', (e) => document.title += ' ' + e.target.value)</script>"
    )
    await click(room, page, "select")
    await expect(page.locator(".native")).to_have_attribute("aria-label", "Size")
    await page.locator(".native select").select_option("Large")
    await page.keyboard.press("Enter")
    await expect(room.remote.locator("select")).to_have_value("l")
    await expect(page.locator(".native")).to_have_count(0)
    await click(room, page, "input")
    await page.locator(".native input").fill("2026-12-24")
    await page.get_by_role("button", name="Set").click()
    await expect(room.remote.locator("input")).to_have_value("2026-12-24")
    assert (await room.remote.title()).endswith("l 2026-12-24")


async def test_what_a_field_suggests_is_drawn_beside_it_while_it_is_typed_into(room: Room, visit: Visit) -> None:
    page = await visit(
        "<label>Station <input list=stations></label><datalist id=stations><option value=North><option value=Northwest>"
        "<option value=South label='South bank'></datalist>"
    )
    await click(room, page, "input")
    drawn = page.locator(".native option")
    await expect(drawn).to_have_text(["North", "Northwest", "South bank"])
    await page.keyboard.type("nor")
    await expect(room.remote.locator("input")).to_have_value("nor")
    await expect(drawn).to_have_text(["North", "Northwest"])
    await drawn.nth(1).click()
    await expect(room.remote.locator("input")).to_have_value("Northwest")
    await expect(page.locator(".native")).to_have_count(0)
    await page.keyboard.type(" 2")
    await expect(room.remote.locator("input")).to_have_value("Northwest 2")


async def test_a_select_list_in_a_frame_of_another_site_is_drawn_where_it_stands(room: Room, visit: Visit) -> None:
    room.html["inner"] = "<body style='margin:40px'><select><option>One<option>Two</select>"
    other = room.site.replace("shop.", "pay.")
    page = await visit(f"<p>Outside</p><iframe src='{other}/inner'></iframe>")
    inner = room.remote.frame_locator("iframe").locator("select")
    canvas, box = await page.locator("#screen").bounding_box(), await inner.bounding_box()
    size = room.remote.viewport_size
    assert canvas and box and size
    scale = canvas["width"] / size["width"]
    await page.mouse.click(canvas["x"] + (box["x"] + 5) * scale, canvas["y"] + (box["y"] + 5) * scale)
    drawn = await page.locator(".native").bounding_box()
    assert drawn and abs(drawn["x"] - canvas["x"] - box["x"] * scale) < 3
    await page.locator(".native select").select_option("Two")
    await page.keyboard.press("Enter")
    await expect(inner).to_have_value("Two")


async def test_dialogs_of_the_page_are_asked_by_the_portal(room: Room, visit: Visit) -> None:
    page = await visit("<button onclick=\"this.textContent = confirm('Sure?') + prompt('Name?', 'x')\">Ask</button>")
    await click(room, page, "button")
    await expect(page.locator("dialog.asked")).to_contain_text("Sure?")
    await expect(page.locator("dialog.asked")).to_contain_text("shop.localhost")
    await page.get_by_role("button", name="OK").click()
    await page.get_by_label("Name?").fill("Ada")
    await page.keyboard.press("Enter")
    await expect(room.remote.locator("button")).to_have_text("trueAda")


async def test_a_file_goes_from_the_person_to_the_page(room: Room, visit: Visit) -> None:
    page = await visit('<input type=file onchange="this.files[0].text().then((t) => document.title = t.length)">')
    bill: Any = {"name": "bill.txt", "mimeType": "text/plain", "buffer": b"x" * 200_000}
    await click(room, page, "input")
    await page.get_by_label("files for the page").set_input_files(bill)
    await expect(room.remote).to_have_title("200000")
    await expect(page.locator("dialog.asked")).to_have_count(0)


async def test_what_opens_a_window_opens_a_tab_that_is_shown(room: Room, visit: Visit) -> None:
    room.html["more"] = "<title>More</title><p>more</p>"
    page = await visit(f"<a target=_blank href='{room.site}/more'>More</a>")
    here = room.remote.url
    await click(room, page, "a")
    await expect(page.locator("#tabs [aria-current]")).to_have_text("More")
    await page.get_by_label("close More").click()
    await expect(page.locator("#tabs .tab")).to_have_count(1)
    await expect(page.get_by_label("address")).to_have_value(here)


async def test_a_link_to_another_site_waits_for_the_address_bar(room: Room, visit: Visit) -> None:
    elsewhere = room.site.replace("shop.", "bank.") + "/vault"
    room.html["vault"] = "<title>Vault</title>"
    page = await visit(f"<a href='{elsewhere}'>Away</a>")
    here = room.remote.url
    await click(room, page, "a")
    await expect(page.get_by_label("address")).to_have_value(elsewhere)
    await room.remote.wait_for_url(here)
    await page.get_by_label("address").press("Enter")
    await room.remote.wait_for_url(elsewhere)
    await page.get_by_label("back").click()
    await room.remote.wait_for_url(here)


async def test_pasting_copying_wheel_and_input_methods(room: Room, visit: Visit) -> None:
    page = await visit("<textarea></textarea><div style='height:4000px'></div>")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await click(room, page, "textarea")
    await page.evaluate("navigator.clipboard.writeText('two\\nlines')")
    await page.keyboard.press("Control+V")
    await expect(room.remote.locator("textarea")).to_have_value("two\nlines")
    await page.keyboard.press("Control+A")
    await page.keyboard.press("Control+C")
    await expect(page.locator("#news")).to_have_text("Copied.")
    session = await page.context.new_cdp_session(page)
    await session.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
    await expect(room.remote.locator("textarea")).to_have_value("にほ")
    await session.send("Input.insertText", {"text": "日本"})
    await expect(room.remote.locator("textarea")).to_have_value("日本")
    await page.mouse.wheel(0, 600)
    await room.remote.wait_for_function("scrollY > 100")


async def test_two_fingers_show_the_page_larger_and_a_tap_still_hits(room: Room, visit: Visit) -> None:
    page = await visit(
        "<body style='height:4000px'><button style='position:absolute;left:60px;top:80px' "
        "onclick=\"this.textContent='Hit'\">Go</button>"
    )
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    async def touch(kind: str, *fingers: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(fingers)]
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    before = await page.locator("#screen").bounding_box()
    x, y = await place(room, page, "button")
    assert before
    await touch("touchStart", (x - 10, y))
    await touch("touchStart", (x - 10, y), (x + 10, y))
    await touch("touchMove", (x - 25, y), (x + 25, y))
    await touch("touchEnd")
    after = await page.locator("#screen").bounding_box()
    assert after and 2.3 < after["width"] / before["width"] < 2.7
    found = await place(room, page, "button")
    assert abs(found[0] - x) < 4 and abs(found[1] - y) < 4  # what was between the fingers stays there
    await touch("touchStart", found)
    await touch("touchEnd")
    await expect(room.remote.locator("button")).to_have_text("Hit")
    assert await room.remote.evaluate("scrollY") == 0


async def test_f6_leaves_the_canvas(room: Room, visit: Visit) -> None:
    page = await visit("<input>")
    await click(room, page, "input")
    await page.keyboard.press("F6")
    await expect(page.locator("#panel")).to_be_focused()


async def test_a_second_window_takes_the_lesson_over_and_the_first_is_told(room: Room, visit: Visit) -> None:
    first = await visit("<input>")
    second = await visit()
    await expect(first.locator("#state")).to_contain_text("another window")
    await click(room, second, "input")
    await second.keyboard.type("mine")
    await expect(room.remote.locator("input")).to_have_value("mine")
    await first.get_by_role("button", name="Take it back").click()
    await expect(second.locator("#state")).to_contain_text("another window")
    await expect(first.locator("#state")).to_be_hidden()


async def test_a_lost_socket_comes_back_to_the_same_lesson(room: Room, visit: Visit) -> None:
    page = await visit("<input>")
    await click(room, page, "input")
    await page.keyboard.type("kept")
    await expect(room.remote.locator("input")).to_have_value("kept")
    await page.reload()
    await click(room, page, "input")
    await page.keyboard.type("!")
    await expect(room.remote.locator("input")).to_have_value("kept!")


async def test_whoever_is_not_signed_in_sees_nothing(room: Room, visit: Visit) -> None:
    page = await visit(signed_in=False)
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(page.locator("#room")).to_be_hidden()
    assert room.lessons.open == ()


async def test_a_socket_that_another_page_opens_is_refused(room: Room) -> None:
    headers = {"cookie": f"{COOKIE}={room.cookie}"}
    address = room.url.replace("http", "ws") + "/studio/live"
    for origin in ("http://evil.example", None):
        async with connect(address, additional_headers=headers, origin=origin) as socket:  # type: ignore[arg-type]
            with pytest.raises(ConnectionClosedError) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401


async def refusal(socket: ClientConnection) -> dict[str, Any]:
    """The next refusal that is told."""
    while True:
        heard = await socket.recv()
        if isinstance(heard, str) and (told := json.loads(heard))["type"] == "refused":
            return dict(told)


async def test_a_message_that_does_not_fit_is_refused_with_the_reason(room: Room, visit: Visit) -> None:
    headers = {"cookie": f"{COOKIE}={room.cookie}"}
    address = room.url.replace("http", "ws") + "/studio/live"
    async with connect(address, additional_headers=headers, origin=room.url) as socket:  # type: ignore[arg-type]
        for sent in ("no json", '{"type":"pointer"}', '{"type":"own"}', '{"type":"go","address":"no address"}'):
            await socket.send(sent)
            assert (await refusal(socket))["why"]


SHOP = (
    "<label>Name <input id=name></label><label>Size <select><option>small<option>large</select></label>"
    '<dl><dt>Total</dt><dd>12.00</dd></dl><button onclick="order()">Order now</button><p id=said></p>'
    "<script>const by = (id) => document.getElementById(id); function order() {"
    "by('said').textContent = 'Thank you, ' + by('name').value + ', a ' + document.querySelector('select').value; }"
    "</script>"
)


def words(page: Page) -> Any:
    return page.locator(".step-row .words")


async def begin(page: Page, sentence: str) -> None:
    await page.get_by_label("What it does").first.fill(sentence)
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator(".light.on")).to_be_visible()


async def show_an_order(room: Room, page: Page) -> None:
    """The first demonstration: everything is done by mouse and keyboard on the canvas."""
    await begin(page, "order a large one for Ada Example")
    await click(room, page, "#name")
    await page.keyboard.type("Ada Example")
    await click(room, page, "select")
    await page.locator(".native select").select_option("large")
    await page.keyboard.press("Enter")
    await click(room, page, "button")
    await expect(words(page)).to_have_text(
        ["Type “Ada Example” into “Name”", "Choose “large” in “Size”", "Click “Order now”"]
    )


async def looks_right(page: Page) -> None:
    """On a phone and a desktop, with everything opened: nothing is cut off, without name or without focus ring."""
    size = page.viewport_size
    assert size
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    await page.keyboard.press("F6")
    problems: list[str] = []
    for width, height in ((360, 740), (1280, 800)):
        await page.set_viewport_size({"width": width, "height": height})
        problems += [f"at {width}: {found}" for found in await page.evaluate(LOOKED_AT)]
    assert not problems, "\n".join(problems)
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = false")
    await page.set_viewport_size(size)


async def test_what_is_done_becomes_steps_that_are_undone_moved_and_taken_out(room: Room, visit: Visit) -> None:
    page = await visit(SHOP)
    await show_an_order(room, page)
    await expect(page.locator(".step-row img")).not_to_have_count(0)
    await expect(page.locator(".decided.irreversible")).to_have_count(1)
    await looks_right(page)
    await page.get_by_role("button", name="Undo").click()
    await expect(words(page)).to_have_count(2)
    await page.get_by_text("Change step 2").click()
    await page.get_by_role("button", name="Up", exact=True).last.click()
    await expect(words(page).first).to_have_text("Choose “large” in “Size”")
    await page.get_by_role("button", name="Delete").locator("visible=true").first.press("Enter")
    await expect(words(page)).to_have_text(["Type “Ada Example” into “Name”"])
    await page.get_by_role("button", name="Pause").click()
    await click(room, page, "button")
    await expect(room.remote.locator("#said")).to_contain_text("Thank you")
    await expect(words(page)).to_have_count(1)


async def leave_out_what_the_page_does_not_say(page: Page) -> None:
    for name in ("Name", "Size"):
        await page.get_by_role("button", name=f"leave out {name}").click()
        await expect(page.get_by_role("button", name=f"leave out {name}")).to_have_count(0)


async def test_a_skill_is_tried_with_other_values_after_a_yes_and_saved(room: Room, visit: Visit) -> None:
    page = await visit(SHOP)
    await show_an_order(room, page)
    await page.get_by_role("button", name="Read this back").click()
    await expect(page.locator("#room.picking")).to_be_visible()
    await click(room, page, "#said")
    await expect(words(page).last).to_contain_text("back", timeout=PATIENCE_MS)
    await expect(page.locator(".decided.irreversible").first).to_be_visible()
    await leave_out_what_the_page_does_not_say(page)
    await page.get_by_text("Try it with other values").click()
    tried = page.locator(".trying input")
    await expect(tried).to_have_count(2)
    for field in await tried.all():
        await field.fill("small" if await field.input_value() == "large" else "Bea Example")
    await page.get_by_role("button", name="Run it").click()
    yes = page.get_by_role("button", name="Yes, do it")
    await expect(page.locator(".ask")).to_contain_text("12.00", timeout=PATIENCE_MS)
    await yes.click()
    await expect(page.locator(".ended.done")).to_contain_text("Thank you, Bea Example, a small", timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Back to the lesson").click()
    await expect(page.locator(".light")).to_be_visible()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".saved")).to_be_visible()
    saved = room.saved[-1]
    assert (saved.effect, len(saved.parameters), saved.steps[-1].saves) == ("irreversible", 2, "answer")
    assert room.pictured[-1] == {f"{step.id}.jpg" for step in saved.steps}  # as a healing looks for them


LIST = (
    "<table style='margin:40px'><tr><th>Order<th>Total</tr><tr><td>P-1001<td id=cell>14.50</tr><tr><td>P-1002<td>9.00"
    "</tr></table><div style='height:3000px'></div>"
)


async def test_a_page_that_crashes_is_told_and_the_lesson_goes_on_without_a_step_of_it(
    room: Room, visit: Visit
) -> None:
    page = await visit(SHOP)
    await show_an_order(room, page)
    shown = await words(page).all_text_contents()
    address = room.remote.url
    session = await room.remote.context.new_cdp_session(room.remote)
    with contextlib.suppress(PlaywrightError):  # It cannot answer any more.
        await session.send("Page.crash")
    await expect(page.locator("#news")).to_contain_text("the page crashed")
    await expect(page.locator("#tabs .tab")).to_have_count(0)
    await expect(words(page)).to_have_text(shown)
    await go(page, address)
    await expect(page.locator("#tabs .tab")).to_have_count(1)
    await expect(page.locator("#room.filmed")).to_be_visible()
    await click(room, page, "button")
    await expect(words(page).last).to_have_text("Click “Order now”")
    assert "Close" not in " ".join(await words(page).all_text_contents())


async def test_a_file_that_was_given_is_kept_with_the_skill_or_becomes_the_photo_of_the_day(
    room: Room, visit: Visit
) -> None:
    page = await visit("<label>File <input type=file></label><button>Hand in</button>")
    await begin(page, "hand in my cv")
    await click(room, page, "input")
    given: Any = {"name": "my cv.pdf", "mimeType": "application/pdf", "buffer": b"all about me"}
    await page.get_by_label("files for the page").set_input_files(given)
    await expect(words(page)).to_contain_text(["my cv.pdf"])
    await click(room, page, "button")
    await expect(words(page)).to_have_count(2)
    await expect(page.locator(".decided.constant")).to_have_count(1)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".saved")).to_be_visible()
    assert room.kept[-1] == {"my cv.pdf": b"all about me"}
    await page.locator(".step-row .more > summary").first.click()
    await page.get_by_role("button", name="Take a photo each time").click()
    await expect(page.locator(".decided.photo")).to_have_count(1)
    await expect(page.get_by_role("button", name="Give this file each time")).to_be_visible()
    saves = len(room.saved)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".saved")).to_contain_text(f"{saves + 1}")
    assert (room.saved[-1].steps[0].value, room.kept[-1]) == ("{photo}", {})


async def test_what_is_pointed_at_grows_to_the_row_and_the_table(room: Room, visit: Visit) -> None:
    page = await visit(LIST)
    await begin(page, "what did i order")
    await page.get_by_role("button", name="Read this back").click()
    await page.mouse.move(*await place(room, page, "#cell"))
    parts = page.locator("#aim [aria-pressed]")
    await expect(parts).to_have_text(["“14.50”", "the row", "the table"], timeout=PATIENCE_MS)
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#aim [aria-pressed=true]")).to_have_text("the row")
    await page.mouse.wheel(0, 60)
    await room.remote.wait_for_function("scrollY > 0")
    await expect(page.locator("#aim")).not_to_contain_text("the row", timeout=PATIENCE_MS)
    await page.mouse.move(*await place(room, page, "#cell"))
    await expect(parts.first).to_have_text("“14.50”", timeout=PATIENCE_MS)
    await parts.nth(2).click()
    outline, table = page.locator(".outline"), await room.remote.locator("table").bounding_box()
    canvas, size = await page.locator("#screen").bounding_box(), room.remote.viewport_size
    assert table and canvas and size
    drawn = await outline.bounding_box()
    assert drawn and abs(drawn["width"] - table["width"] * canvas["width"] / size["width"]) < 2
    await page.get_by_role("button", name="Take this").click()
    await expect(words(page)).to_have_count(1, timeout=PATIENCE_MS)
    await expect(page.locator("#room.picking")).to_have_count(0)
    read = room.lesson._state.steps[-1].shown
    assert read is not None and read.target.fingerprint.role == "table"
    await page.get_by_role("button", name="Read this back").click()
    await expect(page.get_by_role("button", name="Never mind")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#room.picking")).to_have_count(0)
    await expect(words(page)).to_have_count(1)


async def test_an_empty_tab_says_what_to_do_until_an_address_is_gone_to(room: Room, visit: Visit) -> None:
    page = await visit()
    await page.get_by_role("button", name="Type an address").click()
    await expect(page.get_by_label("address")).to_be_focused()
    await begin(page, "what did i order")
    await expect(page.get_by_label("address")).to_be_focused()
    await expect(page.locator("#empty")).to_contain_text("Now go where it is done")
    room.html["list"] = LIST
    await go(page, f"{room.site}/list")
    await expect(page.locator("#empty")).to_be_hidden()
    await expect(page.locator("#latest")).to_contain_text("Step 1: Go to")
    await expect(page.locator(".step-row img")).to_have_count(1, timeout=PATIENCE_MS)


async def test_a_no_stops_the_run_before_the_act(room: Room, visit: Visit) -> None:
    page = await visit(SHOP)
    await show_an_order(room, page)
    await leave_out_what_the_page_does_not_say(page)
    await page.get_by_text("Try it with other values").click()
    await page.get_by_role("button", name="Run it").click()
    await page.get_by_role("button", name="No", exact=True).click()
    await expect(page.locator(".ended.failed")).to_contain_text("You said no")
    await expect(room.remote.locator("#said")).to_have_text("")


async def test_steps_are_done_up_to_one_and_that_one_is_shown_anew(room: Room, visit: Visit) -> None:
    page = await visit(SHOP)
    await show_an_order(room, page)
    await room.remote.locator("#name").evaluate("field => { field.value = ''; }")
    await page.get_by_text("Change step 1").click()
    await page.get_by_role("button", name="Run up to here").locator("visible=true").first.click()
    await expect(room.remote.locator("#name")).to_have_value("Ada Example")
    await expect(page.locator(".light")).to_be_visible()
    await page.get_by_role("button", name="Do again").locator("visible=true").first.click()
    await expect(page.locator(".light")).to_have_text("Do this one step again.")
    await click(room, page, "#name")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Bea")
    await expect(room.remote.locator("#name")).to_have_value("Bea")
    await expect(words(page).first).to_have_text("Type “Bea” into “Name”")
    await page.get_by_role("button", name="Done").click()
    await expect(page.locator(".light")).to_have_text("Paused: what you do is not recorded")
    await expect(words(page)).to_have_count(3)


async def test_what_is_typed_into_a_password_field_is_seen_nowhere(room: Room, visit: Visit) -> None:
    page = await visit("<label>User <input></label><label>Password <input type=password></label><button>Go</button>")
    await begin(page, "sign me in")
    await click(room, page, "input[type=password]")
    await page.keyboard.type("hunter2-secret")
    await expect(words(page)).to_have_text(["Type the password into “Password”"])
    assert "hunter2" not in await page.content()
    await page.get_by_text("Change step 1").click()
    await expect(page.get_by_label("name in the vault")).to_be_visible()
