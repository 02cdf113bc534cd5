"""S3: a process that stands still or spins feeds nothing, and is begun anew. The processes and the socket are real;
`make units-test` does the same with a real systemd."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.errors import ConfigError
from cloud.supervision import Systemd, systemd_of, watched
from tests.systemd.keeper import Keeper

WATCHDOG_S = 0.6


@pytest.mark.parametrize(("program", "freeze"), [("a_device", signal.SIGUSR1), ("a_loop", signal.SIGSTOP)])
def test_what_spins_or_is_stopped_is_begun_anew(program: str, freeze: int, tmp_path: Path) -> None:
    with Keeper(tmp_path, ["-m", f"tests.systemd.{program}"], watchdog_s=WATCHDOG_S) as keeper:
        keeper.wait_for("READY=1")
        keeper.wait_for("WATCHDOG=1")
        keeper.process.send_signal(freeze)
        keeper.begin_anew()
        keeper.wait_for("READY=1")


@pytest.fixture
def notify(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(str(tmp_path / "notify"))
        made.setblocking(False)
        yield made


async def test_systemd_hears_that_a_cloud_is_ready_and_lives_and_no_end_where_another_release_follows(
    notify: socket.socket,
) -> None:
    loop = asyncio.get_running_loop()
    environ = {"NOTIFY_SOCKET": notify.getsockname(), "WATCHDOG_USEC": "3000", "WATCHDOG_PID": str(os.getpid())}

    async def beat() -> None: ...

    async with watched(systemd_of(environ, os.getpid()), "at http://here", beat):
        assert await loop.sock_recv(notify, 1000) == b"READY=1\nSTATUS=at http://here"
        for _ in range(3):
            assert await loop.sock_recv(notify, 1000) == b"WATCHDOG=1"
    with pytest.raises(BlockingIOError):
        while notify.recv(1000) == b"WATCHDOG=1":
            pass
        raise AssertionError("more was told than that it lives")


async def test_a_cloud_whose_store_or_engine_does_not_answer_is_not_fed(notify: socket.socket) -> None:
    beats, again = 0, asyncio.Event()

    async def beat() -> None:
        nonlocal beats
        beats += 1
        again.set()
        if beats == 3:
            await asyncio.Event().wait()
        raise OSError("the disk is gone")

    async with watched(Systemd(notify.getsockname(), 0.003), "", beat):
        assert notify.recv(1000).startswith(b"READY=1")
        while beats < 3:
            again.clear()
            await again.wait()
        with pytest.raises(BlockingIOError):
            notify.recv(1000)


async def test_a_cloud_that_no_systemd_started_is_not_watched_and_one_of_another_process_not_fed(
    notify: socket.socket, tmp_path: Path
) -> None:
    async def never() -> None:
        raise AssertionError("nobody asked for a heartbeat")

    async with watched(systemd_of({}, 7), "", never):
        await asyncio.sleep(0)
    environ = {"NOTIFY_SOCKET": notify.getsockname(), "WATCHDOG_USEC": "3000", "WATCHDOG_PID": "8"}
    async with watched(systemd_of(environ, 7), "", never):
        await asyncio.sleep(0)
    with pytest.raises(ConfigError, match=r"nobody listens at NOTIFY_SOCKET .*; unset it"):
        Systemd(str(tmp_path / "nobody"), 1)
