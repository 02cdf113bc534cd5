"""Holds the sockets of the devices. Speaks with the runner through commands and events alone.

The protocol itself is in `wire`; here are only the socket, the clock, and who is who. See docs/protocol.md.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from cloud import telling
from cloud.admission import WELCOMES_AT_ONCE, WELCOMES_PER_S, redial_most_ms
from cloud.desk import Desk, Works
from cloud.errors import DeviceUnknown, NotReady
from cloud.events import Event, EventLog
from cloud.homes import Home, home_of
from cloud.logs import about
from cloud.people.accounts import Accounts, PairedDevice
from cloud.people.exchange import is_signed
from cloud.people.tickets import Tickets
from cloud.received import Received
from wire import limits
from wire.cloud_link import Snapshot
from wire.door import Credential
from wire.events import Ended, Greeted, Proven
from wire.link import CloudLink
from wire.messages import Hello, TicketKept
from wire.outcomes import CLOSES, CloseCode
from wire.parts import PCM, AudioFormat, Limits

log = structlog.get_logger()
SnapshotOf = Callable[[str], Awaitable[Snapshot]]
HomeOfTask = Callable[[str], Awaitable[Home]]

TICK_S = 1.0
# What happened earlier than this is old news to a device that comes back, and so is what lies further back.
LATE_S = 300.0
LATE_EVENTS = 2000
# Tasks whose origin is remembered; others are looked up again.
HOMES = 1024
# How long a peer that does not read may keep a socket that is over.
FAREWELL_S = 5.0
COPIED = "Somebody has a copy of {name}. I have locked it, and the copy, too. Pair it again in the portal."
# Ends that say something is wrong on the other side, or on ours.
_WORRYING = frozenset(CloseCode) - {CloseCode.GOODBYE, CloseCode.GOING_AWAY, CloseCode.REPLACED, CloseCode.TIMEOUT}


async def _no_work(device: PairedDevice) -> None: ...


class Gateway:
    """All devices of this process. `run` feeds them from the event log; `serve` carries one socket.

    `stop_work` ends what a device asked for that is not paired any more.
    """

    def __init__(
        self,
        accounts: Accounts,
        events: EventLog,
        works: Works,
        snapshot: SnapshotOf,
        home_of_task: HomeOfTask,
        *,
        received: Received,
        tickets: Tickets,
        stop_work: Callable[[PairedDevice], Coroutine[Any, Any, None]] = _no_work,
        most_devices: int = 256,
        formats: Sequence[AudioFormat] = (PCM,),
    ) -> None:
        self.accounts = accounts
        self.works = works
        self.snapshot = snapshot
        self.tickets = tickets
        self.connections: dict[str, Connection] = {}
        self.most_devices = most_devices
        self.welcomes_per_s = WELCOMES_PER_S
        self.welcomes_at_once = WELCOMES_AT_ONCE
        self.being_let_in = 0
        self._welcomes: deque[float] = deque()
        self.formats = formats  # of sound, the best first
        self._events = events
        self._home_of_task = home_of_task
        self._homes: dict[str, Home] = {}
        self._received = received
        self._stop_work = stop_work
        self._desks: dict[str, Desk] = {}
        self._group: asyncio.TaskGroup | None = None
        self._began = 0

    async def run(self, after: int, ready: asyncio.Event) -> None:
        """Tells the devices what happens from cursor `after` on, until cancelled.

        What an earlier gateway did not get through to a device is told first, unless it is old.
        """
        self._began = after
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                told = [self.desk(device).told for device in self.accounts.devices()]
                ready.set()
                async for event in self._events.tail(None, max(min([after, *told]), after - LATE_EVENTS)):
                    self._deliver(event, await self._home(event))
        finally:
            self._group = None
            self._received.write()

    @property
    def at_rest(self) -> bool:
        """No device is in the middle of a turn."""
        return all(desk.at_rest for desk in self._desks.values())

    @property
    def paired(self) -> int:
        """How many devices may come."""
        return len(self._desks)

    def desk(self, device: PairedDevice) -> Desk:
        """The desk of a device, whether or not it is connected. A device that was paired anew gets a new one."""
        known = self._desks.get(device.id)
        if known is not None and known.device.paired_at == device.paired_at:
            return known
        if self._group is None:
            raise NotReady("the gateway is not running yet: try again in a moment")
        told = min(self._received.of(device.id, self._began), self._began)
        made = self._desks[device.id] = Desk(device, self.works, self.spawn, told)
        self._group.create_task(made.mouth.run(), name=f"mouth {device.id}")
        return made

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Runs a piece of a turn beside its socket; it outlives the socket, and ends with the gateway."""
        if self._group is None:
            work.close()
            raise NotReady("the gateway is stopping")
        self._group.create_task(_guarded(work, name), name=name)

    async def serve(self, socket: WebSocket) -> None:
        """One device's socket, from its first byte to its last."""
        if limits.SUBPROTOCOL not in socket.scope.get("subprotocols", []):
            await socket.close(CLOSES[CloseCode.UPGRADE_REQUIRED].number, f"speak {limits.SUBPROTOCOL}")
            return
        await socket.accept(subprotocol=limits.SUBPROTOCOL)
        await Connection(self, socket).run()

    def revoke(self, device_id: str, code: CloseCode = CloseCode.UNPAIRED, why: str = "the device was revoked") -> None:
        """The device is let in no more: its socket closes, its desk goes, and what it asked for is stopped."""
        if connection := self.connections.get(device_id):
            connection.end(code, why)
        desk = self._desks.pop(device_id, None)
        if desk is not None:
            self.spawn(self._stop_work(desk.device), "stopping what a revoked device asked for")

    async def freeze(self, device: PairedDevice) -> None:
        """A copy of this device was seen: neither is let in any more, and the person is told."""
        log.warning("device_copied", device=device.id)
        await asyncio.to_thread(self.accounts.freeze, device.id)
        self.revoke(device.id, CloseCode.FROZEN, "a copy of the device was seen")
        await self._events.append(device.person, "", "said", {"text": COPIED.format(name=device.name)})

    def close(self) -> None:
        """Says goodbye to every device; they come back to whoever listens then."""
        for connection in list(self.connections.values()):
            connection.end(CloseCode.GOING_AWAY, "the cloud is restarting")

    async def _home(self, event: Event) -> Home:
        """Where the event's task came from: known since it was heard, else looked up once."""
        if not event.task:
            return Home()
        if event.kind == "heard":
            known = home_of(str(event.data.get("device", "")), int(event.data.get("turn", 0)))
        else:
            known = self._homes.get(event.task) or await self._home_of_task(event.task)
        self._homes[event.task] = known
        if event.kind == "task_done":
            del self._homes[event.task]
        elif len(self._homes) > HOMES:
            del self._homes[next(iter(self._homes))]
        return known

    def _deliver(self, event: Event, home: Home) -> None:
        if event.cursor <= self._began and not self._is_worth_telling(event):
            return
        for desk in self._desks.values():
            if desk.device.person == event.person and event.cursor > desk.told:
                desk.tell(event, home)

    def _is_worth_telling(self, event: Event) -> bool:
        return event.kind in telling.WORTH_TELLING_LATE and self._events.clock() - event.at < LATE_S

    def lets_in(self, hello: Hello, now_s: float) -> bool:
        """Whether there is room for this device, and not too many came just now. Counts those that are let in."""
        if len(self.connections.keys() - {hello.device}) >= self.most_devices:
            return False
        if self.being_let_in >= self.welcomes_at_once:
            return False
        while self._welcomes and now_s - self._welcomes[0] >= 1:
            self._welcomes.popleft()
        if len(self._welcomes) >= self.welcomes_per_s and not any(one.turn for one in hello.kept):
            return False
        self._welcomes.append(now_s)
        return True

    def note_received(self, desk: Desk) -> None:
        """Remembers what the device has, for the gateway that comes after a crash."""
        self._received.note(desk.device.id, desk.received())


class Connection:
    """One socket: reads into the link, writes what the link gives, lets its time pass."""

    def __init__(self, gateway: Gateway, socket: WebSocket) -> None:
        self.link = CloudLink(now_ms=monotonic_ms())
        self._gateway = gateway
        self._socket = socket
        self._desk: Desk | None = None
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Returns when the socket is closed, by whichever side."""
        device = ""
        try:
            writer = asyncio.create_task(self._write(), name="link writer")
            ticker = asyncio.create_task(self._tick(), name="link ticker")
            try:
                await self._read()
                if self.link.ended is not None:
                    await asyncio.wait({writer}, timeout=FAREWELL_S)
            finally:
                for task in (writer, ticker):
                    task.cancel()
                await asyncio.gather(writer, ticker, return_exceptions=True)
        except Exception:
            # The edge of a socket: one device's trouble is no other's.
            log.exception("socket_failed", device=device)
        finally:
            self._leave()

    def end(self, code: CloseCode, reason: str) -> None:
        """Closes from this side."""
        self.link.close(code, reason)
        self._wake.set()

    async def _read(self) -> None:
        while self.link.ended is None:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text, data = message.get("text"), message.get("bytes")
            now = monotonic_ms()
            events = (
                self.link.receive_text(text, now) if text is not None else self.link.receive_bytes(data or b"", now)
            )
            for event in events:
                if isinstance(event, Greeted):
                    self._challenge(event.hello.device)
                elif isinstance(event, Proven):
                    await self._let_in(event)
                elif isinstance(event, TicketKept) and self._desk is not None:
                    await asyncio.to_thread(self._gateway.tickets.kept, self._desk.device.id, event.ticket)
                elif not isinstance(event, Ended) and self._desk is not None:
                    self._desk.take(event)
            if self._desk is not None:
                self._gateway.note_received(self._desk)
            self._wake.set()

    async def _write(self) -> None:
        try:
            while True:
                self._wake.clear()
                while pieces := self.link.data_to_send():
                    for piece in pieces:
                        if isinstance(piece, str):
                            await self._socket.send_text(piece)
                        else:
                            await self._socket.send_bytes(piece)
                if self.link.ended is not None:
                    await self._socket.close(CLOSES[self.link.ended.code].number, close_reason(self.link.ended))
                    return
                await self._wake.wait()
        except (WebSocketDisconnect, RuntimeError):
            # The peer is gone; the reader hears of it, too. Starlette reports a send after that as RuntimeError.
            return

    async def _tick(self) -> None:
        while self.link.ended is None:
            await asyncio.sleep(TICK_S)
            if self._desk is not None:
                known = self._known(self._desk.device.id)
                if known is None or known.paired_at != self._desk.device.paired_at:
                    self._gateway.revoke(self._desk.device.id)
                self._gateway.note_received(self._desk)
            self.link.tick(monotonic_ms())
            self._wake.set()

    def _known(self, device: str) -> PairedDevice | None:
        try:
            return self._gateway.accounts.device(device)
        except DeviceUnknown as error:
            log.warning("device_unknown", device=device, reason=str(error))
            return None

    def _challenge(self, device: str) -> None:
        known, nonce = self._known(device), os.urandom(limits.NONCE_BYTES)
        if known is None:
            self.link.challenge(key=None, nonce=nonce)
            return
        newer = credential(known.next_key, known.next_public_key) if known.next_key else None
        now = credential(known.key, known.public_key)
        self.link.challenge(key=now.key, verify=now.verify, newer=newer, nonce=nonce)

    async def _let_in(self, proven: Proven) -> None:
        """Whoever proved the key, unless it is locked, or a copy shows an old ticket."""
        gateway, hello = self._gateway, proven.hello
        device = self._known(hello.device)
        if device is None or device.frozen:
            code = CloseCode.UNPAIRED if device is None else CloseCode.FROZEN
            self.link.refuse(code, CLOSES[code].sentence)
            return
        if not gateway.lets_in(hello, time.monotonic()):
            self.link.refuse(CloseCode.BUSY, CLOSES[CloseCode.BUSY].sentence)
            return
        gateway.being_let_in += 1
        try:
            await self._admit(proven, device)
        finally:
            gateway.being_let_in -= 1

    async def _admit(self, proven: Proven, device: PairedDevice) -> None:
        gateway, hello = self._gateway, proven.hello
        ticket: str | None = ""
        if device.public_key:
            ticket = await asyncio.to_thread(gateway.tickets.show, device.id, proven.ticket, hello.boot)
        if ticket is None:
            self.link.refuse(CloseCode.FROZEN, CLOSES[CloseCode.FROZEN].sentence)
            await gateway.freeze(device)
            return
        if proven.turned:
            device = await asyncio.to_thread(gateway.accounts.turn_over, device.id)
        await self._welcome(hello, device, ticket)

    async def _welcome(self, hello: Hello, device: PairedDevice, ticket: str) -> None:
        gateway = self._gateway
        desk = gateway.desk(device)
        session = desk.session_for(hello)
        memories = await desk.memories(hello.kept)
        snapshot = await gateway.snapshot(desk.device.person)
        if older := gateway.connections.get(hello.device):
            older.end(CloseCode.REPLACED, "a newer socket of this device is here")
        if self.link.ended is not None:
            return
        resumed = self.link.welcome(
            session,
            now_ms=monotonic_ms(),
            wall_ms=int(time.time() * 1000),
            turns=memories,
            snapshot=snapshot,
            formats=gateway.formats,
            allowed=Limits(redial_most_ms=redial_most_ms(gateway.paired)),
            ticket=ticket,
        )
        gateway.connections[hello.device] = self
        gateway.works.metrics.devices.set(len(gateway.connections))
        self._desk, before = desk, self._wake
        self._wake = desk.changed
        before.set()
        with about(device=hello.device):
            log.info(
                "device_joined", resumed=resumed, software=hello.software, kept=len(hello.kept), plays=session.plays
            )
        desk.joined(self.link)

    def _leave(self) -> None:
        ended, desk = self.link.ended, self._desk
        if desk is not None:
            desk.left(self.link)
            if self._gateway.connections.get(desk.device.id) is self:
                del self._gateway.connections[desk.device.id]
            self._gateway.works.metrics.devices.set(len(self._gateway.connections))
        device = desk.device.id if desk else (self.link.hello.device if self.link.hello else "")
        code = ended.code if ended else CloseCode.TIMEOUT
        self._gateway.works.metrics.closed(code.value)
        with about(device=device):
            if ended is None:
                log.info("link_dropped")
            elif code in _WORRYING:
                log.warning("link_closed", code=code.value, reason=ended.reason, by_device=ended.by_peer)
            else:
                log.info("link_closed", code=code.value, reason=ended.reason, by_device=ended.by_peer)


async def _guarded(work: Coroutine[Any, Any, None], name: str) -> None:
    try:
        await work
    except Exception:
        # The edge of a turn: one that fails takes no other with it.
        log.exception("work_failed", work=name)


def credential(key: str, public_key: str) -> Credential:
    """By what a device is known, from hex."""
    if not public_key:
        return Credential(bytes.fromhex(key))
    return Credential(bytes.fromhex(key), lambda text, signature: is_signed(public_key, text, signature.hex()))


def close_reason(ended: Ended) -> str:
    """A WebSocket close reason: the code's name, then why, in at most 123 bytes of UTF-8."""
    whole = f"{ended.code.value}: {ended.reason}" if ended.reason else ended.code.value
    return whole.encode()[:120].decode("utf-8", "ignore")


def monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000
