"""A page's dialogs, answered by whoever looks on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from browser.dialogs import DialogSeen
from browser.live.inputs import Answer
from browser.live.shown import Closed, Dialog


class LiveDialogs:
    """A `DialogPolicy` that waits for the viewer. `tell` is set by the view; what was asked before it is told then."""

    def __init__(self) -> None:
        self.tell: Callable[[Dialog | Closed], None] = lambda told: None
        self._open: dict[int, tuple[Dialog, asyncio.Future[str | None]]] = {}
        self._last = 0

    async def __call__(self, seen: DialogSeen) -> str | None:
        """The viewer's answer, waited for. A page may always be left."""
        if seen.kind == "beforeunload":
            return ""
        self._last += 1
        number = self._last
        site = urlsplit(seen.url).netloc
        dialog = Dialog(dialog=number, kind=seen.kind, message=seen.message[:2000], text=seen.default[:2000], site=site)
        future: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._open[number] = (dialog, future)
        self.tell(dialog)
        try:
            return await future
        finally:
            del self._open[number]
            self.tell(Closed(what="dialog", number=number))

    @property
    def open(self) -> tuple[Dialog, ...]:
        """The dialogs that wait for an answer."""
        return tuple(dialog for dialog, _ in self._open.values())

    def answer(self, given: Answer) -> bool:
        """Whether there was such a dialog to answer."""
        _, future = self._open.get(given.dialog, (None, None))
        if future is None or future.done():
            return False
        future.set_result(given.text if given.accept else None)
        return True

    def give_up(self) -> None:
        """Nobody will answer any more: no to everything."""
        for _, future in self._open.values():
            if not future.done():
                future.set_result(None)
