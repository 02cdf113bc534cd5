"""The socket under the device's link: dials, carries, dials again. Holds no rule of the protocol."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections.abc import Callable
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol

from device.away import why_away
from device.backoff import wait_ms
from device.clock import steady_ms
from device.errors import ConfigError
from device.parts.network import own_address
from device.trust import tls_of
from wire import limits
from wire.events import DeviceEvent, Ended
from wire.link import DeviceLink
from wire.outcomes import CLOSE_BY_NUMBER, CLOSES, CloseCode, Retry

_CLOSE_TIMEOUT_S: Final = 2.0
_RETRY_LEAST_MS: Final = 250
# How often it is looked whether the network is there again while the back-off lasts.
_LOOK_S: Final = 0.5
# And whether a socket still goes out by the network that there is.
_LOOK_ONLINE_S: Final = 2.0


class _Dial(connect):
    """Goes nowhere else than it was told: a redirect comes from a network that wants a sign-in, not from our cloud."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Uplink:
    """Drives one DeviceLink over one socket after the other, until `run` is cancelled or the cloud says goodbye."""

    def __init__(
        self,
        link: DeviceLink,
        address: str,
        *,
        on_event: Callable[[DeviceEvent], None],
        on_socket: Callable[[bool, str, str], None],
        dice: random.Random | None = None,
        via: tuple[str, int] | None = None,
        certificate: str = "",
        address_of_own: Callable[[], str] = own_address,
        dial_s: float = 10.0,
    ) -> None:
        self.link = link
        self._dial_s = dial_s
        self._own_address = address_of_own
        self._address = address
        self._on_event = on_event
        self._on_socket = on_socket
        self._dice = dice or random.Random()
        self._via: dict[str, Any] = {"host": via[0], "port": via[1]} if via else {}
        # A dial that went another way than wss:// takes none.
        self._tls: dict[str, Any] = {"ssl": tls_of(certificate)} if certificate else {}
        self._pinned = bool(certificate)
        self._wake = asyncio.Event()
        self._redial = asyncio.Event()
        self._socket: ClientConnection | None = None
        self._dialling: asyncio.Timeout | None = None
        self._dialled_s = 0.0
        self._patience: asyncio.Timeout | None = None
        self._joined = False
        self._silent = False

    def flush(self) -> None:
        """The link has something to send."""
        self._wake.set()

    def redial(self) -> None:
        """Somebody waits: do not wait for the back-off to end; where there is a link, find out whether it lives."""
        self._redial.set()
        self.link.probe(steady_ms())
        self._wake.set()
        if self._patience is not None and not self._patience.expired():
            self._patience.reschedule(self._tick_s())
        if self._dialling is not None and self._dialling.when() is None:
            # What the network has swallowed the kernel repeats more and more seldom: a fresh dial is sooner through.
            hurried_s, least_s = limits.HURRIED_MS / 1000, limits.PROBE_MS / 1000
            now_s = asyncio.get_running_loop().time()
            self._dialling.reschedule(max(self._dialled_s + hurried_s, now_s + least_s))

    async def drop(self) -> None:
        """Cut the socket as a bad network does: no close frame."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def bye(self, reason: str) -> None:
        """The device is being switched off: say so, if there is a socket. `run` returns after it."""
        self.link.bye(reason)
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                for piece in self.link.data_to_send():
                    await self._socket.send(piece)
                await self._socket.close()

    async def run(self) -> None:
        """Dial for ever."""
        tries = 0
        while True:
            retry = await self._once()
            tries = 0 if self._joined else tries + 1
            # Whoever has waited for a link that turned out to be dead has waited long enough.
            wait = 0 if self._silent else wait_ms(tries, retry, self._dice.random(), self.link.redial_most_ms)
            # A person who presses need not wait, but a bouncing button must not hammer the cloud either.
            passed_ms = int((asyncio.get_running_loop().time() - self._dialled_s) * 1000)
            least = max(0, min(wait, _RETRY_LEAST_MS) - passed_ms)
            await asyncio.sleep(least / 1000)
            if retry is Retry.NEVER:
                return
            if await self._called((wait - least) / 1000):
                tries = 0

    async def _called(self, seconds: float) -> bool:
        """Let so much time pass; True as soon as somebody presses, or the device has an address that it had not."""
        before, until_s = self._own_address(), asyncio.get_running_loop().time() + seconds
        while (left_s := until_s - asyncio.get_running_loop().time()) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left_s, _LOOK_S)):
                    await self._redial.wait()
                    self._redial.clear()
                    return True
            address = self._own_address()
            if address and address != before:
                return True
            before = address
        return False

    async def _once(self) -> Retry:
        self._joined = self._silent = False
        try:
            socket = await self._dial()
        except InvalidURI as error:
            raise ConfigError(f"cloud address {self._address!r} is no ws:// or wss:// address: {error}") from error
        except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed) as error:
            self._on_socket(False, why_away(error, pinned=self._pinned), f"{type(error).__name__}: {error}")
            return Retry.RECONNECT
        self._socket = socket
        try:
            return await self._talk(socket)
        finally:
            self._socket = None
            self.link.disconnect()
            # After a close this does nothing; after a cancellation it is the end of the socket.
            socket.transport.abort()

    async def _dial(self) -> ClientConnection:
        self._dialled_s = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(None) as self._dialling:
                return await _Dial(
                    self._address,
                    subprotocols=[Subprotocol(limits.SUBPROTOCOL)],
                    compression=None,
                    max_size=max(limits.TEXT_FRAME_BYTES, limits.BINARY_FRAME_BYTES),
                    ping_interval=None,
                    open_timeout=self._dial_s,
                    close_timeout=_CLOSE_TIMEOUT_S,
                    proxy=None,
                    **self._via,
                    **self._tls,
                )
        finally:
            self._dialling = None

    async def _talk(self, socket: ClientConnection) -> Retry:
        self.link.connect(nonce=os.urandom(limits.NONCE_BYTES), now_ms=steady_ms())
        self._on_socket(True, "", "")
        self._wake.set()
        try:
            async with asyncio.TaskGroup() as group:
                sender = group.create_task(self._send(socket))
                await self._receive(socket)
                ended = self.link.ended
                if ended is None or not _in_silence(ended):
                    self._wake.set()
                    await asyncio.wait({sender}, timeout=_CLOSE_TIMEOUT_S)
                sender.cancel()
        except* ConnectionClosed:
            pass
        ended = self.link.ended
        if ended is not None:
            if _in_silence(ended):
                self._silent = self._joined
                socket.transport.abort()
                return ended.retry
            await socket.close(CLOSES[ended.code].number, ended.reason.encode()[:100].decode(errors="ignore"))
            return ended.retry
        await socket.close()
        code = CLOSE_BY_NUMBER.get(socket.close_code or 0)
        # A bare 1000 is a server that went away without a word: dial again.
        retry = CLOSES[code].retry if code not in (None, CloseCode.GOODBYE) else Retry.RECONNECT
        self._on_socket(False, CLOSES[CloseCode.GOING_AWAY].sentence, f"closed with {socket.close_code}")
        return retry

    async def _receive(self, socket: ClientConnection) -> None:
        address = self._own_address()
        while self.link.ended is None:
            look_s = asyncio.get_running_loop().time() + _LOOK_ONLINE_S
            try:
                async with asyncio.timeout_at(min(look_s, self._tick_s())) as self._patience:
                    data = await socket.recv()
            except TimeoutError:
                if (now_at := self._own_address()) != address:
                    # Another network, or none: a socket over the one before says nothing any more, and does not end.
                    address = now_at
                    self.link.probe(steady_ms())
                events = self.link.tick(steady_ms())
            else:
                # Whoever pressed before has their answer.
                self._redial.clear()
                now_ms = steady_ms()
                if isinstance(data, str):
                    events = self.link.receive_text(data, now_ms)
                else:
                    events = self.link.receive_bytes(data, now_ms)
            finally:
                self._patience = None
            self._joined = self._joined or self.link.joined
            for event in events:
                self._on_event(event)
            self._wake.set()

    def _tick_s(self) -> float:
        """When the link wants to be told the time, by the event loop's clock."""
        return asyncio.get_running_loop().time() + max(0, self.link.next_tick_ms() - steady_ms()) / 1000

    async def _send(self, socket: ClientConnection) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while pieces := self.link.data_to_send():
                for piece in pieces:
                    await socket.send(piece)
            if self.link.ended is not None:
                return


def _in_silence(ended: Ended) -> bool:
    """Nobody is there any more who could be told, or could tell, goodbye."""
    return ended.code is CloseCode.TIMEOUT and not ended.by_peer
