"""The portal's pages in a real browser: by mouse, by keyboard alone, and by voice through a microphone of its own."""

from __future__ import annotations

import asyncio
import re
import wave
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from browser.launch import find_chromium
from cloud.portal.pages import PAGES
from cloud.speech.sound import SAMPLE_RATE_HZ
from cloud.speech.tts import EspeakVoice
from cloud.tools.shelf import Shelf

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

ORDER = "order a large pepperoni pizza"
SILENCE_S = 3
WAIT_MS = 40_000
LOOKED_AT = Path(__file__).with_name("looked_at.js").read_text()
TAKE_THE_KEY = """async () => {
  const { kept } = await import("/static/handheld/key.js");
  const { key } = await kept();
  return crypto.subtle.exportKey("raw", key).then(() => "taken", (error) => error.name);
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The order as a recording, then silence."""
    path = tmp_path_factory.mktemp("microphone") / "order.wav"
    pcm = b"".join([piece async for piece in EspeakVoice().speak(ORDER)])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(pcm + bytes(2 * SAMPLE_RATE_HZ * SILENCE_S))
    return path


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium(microphone: Path) -> AsyncIterator[Browser]:
    """A person's own browser, into whose microphone the recording is played whenever it is opened."""
    flags = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium("", playwright.chromium.executable_path),
            args=[*flags, f"--use-file-for-fake-audio-capture={microphone}%noloop"],
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(theatre: Any, chromium: Browser) -> AsyncIterator[Page]:
    """A window that nobody has signed in to. Nothing that its scripts throw goes unnoticed."""
    theatre.town.faults.latency_ms = 0
    context = await chromium.new_context(base_url=theatre.stage.cloud)
    page = await context.new_page()
    page.set_default_timeout(WAIT_MS)
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    await page.goto("/")
    yield page
    await context.close()
    assert not thrown


@pytest_asyncio.fixture(loop_scope="session")
async def client(theatre: Any) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {theatre.stage.token}"}
    async with httpx.AsyncClient(base_url=theatre.stage.cloud, headers=headers, timeout=WAIT_MS / 1000) as client:
        yield client


async def sign_in(page: Page, token: str) -> None:
    await page.get_by_label("The owner's token").fill(token)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("#signed-in")).to_be_visible(timeout=WAIT_MS)


async def say_typed(page: Page, text: str) -> None:
    await page.get_by_label("What shall be done?").fill(text)
    await page.get_by_role("button", name="Do it").click()


async def test_an_order_is_typed_confirmed_once_its_question_stood_still_and_shown(theatre: Any, page: Page) -> None:
    before = len(theatre.town.ledger.rows())
    await sign_in(page, theatre.stage.token)
    await page.clock.install()
    await page.clock.pause_at(await page.evaluate("Date.now() + 10_000"))
    await say_typed(page, "order a small hawaii pizza")
    ask = page.locator("article.ask")
    await expect(ask).to_contain_text("Order it?", timeout=WAIT_MS)
    await expect(ask).to_contain_text("Elm Street 5")
    yes = ask.get_by_role("button", name="Yes, do it")
    await expect(yes).to_be_disabled()
    await page.clock.run_for(690)
    await expect(yes).to_be_disabled()
    await page.clock.run_for(20)
    await expect(yes).to_be_enabled()
    assert len(theatre.town.ledger.rows()) == before
    await yes.click()
    task = page.locator("#tasks article").first
    await expect(task.locator("header .status")).to_have_text("done", timeout=WAIT_MS)
    await expect(task).to_contain_text("Hawaii")
    await expect(ask).to_have_count(0)
    assert len(theatre.town.ledger.rows()) == before + 1
    await task.locator(".film button").first.click()
    viewer = page.get_by_role("dialog")
    await expect(viewer).to_contain_text("1 of ")
    await page.keyboard.press("ArrowRight")
    await expect(viewer).to_contain_text("2 of ")
    await page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)


async def test_what_was_done_before_a_no_stands_on_the_card_of_the_task(theatre: Any, page: Page) -> None:
    await sign_in(page, theatre.stage.token)
    await say_typed(page, "order a small hawaii pizza")
    no = page.locator("article.ask").get_by_role("button", name="No", exact=True)
    await expect(no).to_be_enabled(timeout=WAIT_MS)
    await no.click()
    task = page.locator("#tasks article").first
    await expect(task.locator(".sentence")).to_contain_text("I had already clicked “Add to cart”", timeout=WAIT_MS)
    await expect(task.locator(".rows")).to_contain_text("Not done“Order and pay”")


async def test_an_order_is_spoken_into_the_page_answered_aloud_and_agreed_to_by_a_press(
    theatre: Any, page: Page, client: httpx.AsyncClient, microphone: Path
) -> None:
    before = len(theatre.town.ledger.rows())
    played = await samples_played(client)
    await sign_in(page, theatre.stage.token)
    await speak_until_heard(page, client, microphone)
    ask = page.locator("article.ask")
    await expect(ask).to_contain_text("Order it?", timeout=WAIT_MS)
    await expect(page.locator("#reply")).to_contain_text("Order it?")
    devices = (await client.get("/api/devices")).json()["devices"]
    (mine,) = [one for one in devices if " on Linux " in one["name"]]
    assert await page.evaluate(TAKE_THE_KEY) == "InvalidAccessError"
    assert await samples_played(client, above=played) > played + SAMPLE_RATE_HZ  # more than a second was heard
    await ask.get_by_role("button", name="Yes, do it").click()
    await expect(page.locator("#tasks header .status").first).to_have_text("done", timeout=WAIT_MS)
    assert len(theatre.town.ledger.rows()) == before + 1

    # The key is taken back: the page says so, and a press pairs anew. By the space bar this time.
    await page.goto("/devices")
    await page.get_by_role("button", name=f"Revoke {mine['name']}").click()
    await page.get_by_role("button", name="Yes, revoke it").click()
    await expect(page.get_by_text(mine["name"])).to_have_count(0)
    await page.goto("/")
    await expect(page.locator("#talk-state")).to_contain_text("not paired any more")
    talk = page.locator("#talk")
    await page.keyboard.down("Space")
    await expect(talk).to_have_attribute("data-state", "listening")
    await page.keyboard.up("Space")
    await expect(talk).not_to_have_attribute("data-state", "listening")
    await talk.press("Enter")  # as a screen reader presses it: once to begin, once to end
    await expect(talk).to_have_attribute("data-state", "listening")
    await talk.press("Enter")
    await expect(talk).not_to_have_attribute("data-state", "listening")


async def test_a_schedule_is_previewed_kept_left_out_once_removed_and_brought_back(theatre: Any, page: Page) -> None:
    await page.goto("/schedules")
    await sign_in(page, theatre.stage.token)
    sentence = page.get_by_label("When, and what")
    await sentence.fill("every Friday at seven in the evening, order a large pizza")
    await expect(page.locator("#preview")).to_contain_text("Say that in the request.", timeout=WAIT_MS)
    await sentence.fill("every Friday at seven in the evening, order a large pepperoni pizza")
    preview = page.locator("#preview")
    await expect(preview).to_contain_text("Every Friday at seven p m: order a large pepperoni pizza. It asks each time")
    await expect(preview.locator("li")).to_have_count(5)
    await sentence.press("Enter")
    card = page.locator("li.schedule")
    await expect(card).to_contain_text("Every Friday at seven p m.")
    await expect(page.locator(".calendar .dot")).not_to_have_count(0)
    await card.get_by_role("button", name="Skip the next").press("Enter")
    await expect(card.locator(".out")).to_have_count(1)
    await card.get_by_role("button", name="Change").press("Enter")
    await sentence.fill("every Saturday at noon, order a large pepperoni pizza")
    await sentence.press("Enter")
    await expect(card).to_contain_text("Every Saturday at noon.")
    await card.get_by_role("button", name="Remove").press("Enter")
    undo = page.get_by_role("button", name="Undo")
    await expect(undo).to_be_focused()
    await undo.press("Enter")
    await expect(card).to_contain_text("Every Saturday at noon.")
    await card.get_by_role("button", name="Remove").press("Enter")
    await expect(undo).to_be_visible()


async def speak_until_heard(page: Page, client: httpx.AsyncClient, microphone: Path) -> None:
    """Holds the button for as long as the recording lasts, and again when a busy machine lost a piece of it."""
    talk, heard = page.locator("#talk"), page.locator("#heard")
    with wave.open(str(microphone)) as file:
        spoken_ms = file.getnframes() / SAMPLE_RATE_HZ * 1000 - SILENCE_S * 1000
    for _ in range(4):
        await talk.hover()
        await page.mouse.down()
        await expect(talk).to_have_attribute("data-state", "listening")
        await page.wait_for_function("most => Number(talk.dataset.heard) > most", arg=spoken_ms + 300)
        await expect(heard).not_to_be_empty()  # partial words, while the button is held
        await page.mouse.up()
        await expect(talk).to_have_attribute("data-state", "idle", timeout=WAIT_MS)
        if await heard.inner_text() == ORDER:
            return
        for task in (await client.get("/api/tasks")).json()["tasks"]:
            if task["status"] in ("queued", "running"):
                await client.post(f"/api/tasks/{task['id']}/cancel", json={})
        await expect(page.locator("article.ask")).to_have_count(0)
    raise AssertionError(f"heard {await heard.inner_text()!r} four times")


async def samples_played(client: httpx.AsyncClient, above: float = -1) -> float:
    """How many samples people have heard, as soon as it is more than `above`."""
    while True:
        text = (await client.get("/metrics")).text
        if (found := float(re.findall(r"^leveret_played_samples_total (\S+)", text, re.MULTILINE)[0])) > above:
            return found


async def test_without_a_microphone_the_page_says_so_and_typing_works(theatre: Any, page: Page) -> None:
    denied = 'navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); }'
    await page.add_init_script(denied)
    await page.reload()
    await sign_in(page, theatre.stage.token)
    await page.locator("#talk").hover()
    await page.mouse.down()
    await expect(page.locator("#talk-state")).to_contain_text("The microphone is not allowed here")
    await page.mouse.up()
    await say_typed(page, "set a pasta timer for one second")
    bell = page.get_by_role("alert").filter(has_text="pasta")
    await expect(bell).to_be_visible(timeout=WAIT_MS)
    await bell.get_by_role("button", name="Stop").click()
    await expect(bell).to_have_count(0, timeout=WAIT_MS)


async def test_the_portal_is_used_by_keyboard_alone(theatre: Any, page: Page) -> None:
    await expect(page.get_by_label("The owner's token")).to_be_focused()
    await page.keyboard.type(theatre.stage.token)
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()
    visited: list[str] = []
    while len(visited) < 60 and (not visited or visited[0] not in visited[1:]):
        await page.keyboard.press("Tab")
        at, is_seen = await page.evaluate(
            """() => {
              const at = document.activeElement;
              const name = at === document.body ? "" : at.id || at.textContent.trim();
              return [name, getComputedStyle(at).outlineStyle !== "none"];
            }"""
        )
        if at:
            assert is_seen, f"nothing shows that {at} has the focus"
            visited.append(at)
    assert {"talk", "text", "Do it", "Skills", "Devices", "sign-out"} <= set(visited)
    assert visited[0] in visited[1:], "the focus does not come back: something keeps it"
    await page.get_by_role("link", name="Skip to the content").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()
    while await page.evaluate("document.activeElement.id") != "text":
        await page.keyboard.press("Tab")
    await page.keyboard.type("what time is it")
    await page.keyboard.press("Enter")
    await expect(page.locator("#tasks article").first).to_contain_text("what time is it", timeout=WAIT_MS)


async def test_what_was_done_is_found_told_sent_opened_and_forgotten(theatre: Any, page: Page, tmp_path: Path) -> None:
    await sign_in(page, theatre.stage.token)
    await say_typed(page, "take a note that the gate is blue")
    await expect(page.locator("#tasks header .status").first).to_have_text("done", timeout=WAIT_MS)
    await page.goto("/history?words=gate+blue")
    run = page.locator("#runs a")
    await expect(run).to_have_count(1, timeout=WAIT_MS)
    await run.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("take a note that the gate is blue")
    await expect(page.locator(".timeline")).to_contain_text("Let go")
    await page.get_by_role("button", name="Save as a trace file").press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("It holds what you asked for")
    async with page.expect_download() as saving:
        await dialog.get_by_role("link", name="Save the file").press("Enter")
    file = tmp_path / "run.leveret-trace"
    await (await saving.value).save_as(file)
    await page.get_by_role("button", name="Forget this run").press("Enter")
    await page.get_by_role("button", name="Yes, forget it").press("Enter")
    await expect(page.locator("#notice")).to_contain_text("This run is forgotten")
    await page.goto("/history?words=gate+blue")
    await expect(page.locator("#none")).to_have_text("Nothing that fits.")
    await page.set_input_files("#file", file)
    opened = page.get_by_role("dialog")
    await expect(opened).to_contain_text("This is from a file, not from your history")
    await expect(opened.locator(".timeline")).to_contain_text("Noted: that the gate is blue")
    assert await opened.get_by_role("link").count() == 0
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Take back").press("Enter")
    await expect(page.locator("#runs a")).to_have_count(1, timeout=WAIT_MS)


async def test_every_page_fits_a_phone_and_a_desktop_and_names_what_is_on_it(theatre: Any, page: Page) -> None:
    await sign_in(page, theatre.stage.token)
    problems: list[str] = []
    for path in sorted(PAGES):
        await page.goto(path)
        await expect(page.locator("#signed-in")).to_be_visible()
        await page.wait_for_load_state("networkidle") if path == "/skills" else None
        await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        await page.keyboard.press("Tab")
        for width, height in ((360, 740), (1280, 800)):
            await page.set_viewport_size({"width": width, "height": height})
            problems += [f"{path} at {width}: {found}" for found in await page.evaluate(LOOKED_AT)]
        await page.emulate_media(color_scheme="light")
        light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        await page.emulate_media(color_scheme="dark")
        assert light != await page.evaluate("getComputedStyle(document.body).backgroundColor"), path
    assert not problems, "\n".join(problems)


async def test_a_skill_is_changed_compared_taken_back_and_removed(theatre: Any, page: Page) -> None:
    await sign_in(page, theatre.stage.token)
    await page.goto("/skills")
    card = page.locator("article.skill", has_text="Order a pizza")
    await expect(card).to_contain_text("version 1")
    await card.get_by_text("What people say").click()
    await card.get_by_role("textbox").fill("conjure up [a] {kind} pizza")
    await card.get_by_role("button", name="Save as a new version").click()
    await expect(card).to_contain_text("version 2")
    await expect(card.locator(".say")).to_contain_text("conjure up")
    await card.get_by_role("button", name="What changed, version 2").click()
    await expect(card.locator(".changes li.added")).to_contain_text(["Sentence added: “conjure up [a] {kind} pizza”"])
    await card.get_by_text("The lines of its file").click()
    await expect(card.locator(".changes pre .added")).to_contain_text(["conjure up [a] {kind} pizza"])
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.keyboard.press("Tab")
    assert not await page.evaluate(LOOKED_AT)
    await card.get_by_role("button", name="Go back to this, version 1").click()
    await expect(card).to_contain_text("version 3")
    await expect(card.locator(".versions li").first).to_contain_text("gone back to version 1")

    # What a run learnt of a changed site: its version shows the element before and after.
    shelf = Shelf(theatre.stage.data_dir / "skills")
    pictures = {f"pay-{when}.png": small_picture(colour) for when, colour in (("after", "green"), ("before", "red"))}
    words = "Click “Order and pay”"
    shelf.save(shelf.current("order_pizza"), why="healed", note="the button moved", pictures=pictures)
    await page.reload()
    await expect(card).to_contain_text("healed itself")
    await card.get_by_text("Versions (4)").click()
    await expect(card.locator("figure")).to_have_text([f"{words}: before", f"{words}: now"])
    for number in range(2):
        await expect(card.locator("figure img").nth(number)).to_have_js_property("naturalWidth", 8)

    await card.get_by_role("button", name="Remove").click()
    await card.get_by_role("button", name="Yes, remove it").click()
    await expect(card).to_contain_text("from a file")
    await card.get_by_role("link", name="Try it").click()
    await expect(page.get_by_label("What shall be done?")).to_have_value(re.compile("pizza"))
    await page.go_back()
    await card.get_by_role("link", name="Teach again").click()
    await expect(page.get_by_label("What it does")).to_have_value(re.compile("pizza"))


async def test_a_file_is_looked_at_and_kept_handed_on_and_a_removal_undone(theatre: Any, page: Page) -> None:
    await sign_in(page, theatre.stage.token)
    await page.goto("/skills")
    await page.get_by_role("button", name="Bring a file").click()
    skill = (Path(__file__).parents[2] / "examples" / "skills" / "bistro.json").read_bytes()
    files = [("dinner.json", skill), ("letter.txt", b"Dear Ada")]
    chosen: list[Any] = [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
    await page.get_by_label("Files to bring").set_input_files(chosen)
    offered = page.locator("form.offered")
    await expect(offered).to_contain_text("Click “Confirm booking”. You are asked before it, every time")
    await expect(page.locator(".card.wrong")).to_contain_text("letter.txt is no recording of a tool that is known")
    await offered.get_by_label("What to call it").fill("dinner")
    await offered.get_by_role("button", name="Keep it").click()
    card = page.locator("article.skill", has_text="imported")
    await expect(card).to_contain_text("Book a table")

    await card.get_by_text("Export and share").click()
    await card.get_by_role("button", name="Share it with somebody").click()
    await expect(card).to_contain_text("what else stood on the pages when it was shown")
    async with page.expect_download() as saved:
        await card.get_by_role("button", name="Save the file").click()
    shared = await asyncio.to_thread(Path(await (await saved.value).path()).read_bytes)
    await page.get_by_label("Files to bring").set_input_files(
        [{"name": "dinner.leveret.json", "mimeType": "application/json", "buffer": shared}]
    )
    await expect(offered).to_contain_text("whose key is new to you")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.keyboard.press("Tab")
    assert not await page.evaluate(LOOKED_AT)
    await offered.get_by_role("button", name="No, thank you").click()

    removed = page.locator("#removed li", has_text="dinner")
    await card.get_by_role("button", name="Remove").click()
    await card.get_by_role("button", name="Yes, remove it").click()
    await removed.get_by_role("button", name="Bring it back").click()
    await expect(removed).to_have_count(0)
    await card.get_by_role("button", name="Remove").click()
    await card.get_by_role("button", name="Yes, remove it").click()
    await removed.get_by_role("button", name="Forget it now").click()
    await removed.get_by_role("button", name="Yes, forget it").click()
    await expect(removed).to_have_count(0)


def small_picture(colour: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (8, 8), colour).save(written, "PNG")
    return written.getvalue()


async def test_a_secret_goes_into_the_vault_by_its_page_and_is_shown_nowhere(theatre: Any, page: Page) -> None:
    await sign_in(page, theatre.stage.token)
    await page.goto("/vault")
    await page.get_by_label("Name").fill("pizza password")
    await page.get_by_label("Password", exact=True).fill("correct horse")
    await page.get_by_label("Sites it may be typed on").fill("pizza.example")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator("#secrets")).to_contain_text("pizza password")
    assert "correct horse" not in await page.content()
    assert await page.get_by_label("Password", exact=True).input_value() == ""
    await page.get_by_role("button", name="Change pizza password").click()
    await expect(page.get_by_label("Sites it may be typed on")).to_have_value("https://pizza.example")
    await expect(page.get_by_label("Password", exact=True)).to_be_focused()
    await page.get_by_role("button", name="Forget pizza password").click()
    await page.get_by_role("button", name="No, keep it").press("Enter")
    await expect(page.get_by_role("button", name="Forget pizza password")).to_be_focused()
    await page.get_by_role("button", name="Forget pizza password").click()
    await page.get_by_role("button", name="Yes, forget it").click()
    await expect(page.locator("#secrets")).to_contain_text("Nothing is kept.")


async def test_a_wrong_token_is_told_and_nothing_is_shown(page: Page) -> None:
    await page.get_by_label("The owner's token").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("#sign-in-wrong")).to_contain_text("leveret token")
    await expect(page.locator("#signed-in")).to_be_hidden()


async def test_signing_out_hides_everything_and_a_reload_keeps_it_so(theatre: Any, page: Page) -> None:
    await sign_in(page, theatre.stage.token)
    await page.reload()
    await expect(page.get_by_label("What shall be done?")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("The owner's token")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("The owner's token")).to_be_visible()


async def test_a_list_is_filled_ticked_put_in_order_and_undone_by_keyboard_alone(theatre: Any, page: Page) -> None:
    await sign_in(page, theatre.stage.token)
    await say_typed(page, "add milk and a dozen eggs to my shopping list")
    await expect(page.locator("#tasks article").first).to_contain_text("on your shopping list", timeout=WAIT_MS)
    await page.goto("/lists")
    field = page.get_by_label("Add to shopping")
    await field.focus()
    await page.keyboard.type("bread, 3 apples")
    await page.keyboard.press("Enter")
    things = page.locator(".things li")
    await expect(things).to_have_text(["milk", "eggs12", "bread", "apples3"], timeout=WAIT_MS)
    await page.get_by_role("checkbox", name="bread").focus()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(things).to_have_text(["milk", "bread", "eggs12", "apples3"], timeout=WAIT_MS)
    await expect(page.get_by_role("checkbox", name="bread")).to_be_focused(timeout=WAIT_MS)
    await page.keyboard.press("Space")
    await expect(page.get_by_role("checkbox", name="bread")).to_be_checked(timeout=WAIT_MS)
    clear = page.get_by_role("button", name="Clear what is done")
    await expect(clear).to_be_enabled(timeout=WAIT_MS)
    await clear.press("Enter")
    await expect(things).to_have_text(["milk", "eggs12", "apples3"], timeout=WAIT_MS)
    await page.get_by_role("button", name="Undo").press("Enter")
    await expect(things).to_have_text(["milk", "bread", "eggs12", "apples3"], timeout=WAIT_MS)
    await expect(page.locator("#lists-said")).to_have_text("Undone: the shopping list cleared.")


async def test_a_journal_is_written_found_changed_and_undone(theatre: Any, page: Page) -> None:
    await sign_in(page, theatre.stage.token)
    await say_typed(page, "dear diary it <b>snowed</b> at last")
    await expect(page.locator("#tasks article").first).to_contain_text("It is in your journal.", timeout=WAIT_MS)
    await page.goto("/journal")
    await page.get_by_label("Today").fill("We walked around the lake.")
    await page.get_by_role("button", name="Write it down").press("Enter")
    entries = page.locator(".entry .words")
    await expect(entries).to_have_text(["it <b>snowed</b> at last", "We walked around the lake."], timeout=WAIT_MS)
    await page.get_by_label("Words to look for").fill("walking lakes")
    await page.keyboard.press("Enter")
    await expect(entries).to_have_text(["We walked around the lake."], timeout=WAIT_MS)
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("The entry").fill("We walked around two lakes.")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(entries).to_have_text(["We walked around two lakes."], timeout=WAIT_MS)
    await page.get_by_role("button", name="Undo").click()
    await expect(entries).to_have_text(["We walked around the lake."], timeout=WAIT_MS)
