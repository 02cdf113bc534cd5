"""A trace file: one run in one file that can be opened elsewhere and sent to somebody.

A zip of `manifest.json` (what is in it, with the sum of each file), `run.json` (a RunStory) and JPEGs under `pictures/`
and `healed/`. Pictures are stored as they are; the two JSON files alone are compressed. What is read is checked against
bounds before it is looked into, and nothing in it is ever run, followed or kept.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from cloud.history.errors import TraceRefused
from cloud.history.story import RunStory

FORMAT: Final = 1
KIND: Final = "leveret-trace"
SUFFIX: Final = ".leveret-trace"
MEDIA_TYPE: Final = "application/vnd.leveret.trace"
MOST_BYTES: Final = 24_000_000
MOST_FILES: Final = 400
MOST_JSON_BYTES: Final = 4_000_000
MOST_PICTURE_BYTES: Final = 2_000_000
MOST_DIRECTORY_BYTES: Final = MOST_FILES * 256
LATEST_S: Final = 4e9  # a time beyond this is none
MANIFEST: Final = "manifest.json"
RUN: Final = "run.json"

_PICTURE = re.compile(r"pictures/[0-9]{4}\.jpg|healed/[a-z0-9][a-z0-9_-]{0,80}-(before|after)\.jpg")
_END = struct.Struct("<4s4H2LH")  # end of central directory
_LOCAL = struct.Struct("<4s5H3L2H")  # header of a file
_JPEG = b"\xff\xd8\xff"


class Sum(Struct, frozen=True, kw_only=True):
    """Of a file in a trace."""

    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What is in a trace: `words` say it, `made` is UTC seconds, `by` the program that made it."""

    kind: str
    format: int
    made: float
    by: str
    words: str
    pictures: int
    values: bool
    files: dict[str, Sum]


class Trace(Struct, frozen=True, kw_only=True):
    """A trace that was read. `places` say where in the file each picture lies: its offset and bytes."""

    manifest: Manifest
    story: RunStory
    places: dict[str, tuple[int, int]]


def pack(story: RunStory, pictures: Mapping[str, bytes], *, words: str, values: bool, made: float, by: str) -> bytes:
    """The file. `pictures` by their names in it; raises TraceRefused when they are more than a trace may hold."""
    run = msgspec.json.encode(story)
    contents = {RUN: run, **pictures}
    sums = {name: _sum(data) for name, data in contents.items()}
    manifest = Manifest(
        kind=KIND, format=FORMAT, made=made, by=by, words=words, pictures=len(pictures), values=values, files=sums
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made_zip:
        for name, data in {MANIFEST: msgspec.json.encode(manifest), **contents}.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED
            made_zip.writestr(info, data)
    whole = file.getvalue()
    read_trace(whole)  # what cannot be opened is not sent to anybody
    return whole


def read_trace(data: bytes) -> Trace:
    """What a trace holds. Raises TraceRefused, and nothing else, whatever the bytes are."""
    try:
        return _read(data)
    except TraceRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError) as error:
        raise TraceRefused(f"this is no whole trace file: {str(error) or type(error).__name__}") from error
    except (OSError, ValueError, OverflowError) as error:  # what zipfile raises for sizes that cannot be
        raise TraceRefused(f"this is no trace file: {error}") from error


def _read(data: bytes) -> Trace:
    if len(data) > MOST_BYTES:
        raise TraceRefused(f"a trace has at most {MOST_BYTES} bytes, and this file {len(data)}")
    _check_end(data)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        infos = {info.filename: info for info in opened.infolist()}
        if len(infos) != len(opened.infolist()):
            raise TraceRefused("a name is in it twice")
        for name, info in infos.items():
            _check_file(name, info)
        manifest = _decoded(opened, infos, MANIFEST, Manifest)
        _check_manifest(manifest, infos)
        story = _decoded(opened, infos, RUN, RunStory, manifest.files.get(RUN))
        places = {name: _place(data, info) for name, info in infos.items() if name not in (MANIFEST, RUN)}
    for name, (offset, size) in places.items():
        picture = data[offset : offset + size]
        if _sum(picture) != manifest.files[name]:
            raise TraceRefused(f"{name} was changed after the trace was made")
        if not picture.startswith(_JPEG):
            raise TraceRefused(f"{name} is no JPEG")
    _check_story(story)
    return Trace(manifest=manifest, story=story, places=places)


def _check_end(data: bytes) -> None:
    """A directory that is larger than ours ever is, is not even read."""
    if len(data) < _END.size or not data.startswith(b"PK\x03\x04"):
        raise TraceRefused("this is no trace file: it does not begin as one")
    mark, disk, first, here, files, size, offset, comment = _END.unpack(data[-_END.size :])
    if mark != b"PK\x05\x06" or disk or first or comment or here != files:
        raise TraceRefused("this is no whole trace file: it does not end as one")
    if files > MOST_FILES or size > MOST_DIRECTORY_BYTES or offset + size + _END.size != len(data):
        raise TraceRefused(f"a trace holds at most {MOST_FILES} files, and nothing beside them")


def _check_file(name: str, info: zipfile.ZipInfo) -> None:
    is_json = name in (MANIFEST, RUN)
    if not is_json and not _PICTURE.fullmatch(name):
        raise TraceRefused(f"{name[:80]!r} has no business in a trace")
    if info.flag_bits & 0x1:
        raise TraceRefused(f"{name} is encrypted")
    kind = zipfile.ZIP_DEFLATED if is_json else zipfile.ZIP_STORED
    most = MOST_JSON_BYTES if is_json else MOST_PICTURE_BYTES
    if info.compress_type != kind or (not is_json and info.compress_size != info.file_size):
        raise TraceRefused(f"{name} is packed in another way than traces are")
    if info.file_size > most:
        raise TraceRefused(f"{name} has {info.file_size} bytes; at most {most} are read")


def _check_manifest(manifest: Manifest, infos: Mapping[str, zipfile.ZipInfo]) -> None:
    if manifest.kind != KIND:
        raise TraceRefused(f"this is a {manifest.kind[:40]!r}, not a trace")
    if manifest.format > FORMAT:
        raise TraceRefused(f"this trace is of format {manifest.format}, and {FORMAT} can be read; use a later Leveret")
    if set(manifest.files) != set(infos) - {MANIFEST}:
        raise TraceRefused("its manifest names other files than there are")
    if not 0 <= manifest.made <= LATEST_S:
        raise TraceRefused("it was made at a time that there is not")


def _check_story(story: RunStory) -> None:
    times = [story.began, story.ended or 0.0, *(one.at for one in story.pictures), *(one.at for one in story.asks)]
    times += [did.at for part in story.parts for did in part.did] + [one.at for one in story.acts]
    if not all(0 <= time <= LATEST_S for time in times):
        raise TraceRefused("it tells of a time that there is not")


def _decoded(
    opened: zipfile.ZipFile, infos: Mapping[str, zipfile.ZipInfo], name: str, kind: type[Any], sum_: Sum | None = None
) -> Any:
    if name not in infos:
        raise TraceRefused(f"there is no {name} in it")
    with opened.open(infos[name]) as file:
        text = file.read(MOST_JSON_BYTES + 1)
    if len(text) > MOST_JSON_BYTES:
        raise TraceRefused(f"{name} is larger than it says")
    if sum_ is not None and _sum(text) != sum_:
        raise TraceRefused(f"{name} was changed after the trace was made")
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise TraceRefused(f"{name} does not fit: {error}") from error


def _place(data: bytes, info: zipfile.ZipInfo) -> tuple[int, int]:
    """Where in the file a stored picture lies."""
    header = data[info.header_offset : info.header_offset + _LOCAL.size]
    mark, *_, names, extras = _LOCAL.unpack(header)
    start = info.header_offset + _LOCAL.size + names + extras
    if mark != b"PK\x03\x04" or start + info.file_size > len(data):
        raise TraceRefused(f"{info.filename} is not where it should be")
    return start, info.file_size


def _sum(data: bytes) -> Sum:
    return Sum(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
