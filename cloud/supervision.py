"""systemd watches the cloud: it is told that the cloud is ready, and that it lives.

It is fed from the event loop, and only after a beat: a round through the store and the runner's engine. What is frozen,
or waits for something that never comes, feeds nothing, and is begun anew. That it ends is not said: `boot/` may begin
another release in the same unit, which systemd would then end.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import structlog

from cloud.errors import ConfigError

log = structlog.get_logger(__name__)


class Systemd:
    """One end of systemd's notify socket. `feed_s`: how often it wants to be fed, 0 for never."""

    def __init__(self, address: str, period_s: float) -> None:
        """`address`: NOTIFY_SOCKET. `period_s`: WatchdogSec. Raises ConfigError."""
        self.feed_s = period_s / 3
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)
        try:
            self._socket.connect("\0" + address[1:] if address.startswith("@") else address)
        except OSError as error:
            self._socket.close()
            raise ConfigError(
                f"nobody listens at NOTIFY_SOCKET {address} ({error.strerror}); unset it outside of systemd"
            ) from error

    def ready(self, status: str) -> None:
        """`status`: what `systemctl status` shows."""
        self._tell(f"READY=1\nSTATUS={status}")

    def feed(self) -> None:
        self._tell("WATCHDOG=1")

    def close(self) -> None:
        self._socket.close()

    def _tell(self, lines: str) -> None:
        # A systemd that does not listen will notice that nothing came.
        with contextlib.suppress(OSError):
            self._socket.send(lines.encode())


def systemd_of(environ: Mapping[str, str], pid: int) -> Systemd | None:
    """The systemd that started this process and wants to hear of it, if one did. Raises ConfigError."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        return None
    mine = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
    usec = environ.get("WATCHDOG_USEC", "")
    return Systemd(address, int(usec) / 1_000_000 if mine and usec.isdigit() else 0.0)


@contextlib.asynccontextmanager
async def watched(systemd: Systemd | None, status: str, beat: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Tells `systemd` of the block: ready at its beginning, alive for as long as `beat` comes back."""
    if systemd is None:
        yield
        return
    with contextlib.closing(systemd):
        systemd.ready(status)
        feeding = asyncio.create_task(_feed(systemd, beat), name="watchdog")
        try:
            yield
        finally:
            feeding.cancel()
            await asyncio.wait((feeding,))


async def _feed(systemd: Systemd, beat: Callable[[], Awaitable[object]]) -> None:
    while systemd.feed_s > 0:
        try:
            await beat()
        except Exception:
            # The edge of the process: whatever is broken, it is not fed, and systemd begins it anew.
            log.exception("no_heartbeat")
        else:
            systemd.feed()
        await asyncio.sleep(systemd.feed_s)
