"""The system's message bus, as far as it is needed here: calls, properties, and signals that wake whoever waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from device.errors import RadioError

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

_CALL_S: Final = 25.0
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"


class Bus:
    """One connection to a service. `address`: another bus than the system's, for tests."""

    def __init__(self, service: str, address: str = "") -> None:
        self._service = service
        self._address = address
        self._bus: MessageBus | None = None
        self._news = asyncio.Event()
        self._listeners: list[Callable[[str, str, list[Any]], None]] = []

    async def open(self) -> None:
        """Connect, and hear all signals of the service. Raises RadioError."""
        try:
            from dbus_fast import BusType
            from dbus_fast.aio import MessageBus
        except ImportError as error:
            raise RadioError(
                "Wi-Fi cannot be set up here: dbus-fast is missing. `pip install 'leveret[pi]'`."
            ) from error
        try:
            self._bus = await MessageBus(self._address or None, BusType.SYSTEM).connect()
        except (OSError, ValueError) as error:
            raise RadioError(f"Wi-Fi cannot be set up here: no message bus ({error}).") from error
        self._bus.add_message_handler(self._take)
        rule = f"type='signal',sender='{self._service}'"
        await self._call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch", "s", rule)

    def close(self) -> None:
        """May be called twice."""
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None

    async def call(self, path: str, interface: str, member: str, signature: str = "", *body: Any) -> list[Any]:
        """What it answers, without variants. Raises BusRefusal, RadioError."""
        return await self._call(self._service, path, interface, member, signature, *body)

    async def get(self, path: str, interface: str, name: str) -> Any:
        """A property. Raises BusRefusal, RadioError."""
        return (await self.call(path, _PROPERTIES, "Get", "ss", interface, name))[0]

    async def set(self, path: str, interface: str, name: str, signature: str, value: Any) -> None:
        """Set a property. Raises BusRefusal, RadioError."""
        from dbus_fast import Variant

        await self.call(path, _PROPERTIES, "Set", "ssv", interface, name, Variant(signature, value))

    def listen(self, heard: Callable[[str, str, list[Any]], None]) -> Callable[[], None]:
        """Tell `heard` of each signal: path, member, body. Returns what ends that."""
        self._listeners.append(heard)
        return lambda: self._listeners.remove(heard)

    async def news(self, most_s: float) -> None:
        """Until any signal comes, or so long."""
        self._news.clear()
        try:
            async with asyncio.timeout(most_s):
                await self._news.wait()
        except TimeoutError:
            return

    async def _call(
        self, service: str, path: str, interface: str, member: str, signature: str, *body: Any
    ) -> list[Any]:
        from dbus_fast import Message, MessageType

        if self._bus is None:
            raise RadioError("Wi-Fi cannot be set up: the message bus is gone.")
        message = Message(service, path, interface, member, signature=signature, body=list(body))
        try:
            async with asyncio.timeout(_CALL_S):
                reply = await self._bus.call(message)
        except (OSError, EOFError, TimeoutError) as error:
            raise RadioError(f"Wi-Fi cannot be set up: {service} does not answer.") from error
        if reply.message_type is MessageType.ERROR:
            name = reply.error_name or ""
            raise BusRefusal(name, str(reply.body[0]) if reply.body else name)
        return [plain(one) for one in reply.body]

    def _take(self, message: Message) -> None:
        from dbus_fast import MessageType

        if message.message_type is MessageType.SIGNAL:
            body = [plain(one) for one in message.body]
            for heard in list(self._listeners):
                heard(message.path or "", message.member or "", body)
            self._news.set()


class BusRefusal(RadioError):
    """The service answered with an error. `name` is D-Bus's."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"Wi-Fi cannot be set up: {words}")
        self.name = name


def plain(value: Any) -> Any:
    """A value without its variants."""
    from dbus_fast import Variant

    if isinstance(value, Variant):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value
