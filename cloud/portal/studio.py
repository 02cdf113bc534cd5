"""The studio's socket: a person's hands to the lesson's browser, its pictures back. No rule of teaching is here."""

from __future__ import annotations

import asyncio
from collections import deque

import msgspec
import structlog
from msgspec import Struct
from starlette.websockets import WebSocket, WebSocketDisconnect

from browser.errors import BrowserError
from browser.live.inputs import Input
from browser.live.shown import Refused
from cloud.errors import NothingHandedOver, TokenRefused
from cloud.handovers import Handover, Handovers
from cloud.lessons import Lessons
from cloud.portal.doors import Doors
from cloud.portal.http import Table
from teach_mode.lesson.commands import Command, Point
from teach_mode.studio import Lesson

log = structlog.get_logger(__name__)

# What may wait to be sent to a viewer that does not read; one that lets more pile up is cut off.
MOST_WAITING = 512
FAREWELL_S = 2.0
# Close codes of the studio's socket.
CLOSES = {
    "sign_in": 4401,
    "nothing_handed_over": 4404,
    "handed_back": 4408,
    "taken_over": 4409,
    "too_slow": 4429,
    "going_away": 1012,
}
NO_BROWSER = 4503


class Over(Struct, frozen=True, kw_only=True, tag="over", tag_field="type"):
    """The socket is about to close, and why."""

    code: str
    why: str


_decode = msgspec.json.Decoder(Input | Command | Point).decode
_encode = msgspec.json.Encoder().encode


class Studio(Struct, frozen=True, kw_only=True):
    """Where lessons are seen and driven; and, with `?task=`, the page of a task that waits for its person."""

    doors: Doors
    lessons: Lessons
    handovers: Handovers

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (("/studio/live", "WEBSOCKET", self.live),)

    async def live(self, socket: WebSocket) -> None:
        """One window's socket, from its first byte to its last."""
        try:
            person = self.doors.socket_person(socket)
        except TokenRefused as error:
            log.warning("portal_refused", path=socket.url.path, reason=str(error))
            await socket.accept()
            await socket.close(CLOSES["sign_in"], str(error)[:120])
            return
        await socket.accept()
        window = SocketWindow(socket)
        writing = asyncio.create_task(window.write(), name="studio writer")
        task = socket.query_params.get("task", "")
        try:
            await self._read(await self._join(person, task, window), window)
        except (BrowserError, NothingHandedOver) as error:
            window.end(error.code, str(error))
        except Exception:
            # The edge of a socket: one window's trouble is no other's.
            log.exception("studio_failed", person=person)
            window.end("broken", "something went wrong; reload the page")
        finally:
            if window.over:
                await asyncio.wait((writing,), timeout=FAREWELL_S)
            writing.cancel()
            await asyncio.wait((writing,))
            await (self.handovers.leave(task, window) if task else self.lessons.leave(person, window))

    async def _join(self, person: str, task: str, window: SocketWindow) -> Lesson | Handover:
        if task:
            return await self.handovers.join(person, task, window)
        return await self.lessons.join(person, window)

    async def _read(self, driven: Lesson | Handover, window: SocketWindow) -> None:
        while not window.over:
            message = await window.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if (data := message.get("bytes")) is not None:
                driven.take_bytes(data)
                continue
            try:
                driven.take(_decode(message.get("text") or ""))
            except msgspec.DecodeError as error:
                window.tell(Refused(code="not_understood", why=str(error)))


class SocketWindow:
    """A window at the other end of a socket. Words wait in a bounded queue; of pictures only the newest waits."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self._waiting: deque[bytes] = deque()
        self._picture: bytes | None = None
        self._news = asyncio.Event()
        self._close: tuple[int, str] | None = None

    @property
    def over(self) -> bool:
        """Whether this window was sent away."""
        return self._close is not None

    def tell(self, shown: Struct) -> None:
        """Something to be drawn beside the picture. A window that does not read is sent away."""
        if len(self._waiting) >= MOST_WAITING and not self.over:
            self._waiting.clear()
            self.end("too_slow", "the connection does not keep up; try again")
            return
        self._waiting.append(_encode(shown))
        self._news.set()

    def show(self, picture: bytes) -> None:
        """The newest picture."""
        self._picture = picture
        self._news.set()

    def end(self, code: str, why: str) -> None:
        """Says goodbye with a reason."""
        if not self.over:
            self._close = (CLOSES.get(code, NO_BROWSER), code)
            self._waiting.append(_encode(Over(code=code, why=why)))
            self._news.set()

    async def write(self) -> None:
        """Sends until the socket is over."""
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                while self._waiting:
                    await self.socket.send_text(self._waiting.popleft().decode())
                if self._close is not None:
                    await self.socket.close(*self._close)
                    return
                taken, self._picture = self._picture, None
                if taken is not None:
                    await self.socket.send_bytes(taken)
        except (WebSocketDisconnect, RuntimeError):
            # The peer is gone; the reader hears of it, too. Starlette reports a send after that as RuntimeError.
            return
