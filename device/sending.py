"""What a turn is made of, on its way to the link: sound, words, a picture."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from device.effects import AbortTurn, BeginTurn, EndTurn, TypeTurn
from device.errors import CameraError
from device.inputs import Input, PartFailed
from device.journal import Journal
from device.opus import TurnSound
from device.parts.interfaces import Camera
from device.settings import Settings
from device.sight import Sight
from wire import limits
from wire.link import DeviceLink

# A turn that ends before the microphone has given anything tells of a dead one.
_PREROLL_BYTES: Final = limits.TURN_SAMPLES * limits.SAMPLE_BYTES


class Ending(Struct):
    """A turn that is over for the person, and what is still to come of it. `whole` is done when it has ended."""

    turn: int
    truncated: bool
    sound: TurnSound | None
    whole: asyncio.Future[None]


class Sending:
    """Carries out the assistant's effects of this kind; `feed` takes what comes of them.

    `flush`: there is something to send. `said_at_ms`: now, by the cloud's clock, or 0.
    """

    def __init__(
        self,
        link: DeviceLink,
        journal: Journal,
        camera: Camera | None,
        *,
        feed: Callable[[Input], None],
        flush: Callable[[], None],
        said_at_ms: Callable[[], int],
    ) -> None:
        self._link = link
        self._journal = journal
        self._sight = Sight(camera)
        self._feed = feed
        self._flush = flush
        self._said_at_ms = said_at_ms
        self._preroll: deque[bytes] = deque()
        self._preroll_bytes = 0
        self._turn: TurnSound | None = None
        self._ending: Ending | None = None
        self._tail_due = False
        self._picture: asyncio.Task[None] | None = None
        self._tasks: asyncio.TaskGroup | None = None

    def start(self, tasks: asyncio.TaskGroup) -> None:
        """Pictures can be taken until `stop`."""
        self._tasks = tasks

    def stop(self) -> None:
        """No more pictures."""
        self._tasks = None

    def open(self) -> None:
        """The microphone opens: what it gives is kept until a turn begins."""
        self._preroll.clear()
        self._preroll_bytes = 0
        self._turn = None

    def tail_follows(self) -> None:
        """The turn that ends now is whole only after its tail."""
        self._tail_due = True

    def tail(self, pcm: bytes) -> None:
        """What was captured before the button came up; empty: that was all."""
        if not pcm:
            self._tail_due = False
            self._end_when_whole()
        elif self._ending is not None and self._ending.sound is not None:
            self._ending.sound.send(pcm)
            self._flush()

    @property
    def ending(self) -> asyncio.Future[None] | None:
        """Done when the turn that is over for the person is whole on the link; None: it is."""
        return self._ending.whole if self._ending else None

    def heard(self, pcm: bytes) -> None:
        """Sound of the open microphone."""
        if self._turn:
            self._turn.send(pcm)
            self._flush()
            return
        self._preroll.append(pcm)
        self._preroll_bytes += len(pcm)
        while self._preroll_bytes > _PREROLL_BYTES:
            self._preroll_bytes -= len(self._preroll.popleft())

    def carry_out(self, effect: BeginTurn | EndTurn | AbortTurn | TypeTurn) -> None:
        """One effect."""
        match effect:
            case BeginTurn(turn=turn, ask=ask, picture=picture, note=note):
                self._end()
                codec = self._link.records
                said_at_ms = self._said_at_ms()
                self._link.start_turn("voice", codec=codec, said_at_ms=said_at_ms, ask=ask, picture=picture, note=note)
                self._journal.note("turn_began", turn=turn, mode="voice", codec=codec)
                self._turn = TurnSound(self._link, turn, codec)
                for pcm in self._preroll:
                    self._turn.send(pcm)
                self._preroll.clear()
                self._see(turn, picture)
            case EndTurn(turn=turn, truncated=truncated):
                self._journal.note("released", turn=turn, truncated=truncated)
                self._over(turn, truncated, self._turn)
            case AbortTurn(turn=turn):
                self._link.abort_turn(turn, "microphone")
                self._journal.note("turn_aborted", turn=turn)
            case TypeTurn(turn=turn, text=text, ask=ask, picture=picture):
                self._end()
                self._link.start_turn("text", said_at_ms=self._said_at_ms(), ask=ask, picture=picture)
                self._link.send_text(turn, text)
                self._see(turn, picture)
                self._over(turn, False, None)
                self._journal.note("turn_began", turn=turn, mode="text")
                self._journal.note("released", turn=turn, truncated=False)
        self._flush()

    def _over(self, turn: int, truncated: bool, sound: TurnSound | None) -> None:
        """For the person; it ends now, or as soon as its tail has come and its picture is on the way."""
        self._turn = None
        self._ending = Ending(turn, truncated, sound, asyncio.get_running_loop().create_future())
        self._end_when_whole()

    def _end_when_whole(self) -> None:
        if not self._tail_due and self._picture is None:
            self._end()

    def _end(self) -> None:
        """With what there is of it: another turn begins."""
        ending, self._ending, self._tail_due = self._ending, None, False
        if ending is None:
            return
        if ending.sound is not None:
            ending.sound.close()
        self._link.end_turn(ending.turn, truncated=ending.truncated)
        ending.whole.set_result(None)
        self._flush()

    # Pictures ---------------------------------------------------------------------------------------------------------

    def warm_camera(self, settings: Settings) -> None:
        """Make the camera ready if these settings have just switched it on."""
        if self._sight.switched(settings.camera) and self._tasks is not None:
            self._tasks.create_task(self._ready_to_see())

    async def _ready_to_see(self) -> None:
        try:
            await self._sight.warm()
        except CameraError as error:
            self._journal.note("part_failed", part="camera", sentence=str(error))

    def _see(self, turn: int, picture: bool) -> None:
        if picture and self._tasks is not None:
            self._picture = self._tasks.create_task(self._take_picture(turn))

    async def _take_picture(self, turn: int) -> None:
        try:
            jpeg = await self._sight.picture()
            self._link.send_picture(turn, jpeg)
            self._journal.note("picture", turn=turn, size_bytes=len(jpeg))
            self._flush()
        except CameraError as error:
            self._journal.note("part_failed", part="camera", sentence=str(error))
            self._feed(PartFailed("camera", str(error)))
        finally:
            if self._picture is asyncio.current_task():
                self._picture = None
                self._end_when_whole()
