"""Where taught skills are kept: each save is a new version, and no version is ever written again.

NAME/0001/skill.json     the skill, as `teach_mode.checks` reads and writes it
NAME/0001/about.json     why and when it was saved
NAME/0001/pictures/…     pictures that belong to it, such as before and after a healing
NAME/0001/files/…        files that the skill uploads each time
NAME.last                the highest number that NAME ever had, written when it is removed
.removed/…               what was removed, see `removed.py`

A version is written beside its place, synced, and moved there whole, so that a crash leaves the one before it current.
What lies on the shelf and cannot be read is named and left alone.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
import structlog

from cloud.clock import Clock, fresh_id, utc_seconds
from cloud.files import sync
from cloud.tools.errors import SkillNameTaken, SkillOfFile, SkillUnknown, VersionUnknown
from cloud.tools.removed import FOLDER, Bin, Removed
from cloud.tools.versions import About, Surface, Version, Whence, Why
from teach_mode.checks import check, parse_skill, write_skill
from teach_mode.errors import SkillContradictory, SkillError
from teach_mode.skill import Skill
from teach_mode.uploads import is_plain, kept_by

log = structlog.get_logger(__name__)

Changed = Callable[[str, Skill | None], None]

_NUMBER = re.compile(r"[0-9]{4,9}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
NOWHERE = Whence()
_PICTURE = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}\.(jpg|png)")


class Shelf:
    """All versions of all skills below `folder`. `changed` is told each skill that became current, None: it is gone.

    `files` are skills that the configuration names. They count as lying here until something is saved under their
    name; the first save keeps the file's skill as a version too, so that it can be compared and gone back to, and from
    then on the shelf goes before the file. `reserved` names are taken by what is no skill.
    """

    def __init__(
        self,
        folder: Path,
        *,
        files: Mapping[str, Skill] | None = None,
        reserved: Iterable[str] = (),
        changed: Changed = lambda name, skill: None,
        clock: Clock = utc_seconds,
    ) -> None:
        self._folder = folder
        self._files = dict(files or {})
        self._reserved = frozenset(reserved)
        self._changed = changed
        self._clock = clock
        self._read: dict[Path, tuple[tuple[int, int], Skill]] = {}  # what was read, and the file's time and size then
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._bin = Bin(folder)
        for left in (*folder.glob(".*"), *folder.glob("*/.*")):
            # What a crash left half written.
            if left.name != FOLDER:
                left.unlink() if left.is_file() else shutil.rmtree(left)
        self._bin.clear(clock())

    # Reading ------------------------------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """Skills with at least one version, readable or not."""
        found = {path.name for path in self._folder.iterdir() if self._numbers(path.name)}
        return tuple(sorted(found | self._files.keys()))

    def current(self, name: str) -> Skill:
        """The newest version that can be read. Raises SkillUnknown; SkillError when there are only broken ones."""
        problem: SkillError | None = None
        if (file := self._file(name)) is not None:
            return file
        for number in reversed(self._numbers(name)):
            try:
                return self.read(name, number)
            except SkillError as error:
                problem = problem or error
                log.warning("skill_version_unreadable", skill=name, version=number, reason=str(error))
        raise problem or SkillUnknown(f"there is no skill {name!r} on the shelf")

    def versions(self, name: str) -> tuple[Version, ...]:
        """All versions, newest first. Raises SkillUnknown."""
        if (file := self._file(name)) is not None:
            return (Version(number=file.version, why="file"),)
        numbers = self._numbers(name)
        if not numbers:
            raise SkillUnknown(f"there is no skill {name!r} on the shelf")
        return tuple(self._version(name, number) for number in reversed(numbers))

    def read(self, name: str, version: int) -> Skill:
        """One version. Raises VersionUnknown, or SkillError with the reason why it cannot be used."""
        if (file := self._file(name)) is not None and file.version == version:
            return file
        path = self._place(name, version) / "skill.json"
        try:
            written = path.stat()
            known = self._read.get(path)
            if known is None or known[0] != (written.st_mtime_ns, written.st_size):
                skill = _checked(path.read_bytes(), name, version)
                known = self._read[path] = ((written.st_mtime_ns, written.st_size), skill)
        except OSError:
            raise VersionUnknown(f"there is no version {version} of {name!r}") from None
        return known[1]

    def picture(self, name: str, version: int, picture: str) -> bytes | None:
        """A picture that was saved with a version, or None."""
        path = self._place(name, version) / "pictures" / picture
        return path.read_bytes() if _PICTURE.fullmatch(picture) and path.is_file() else None

    def files(self, name: str, version: int) -> Path:
        """Where the files of a version lie that it uploads; the folder need not be there."""
        return self._place(name, version) / "files"

    def _kept(self, skill: Skill, version: int) -> list[tuple[str, Path]]:
        folder = self.files(skill.name, version)
        return [(name, folder / name) for name in kept_by(skill) if (folder / name).is_file()]

    def is_free(self, name: str) -> bool:
        """Whether a skill may be saved under a name without being the next version of another, or hiding a tool."""
        return name not in self._reserved and name not in self._files and not self._numbers(name)

    # Writing ------------------------------------------------------------------------------------------------------

    def save(
        self,
        skill: Skill,
        *,
        why: Why,
        note: str = "",
        pictures: Mapping[str, bytes] | None = None,
        files: Mapping[str, bytes] | None = None,
        whence: Whence = NOWHERE,
    ) -> Skill:
        """Keeps the skill as the next version, which becomes current; returns it with its number.

        Pictures are named like "step-3-before.jpg". `files` are what it uploads; what is no new teaching keeps those of
        the version before. Raises SkillNameTaken, and SkillError for a skill that does not
        hold together.
        """
        about = About(why=why, saved_at=self._clock(), note=note, whence=whence)
        return self._save(skill, about, dict(pictures or {}), dict(files or {}))

    def revert(self, name: str, version: int, *, surface: Surface = "") -> Skill:
        """Makes an earlier version current again, as a copy with a new number. Raises as `read`."""
        about = About(why="reverted", saved_at=self._clock(), from_version=version, whence=Whence(surface=surface))
        return self._save(self.read(name, version), about, {}, {})

    def remove(self, name: str) -> None:
        """Takes a skill and all its versions off the shelf; the file that it was first read from counts again. What is
        saved under the name later goes on counting: no number ever means two versions. `restore` undoes it for a while.

        Raises SkillUnknown, and SkillOfFile when there is nothing but that file.
        """
        if self._file(name) is not None:
            raise SkillOfFile(f"{name!r} comes from a file of the configuration; take it out of `skills` there")
        if not self._numbers(name):
            raise SkillUnknown(f"there is no skill {name!r} on the shelf")
        self._remember(name, self._last(name))
        self._bin.throw(name, self._clock())
        self._read.clear()
        log.info("skill_removed", skill=name)
        self._changed(name, self._files.get(name))

    def removed(self) -> tuple[Removed, ...]:
        """What was removed and can be brought back, the latest first."""
        return self._bin.listed()

    def restore(self, name: str) -> Skill:
        """Brings back what was removed under a name; the newest of all its versions counts.

        Raises SkillUnknown, and SkillError when none of them can be read.
        """
        if not self._bin.take_back(name):
            raise SkillUnknown(f"no skill {name[:64]!r} was removed that could be brought back")
        self._read.clear()
        skill = self.current(name)
        log.info("skill_restored", skill=name, version=skill.version)
        self._changed(name, skill)
        return skill

    def forget(self, name: str) -> None:
        """Forgets for good what was removed under a name. Raises SkillUnknown."""
        if not self._bin.forget(name):
            raise SkillUnknown(f"no skill {name[:64]!r} was removed")

    def _save(self, skill: Skill, about: About, pictures: dict[str, bytes], files: dict[str, bytes]) -> Skill:
        if skill.name in self._reserved:
            raise SkillNameTaken(f"{skill.name!r} is the name of something that I can do already; take another one")
        check(skill)
        numbers = self._numbers(skill.name)
        if (file := self._file(skill.name)) is not None:
            self._write(file, About(why="file", saved_at=about.saved_at), {}, {})
            numbers = (file.version,)
        number = self._last(skill.name) + 1
        if not about.from_version and about.why in ("healed", "edited"):
            about = msgspec.structs.replace(about, from_version=max(numbers, default=0))
        saved = msgspec.structs.replace(skill, version=number)
        if about.from_version:
            files = {name: file.read_bytes() for name, file in self._kept(saved, about.from_version)} | files
        self._write(saved, about, pictures, files)
        log.info("skill_saved", skill=saved.name, version=number, why=about.why)
        self._changed(saved.name, saved)
        return saved

    def _write(self, skill: Skill, about: About, pictures: dict[str, bytes], files: dict[str, bytes]) -> None:
        for picture in pictures:
            if not _PICTURE.fullmatch(picture):
                raise ValueError(f"{picture!r} is no name for a picture; write step-3-before.jpg")
        for name in files:
            if not is_plain(name):
                raise ValueError(f"{name!r} is no name for a file")
        place = self._place(skill.name, skill.version)
        place.parent.mkdir(exist_ok=True, mode=0o700)
        beside = place.parent / f".new-{fresh_id()}"
        (beside / "pictures").mkdir(parents=True, mode=0o700)
        _write(beside / "skill.json", write_skill(skill))
        _write(beside / "about.json", msgspec.json.encode(about))
        for picture, data in pictures.items():
            _write(beside / "pictures" / picture, data)
        sync(beside / "pictures")
        if files:
            (beside / "files").mkdir(mode=0o700)
            for name, data in files.items():
                _write(beside / "files" / name, data)
            sync(beside / "files")
        sync(beside)
        beside.rename(place)  # fails when the place is taken: nothing is ever written over
        sync(place.parent)
        sync(self._folder)

    # ---------------------------------------------------------------------------------------------------------------

    def _file(self, name: str) -> Skill | None:
        """The skill of a configured file, as long as nothing was saved over it."""
        return None if self._numbers(name) else self._files.get(name)

    def _numbers(self, name: str) -> tuple[int, ...]:
        place = self._folder / name
        if not _NAME.fullmatch(name) or not place.is_dir():
            return ()
        return tuple(sorted(int(path.name) for path in place.iterdir() if _NUMBER.fullmatch(path.name)))

    def _last(self, name: str) -> int:
        """The highest number that was ever given under a name; 0: none."""
        given = [*self._numbers(name), file.version if (file := self._file(name)) is not None else 0]
        with suppress(OSError, ValueError):
            given.append(int((self._folder / f"{name}.last").read_text()))
        return max(given)

    def _remember(self, name: str, last: int) -> None:
        beside = self._folder / f".last-{fresh_id()}"
        _write(beside, str(last).encode())
        beside.rename(self._folder / f"{name}.last")
        sync(self._folder)

    def _place(self, name: str, version: int) -> Path:
        if not _NAME.fullmatch(name):
            raise SkillUnknown(f"{name[:64]!r} is no name of a skill")
        return self._folder / name / f"{version:04d}"

    def _version(self, name: str, number: int) -> Version:
        place, problem = self._place(name, number), ""
        try:
            self.read(name, number)
        except (SkillError, VersionUnknown) as error:
            problem = str(error)
        try:
            about = msgspec.json.decode((place / "about.json").read_bytes(), type=About)
        except (OSError, msgspec.MsgspecError):
            about = About(why="file", saved_at=place.stat().st_mtime, note="put here by hand")
        pictures = sorted(path.name for path in place.glob("pictures/*") if _PICTURE.fullmatch(path.name))
        return Version(
            number=number,
            why=about.why,
            saved_at=about.saved_at,
            note=about.note,
            from_version=about.from_version,
            whence=about.whence,
            pictures=tuple(pictures),
            problem=problem,
        )


def _checked(data: bytes, name: str, version: int) -> Skill:
    shown = f"{name}/{version:04d}/skill.json"
    skill = parse_skill(data, shown)
    if (skill.name, skill.version) != (name, version):
        raise SkillContradictory(f"{shown}: it says that it is version {skill.version} of {skill.name!r}")
    return skill


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
