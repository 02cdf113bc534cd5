"""Bundles that nobody should take, made on purpose."""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from release.bundle import Head, write_head
from release.manifest import File, Manifest, encode
from release.trust import sign

STRANGER = bytes(range(64, 96))


def bundle(
    secret: bytes, files: dict[str, bytes], *, lie: Callable[[Manifest], Manifest] | None = None, **said: Any
) -> bytes:
    """A signed bundle of these files; `lie` changes what it says of itself before it is signed."""
    payload = lzma.compress(b"".join(files.values()), preset=1)
    listed = tuple(
        File(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest(), run=path.startswith("bin/"))
        for path, data in files.items()
    )
    manifest = Manifest(
        **{"program": "device", "version": "0.8", "counter": 8, **said},
        payload_bytes=len(payload),
        payload_sha256=hashlib.sha256(payload).hexdigest(),
        files=listed,
    )
    data = encode(lie(manifest) if lie else manifest)
    return write_head(Head(sign(secret, data), data)) + payload


FILES = {"bin/leveret-device": b"#!/bin/sh\n", "lib/a.py": b"A = 8\n" * 50}


def _with_path(path: str) -> Callable[[Manifest], Manifest]:
    return lambda one: replace(one, files=(replace(one.files[0], path=path), *one.files[1:]))


def _sized(size: int) -> Callable[[Manifest], Manifest]:
    return lambda one: replace(one, files=(replace(one.files[0], size=size), *one.files[1:]))


def bomb(secret: bytes) -> bytes:
    """10 GiB of nothing that say they are 10 bytes: the list of files is honest about all but the payload."""
    encoder = lzma.LZMACompressor(lzma.FORMAT_XZ, preset=0)
    zeros = bytes(1 << 20)
    # What follows a beginning of 64 MiB is never looked at; packing all of it would take a minute.
    payload = b"".join(encoder.compress(zeros) for _ in range(64)) + encoder.flush()
    whole = bundle(secret, FILES, lie=lambda one: _for_payload(one, payload))
    return whole[: len(whole) - len(lzma.compress(b"".join(FILES.values()), preset=1))] + payload


def _for_payload(one: Manifest, payload: bytes) -> Manifest:
    return replace(one, payload_bytes=len(payload), payload_sha256=hashlib.sha256(payload).hexdigest())


def hostile(secret: bytes) -> dict[str, tuple[bytes, str]]:
    """What must not be taken: bytes, and the code of why not. All are signed by a key that is trusted, if not said."""
    good = bundle(secret, FILES)
    lies: dict[str, tuple[dict[str, Any], Callable[[Manifest], Manifest] | None, str]] = {
        "zip slip": ({}, _with_path("../../etc/passwd"), "unsafe"),
        "an absolute path": ({}, _with_path("/etc/passwd"), "unsafe"),
        "backslashes": ({}, _with_path("..\\..\\a"), "unsafe"),
        "a name of its own": ({}, _with_path("release.json"), "unsafe"),
        "two of one name": ({}, _with_path("lib/a.py"), "unsafe"),
        "a file as a folder": ({}, _with_path("lib/a.py/b"), "unsafe"),
        "10 GiB that are said": ({}, _sized(10 << 30), "unsafe"),
        "more than is there": ({}, _sized(5000), "torn"),
        "less than is there": ({}, _sized(1), "torn"),
        "too many files": ({}, lambda one: replace(one, files=one.files * 40_000), "unsafe"),
        "another program": ({"program": "cloud"}, None, "not_meant"),
        "another architecture": ({"architecture": "riscv64"}, None, "not_meant"),
        "other hardware": ({"hardware": ("discrete",)}, None, "not_meant"),
        "another Python": ({"python": "3.99"}, None, "not_meant"),
        "a beta": ({"channel": "beta"}, None, "not_meant"),
        "a newer boot": ({"boot": 2}, None, "not_meant"),
        "an older version": ({"version": "0.6", "counter": 6}, None, "not_newer"),
        "the same version": ({"version": "0.7", "counter": 7}, None, "not_newer"),
        "another payload": ({}, lambda one: replace(one, payload_sha256="00" * 32), "torn"),
    }
    found = {name: (bundle(secret, FILES, lie=lie, **said), code) for name, (said, lie, code) in lies.items()}
    return found | {
        "a bomb": (bomb(secret), "torn"),
        "a stranger's": (bundle(STRANGER, FILES), "not_trusted"),
        "nobody's": (good[:17] + bytes(96) + good[113:], "not_trusted"),
        "another's signature": (good[:49] + bundle(STRANGER, FILES)[49:113] + good[113:], "not_trusted"),
        "something after it": (good + b"x", "torn"),
        "another format": (good[:16] + b"\x02" + good[17:], "not_a_bundle"),
        "a zip": (b"PK\x03\x04" + bytes(500), "not_a_bundle"),
        "a length of 4 GiB": (good[:113] + b"\xff\xff\xff\xff" + good[117:], "unsafe"),
        "nothing": (b"", "not_a_bundle"),
        "half": (good[: len(good) // 2], "not_a_bundle"),
        "all but the last byte": (good[:-1], "torn"),
    }


def write(folder: Path, data: bytes) -> Path:
    """As a file that an updater can take."""
    path = folder / "one.leveret"
    path.write_bytes(data)
    return path
