"""A message bus of the test's own, with a NetworkManager by python-dbusmock on it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from device.errors import RadioError
from device.provisioning.network_manager import NetworkManagerRadio

HERE = Path(__file__).parent
NETWORKS = {"Vogelweide": "correct horse", "Café": "", "No address": "whatever 1", "Endless": "whatever 2"}
_WAIT_S = 20.0


@contextlib.contextmanager
def message_bus(folder: Path) -> Iterator[str]:
    """A dbus-daemon; its address."""
    socket = folder / "bus"
    arguments = [
        "dbus-daemon",
        "--session",
        "--nofork",
        "--nosyslog",
        "--print-address=1",
        f"--address=unix:path={socket}",
    ]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """The address of a bus on which NetworkManager is played."""
    template = HERE / "network_manager_of_tests.py"
    told = json.dumps({"Networks": NETWORKS})
    with message_bus(tmp_path) as address:
        environ = {"DBUS_SYSTEM_BUS_ADDRESS": address, "DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin"}
        log = (tmp_path / "dbusmock.log").open("w")
        command = ["/usr/bin/python3", "-m", "dbusmock", "--template", str(template), "--parameters", told]
        with log, subprocess.Popen(command, env=environ, stdout=log, stderr=log) as mock:
            try:
                yield address
            finally:
                mock.terminate()


@pytest.fixture
async def radio(bus: str, tmp_path: Path) -> AsyncIterator[NetworkManagerRadio]:
    """The real adapter, on that bus."""
    made = NetworkManagerRadio(bus)
    until = time.monotonic() + _WAIT_S
    while True:
        try:
            await made.open()
            await made.networks()
            break
        except RadioError:
            made.close()
            if time.monotonic() > until:
                pytest.fail((tmp_path / "dbusmock.log").read_text())
            await asyncio.sleep(0.05)
    yield made
    made.close()
