"""The folder of one program, as `release/boot` sees it: it reads `releases/` and `incoming/`, and writes `chosen/`."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any, Final

from release.boot.acts import Offer
from release.boot.files import below, point, sha256_of, write_whole
from release.boot.kept import Kept, counter_of, decode, encode, is_name, recover

STATE: Final = "state.json"
CURRENT: Final = "current"
READY: Final = "ready.json"
MANIFEST: Final = "release.json"
_OWN: Final = frozenset({MANIFEST, "release.sig"})
_MANIFEST_BYTES: Final = 8 << 20


class Place:
    """`root` holds `releases/`, `incoming/` and `chosen/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.releases = root / "releases"
        self.incoming = root / "incoming"
        self.chosen = root / "chosen"

    def read(self) -> Kept | None:
        """What is kept, else what can be seen; None when there is no release."""
        try:
            kept = decode((self.chosen / STATE).read_bytes())
        except OSError:
            kept = None
        return kept or recover(self.names(), self.pointed())

    def keep(self, kept: Kept) -> None:
        """Returns when it is on the disk. Raises OSError."""
        write_whole(self.chosen / STATE, encode(kept))

    def point(self, name: str) -> None:
        """Let `current` lead to this release. Raises OSError."""
        point(self.chosen / CURRENT, f"../releases/{name}")

    def pointed(self) -> str:
        """Where `current` leads; empty when nowhere."""
        try:
            target = os.readlink(self.chosen / CURRENT)  # noqa: PTH115
        except OSError:
            return ""
        name = target.rpartition("/")[2]
        return name if is_name(name) else ""

    def names(self) -> list[str]:
        """The releases that are here."""
        try:
            found = [entry.name for entry in os.scandir(self.releases) if entry.is_dir(follow_symlinks=False)]
        except OSError:
            return []
        return [name for name in found if is_name(name) and (self.releases / name / MANIFEST).is_file()]

    def offer(self) -> Offer | None:
        """What the updater has ready, if anything."""
        try:
            told: Any = json.loads((self.incoming / READY).read_bytes())
        except (OSError, ValueError):
            return None
        name = told.get("name") if isinstance(told, dict) else None
        if not isinstance(name, str) or not is_name(name):
            return None
        return Offer(name, counter_of(name), back=told.get("back") is True)

    def flaw(self, name: str) -> str:
        """What of a release is not as it was signed, in words; empty when all of it is."""
        folder = self.releases / name
        try:
            data = (folder / MANIFEST).read_bytes()
            told: Any = json.loads(data) if len(data) <= _MANIFEST_BYTES else None
            files = {str(file["path"]): file for file in told["files"]}
            found = {path.relative_to(folder).as_posix(): path for path in below(folder)}
            return _difference(files, found)
        except OSError as error:
            return f"its files cannot be read: {error.strerror}"
        except (ValueError, KeyError, TypeError):
            return f"its {MANIFEST} cannot be read"

    def program(self, name: str, program: str) -> Path:
        """What is run of a release."""
        return self.releases / name / "bin" / program


def _difference(files: dict[str, Any], found: dict[str, Path]) -> str:
    if missing := files.keys() - found.keys():
        return f"{min(missing)} is missing"
    if more := found.keys() - files.keys() - _OWN:
        return f"{min(more)} was never signed"
    for name, file in files.items():
        status = found[name].lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size != file["size"]:
            return f"{name} is not what was signed"
        if sha256_of(found[name]) != file["sha256"]:
            return f"{name} is not what was signed"
        if file.get("run", False) and not status.st_mode & stat.S_IXUSR:
            return f"{name} cannot be run"
    return ""
