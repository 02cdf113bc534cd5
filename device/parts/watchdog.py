"""Watchdogs: systemd's, and the one in the chip. Either restarts a device that has stopped living.

They are fed by `Handheld` from the event loop, and only while what should go forward does (`device/guard.py`).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from device.errors import PowerError

# The Pi's own watchdog can wait for 15 s at the most.
HARDWARE_S: Final = 15
_SET_TIMEOUT: Final = 0xC0045706
# Written before closing, it says that the silence to come is meant.
_MEANT: Final = b"V"


class SystemdWatchdog:
    """systemd's `Type=notify` and `WatchdogSec=`: READY=1 once, WATCHDOG=1 in time.

    That it ends is not said: a device that opens its parts anew, after it was set up for instance, goes on.
    """

    def __init__(self, address: str, period_s: float) -> None:
        """`address`: NOTIFY_SOCKET. `period_s`: WatchdogSec, 0 when only readiness is wanted. Raises PowerError."""
        self.feed_s = period_s / 3 if period_s else 0.0
        self._socket: socket.socket | None = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)
        try:
            self._socket.connect("\0" + address[1:] if address.startswith("@") else address)
        except OSError as error:
            self._socket.close()
            raise PowerError(f"systemd does not listen at {address}: {error.strerror}.") from error

    def ready(self) -> None:
        self._tell(b"READY=1")

    def feed(self) -> None:
        self._tell(b"WATCHDOG=1")

    def _tell(self, line: bytes) -> None:
        # Where nobody listens any more, systemd will see that nothing came.
        with contextlib.suppress(OSError):
            if self._socket is not None:
                self._socket.send(line)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class HardwareWatchdog:
    """/dev/watchdog: it restarts the whole Pi."""

    def __init__(self, path: Path = Path("/dev/watchdog"), *, timeout_s: int = HARDWARE_S) -> None:
        """Starts it; raises PowerError."""
        self.feed_s = timeout_s / 3
        try:
            self._file: int | None = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        except OSError as error:
            taken = "systemd has it already (RuntimeWatchdogSec)"
            way = taken if error.errno == errno.EBUSY else "it needs root, or a udev rule for its group"
            raise PowerError(f"The watchdog {path} cannot be had: {error.strerror}; {way}.") from error
        # One that cannot be set keeps the timeout that it has.
        with contextlib.suppress(OSError):
            fcntl.ioctl(self._file, _SET_TIMEOUT, struct.pack("i", timeout_s))

    def ready(self) -> None:
        self.feed()

    def feed(self) -> None:
        if self._file is not None:
            os.write(self._file, b"1")

    def close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            os.write(file, _MEANT)
            os.close(file)


def systemd_watchdog(environ: Mapping[str, str], pid: int) -> SystemdWatchdog | None:
    """The watchdog that systemd asks this process to feed, if it does. Raises PowerError."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        return None
    mine = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
    usec = environ.get("WATCHDOG_USEC", "0")
    return SystemdWatchdog(address, int(usec) / 1_000_000 if mine and usec.isdigit() else 0.0)
