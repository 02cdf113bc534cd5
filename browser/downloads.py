"""Files that a site gives: refused, but for the one that a step expects while it is done."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from browser.deadline import Deadline
from browser.errors import ConditionTimeout, DownloadFailed
from browser.faults import translated

MOST_BYTES = 64 * 2**20
NAME_CHARS = 100
_ODD = re.compile(r"[^\w.,()+@ -]")


def plain_name(suggested: str) -> str:
    """What a site calls a file, as the name of one: no folders, nothing hidden, not too long."""
    base = _ODD.sub("_", suggested.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, dot, suffix = base.rpartition(".")
    if not dot or len(suffix) > NAME_CHARS // 4:
        return base[:NAME_CHARS] or "file"
    return f"{stem[: NAME_CHARS - len(suffix) - 1]}.{suffix}"


class Download:
    """One expected file. Chromium writes it into `inbox`, under a name of its own; no other file is let in."""

    def __init__(self, session: CDPSession, inbox: Path) -> None:
        self._session = session
        self._inbox = inbox
        self._begun: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._cancels: set[asyncio.Task[None]] = set()

    def on_begin(self, event: dict[str, Any]) -> None:
        """A file begins to come: the first is the one."""
        if self._begun.done():
            self._cancel(event["guid"])
        else:
            self._begun.set_result(event)

    def on_progress(self, event: dict[str, Any]) -> None:
        """More of a file has come."""
        if not self._begun.done() or event["guid"] != self._begun.result()["guid"] or self._ended.done():
            return
        if max(event["receivedBytes"], event["totalBytes"]) > MOST_BYTES:
            self._cancel(event["guid"])
            self._ended.set_result(f"it has more than {MOST_BYTES // 2**20} MiB")
        elif event["state"] != "inProgress":
            self._ended.set_result("" if event["state"] == "completed" else "the site broke it off")

    def _cancel(self, guid: str) -> None:
        task = asyncio.get_running_loop().create_task(self._send_cancel(guid))
        self._cancels.add(task)
        task.add_done_callback(self._cancels.discard)

    async def _send_cancel(self, guid: str) -> None:
        with contextlib.suppress(PlaywrightError):  # The tab closed, and the file with it.
            await self._session.send("Browser.cancelDownload", {"guid": guid})

    async def keep(self, folder: Path, deadline: Deadline) -> Path:
        """The file, waited for and put into `folder` under the site's name for it, or that with a number.

        Raises ConditionTimeout (none came), DownloadFailed.
        """
        try:
            async with asyncio.timeout(deadline.left_ms() / 1000):
                begun = await self._begun
                name = plain_name(begun["suggestedFilename"])
                wrong = await self._ended
        except TimeoutError as error:
            raise ConditionTimeout("no file came before the deadline") from error
        if self._cancels:
            await asyncio.wait(set(self._cancels))
        if wrong:
            raise DownloadFailed(f"{name}: {wrong}")
        return await asyncio.to_thread(_moved, self._inbox / begun["guid"], folder, name)


def _moved(source: Path, folder: Path, name: str) -> Path:
    """Copy what Chromium's own user wrote, and nothing that only pretends to be it."""
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise DownloadFailed(f"{name}: it is not where Chromium was to put it") from error
    with os.fdopen(descriptor, "rb") as opened:
        is_ = os.fstat(opened.fileno())
        if not stat.S_ISREG(is_.st_mode) or is_.st_uid != source.parent.parent.stat().st_uid:
            raise DownloadFailed(f"{name}: what came is no file of the browser's")
        data = opened.read(MOST_BYTES)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 1000):
        stem, dot, suffix = name.rpartition(".")
        numbered = name if number == 1 else f"{stem} ({number}).{suffix}" if dot else f"{name} ({number})"
        with contextlib.suppress(FileExistsError):
            with open(folder / numbered, "xb") as kept:
                kept.write(data)
            source.unlink(missing_ok=True)
            return folder / numbered
    raise DownloadFailed(f"{name}: a thousand files of this name are there already")


@contextlib.asynccontextmanager
async def one_download(page: PlaywrightPage, home: Path) -> AsyncIterator[Download]:
    """Inside, the tab's context may bring one file, below `home`, a folder of Chromium's own user. Raises PageGone."""
    inbox = home / f"file-{secrets.token_hex(8)}"
    with translated("expect a file"):
        session = await page.context.new_cdp_session(page)
        told = await session.send("Target.getTargetInfo")
        where = {"browserContextId": told["targetInfo"]["browserContextId"]}
        coming = Download(session, inbox)
        session.on("Browser.downloadWillBegin", coming.on_begin)
        session.on("Browser.downloadProgress", coming.on_progress)
        allow = {"behavior": "allowAndName", "downloadPath": str(inbox), "eventsEnabled": True, **where}
        await session.send("Browser.setDownloadBehavior", allow)
    try:
        yield coming
    finally:
        with contextlib.suppress(PlaywrightError):  # The browser is gone, and the permission with it.
            await session.send("Browser.setDownloadBehavior", {"behavior": "deny", "eventsEnabled": False, **where})
            await session.detach()
