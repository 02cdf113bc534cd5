"""What goes to and fro between the device and its cloud: the link, its socket, its ticket, and the sound that comes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Final

import msgspec

from device.inputs import FromLink, Input, Linked, PartFailed
from device.journal import Journal
from device.opus import SaySound
from device.ticket import TicketFile
from device.uplink import Uplink
from wire.errors import PacketBroken
from wire.events import DeviceEvent, Ended, Joined, SayAudio, SayPacket, TurnKept, TurnLost
from wire.link import DeviceLink, Identity
from wire.messages import ControlMessage, Message

_GARBLED: Final = "The answer's sound was broken. You can read it."


class Correspondence:
    """`feed` takes what comes, `on_away` is told before that when the socket is gone; `aside` does an errand.

    `certificate`: the only one (PEM) that is believed of the cloud; empty: any that an authority vouches for.
    `ticket`: where the cloud's ticket is kept. `via`: where to open the socket instead of at the address.
    """

    def __init__(
        self,
        identity: Identity,
        address: str,
        journal: Journal,
        *,
        feed: Callable[[Input], None],
        on_away: Callable[[], None],
        aside: Callable[[Coroutine[None, None, None]], None],
        ticket: TicketFile | None,
        certificate: str,
        via: tuple[str, int] | None,
        dice: random.Random | None,
    ) -> None:
        self.link = DeviceLink(identity)
        self.link.ticket = ticket.read() if ticket else ""
        self.uplink = Uplink(
            self.link,
            address,
            on_event=self._take,
            on_socket=self._socket_changed,
            dice=dice,
            via=via,
            certificate=certificate,
        )
        self._journal = journal
        self._feed = feed
        self._on_away = on_away
        self._aside = aside
        self._ticket = ticket
        self._said = SaySound()

    def tell(self, message: ControlMessage) -> None:
        """Send it now, or when there is a link."""
        kept = self.link.tell(message)
        self._journal.note("told" if kept else "not_kept", **_named(message))
        self.uplink.flush()

    def _take(self, event: DeviceEvent) -> None:
        match event:
            case SayPacket():
                self._decode(event)
                return
            case SayAudio():
                pass
            case Joined(welcome=welcome):
                codecs = {"records": self.link.records, "plays": welcome.plays}
                self._journal.note("joined", resumed=welcome.resumed, session=welcome.session, **codecs)
                if welcome.ticket and self._ticket is not None:
                    self._aside(self._keep_ticket(self._ticket, welcome.ticket))
            case Ended(code=code, reason=reason, sentence=sentence):
                self._journal.note("link_ended", code=code.value, reason=reason, sentence=sentence)
            case TurnKept(turn=turn):
                self._journal.note("committed", turn=turn)
            case TurnLost(turn=turn, reason=reason):
                self._journal.note("turn_lost", turn=turn, reason=reason)
            case _:
                self._journal.note("cloud", **_named(event))
        self._feed(FromLink(event))

    async def _keep_ticket(self, file: TicketFile, ticket: str) -> None:
        try:
            await asyncio.to_thread(file.write, ticket)
        except OSError as error:
            # Not kept, so not acknowledged: the one before is still good.
            self._journal.note("ticket_not_kept", reason=error.strerror or "")
        else:
            self.link.keep_ticket(ticket)
            self.uplink.flush()

    def _decode(self, event: SayPacket) -> None:
        try:
            audio = self._said.take(event)
        except PacketBroken as error:
            self._journal.note("sound_broken", say=event.say, reason=str(error))
            self._feed(PartFailed("link", _GARBLED))
        else:
            if audio is not None:
                self._feed(FromLink(audio))

    def _socket_changed(self, up: bool, sentence: str, reason: str) -> None:
        self._journal.note("socket", up=up, reason=reason)
        if not up:
            self._on_away()
        self._feed(Linked(up, sentence))


def _named(message: Message) -> dict[str, object]:
    data: dict[str, object] = msgspec.to_builtins(message)
    data.pop("number", None)
    return data
