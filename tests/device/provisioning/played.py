"""A message bus of a test's own, with a NetworkManager by python-dbusmock on it. Run by the system's Python."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

_WAIT_S = 20.0
TEMPLATE = Path(__file__).parent / "network_manager_of_tests.py"
NETWORKS = {"Vogelweide": "correct horse", "Café": "", "No address": "whatever 1", "Endless": "whatever 2"}


@contextlib.contextmanager
def message_bus(folder: Path) -> Iterator[str]:
    """A dbus-daemon; its address."""
    arguments = ["dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address=1"]
    arguments.append(f"--address=unix:path={folder / 'bus'}")
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


def _wait_for(log: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    """Until the log says so. Fails when the process ends, or never gets there."""
    until = time.monotonic() + _WAIT_S
    while words not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"dbusmock did not start: {log.read_text()}")
        time.sleep(0.01)


@contextlib.contextmanager
def network_manager(folder: Path, networks: Mapping[str, str] = NETWORKS) -> Iterator[str]:
    """The address of a bus on which NetworkManager is played; what it logs is in `folder`."""
    with message_bus(folder) as address:
        environ = {"DBUS_SYSTEM_BUS_ADDRESS": address, "DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin"}
        command = ["/usr/bin/python3", "-m", "dbusmock", "--template", str(TEMPLATE)]
        command += ["--parameters", json.dumps({"Networks": dict(networks)})]
        path = folder / "dbusmock.log"
        with path.open("w") as log:
            with subprocess.Popen(command, env=environ, stdout=log, stderr=log) as mock:
                try:
                    _wait_for(path, f"AccessPoint/ap{len(networks) - 1}", mock)
                    yield address
                finally:
                    mock.terminate()
