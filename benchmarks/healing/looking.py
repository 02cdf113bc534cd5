"""Opening pages: render and freeze, and look at what is frozen. The only place that drives our own browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from benchmarks.healing.store import LOOKS, PAGES, name_of
from benchmarks.healing.truth import Known
from browser import frames
from browser.fingerprint import Box, Fingerprint
from browser.launch import account, find_chromium
from browser.scripts import source

SIZE = {"width": 1280, "height": 900}
LOAD_MS = 15_000
QUIET_MS = 3_000
FLAGS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.localhost", "--force-color-profile=srgb"]
AT_ONCE = 4
_HERE = Path(__file__).parent
# Writes the style sheets of a page into it, since it is to be served from elsewhere.
TAKE_OVER = (_HERE / "take_over.js").read_text(encoding="utf-8")
T = TypeVar("T")


class PageUnseen(Exception):
    """A page that cannot be looked at; the message says which."""


_MARK = re.compile(r' data-lv-mark=("|&quot;)[^"&]*("|&quot;)')


class Candidate(msgspec.Struct, frozen=True):
    """An element of our own walk: its place, and what we remember of it."""

    path: str
    print: Fingerprint


class Row(msgspec.Struct, frozen=True):
    """An element of the light document, for contestants that read the DOM. `parent` is a row's number, -1 for none."""

    parent: int
    tag: str
    attributes: dict[str, str]
    own: str
    text: str
    box: Box
    seen: bool
    path: str


class Look(msgspec.Struct, frozen=True):
    """A frozen page as it is seen.

    `usuals` has the recorded locator of each known element by path,
    `also` the other elements by which it can be used as well; a click on those `covered` would land on something else.
    """

    knowns: tuple[Known, ...]
    usuals: dict[str, str]
    candidates: tuple[Candidate, ...]
    rows: tuple[Row, ...]
    also: dict[str, tuple[str, ...]] = {}
    covered: tuple[str, ...] = ()
    resolved: dict[str, tuple[str, ...]] = {}


def address(place: str, frozen: str) -> str:
    """The path and query of a frozen page at its place in a package."""
    return f"/p/{place}?as={frozen}"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The headless browser that renders and looks."""
    async with async_playwright() as playwright:
        program = find_chromium("", playwright.chromium.executable_path, account())
        browser = await playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def a_page(browser: Browser) -> AsyncIterator[Page]:
    """One tab of a context of its own."""
    context = await browser.new_context(viewport=SIZE, locale="en-GB", timezone_id="UTC", reduced_motion="reduce")  # type: ignore[arg-type]
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def settle(page: Page) -> None:
    """Wait until the page asks for nothing more, or long enough."""
    with suppress(PlaywrightError):
        await page.wait_for_load_state("networkidle", timeout=QUIET_MS)


async def open_page(page: Page, url: str) -> None:
    """Go there; a page that never finishes loading is taken as it is."""
    try:
        await page.goto(url, wait_until="load", timeout=LOAD_MS)
    except PlaywrightError as error:
        if "Timeout" not in error.message:
            raise
    await settle(page)


async def frozen_html(page: Page) -> str:
    """The page that is open as one text, without its scripts."""
    html: str = await page.evaluate((_HERE / "freeze.js").read_text(encoding="utf-8"))
    return html


async def freeze(page: Page, frozen: str) -> None:
    """Keep the page that is open as the frozen page `frozen`."""
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / f"{frozen}.html").write_text(await frozen_html(page), encoding="utf-8")


def look_script() -> str:
    """Ours and the benchmark's eyes as one expression."""
    parts = [source("eyes.js"), source("walker.js"), (_HERE / "places.js").read_text(encoding="utf-8")]
    look = (_HERE / "look.js").read_text(encoding="utf-8")
    parts += [f"const look = {look};", "return JSON.stringify(look(usual, sought));"]
    return "([usual, sought]) => {\n" + "\n".join(parts) + "\n}"


async def look(page: Page, usual: Sequence[str] = (), sought: Sequence[str] = ()) -> Look:
    """All frames of the page that is open.

    `usual` are recorded locators to resolve in the top document, `sought` places of which to tell what does as well.
    """
    script = look_script()
    found: list[Look] = []
    for frame in page.frames:
        try:
            text = await frame.evaluate(script, [list(usual) if frame is page.main_frame else [], list(sought)])
        except PlaywrightError:
            continue
        one = msgspec.json.decode(text, type=Look)
        path = frames.path(frame)
        found.append(one if not path else _in_frame(one, path))
    if not found:
        raise PageUnseen(page.url)
    first = found[0]
    return Look(
        knowns=tuple(known for one in found for known in one.knowns),
        usuals={path: css for one in found for path, css in one.usuals.items()},
        candidates=tuple(candidate for one in found for candidate in one.candidates),
        rows=first.rows,
        also={path: places for one in found for path, places in one.also.items()},
        covered=tuple(path for one in found for path in one.covered),
        resolved=first.resolved,
    )


def _in_frame(one: Look, path: tuple[str, ...]) -> Look:
    inside = tuple(Candidate(each.path, msgspec.structs.replace(each.print, frame=path)) for each in one.candidates)
    return msgspec.structs.replace(one, candidates=inside)


async def look_at(
    browser: Browser, base: str, place: str, frozen: str, usual: Sequence[str] = (), sought: Sequence[str] = ()
) -> Look:
    """A frozen page as it is seen, from the cache if it was seen before."""
    kept = LOOKS / f"{frozen}-{name_of(look_script(), *sorted(usual), *sorted(sought))}.json"
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=Look)
    async with a_page(browser) as page:
        await open_frozen(page, base + address(place, frozen))
        found = await look(page, usual, sought)
    LOOKS.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(msgspec.json.encode(found))
    return found


async def open_frozen(page: Page, url: str) -> None:
    """Go to a frozen page and wait for what it has yet to show: no script of its own asks for more."""
    await page.goto(url, wait_until="load", timeout=LOAD_MS)
    await page.wait_for_function("() => !document.querySelector('template[data-lv-late]')", timeout=LOAD_MS)
    await page.evaluate("() => document.fonts.ready.then(() => true)")


def unmark(frozen: str) -> None:
    """Take the benchmark's marks out of a frozen page, once it is known where they stand."""
    file = PAGES / f"{frozen}.html"
    file.write_text(_MARK.sub("", file.read_text(encoding="utf-8")), encoding="utf-8")


async def gathered(
    jobs: Sequence[Coroutine[Any, Any, T]], told: Callable[[int, int], None] = lambda done, of: None
) -> list[T]:
    """The results of coroutines, a few at a time; after each `told` hears how many are done, of how many."""
    gate = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def one(job: Coroutine[Any, Any, T]) -> T:
        nonlocal done
        async with gate:
            found = await job
        done += 1
        told(done, len(jobs))
        return found

    return list(await asyncio.gather(*(one(job) for job in jobs)))
