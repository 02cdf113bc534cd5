"""A lock between processes that the kernel drops with its process, however that dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class FileLock:
    """An exclusive lock on a file, in which its holder may write who it is. Children do not inherit it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self, who: str = "") -> bool:
        """False while another process holds it. Raises OSError when the file cannot be opened."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        os.truncate(handle, 0)
        os.write(handle, who.encode())
        self._handle = handle
        return True

    @property
    def holder(self) -> str:
        """Who took it last, as that wrote it."""
        try:
            return self._path.read_text()
        except FileNotFoundError:
            return ""

    def drop(self) -> None:
        """Lets go; again is harmless."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)
