"""A script of ours in every document of a browser context, in a world of its own, and what it says.

The script runs before the page's scripts do. Its world shares the document with the page and nothing else: no variable,
no prototype, no function. So page code can neither call the binding that the script speaks through, nor see or change
what the script does with it; it can only change the document. A frame of another site in a process of its own, and a
tab that just opened, are joined as soon as they are there: a few milliseconds may pass before the script runs in them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import msgspec
from playwright.async_api import BrowserContext, CDPSession, Frame
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from browser import frames

MOST_CHARS = 256 * 1024

Document = tuple[int, int]
"""Names one document for as long as it is shown."""
OnSaid = Callable[[Frame, Document, str], None]


class _Node(msgspec.Struct):
    parent: str
    name: str = ""
    url: str = ""


class _Target:
    """One process's part of a tab: its top frame, and the frames below it that live in the same process."""

    def __init__(self, session: CDPSession, top: Frame, number: int) -> None:
        self.session = session
        self.top = top
        self.number = number
        self.documents: dict[int, str] = {}
        self.root = ""
        self._nodes: dict[str, _Node] = {}

    def keep_tree(self, tree: dict[str, Any], parent: str = "") -> None:
        frame = tree["frame"]
        self.root = self.root or frame["id"]
        self._nodes[frame["id"]] = _Node(parent, frame.get("name", ""), frame["url"])
        for child in tree.get("childFrames", ()):
            self.keep_tree(child, frame["id"])

    def on_attached(self, event: dict[str, Any]) -> None:
        self._nodes[event["frameId"]] = _Node(event["parentFrameId"])

    def on_navigated(self, event: dict[str, Any]) -> None:
        frame = event["frame"]
        self._nodes[frame["id"]] = _Node(frame.get("parentId", ""), frame.get("name", ""), frame["url"])

    def on_moved(self, event: dict[str, Any]) -> None:
        if event["frameId"] in self._nodes:
            self._nodes[event["frameId"]].url = event["url"]

    def on_detached(self, event: dict[str, Any]) -> None:
        if event.get("reason") != "swap":
            self._nodes.pop(event["frameId"], None)

    def frame(self, number: str) -> Frame | None:
        """The frame that Chromium calls so; None when it is gone."""
        node = self._nodes.get(number)
        if node is None or number == self.root:
            return self.top if node is not None else None
        parent = self.frame(node.parent)
        if parent is None:
            return None
        plain = frames.plain_of(node.name, node.url)
        twins = [child for child in parent.child_frames if frames.plain(child) == plain]
        own = [other for other, one in self._nodes.items() if one.parent == node.parent and self._plain(one) == plain]
        index = own.index(number) if number in own else 0
        return twins[index] if index < len(twins) else None

    def _plain(self, node: _Node) -> str:
        return frames.plain_of(node.name, node.url)


class World:
    """The script's world in all tabs of one context. `on_said` hears what it says, in the event loop."""

    def __init__(self, context: BrowserContext, name: str, script: str, binding: str, on_said: OnSaid) -> None:
        self._context = context
        self._name = name
        self._script = script
        self._binding = binding
        self._on_said = on_said
        self._targets: dict[Frame, _Target] = {}
        self._opening: set[asyncio.Task[None]] = set()
        self._last = 0
        self._closed = False

    async def start(self) -> None:
        """Join all tabs, those to come too. Raises PlaywrightError only when the context is gone."""
        self._context.on("page", self._on_page)
        for page in self._context.pages:
            self._on_page(page)
        await self.settled()

    async def settled(self) -> None:
        """Return when every tab and frame that is there now has been joined."""
        while self._opening:
            await asyncio.wait(set(self._opening))

    async def stop(self) -> None:
        """No more listening; again is harmless. Documents that are shown keep a script that nobody hears."""
        self._closed = True
        self._context.remove_listener("page", self._on_page)
        for task in self._opening:
            task.cancel()
        targets, self._targets = list(self._targets.values()), {}
        for target in targets:
            with contextlib.suppress(PlaywrightError):
                await target.session.detach()

    async def ask(self, page: PlaywrightPage, expression: str) -> list[tuple[Frame, str]]:
        """What an expression gives in each document of a tab: strings only. What does not answer is left out."""
        answers = []
        for target in [one for one in self._targets.values() if one.top.page == page]:
            for document, number in list(target.documents.items()):
                frame = target.frame(number)
                if frame is None:
                    continue
                with contextlib.suppress(PlaywrightError):
                    asked = {"expression": expression, "contextId": document, "returnByValue": True}
                    result = (await target.session.send("Runtime.evaluate", asked))["result"]
                    answers.append((frame, str(result.get("value", ""))))
        return answers

    def _on_page(self, page: PlaywrightPage) -> None:
        for event in ("frameattached", "framenavigated"):
            page.on(event, self._on_frame)
        self._soon(self._join(page, page.main_frame))
        for frame in page.frames:
            self._on_frame(frame)

    def _on_frame(self, frame: Frame) -> None:
        if frame.parent_frame is not None:
            self._soon(self._join(frame, frame))

    def _soon(self, work: Any) -> None:
        if self._closed:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _join(self, of: PlaywrightPage | Frame, top: Frame) -> None:
        known = self._targets.get(top)
        if known is not None and await self._lives(known):
            return
        try:
            session = await self._context.new_cdp_session(of)
        except PlaywrightError:
            return  # It lives in its parent's process, where the script is already; or it is gone again.
        if self._targets.get(top) is not known:
            await session.detach()
            return
        self._last += 1
        target = self._targets[top] = _Target(session, top, self._last)
        try:
            await self._listen(target)
        except PlaywrightError:
            self._targets.pop(top, None)

    async def _lives(self, target: _Target) -> bool:
        try:
            await target.session.send("Page.getFrameTree")
        except PlaywrightError:
            return False
        return True

    async def _listen(self, target: _Target) -> None:
        session = target.session
        session.on("Page.frameAttached", target.on_attached)
        session.on("Page.frameNavigated", target.on_navigated)
        session.on("Page.frameDetached", target.on_detached)
        session.on("Page.navigatedWithinDocument", target.on_moved)
        session.on("Runtime.executionContextCreated", lambda event: self._on_document(target, event["context"]))
        session.on("Runtime.executionContextDestroyed", lambda event: self._off(target, event["executionContextId"]))
        session.on("Runtime.executionContextsCleared", lambda _: target.documents.clear())
        session.on("Runtime.bindingCalled", lambda event: self._on_call(target, event))
        await session.send("Page.enable")
        target.keep_tree((await session.send("Page.getFrameTree"))["frameTree"])
        await session.send("Runtime.enable")
        await session.send("Runtime.addBinding", {"name": self._binding, "executionContextName": self._name})
        first = {"source": self._script, "worldName": self._name, "runImmediately": True}
        await session.send("Page.addScriptToEvaluateOnNewDocument", first)

    def _on_document(self, target: _Target, context: dict[str, Any]) -> None:
        if context.get("name") == self._name:
            target.documents[context["id"]] = context["auxData"]["frameId"]

    def _off(self, target: _Target, document: int) -> None:
        target.documents.pop(document, None)

    def _on_call(self, target: _Target, event: dict[str, Any]) -> None:
        document, said = event["executionContextId"], event["payload"]
        if self._closed or event["name"] != self._binding or document not in target.documents or len(said) > MOST_CHARS:
            return
        frame = target.frame(target.documents[document])
        if frame is not None:
            self._on_said(frame, (target.number, document), said)
