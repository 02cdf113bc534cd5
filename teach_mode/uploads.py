"""Files that a skill gives to a site: those that were shown and are kept with it, and the photo taken with the request.

A skill names no other file: what a skill file or a value of the request could make of a path, no site ever gets.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from teach_mode.skill import Skill, Step
from teach_mode.templates import places_in, render

# What `{photo}` stands for.
PHOTO = "photo"
PHOTO_PLACE = "{photo}"
MOST_NAME_CHARS = 200
IMAGES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".heic", ".gif"))


def is_image(name: str) -> bool:
    """Whether a file's name is that of a picture."""
    return PurePosixPath(name.lower()).suffix in IMAGES


def is_plain(name: str) -> bool:
    """Whether a name is that of a file in one folder, and leads nowhere else."""
    plain = name == PurePosixPath(name).name and not name.startswith(".") and "\\" not in name
    return plain and 0 < len(name) <= MOST_NAME_CHARS and name.isprintable()


def wants_photo(skill: Skill) -> bool:
    """Whether a request for the skill needs a photo."""
    return any(PHOTO_PLACE in _lines(step) for step in skill.all_steps if step.action == "upload")


def kept_by(skill: Skill) -> tuple[str, ...]:
    """The names of the files that are kept with the skill."""
    steps = (step for step in skill.all_steps if step.action == "upload")
    return tuple(dict.fromkeys(render(line, {}) for step in steps for line in _lines(step) if line != PHOTO_PLACE))


def problems_of(step: Step) -> Iterator[str]:
    """What is wrong with what an upload gives."""
    if not _lines(step):
        yield f"upload gives {PHOTO_PLACE}, or files that the skill keeps, by their names"
    for line in _lines(step):
        if line != PHOTO_PLACE and (places_in(line) or not is_plain(render(line, {}))):
            yield f"upload gives {PHOTO_PLACE}, or a file that the skill keeps, by its name alone; {line!r} is none"


def _lines(step: Step) -> list[str]:
    return step.value.splitlines()


class Folder:
    """The files of a folder, as a `teach_mode.interfaces.Files`. `photo` stands for the one taken with the request."""

    def __init__(self, folder: Path, photo: Path | None = None) -> None:
        self._folder = folder
        self._photo = photo

    async def give(self, name: str) -> Path | None:
        """The file of this name; None: there is none."""
        if name == PHOTO:
            return self._photo
        found = self._folder / name
        return found if is_plain(name) and found.is_file() else None
