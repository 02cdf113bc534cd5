"""Watches a person work in a browser context and tells each step as it happens.

What a hostile page under teaching can and cannot do: the script that listens runs in a world of its own (see
`browser/worlds.py`), counts only events that the browser marks as coming from a hand, and speaks through a binding that
page code cannot reach; so a page cannot make up a step, and what comes in is held to a schema all the same. A page can
change its document: how an element looks, is called and where a link leads is the page's to say, in a lesson as in a
replay. It cannot widen where a skill goes: `navigated` names hosts on which the person acted, or where that led.

What is typed into a password, one-time-code or card field never leaves the page's process: not as a value, not in the
text of another element, not in an address, not in a picture. That holds for fields that say what they are (type,
autocomplete, or their name and label), and for ever once one did.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace
from playwright.async_api import CDPSession, Download, Frame, Request
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from browser import frames
from browser.context import TaskContext
from browser.dialogs import DialogSeen
from browser.live import pointing
from browser.live.pointing import Pointed
from browser.page import Page
from browser.scripts import beside_engine
from browser.worlds import Document, World
from teach_mode.demonstration import FORMAT, Demonstration, ShownStep
from teach_mode.demonstration import Dialog as ShownDialog
from teach_mode.heard import MOST_AROUND, Acted, Around, Changed, Described, NotHeard, Quiet, Valued, decode
from teach_mode.showing import NOWHERE, Showing, Where, shown_of
from teach_mode.skill import Action
from teach_mode.stills import Stills

WORLD = "leveret_recorder"
BINDING = "leveretSays"
SCRIPTS = ("naming.js", "listing.js", "changes.js", "outlines.js", "calendar.js", "prices.js", "recorder.js")
MOST_HOSTS = 200
WITHHELD = "•••"
Answer = TypeVar("Answer")


@cache
def script() -> str:
    """The script of the recorder's world: replay's own eyes, and what listens."""
    parts = (files("teach_mode").joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS)
    return beside_engine("\n".join(parts))


class _Tab:
    """One tab under teaching."""

    def __init__(self, page: PlaywrightPage, name: str, stills: Stills, facade: Page | None) -> None:
        self.page = page
        self.name = name
        self.stills = stills
        self.facade = facade
        self.url = page.url
        self.session: CDPSession | None = None
        self.root = ""
        self.requested = False
        self.started = ""
        self.by_hand = False
        self.holds_secrets = False


class Recorder:
    """Records what a person does in a context. `on_step` is called with each step, and again, with the same id, when
    more is known of it; `pictures` with a name and a JPEG. Both are called in the event loop and must not block."""

    def __init__(
        self,
        task: TaskContext,
        *,
        on_step: Callable[[ShownStep], None],
        pictures: Callable[[str, bytes], None],
        now: Callable[[], datetime],
    ) -> None:
        self._task = task
        self._on_step = on_step
        self._pictures = pictures
        self._now = now
        self._began = now()
        self._showing = Showing()
        self._tabs: dict[PlaywrightPage, _Tab] = {}
        self._named = 1
        self._opening: _Tab | None = None  # whose link opens a tab that names no opener
        self._loaded: set[str] = set()
        self._work: set[asyncio.Task[None]] = set()
        self._world = World(task.playwright, WORLD, script(), BINDING, self._on_said)
        self._on = False

    @property
    def steps(self) -> tuple[ShownStep, ...]:
        """The steps so far, each as it was told last."""
        return tuple(self._showing.steps)

    def demonstration(self, sentence: str = "") -> Demonstration:
        """All that was shown. `sentence` is what the person says it does."""
        steps = self.steps
        urls = [url for step in steps for url in (step.url, step.change.url) if not url.startswith(NOWHERE)]
        navigated = tuple(dict.fromkeys(host for host in (urlsplit(url).hostname for url in urls) if host))
        first = urlsplit(urls[0] if urls else "")
        return Demonstration(
            format=FORMAT,
            sentence=sentence,
            base=f"{first.scheme}://{first.hostname or ''}",
            made_at=self._began.isoformat(timespec="seconds"),
            steps=steps,
            navigated=navigated,
            loaded=tuple(sorted(self._loaded - set(navigated)))[:MOST_HOSTS],
        )

    # life

    async def start(self, page: Page) -> None:
        """Begin, with `page` as the first tab; others of the context are recorded, too. Raises PlaywrightError."""
        self._on = True
        context = self._task.playwright
        context.on("page", self._on_page)
        context.on("requestfinished", self._on_request)
        await self._follow(self._tab(page.playwright, ""))
        for other in context.pages:
            if other not in self._tabs:
                await self._follow(self._tab(other, self._next_name()))
        await self._world.start()

    async def pause(self) -> None:
        """What the person does from now on is not recorded."""
        self._on = False

    async def resume(self) -> None:
        """What the person does from now on is recorded again."""
        for page in list(self._tabs):
            await self._world.ask(page, "leveret.forget()")
        self._on = True

    async def stop(self) -> None:
        """The end; again is harmless. The steps stay."""
        self._on = False
        context = self._task.playwright
        for event, handler in (("page", self._on_page), ("requestfinished", self._on_request)):
            with contextlib.suppress(KeyError):  # It was removed already.
                context.remove_listener(event, handler)
        for task in tuple(self._work):
            task.cancel()
        await self._world.stop()
        for tab in self._tabs.values():
            session, tab.session = tab.session, None
            if session is not None:
                with contextlib.suppress(PlaywrightError):  # The tab is gone.
                    await session.detach()

    async def settled(self) -> None:
        """Return when every tab and frame that is there is listened to, and every picture that is due was taken."""
        while self._work:
            await asyncio.wait(set(self._work))
        await self._world.settled()

    async def pointed(
        self, page: Page, x: float, y: float, *, step: str, action: Action, wider: int = 0
    ) -> tuple[ShownStep, bytes | None] | None:
        """A step on the element at a point of the tab's viewport (CSS px), and its picture. None: nothing is there.

        `step` is the id it gets; `wider` takes an element so many levels above. The step is not among `steps`.
        """
        tab, at = self._tabs.get(page.playwright), await pointing.at(page.playwright, x, y)
        if tab is None or at is None:
            return None
        element = await self._at(tab, at, f"leveret.point({{x}}, {{y}}, {wider})", x, y, Described)
        if element is None:
            return None
        url = self._showing.clean(tab.url)
        shown = shown_of(element, Where(tab=tab.name, url=url, frame=frames.path(at.frame), document=(0, 0)))
        picture = await tab.stills.of(at.frame, element.box, fresh=True, secret=element.secret)
        return ShownStep(id=step, action=action, url=url, shown=shown, tab=tab.name, at_ms=self._at_ms()), picture

    async def around(self, page: Page, x: float, y: float) -> tuple[Around, ...]:
        """The elements around a point of the tab's viewport (CSS px), the innermost first; boxes are in its px, too."""
        tab, at = self._tabs.get(page.playwright), await pointing.at(page.playwright, x, y)
        if tab is None or at is None:
            return ()
        found = await self._at(tab, at, "leveret.around({x}, {y})", x, y, tuple[Around, ...]) or ()
        left, top = at.corner
        return tuple(
            replace(one, box=(one.box[0] + left, one.box[1] + top, *one.box[2:])) for one in found[:MOST_AROUND]
        )

    async def _at(self, tab: _Tab, at: Pointed, asked: str, x: float, y: float, kind: type[Answer]) -> Answer | None:
        """What the script of the frame at a point says of it; None: nothing, or nothing that it would say."""
        asked = asked.format(x=x - at.corner[0], y=y - at.corner[1])
        said = next((text for frame, text in await self._world.ask(tab.page, asked) if frame is at.frame), "")
        try:
            return msgspec.json.decode(said, type=kind) if said else None
        except msgspec.MsgspecError:
            return None

    @contextlib.asynccontextmanager
    async def vouching(self, page: Page) -> AsyncIterator[None]:
        """Inside, lists, native pickers and file fields of the tab may be set by program: the person did it, with a
        control drawn elsewhere."""
        await self._world.ask(page.playwright, "leveret.vouch(true)")
        try:
            yield
        finally:
            await self._world.ask(page.playwright, "leveret.vouch(false)")

    # tabs

    def _next_name(self) -> str:
        self._named += 1
        return f"tab-{self._named}"

    def _tab(self, page: PlaywrightPage, name: str) -> _Tab:
        facade = next((one for one in self._task.pages if one.playwright == page), None)
        tab = self._tabs[page] = _Tab(page, name, Stills(page, self._world), facade)
        page.on("download", lambda download: self._on_download(tab, download))
        page.on("close", lambda _: self._on_close(tab))
        if facade is not None:
            facade.watch_dialogs(lambda seen, answer: self._on_dialog(tab, seen, answer))
        return tab

    def _on_page(self, page: PlaywrightPage) -> None:
        if page not in self._tabs:
            self._soon(self._join(self._tab(page, self._next_name())))

    async def _join(self, tab: _Tab) -> None:
        with contextlib.suppress(PlaywrightError):  # It closed again at once.
            opener = await tab.page.opener()
            by = self._tabs.get(opener) if opener is not None else self._opening
            self._opening = None
            tab.by_hand = by is None
            if by is not None and self._on:
                self._tell(self._showing.opened(by.name, tab.name))
            await self._follow(tab)

    async def _follow(self, tab: _Tab) -> None:
        session = tab.session = await tab.page.context.new_cdp_session(tab.page)
        tab.root = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        session.on("Page.frameRequestedNavigation", lambda event: self._on_requested(tab, event))
        session.on("Page.frameStartedNavigating", lambda event: self._on_started(tab, event))
        session.on("Page.frameNavigated", lambda event: self._on_navigated(tab, event["frame"]))
        session.on("Page.navigatedWithinDocument", lambda event: self._on_moved(tab, event))
        tab.stills.use(session)
        await session.send("Page.enable")

    def _on_close(self, tab: _Tab) -> None:
        if self._on and tab.facade is not None and tab.facade.closed_from_here:
            self._tell(self._showing.closed(tab.name, tab.url, self._at_ms()))
        self._tabs.pop(tab.page, None)

    def _on_requested(self, tab: _Tab, event: dict[str, Any]) -> None:
        if event["disposition"] in ("newTab", "newWindow"):
            self._opening = tab
        elif event["frameId"] == tab.root:
            tab.requested = True

    def _on_started(self, tab: _Tab, event: dict[str, Any]) -> None:
        if event["frameId"] == tab.root:
            tab.started = event["url"]
            # A page may go back by itself, as a consequence of what was done on it.
            by_hand = tab.facade is None or tab.facade.gone_from_here
            tab.requested |= event["navigationType"].startswith("history") and not by_hand

    def _on_navigated(self, tab: _Tab, frame: dict[str, Any]) -> None:
        """A document came: as the page's doing, or as the person's, who typed an address or went back."""
        if frame["id"] != tab.root:
            return
        before, tab.url = tab.url, frame["url"] + frame.get("urlFragment", "")
        started, tab.started = tab.started, ""
        asked, tab.requested = tab.requested, False
        if tab.facade is not None:
            tab.facade.gone_from_here = False
        tab.stills.forget()
        tab.holds_secrets = False
        if tab.url.startswith(NOWHERE) or not self._on:
            return
        first = before.startswith(NOWHERE)
        if asked or (first and tab.name and not tab.by_hand):
            self._tell(self._showing.navigated(tab.name, tab.url))
            return
        opens = tab.name if tab.by_hand and first else ""
        typed = started if urlsplit(started).netloc == urlsplit(tab.url).netloc else tab.url
        self._tell(self._showing.went(tab.name, before, tab.url, self._at_ms(), typed=typed, opens=opens))

    def _on_moved(self, tab: _Tab, event: dict[str, Any]) -> None:
        if event["frameId"] != tab.root:
            return
        tab.url = event["url"]
        if self._on:
            self._tell(self._showing.navigated(tab.name, tab.url))

    def _on_download(self, tab: _Tab, download: Download) -> None:
        tab.requested = False
        if self._on:
            self._tell(self._showing.downloaded(tab.name, download.suggested_filename))

    def _on_dialog(self, tab: _Tab, seen: DialogSeen, answer: str | None) -> None:
        if self._on:
            self._soon(self._dialog(tab, seen, answer, tab.holds_secrets))

    async def _dialog(self, tab: _Tab, seen: DialogSeen, answer: str | None, may_tell: bool) -> None:
        """What a dialog says may hold a secret, and only the page knows which; a page that is gone by now is not
        believed if it `may_tell` one."""
        texts = [seen.message, answer or ""]
        for place, text in enumerate(texts):
            told = await self._world.ask(tab.page, f"leveret.clean({_quoted(text)})") if text else []
            cleaned = [one for _, one in told if one != text]
            if cleaned or (text and not told and may_tell):
                texts[place] = cleaned[0] if cleaned else WITHHELD
        accepted = answer is not None or seen.kind == "alert"
        kind: Any = seen.kind
        self._tell(
            self._showing.asked(tab.name, ShownDialog(kind=kind, message=texts[0], accepted=accepted, text=texts[1]))
        )

    def _on_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname
        if self._on and host and len(self._loaded) < MOST_HOSTS:
            self._loaded.add(host)

    # what the script says

    def _on_said(self, frame: Frame, document: Document, said: str) -> None:
        tab = self._tabs.get(frame.page)
        if tab is None:
            return
        try:
            heard = decode(said)
        except NotHeard:
            return
        where = Where(tab=tab.name, url=tab.url, frame=frames.path(frame), document=document)
        match heard:
            case Quiet():
                self._showing.learn_secrets(heard.secrets)
                tab.holds_secrets |= bool(heard.secrets)
                self._soon(self._look(tab))
            case Changed() if self._on or heard.n:  # A document that comes while paused came of no step.
                self._tell(self._showing.changed(heard, where))
            case Valued() if self._on:
                self._tell(self._showing.valued(heard, where))
            case Acted() if self._on:
                tab.holds_secrets |= heard.el is not None and heard.el.secret
                step = self._showing.acted(heard, where, self._at_ms())
                self._tell(step)
                self._soon(self._picture(tab, frame, heard, step.id))
            case _:
                pass

    async def _look(self, tab: _Tab) -> None:
        before = tab.stills.documents
        await tab.stills.look()
        step = self._showing.unseen(tab.name)
        if not self._on or not step or tab.stills.documents != before:
            return
        if (picture := await tab.stills.whole()) is not None:
            name = f"{step}.jpg"
            self._pictures(name, picture)
            self._tell(self._showing.viewed(step, name))

    async def _picture(self, tab: _Tab, frame: Frame, act: Acted, step: str) -> None:
        if act.el is None:
            return
        picture = await tab.stills.of(frame, act.el.box, fresh=act.fresh, secret=act.el.secret)
        if picture is not None:
            name = f"{step}.jpg"
            self._pictures(name, picture)
            self._tell(self._showing.pictured(step, name))

    def _at_ms(self) -> int:
        return round((self._now() - self._began).total_seconds() * 1000)

    def _tell(self, step: ShownStep | None) -> None:
        if step is not None:
            self._on_step(step)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
