"""Describes a tree and lays it as a program's first release, or as its next one, which `boot/` tries.

`python3 -m installer.first HOME TREE`, with the tree's own packages: no other part of the installer needs them.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path

from release.boot.files import write_whole
from release.boot.kept import counter_of
from release.boot.place import READY, Place
from release.laying import lay_boot, lay_first
from release.making import describe
from release.manifest import MANIFEST_NAME, encode
from release.status import Ready
from release.status import encode as encode_ready

FIRST = 1


def main(home: Path, tree: Path) -> None:
    """Raises ReleaseError."""
    place = Place(home)
    counter = max((counter_of(name) + 1 for name in place.names()), default=FIRST)
    manifest = describe(
        tree,
        program=home.name,
        version=version("leveret"),
        counter=counter,
        architecture=os.uname().machine,
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )
    (tree / MANIFEST_NAME).write_bytes(encode(manifest))
    lay_boot(home)
    lay_first(home, tree)
    if counter > FIRST:
        write_whole(place.incoming / READY, encode_ready(Ready(name=manifest.name)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
