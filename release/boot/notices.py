"""What the program tells systemd, handed on by its parent: that it is ready and lives, but not that it ends.

systemd gives a service that says so a few seconds, and then kills it; here another release runs in its place.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import Final

_ENDS: Final = b"STOPPING=1"
_BYTES: Final = 4096
_WHO: Final = struct.Struct("3i")


class Notices:
    """A socket for the program, and systemd's."""

    def __init__(self, address: str) -> None:
        """`address`: NOTIFY_SOCKET. Raises OSError."""
        kind = socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
        self._systemd = socket.socket(socket.AF_UNIX, kind)
        self._mine = socket.socket(socket.AF_UNIX, kind)
        try:
            self._systemd.connect("\0" + address[1:] if address.startswith("@") else address)
            self._mine.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            self._mine.bind("")  # the kernel finds a name that is free
        except OSError:
            self.close()
            raise
        self.address = "@" + self._mine.getsockname()[1:].decode("ascii")

    def fileno(self) -> int:
        return self._mine.fileno()

    def hand_on(self, pid: int) -> None:
        """All that came, if this process said it."""
        with contextlib.suppress(OSError):
            while True:
                data, extra, _, _ = self._mine.recvmsg(_BYTES, socket.CMSG_SPACE(_WHO.size))
                lines = [line for line in data.split(b"\n") if line and line != _ENDS]
                if lines and pid == _sender(extra):
                    self._systemd.send(b"\n".join(lines))

    def feed(self) -> None:
        """For a program that has only just begun."""
        with contextlib.suppress(OSError):
            self._systemd.send(b"WATCHDOG=1")

    def close(self) -> None:
        self._mine.close()
        self._systemd.close()


def _sender(extra: list[tuple[int, int, bytes]]) -> int:
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS) and len(data) >= _WHO.size:
            return int(_WHO.unpack(data[: _WHO.size])[0])
    return -1
