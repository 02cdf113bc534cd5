"""The cloud's SQLite files before a new release touches them, and back again should it have changed their form.

    data/saved/0.2.0-8/leveret.db     as it was when 0.2.0-8 was begun first

What a release wrote without changing the form of a database is kept when it is given up: the release before can read
it, and nothing that was promised is lost.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import Final

from release.boot.files import copy, remove, sync_folder

SAVED: Final = "saved"
_BEGINNING: Final = b"SQLite format 3\0"
# Tables in which a program keeps which migrations ran.
_VERSIONS: Final = ("alembic_version", "dbos_migrations")


class Databases:
    """Those that lie in one folder; none when there is no folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def save(self, name: str) -> None:
        """Copies of all, on the disk. The program must not run. Raises OSError."""
        if self._folder is None or not (found := _databases(self._folder)):
            return
        above = self._folder / SAVED
        above.mkdir(mode=0o700, exist_ok=True)
        making = above / f"{name}.new"
        remove(making)
        making.mkdir(mode=0o700)
        for path in found:
            _settle(path)
            copy(path, making / path.name)
        sync_folder(making)
        remove(above / name)
        os.replace(making, above / name)  # noqa: PTH105
        sync_folder(above)
        sync_folder(self._folder)

    def restore(self, name: str) -> bool:
        """Put back what was saved before a release, unless its form is as it was; whether anything was put back.

        The program must not run. May be done again after a loss of power. Raises OSError.
        """
        if self._folder is None or not (saved := _databases(self._folder / SAVED / name)):
            return False
        if all(_form(one) == _form(self._folder / one.name) for one in saved):
            return False
        for one in saved:
            target = self._folder / one.name
            beside = target.with_name(target.name + ".new")
            remove(beside)
            # Another name for the same bytes: a disk that is full has room for it.
            os.link(one, beside)
            # A journal of the one that goes must never be played into the one that comes.
            for journal in ("-wal", "-shm", "-journal"):
                target.with_name(target.name + journal).unlink(missing_ok=True)
            sync_folder(self._folder)
            os.replace(beside, target)  # noqa: PTH105
        sync_folder(self._folder)
        return True

    def forget(self, name: str) -> None:
        """Drop all that was saved but what was saved before this release. Raises OSError."""
        above = self._folder / SAVED if self._folder is not None else None
        if above is None or not above.is_dir():
            return
        for entry in list(above.iterdir()):
            if entry.name != name:
                remove(entry)
        sync_folder(above)


def _databases(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if path.is_file() and _is_one(path)]


def _is_one(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_BEGINNING)) == _BEGINNING


def _settle(path: Path) -> None:
    """What a program that ended left beside its database goes into it. Raises OSError."""
    import sqlite3  # only where there are databases: the parent of a device stays small

    try:
        with contextlib.closing(sqlite3.connect(path, timeout=5)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error as error:
        raise OSError(errno.EIO, f"{path.name}: {error}") from error


def _form(path: Path) -> tuple[object, ...] | None:
    """Tables, and which migrations ran; None of one that cannot be read."""
    import sqlite3

    if not path.is_file():
        return None
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=5)) as database:
            tables = database.execute(
                "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
            ).fetchall()
            names = {name for name, _ in tables}
            versions = [
                (name, database.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall())  # noqa: S608
                for name in _VERSIONS
                if name in names
            ]
            if database.execute("PRAGMA quick_check").fetchone() != ("ok",):
                return None
    except sqlite3.Error:
        return None
    return tuple(tables), tuple((name, tuple(rows)) for name, rows in versions)
