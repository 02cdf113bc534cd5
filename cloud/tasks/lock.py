"""One runner a data folder."""

from __future__ import annotations

from pathlib import Path

from cloud.locks import FileLock
from cloud.tasks.errors import RunnerBusy


class RunnerLock:
    """The lock of a folder's runner."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent
        self._lock = FileLock(path)

    def take(self) -> None:
        """Raises RunnerBusy while another process holds it."""
        if not self._lock.take():
            raise RunnerBusy(f"another process runs the tasks of {self._folder}; stop it, or take another data folder")

    def drop(self) -> None:
        """Lets go; again is harmless."""
        self._lock.drop()
