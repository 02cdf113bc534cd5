"""What serves a device that has no cloud: what it keeps on its disk, its own voice, and its own ear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct

from device.cupboard import Cupboard
from device.effects import Effect, Forget, SendAgain, SetAside, Speak
from device.hearer import Hearer
from device.inputs import Found, HeardHere, HearsHere, Input
from device.journal import Journal
from device.offline import SENTENCES
from device.porter import Porter
from device.speaking import OwnVoice
from wire.link import DeviceLink


class Means(Struct, frozen=True, kw_only=True):
    """Without a `cupboard` what waits lasts until the power goes; `speaks`: by espeak-ng, where it is installed;
    `hears`: by Moonshine, where it is installed and there is memory for it."""

    cupboard: Cupboard | None = None
    speaks: bool = False
    hears: bool = False


class Unaided:
    """Carries out the assistant's effects of this kind; `feed` takes what comes of them, `play` what is to be heard."""

    def __init__(
        self,
        means: Means,
        link: DeviceLink,
        journal: Journal,
        *,
        feed: Callable[[Input], None],
        play: Callable[[bytes], None],
        language: Callable[[], str],
    ) -> None:
        self._means = means
        self._journal = journal
        self._feed = feed
        self._language = language
        self.hearer = Hearer(self._heard, lambda reason: journal.note("part_failed", part="hearing", sentence=reason))
        self.voice = OwnVoice(
            play,
            lambda reason: journal.note("part_failed", part="voice", sentence=reason),
            program=None if means.speaks else "",
        )
        self._porter = Porter(link, means.cupboard, feed, self.hearer.hear)

    def open(self, *, now_ms: int, wall_ms: int) -> None:
        """Take up what an earlier start left."""
        if self._means.cupboard is not None:
            self._feed(Found(self._means.cupboard.open(now_ms=now_ms, wall_ms=wall_ms)))
        self.look()

    def look(self) -> None:
        """Whether words can be heard here now: memory comes and goes."""
        self._feed(HearsHere(self._means.hears and self.hearer.can_hear))

    def start(self, tasks: asyncio.TaskGroup) -> None:
        """Work until cancelled."""
        tasks.create_task(self._porter.run())
        tasks.create_task(self.hearer.run())
        tasks.create_task(self.voice.run(SENTENCES, self._language))

    def wipe(self) -> None:
        """Forget all that was ever kept."""
        self._porter.wipe()

    def close(self) -> None:
        """Write what is left to write."""
        self._porter.close()

    def carry_out(self, effect: Effect, after: asyncio.Future[None] | None) -> None:
        """One effect. A turn that has just been said may be whole only `after` this."""
        match effect:
            case Speak(text=text):
                self._journal.note("spoken_here", text=text)
                self.voice.say(text, self._language())
                return
            case SetAside(turn=turn, waiting=waiting):
                self._journal.note("set_aside", turn=turn, id=waiting.id)
            case SendAgain(turn=turn, waiting=waiting):
                self._journal.note("sent_again", turn=turn, id=waiting.id)
            case Forget(waiting=waiting):
                self._journal.note("taken_down", id=waiting.id)
            case _:
                pass
        if isinstance(effect, SetAside) and after is not None:
            after.add_done_callback(lambda _: self._porter.carry_out(effect))
        else:
            self._porter.carry_out(effect)

    def _heard(self, name: str, text: str) -> None:
        self._journal.note("heard_here", id=name, text=text)
        self._feed(HeardHere(name, text))
