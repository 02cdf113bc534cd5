from __future__ import annotations

import pytest
from msgspec.structs import replace

from release.errors import NotABundle, Unsafe
from release.manifest import Bounds, File, Manifest, check, decode, encode, is_name

ONE = File(path="bin/leveret-device", size=3, sha256="ab" * 32, run=True)
MANIFEST = Manifest(
    program="device", version="0.2.0", counter=8, payload_bytes=10, payload_sha256="cd" * 32, files=(ONE,)
)


def with_paths(*paths: str) -> Manifest:
    return replace(MANIFEST, files=tuple(replace(ONE, path=path) for path in paths))


def test_what_is_written_is_read_and_always_the_same_bytes() -> None:
    assert decode(encode(MANIFEST)) == MANIFEST
    assert encode(decode(encode(MANIFEST))) == encode(MANIFEST)
    assert MANIFEST.name == "0.2.0-8" and is_name(MANIFEST.name)


@pytest.mark.parametrize(
    "path",
    [
        "../outside",
        "lib/../../outside",
        "/etc/passwd",
        "lib//a",
        "lib/.",
        "",
        "..",
        "lib\\..\\a",
        "lib/a\nb",
        "lib/\x00",
        "a" * 256,
        "/".join(["a"] * 600),
        "release.json",
        "release.sig",
        "lib/\u202egnp.py",
    ],
)
def test_no_path_leads_out_of_the_release(path: str) -> None:
    with pytest.raises(Unsafe, match="Nothing was unpacked"):
        check(with_paths(path))


def test_a_file_is_there_once_and_is_no_folder() -> None:
    check(with_paths("lib/a", "lib/b", "lib/c/d"))
    with pytest.raises(Unsafe, match="twice"):
        check(with_paths("lib/a", "lib/a"))
    with pytest.raises(Unsafe, match="a file and a folder"):
        check(with_paths("lib/a", "lib/a/b"))


def test_what_is_too_large_is_refused_before_anything_is_unpacked() -> None:
    with pytest.raises(Unsafe, match="bytes"):
        check(replace(MANIFEST, files=(replace(ONE, size=10 << 30),)))
    with pytest.raises(Unsafe, match="packed bytes"):
        check(replace(MANIFEST, payload_bytes=10 << 30))
    with pytest.raises(Unsafe, match="files"):
        check(with_paths("a", "b"), Bounds(files=1))


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff",
        encode(MANIFEST).replace(b'"format":1', b'"format":2'),
        encode(MANIFEST).replace(b"0.2.0", b"../.."),
        encode(MANIFEST).replace(b'"counter":8', b'"counter":0'),
        encode(MANIFEST).replace(b'"stable"', b'"nightly"'),
        encode(MANIFEST).replace(b'"size":3', b'"size":-3'),
        encode(MANIFEST).replace(b"abab", b"ABAB"),
    ],
)
def test_what_cannot_be_a_manifest_is_refused_with_the_next_step(told: bytes) -> None:
    with pytest.raises(NotABundle, match="fetch it again"):
        decode(told)


@pytest.mark.parametrize("name", ["..", "a", "0.1-0", "0.1-", "-1", "a/b-1", ".a-1", "0.1-1\n", "0.1-12345678901"])
def test_a_folder_of_a_release_has_a_name_that_leads_nowhere_else(name: str) -> None:
    assert not is_name(name)
