"""Makes the trace file of a run: its story and its pictures, read, cleaned and packed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from msgspec import Struct, structs

from cloud.history.archive import Archive
from cloud.history.exporting import Wanted, in_words, told_outside
from cloud.history.story import RunStory
from cloud.history.trace import MOST_BYTES, MOST_FILES, MOST_JSON_BYTES, MOST_PICTURE_BYTES, SUFFIX, pack

# What is left for pictures once the rest has its place.
_ROOM_BYTES = MOST_BYTES - 2 * MOST_JSON_BYTES
_ROOM_FILES = MOST_FILES - 10


class Parcel(Struct, frozen=True, kw_only=True):
    """A trace file that can be sent. `words` say what is in it."""

    name: str
    words: str
    data: bytes


async def parcel_of(
    archive: Archive,
    person: str,
    run: str,
    wanted: Wanted,
    *,
    hide: Callable[[Any], Any],
    devices: Mapping[str, str],
    now: float,
) -> Parcel:
    """The trace of a run. `hide` takes known secrets out of what is JSON. Raises RunUnknown, TraceRefused."""
    story = told_outside(await archive.story(person, run), wanted, hide=hide, devices=devices)
    pictures = await _pictures(archive, person, run, story) if wanted.shown else {}
    story = _with(story, pictures)
    words = in_words(story, len(pictures), wanted)
    by = f"Leveret {version('leveret')}"
    data = await asyncio.to_thread(pack, story, pictures, words=words, values=wanted.values, made=now, by=by)
    return Parcel(name=f"{story.tool or 'run'}-{run[:8]}{SUFFIX}", words=words, data=data)


async def _pictures(archive: Archive, person: str, run: str, story: RunStory) -> dict[str, bytes]:
    """All that there is room for, by their names in the file; of a filmstrip that is too long every other one, or
    fewer."""
    found: dict[str, bytes] = {}
    for healing in story.healings:
        for name in healing.pictures:
            if (picture := await archive.healing(person, run, name)) is not None:
                found[f"healed/{name}"] = picture
    film: dict[str, bytes] = {}
    for one in story.pictures:
        if one.kept and (picture := await archive.picture(person, run, one.number)) is not None:
            film[f"pictures/{one.number:04d}.jpg"] = picture
    found = {name: picture for name, picture in found.items() if len(picture) <= MOST_PICTURE_BYTES}
    film = {name: picture for name, picture in film.items() if len(picture) <= MOST_PICTURE_BYTES}
    while film and (_size(found) + _size(film) > _ROOM_BYTES or len(found) + len(film) > _ROOM_FILES):
        film = dict(list(film.items())[::2]) if len(film) > 1 else {}
    return found | film


def _with(story: RunStory, pictures: Mapping[str, bytes]) -> RunStory:
    """The story with those pictures alone that are in the file."""
    film = tuple(one for one in story.pictures if f"pictures/{one.number:04d}.jpg" in pictures)
    healings = tuple(
        structs.replace(one, pictures=tuple(name for name in one.pictures if f"healed/{name}" in pictures))
        for one in story.healings
    )
    return structs.replace(story, pictures=film, healings=healings)


def _size(pictures: Mapping[str, bytes]) -> int:
    return sum(map(len, pictures.values()))
