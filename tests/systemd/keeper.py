"""What systemd does with a unit that has `Type=notify`, `WatchdogSec=` and `Restart=`, for one process and a test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType

# Far above what a busy machine takes for anything that is waited for here.
HANGS_S = 60


class Keeper:
    """Starts a program with a real NOTIFY_SOCKET, listens, and begins it anew when it has not fed for `watchdog_s`."""

    def __init__(self, folder: Path, program: list[str], *, watchdog_s: float) -> None:
        self.watchdog_s = watchdog_s
        self._program = program
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        self._folder = folder
        self.process = self._start()

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._kill()
        self._socket.close()

    def _start(self) -> subprocess.Popen[bytes]:
        environ = dict(os.environ, NOTIFY_SOCKET=str(self._folder / "notify"))
        environ["WATCHDOG_USEC"] = str(int(self.watchdog_s * 1_000_000))
        return subprocess.Popen([sys.executable, *self._program], env=environ, cwd=Path(__file__).parents[2])

    def _kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def told(self, within_s: float = HANGS_S) -> str:
        """The next thing that the program tells; "" when nothing came in time."""
        self._socket.settimeout(within_s)
        try:
            return self._socket.recv(1000).decode()
        except TimeoutError:
            return ""

    def wait_for(self, line: str) -> None:
        """Returns when the program tells it."""
        while line not in self.told().split("\n"):
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended with {self.process.returncode} before it told {line}")

    def begin_anew(self) -> None:
        """Waits until the program has not fed for `watchdog_s`, kills it and starts it."""
        while self.told(self.watchdog_s):
            pass
        self._kill()
        self.process = self._start()
