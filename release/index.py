"""`index.json` for a folder of bundles that is put onto the web."""

from __future__ import annotations

from pathlib import Path

import msgspec

from release.boot.files import write_whole
from release.bundle import SUFFIX, read_head
from release.errors import NoRoom, ReleaseError
from release.manifest import About, decode
from release.sources import INDEX, Index, Listed


def write(folder: Path) -> int:
    """How many are listed. Raises ReleaseError."""
    try:
        listed = [_listed(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
        write_whole(folder / INDEX, msgspec.json.encode(Index(releases=tuple(listed))) + b"\n")
    except OSError as error:
        raise NoRoom(f"{folder} cannot be read or written: {error.strerror}. Is the path right?") from error
    return len(listed)


def _listed(path: Path) -> Listed:
    with path.open("rb") as file:
        try:
            manifest = decode(read_head(file.read).manifest)
        except ReleaseError as error:
            raise type(error)(f"{path.name}: {error}") from error
    return Listed(file=path.name, **{name: getattr(manifest, name) for name in About.__struct_fields__})
