"""Skills that were taken off the shelf, kept for a while so that it can be undone.

.removed/MILLISECONDS-NAME/0001/…     all versions of a removed skill, as they lay on the shelf
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from msgspec import Struct

from cloud.files import sync

FOLDER = ".removed"
KEPT_S = 30 * 86_400.0
_ENTRY = re.compile(r"([0-9]{13})-([a-z][a-z0-9_]{0,63})")


class Removed(Struct, frozen=True, kw_only=True):
    """A skill that can be brought back. Times in UTC seconds; `until`: when it is gone for good."""

    name: str
    at: float
    until: float
    versions: int


class Bin:
    """The removed skills below `folder`, a shelf's; each is kept for `KEPT_S`."""

    def __init__(self, folder: Path) -> None:
        self._shelf = folder
        self._folder = folder / FOLDER

    def throw(self, name: str, now: float) -> None:
        """Takes the folder of a skill from the shelf; there must be one."""
        self._folder.mkdir(exist_ok=True, mode=0o700)
        at = int(now * 1000)
        while (place := self._folder / f"{at:013d}-{name}").exists():
            at += 1
        (self._shelf / name).rename(place)
        self._settled()

    def take_back(self, name: str) -> bool:
        """Puts the skill that was removed last under this name back; versions that came meanwhile stay beside it.
        False: there is none."""
        places = [place for place, entry in self._entries() if entry.name == name]
        if not places:
            return False
        back = self._shelf / name
        if not back.exists():
            places[-1].rename(back)
        else:
            for version in sorted(places[-1].iterdir()):
                if not (back / version.name).exists():
                    version.rename(back / version.name)
            sync(back)
            shutil.rmtree(places[-1])
        self._settled()
        return True

    def listed(self) -> tuple[Removed, ...]:
        """What can be brought back, the latest first."""
        return tuple(entry for _, entry in reversed(self._entries()))

    def clear(self, now: float) -> None:
        """Forgets for good what was removed long ago."""
        for place, entry in self._entries():
            if entry.until <= now:
                shutil.rmtree(place)

    def forget(self, name: str) -> bool:
        """Forgets all that was removed under a name, for good. False: there was nothing."""
        places = [place for place, entry in self._entries() if entry.name == name]
        for place in places:
            shutil.rmtree(place)
        return bool(places)

    def _entries(self) -> list[tuple[Path, Removed]]:
        """Oldest first."""
        found = []
        for place in sorted(self._folder.glob("*")):
            if (read := _ENTRY.fullmatch(place.name)) is None:
                continue
            at = int(read[1]) / 1000
            versions = sum(1 for one in place.iterdir() if one.name.isdigit())
            found.append((place, Removed(name=read[2], at=at, until=at + KEPT_S, versions=versions)))
        return found

    def _settled(self) -> None:
        sync(self._folder)
        sync(self._shelf)
