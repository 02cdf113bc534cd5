"""One runner a data folder: a lock that the kernel drops with its process, however that dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from cloud.tasks.errors import RunnerBusy


class RunnerLock:
    """An exclusive lock on a file. Children do not inherit it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Raises RunnerBusy while another process holds it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise RunnerBusy(
                f"another process runs the tasks of {self._path.parent}; stop it, or take another data folder"
            ) from error
        self._handle = handle

    def drop(self) -> None:
        """Lets go; again is harmless."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)
