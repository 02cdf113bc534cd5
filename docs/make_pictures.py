"""The pictures of the documentation, taken from the running product: `make pictures` writes them to docs/pictures."""

from __future__ import annotations

import asyncio
import tempfile
from base64 import b64decode
from collections.abc import Sequence
from contextlib import AsyncExitStack
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from PIL import Image
from playwright.async_api import FilePayload
from playwright.async_api import Page as PlaywrightPage

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.locators import Locator, LocatorKind
from browser.page import Page
from browser.pool import Pool, PoolConfig
from cloud.app import running
from cloud.config import load
from docs import contact_sheet
from examples.demo.person import Person, person
from examples.demo.run import frames_of, pair
from examples.demo.stage import Stage, stage
from examples.demo.teacher import Teacher
from examples.town import Town
from examples.town.pages import releases_of

PICTURES = Path(__file__).parent / "pictures"
MOST_BYTES = 200_000
PAPER = (24, 26, 30)
GAP_PX = 12
WAIT_S = 60.0
# One screen of each face, in the order in which a newcomer meets them.
FACES = ("idle", "listening", "thinking", "working", "confirm", "page", "choice", "bell", "menuface", "trouble")
ORDER = "order a large pepperoni pizza"


async def main() -> None:
    """Brings everything up, lives through a few requests, and writes the pictures."""
    with tempfile.TemporaryDirectory(prefix="leveret-pictures-") as name:
        out = Path(name)
        async with stage(out) as stand:
            shop, cloud = (urlsplit(address).port for address in (stand.town.pizza, stand.cloud))
            here = (f"*.localhost:{shop}", f"localhost:{shop}", f"127.0.0.1:{cloud}")
            config = PoolConfig(state_dir=out / "browser", allow_local=here, width_px=1100, height_px=760)
            async with Pool(config) as pool, pool.context(navigate=here) as context:
                async with person(stand.device_url, pair(stand), out) as somebody:
                    page = await context.new_page()
                    portal = await type_in_portal(page, stand, somebody)
                    skills = await change_a_skill(page, stand)
                    shared = await look_at_a_shared_skill(page, stand)
                    frames = sorted(frames_of(stand).glob("*/frames/*.jpg"))
                    screens = await order_aloud(somebody, out / "screens")
                    await ask_for_other_things(somebody)
                    screens = {**faces_in(out / "screens"), **screens}
                town = await visit(await context.new_page(), stand)
            releases = await redrawn(out)
        taught = await teach(out / "lesson")
        save("teach", sheet([opened(taught)], width_px=1200, columns=1))
        save("portal", sheet([opened(portal)], width_px=1000, columns=1))
        save("skills", sheet([opened(skills)], width_px=1000, columns=1))
        save("sharing", sheet([opened(shared)], width_px=760, columns=1))
        save("town", sheet([opened(each) for each in town], width_px=560, columns=2))
        save("releases", sheet([opened(each) for each in releases], width_px=400, columns=3))
        save("filmstrip", sheet(evenly(frames, 6), width_px=400, columns=3))
        contact_sheet.write()
        save("device", sheet([screens[face] for face in FACES], width_px=240, columns=5))


async def type_in_portal(page: Page, stand: Stage, somebody: Person) -> bytes:
    """An order typed in the portal and agreed to on the device; the portal while it waits for the yes."""
    await page.goto(stand.cloud + "/", deadline=soon())
    await fill(page, "#token", stand.token)
    await press(page, "Sign in")
    await fill(page, "#text", ORDER)
    await press(page, "Do it")
    await asyncio.wait_for(somebody.question(0), WAIT_S)
    await page.find([Locator(kind=LocatorKind.CSS, value="button.yes:enabled")], deadline=soon())
    shot = await page.screenshot(deadline=soon())
    await somebody.click(2)
    await page.wait_for(Condition(text="Done: Large Pepperoni"), deadline=soon())
    return shot


async def change_a_skill(page: Page, stand: Stage) -> bytes:
    """The skills, one of them asked for in other words, with what that changed; then it is as it was."""
    headers = {"authorization": f"Bearer {stand.token}"}
    async with httpx.AsyncClient(base_url=stand.cloud, headers=headers) as client:
        skill = "/api/skills/order_pizza"
        said = (await client.get(skill)).json()["utterances"]
        await client.post(f"{skill}/utterances", json={"utterances": ["bring me [a] [{size}] {kind} pizza", *said]})
        await page.goto(stand.cloud + "/skills", deadline=soon())
        await click(page, LocatorKind.TEXT, "Versions (2)")
        await click(page, LocatorKind.CSS, "[aria-label='What changed, version 2']")
        await page.wait_for(Condition(text="Sentence added"), deadline=soon())
        await page.playwright.locator(".changes:visible").scroll_into_view_if_needed()
        shot = await page.screenshot(deadline=soon())
        await client.delete(skill)
    return shot


async def look_at_a_shared_skill(page: Page, stand: Stage) -> bytes:
    """A skill that somebody shares, as it is shown before it is accepted; nothing of it is kept."""
    headers = {"authorization": f"Bearer {stand.token}"}
    async with httpx.AsyncClient(base_url=stand.cloud, headers=headers) as client:
        shared = (await client.post("/api/skills/order_pizza/share", json={"author": "Ada Example"})).json()
    await page.goto(stand.cloud + "/skills", deadline=soon())
    file: FilePayload = {
        "name": shared["filename"],
        "mimeType": "application/json",
        "buffer": b64decode(shared["data"]),
    }
    await page.playwright.locator("#bring-files").set_input_files(file)
    return await page.playwright.locator("form.offered").screenshot()


async def teach(out: Path) -> bytes:
    """A lesson in the studio, up to the choice of a size, with the reason for what was made of it."""
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(Town())
        here = (f"*.localhost:{town.port}",)
        flags: dict[str, Any] = {"data_dir": out / "data", "port": 0, "allow_local": here, "log_level": "error"}
        flags |= {"stt": "moonshine", "tts": "espeak"}
        cloud = await stack.enter_async_context(running(load(None, {}, flags)))
        portal = cloud.url.removeprefix("http://")
        config = PoolConfig(state_dir=out / "browser", allow_local=(portal,), width_px=1440, height_px=900)
        pool = await stack.enter_async_context(Pool(config))
        context = await stack.enter_async_context(pool.context(navigate=[portal]))

        def remote() -> PlaywrightPage | None:
            (lesson,) = cloud.brain.lessons.open
            return lesson.view.page.playwright if lesson.view.page else None

        teacher = Teacher((await context.new_page()).playwright, remote)
        await teacher.enter(cloud.url, cloud.ground.accounts.open())
        await teacher.begin(ORDER)
        await teacher.go(town.addresses.pizza)
        await teacher.click(teacher.remote.get_by_role("link", name="Choose Pepperoni"), says="Choose Pepperoni")
        await teacher.click(teacher.remote.get_by_label("Large").first, says="Large")
        await teacher.page.locator(".decided.parameter").nth(1).wait_for()
        await teacher.page.locator(".decided.parameter summary").last.click()
        await teacher.page.locator("img[data-picture]").last.wait_for()
        await teacher.page.locator(".decided[open] .hint").wait_for()
        return await teacher.page.screenshot()


async def order_aloud(somebody: Person, screens: Path) -> dict[str, Image.Image]:
    """The same order by voice, and the screens of it."""
    journal = somebody.handheld.journal
    at = journal.position
    await somebody.say(ORDER)
    await asyncio.wait_for(somebody.question(at), WAIT_S)
    await somebody.click(2)
    await told(somebody, "task_done", at)
    await mode(somebody, "idle", journal.position)
    return faces_in(screens, until="confirm") | {"page": faces_in(screens)["page"]}


async def ask_for_other_things(somebody: Person) -> None:
    """A question with choices, a timer that rings, the menu, and what cannot be done."""
    journal = somebody.handheld.journal
    at = journal.position
    await somebody.say("order a pepperoni pizza")
    await asyncio.wait_for(somebody.question(at), WAIT_S)
    await somebody.say("no")
    await told(somebody, "task_done", at)
    at = journal.position
    await somebody.say("set a pasta timer for one second")
    await mode(somebody, "ringing", at)
    at = journal.position
    await somebody.click()
    await mode(somebody, "idle", at)
    at = journal.position
    await somebody.click(3)
    await mode(somebody, "menu", at)
    at = journal.position
    await somebody.click(2)
    await mode(somebody, "idle", at)
    at = journal.position
    await somebody.say("please paint my garden fence")
    await told(somebody, "task_done", at)
    await mode(somebody, "idle", journal.position)


async def told(somebody: Person, kind: str, position: int) -> None:
    """Waits until the device was told a message of this kind, after `position`."""
    journal = somebody.handheld.journal
    async with asyncio.timeout(WAIT_S):
        while not any(one.data.get("type") == kind for one in journal.since(position)):
            await journal.changed()


async def mode(somebody: Person, name: str, position: int) -> None:
    """Waits until the device is in this mode, after `position`."""
    journal = somebody.handheld.journal
    async with asyncio.timeout(WAIT_S):
        while not any(one.event == "mode" and one.data["mode"] == name for one in journal.since(position)):
            await journal.changed()


async def fill(page: Page, css: str, text: str) -> None:
    """Types into the field."""
    await page.fill(await page.find([Locator(kind=LocatorKind.CSS, value=css)], deadline=soon()), text, deadline=soon())


async def click(page: Page, kind: LocatorKind, value: str) -> None:
    """Clicks what is found so."""
    await page.click(await page.find([Locator(kind=kind, value=value)], deadline=soon()), deadline=soon())


async def press(page: Page, name: str) -> None:
    """Clicks the button of that name."""
    button = [Locator(kind=LocatorKind.ROLE, value="button", name=name, exact=True)]
    await page.click(await page.find(button, deadline=soon()), deadline=soon())


async def visit(page: Page, stand: Stage) -> list[bytes]:
    """The town's pages."""
    shots = []
    at = stand.town
    for address in (at.town, at.pizza, f"{at.bistro}/book", f"{at.tickets}/events/hamlet", at.garden, at.rides):
        await page.goto(address, deadline=soon())
        shots.append(await page.screenshot(deadline=soon()))
    return shots


async def redrawn(out: Path) -> list[bytes]:
    """One page of the pizza shop in its releases, and the programme of the box office."""
    shots = []
    for site, path in (("pizza", "/pizza/pepperoni"), ("tickets", "/")):
        for release in releases_of(site):
            async with Town(releases={site: release}) as town:
                here = (f"{site}.localhost:{town.port}",)
                config = PoolConfig(state_dir=out / "releases", allow_local=here, width_px=1100, height_px=760)
                async with Pool(config) as pool, pool.context(navigate=here) as context:
                    page = await context.new_page()
                    await page.goto(f"http://{here[0]}{path}", deadline=soon())
                    shots.append(await page.screenshot(deadline=soon()))
    return shots


def soon() -> Deadline:
    return Deadline.after_ms(WAIT_S * 1000)


def evenly(frames: Sequence[Path], count: int) -> list[Image.Image]:
    """So many of the frames, the first and the last among them."""
    places = [round(place * (len(frames) - 1) / (count - 1)) for place in range(count)]
    return [opened(frames[place].read_bytes()) for place in places]


def faces_in(screens: Path, *, until: str = "") -> dict[str, Image.Image]:
    """The last screen of each face; with `until`, as they were when that face was shown last."""
    paths = sorted(screens.glob("*.png"))
    last = max((place for place, path in enumerate(paths, 1) if path.stem.endswith(f"-{until}")), default=None)
    return {path.stem.partition("-")[2]: opened(path.read_bytes()) for path in paths[: last if until else None]}


def opened(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as picture:
        return picture.convert("RGB")


def sheet(pictures: Sequence[Image.Image], *, width_px: int, columns: int) -> Image.Image:
    """All of them in rows, each so wide."""
    small = [each.resize((width_px, round(each.height * width_px / each.width))) for each in pictures]
    height_px = max(each.height for each in small)
    rows = -(-len(small) // columns)
    size = (columns * (width_px + GAP_PX) + GAP_PX, rows * (height_px + GAP_PX) + GAP_PX)
    whole = Image.new("RGB", size, PAPER)
    for index, each in enumerate(small):
        row, column = divmod(index, columns)
        whole.paste(each, (GAP_PX + column * (width_px + GAP_PX), GAP_PX + row * (height_px + GAP_PX)))
    return whole


def save(name: str, picture: Image.Image) -> None:
    """A PNG with as many colours as fit into the size that a repository bears."""
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    for colours in (256, 128, 64, 32):
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size < MOST_BYTES:
            return
    raise SystemExit(f"{path} has {path.stat().st_size} bytes even with 32 colours; make it smaller")


if __name__ == "__main__":
    asyncio.run(main())
