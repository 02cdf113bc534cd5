"""Describes a tree and lays it as a program's first release. `python3 -m installer.first HOME TREE`, with the tree's
own packages: it is the one part of the installer that needs them."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path

from release.boot.files import below, sha256_of
from release.laying import lay_boot, lay_first
from release.manifest import MANIFEST_NAME, File, Manifest, encode

# Every signed release is newer than what a machine was installed with.
FIRST = 1


def file_of(path: Path, tree: Path) -> File:
    status = path.stat()
    run = bool(status.st_mode & 0o100)
    return File(path=path.relative_to(tree).as_posix(), size=status.st_size, sha256=sha256_of(path), run=run)


def main(home: Path, tree: Path) -> None:
    """Raises ReleaseError."""
    files = sorted((file_of(path, tree) for path in below(tree)), key=lambda file: file.path)
    manifest = Manifest(
        program=home.name,
        version=version("leveret"),
        counter=FIRST,
        architecture=os.uname().machine,
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        files=tuple(files),
        payload_bytes=0,
        payload_sha256="0" * 64,
    )
    (tree / MANIFEST_NAME).write_bytes(encode(manifest))
    lay_boot(home)
    lay_first(home, tree)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
