"""Describes a tree and lays it as a program's first release. `python3 -m installer.first HOME TREE`, with the tree's
own packages: it is the one part of the installer that needs them."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path

from release.laying import lay_boot, lay_first
from release.making import describe
from release.manifest import MANIFEST_NAME, encode

# Every signed release is newer than what a machine was installed with.
FIRST = 1


def main(home: Path, tree: Path) -> None:
    """Raises ReleaseError."""
    manifest = describe(
        tree,
        program=home.name,
        version=version("leveret"),
        counter=FIRST,
        architecture=os.uname().machine,
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )
    (tree / MANIFEST_NAME).write_bytes(encode(manifest))
    lay_boot(home)
    lay_first(home, tree)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
