"""What a release says of itself: `release.json`, the part that is signed. Pure.

Everything else follows from it: the payload of a bundle has no names of its own, so nothing can be unpacked that does
not stand here.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from release.errors import NotABundle, Unsafe

FORMAT: Final = 1
# What `release/boot` of today can start; a release that needs more asks for a new installation.
BOOT: Final = 1
MANIFEST_BYTES: Final = 8 << 20
PATH_BYTES: Final = 1024
SEGMENT_BYTES: Final = 255
MANIFEST_NAME: Final = "release.json"
SIGNATURE_NAME: Final = "release.sig"
ANY: Final = "any"

Channel = Literal["stable", "beta"]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Name = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+]{0,31}-[1-9][0-9]{0,9}")


class File(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file. `path`: below the release, with slashes. `run`: it may be executed."""

    path: str
    size: Annotated[int, Meta(ge=0)]
    sha256: Sha256
    run: bool = False


class About(Struct, frozen=True, kw_only=True):
    """What a release is and for what. `counter` only ever rises; it decides what is newer, `version` is for people.

    `program`: `device` or `cloud`. `architecture`: as `uname -m` says it, or `any`. `hardware`: the builds that it runs
    on, none means all. `python`: the minor version that it was made for (3.11), or `any`. `boot`: see `BOOT`. `notes`:
    what is new, in words.
    """

    program: Annotated[str, Meta(pattern=r"^[a-z]{1,16}\Z")]
    version: Annotated[str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+]{0,31}\Z")]
    counter: Annotated[int, Meta(ge=1, le=9_999_999_999)]
    channel: Channel = "stable"
    architecture: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,16}\Z")] = ANY
    hardware: tuple[str, ...] = ()
    python: Annotated[str, Meta(pattern=r"^(any|3\.[0-9]{1,2})\Z")] = ANY
    boot: Annotated[int, Meta(ge=1)] = BOOT
    notes: Annotated[str, Meta(max_length=2000)] = ""

    @property
    def name(self) -> str:
        """Its folder: 0.2.0-8."""
        return f"{self.version}-{self.counter}"


class Manifest(About, frozen=True, kw_only=True):
    """`payload_bytes`, `payload_sha256`: the packed files as they stand in the bundle."""

    format: Literal[1] = 1
    payload_bytes: Annotated[int, Meta(ge=0)]
    payload_sha256: Sha256
    files: tuple[File, ...]

    @property
    def unpacked_bytes(self) -> int:
        """All files together."""
        return sum(file.size for file in self.files)


class Bounds(Struct, frozen=True, kw_only=True):
    """How large a release may be."""

    files: int = 60_000
    payload_bytes: int = 1 << 30
    unpacked_bytes: int = 3 << 30


BOUNDS: Final = Bounds()


def encode(manifest: Manifest) -> bytes:
    """What is signed; the same manifest always gives the same bytes."""
    return msgspec.json.encode(manifest)


def decode(data: bytes) -> Manifest:
    """Raises NotABundle."""
    try:
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotABundle(
            f"What the release says of itself cannot be read: {error}. It was made for another Leveret, or is broken: "
            "fetch it again."
        ) from error


def check(manifest: Manifest, bounds: Bounds = BOUNDS) -> None:
    """Its files are few and small enough, and all of them stay below the release. Raises Unsafe."""
    _few(manifest, bounds)
    folders: set[str] = set()
    seen: set[str] = set()
    for file in manifest.files:
        problem = path_problem(file.path)
        if problem:
            raise Unsafe(f"The release would write {file.path[:80]!r}: {problem}. Nothing was unpacked; do not use it.")
        parts = file.path.split("/")
        folders.update("/".join(parts[:count]) for count in range(1, len(parts)))
        if file.path in seen:
            raise Unsafe(f"The release has {file.path!r} twice. Nothing was unpacked; do not use it.")
        seen.add(file.path)
    if both := seen & folders:
        raise Unsafe(f"In the release {min(both)!r} is a file and a folder. Nothing was unpacked; do not use it.")


def _few(manifest: Manifest, bounds: Bounds) -> None:
    for what, has, most in (
        ("files", len(manifest.files), bounds.files),
        ("packed bytes", manifest.payload_bytes, bounds.payload_bytes),
        ("bytes", manifest.unpacked_bytes, bounds.unpacked_bytes),
    ):
        if has > most:
            raise Unsafe(
                f"The release has {has:,} {what}, and {most:,} are the most that are taken. Nothing was unpacked; "
                "do not use it."
            )


def path_problem(path: str) -> str:
    """Why this is no path of a file below a release; empty when it is one."""
    if not path or len(path.encode("utf-8", "replace")) > PATH_BYTES:
        return "the path is empty or too long"
    if path.startswith("/") or "\\" in path:
        return "the path does not stay below the release"
    if not path.isprintable():
        return "the path has signs that cannot be shown"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return "the path does not stay below the release"
        if len(part.encode("utf-8", "replace")) > SEGMENT_BYTES:
            return "a name in it is too long"
    if path in (MANIFEST_NAME, SIGNATURE_NAME):
        return "that name is taken by the release itself"
    return ""


def is_name(name: str) -> bool:
    """Whether this can be the folder of a release."""
    return Name.fullmatch(name) is not None
