"""What the installer lays is what `boot/` runs: the first release is good, a next one is offered to be tried."""

from __future__ import annotations

import os
from pathlib import Path

from installer import first
from release.boot.place import Place


def tree(folder: Path, said: str) -> Path:
    command = folder / "bin/leveret"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\necho {said}\n")
    command.chmod(0o755)
    return folder


def test_the_first_release_is_good_and_the_next_one_is_offered(tmp_path: Path) -> None:
    home = tmp_path / "cloud"
    first.main(home, tree(tmp_path / "one", "one"))
    place = Place(home)
    (name,) = place.names()
    kept = place.read()
    assert kept is not None and kept.good == name and kept.counter == 1
    assert place.offer() is None and not place.flaw(name)
    assert (home / "boot/__main__.py").is_file() and os.access(home / "current/bin/leveret", os.X_OK)

    first.main(home, tree(tmp_path / "two", "two"))
    offered = place.offer()
    assert offered is not None and offered.counter == 2 and not place.flaw(offered.name)
    kept = place.read()
    assert kept is not None and kept.good == name
    assert (home / "current/bin/leveret").read_text().endswith("echo one\n")
