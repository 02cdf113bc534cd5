"""Carries what is set aside to the disk and back, one thing after the other, beside the event loop.

Overflow: the assistant promises at most `WAITING_MOST` requests, so no more can wait here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from device.aside import Waiting
from device.cupboard import Cupboard
from device.effects import Effect, Forget, KeepClocks, LetGo, SendAgain, SetAside, Understand, WriteDown
from device.errors import CupboardError
from device.inputs import ClocksKept, HeardHere, Input, LetGone, SetAsideDone, WaitingGone
from device.recorded import Whole, as_pcm, in_words, sound_of, text_of
from wire.errors import OpusMissing, PacketBroken, ProtocolError
from wire.link import DeviceLink
from wire.parts import PCM

Job = tuple[Callable[[], None], Callable[[str], Input | None]]


class Porter:
    """Between link and cupboard; `feed` takes what came of it. Without a cupboard all is kept until the power goes."""

    def __init__(
        self,
        link: DeviceLink,
        cupboard: Cupboard | None,
        feed: Callable[[Input], None],
        hear: Callable[[str, bytes], None] | None = None,
    ) -> None:
        self._hear = hear
        self._link = link
        self._cupboard = cupboard
        self._feed = feed
        self._jobs: deque[Job] = deque()
        self._more = asyncio.Event()
        # Requests that are not on the disk (yet).
        self._held: dict[str, Whole] = {}

    def carry_out(self, effect: Effect) -> None:
        """One effect of the assistant; others than those of this module's are none of its business."""
        match effect:
            case SetAside(turn=turn, waiting=waiting):
                self.keep(waiting, self._link.whole(turn))
            case LetGo(turn=turn):
                if self._link.let_go(turn):
                    asyncio.get_running_loop().call_soon(self._feed, LetGone(turn))
            case SendAgain(waiting=waiting):
                self._send_again(waiting)
            case Forget(waiting=waiting):
                self._held.pop(waiting.id, None)
                if self._cupboard is not None:
                    cupboard = self._cupboard
                    self._put(lambda: cupboard.forget(waiting.id), lambda _: None)
            case KeepClocks():
                if self._cupboard is None:
                    self._put(lambda: None, ClocksKept)
                else:
                    kept_by = self._cupboard
                    self._put(lambda: kept_by.keep_clocks(effect), ClocksKept)
            case Understand(waiting=waiting):
                self._understand(waiting)
            case WriteDown(waiting=waiting, text=text):
                self.keep(waiting, in_words(self._whole(waiting.id), text))
            case _:
                pass

    def wipe(self) -> None:
        """Forget all that was ever kept."""
        self._held.clear()
        if self._cupboard is not None:
            self._put(self._cupboard.wipe, lambda _: None)

    def _understand(self, waiting: Waiting) -> None:
        """What the link has begun to send is the cloud's to understand: it would be done twice."""
        text, sound = "", b""
        if not self._link.has_sent(waiting.turn):
            whole = self._whole(waiting.id)
            with contextlib.suppress(ProtocolError, PacketBroken, OpusMissing):
                text, sound = text_of(whole), sound_of(whole)
        if sound and self._hear is not None:
            self._hear(waiting.id, sound)
        else:
            asyncio.get_running_loop().call_soon(self._feed, HeardHere(waiting.id, text))

    def _whole(self, name: str) -> Whole:
        try:
            return self._held.get(name) or (self._cupboard.read(name) if self._cupboard else ())
        except CupboardError:
            return ()

    def keep(self, waiting: Waiting, whole: Whole) -> None:
        """Write a request down."""
        name = waiting.id
        self._held[name] = whole

        def write() -> None:
            if self._cupboard is not None:
                self._cupboard.keep(waiting, whole)
                self._held.pop(name, None)

        self._put(write, lambda sentence: SetAsideDone(name, sentence))

    def _send_again(self, waiting: Waiting) -> None:
        try:
            whole = self._whole(waiting.id)
            if self._link.records == PCM:
                whole = as_pcm(whole)
            self._link.begin_again(whole, said_at_ms=waiting.said_at_ms, again=waiting.id)
        except ProtocolError:
            asyncio.get_running_loop().call_soon(self._feed, WaitingGone(waiting.id))

    def _put(self, work: Callable[[], None], told: Callable[[str], Input | None]) -> None:
        self._jobs.append((work, told))
        self._more.set()

    async def run(self) -> None:
        """Work for ever."""
        while True:
            await self._more.wait()
            self._more.clear()
            while self._jobs:
                work, told = self._jobs.popleft()
                try:
                    await _whole(work)
                    news = told("")
                except CupboardError as error:
                    news = told(str(error))
                if news is not None:
                    self._feed(news)

    def close(self) -> None:
        """Write at once what is left to write; there is nobody to tell of a failure."""
        while self._jobs:
            work, _ = self._jobs.popleft()
            try:
                work()
            except CupboardError:
                continue


async def _whole(work: Callable[[], None]) -> None:
    """In a thread, to its end: who is cancelled meanwhile leaves nothing half done behind."""
    job = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        await asyncio.shield(job)
    except asyncio.CancelledError:
        await asyncio.wait((job,))
        raise
