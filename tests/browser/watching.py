"""Waiting for processes to end, without sleeping."""

from __future__ import annotations

import os
import select

from browser.processes import Process, all_processes

GONE_S = 60


def wait_gone(process: Process) -> None:
    """Return when the process has ended; a zombie of a machine whose first process reaps nothing counts as ended."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        assert poll.poll(GONE_S * 1000), f"process {process.pid} still runs"
    finally:
        os.close(handle)


def left_behind(processes: list[Process]) -> list[Process]:
    now = {(process.pid, process.start): process for process in all_processes()}
    same = [now[(process.pid, process.start)] for process in processes if (process.pid, process.start) in now]
    return [process for process in same if not (process.state == "Z" and process.parent == 1)]
