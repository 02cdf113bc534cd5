"""Lays the folder of one program: `boot/`, the first release, and what else belongs there. For the installer."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from release.boot.files import point, sync_folder, write_whole
from release.boot.kept import Kept, encode
from release.boot.place import STATE, Place
from release.errors import NoPlace, NoRoom
from release.manifest import MANIFEST_NAME, Manifest, decode

_MAIN: Final = '''"""Runs the release of Leveret that is good, or is tried."""

import sys
from pathlib import Path

from release.boot.running import main

sys.exit(main(root=Path(__file__).resolve().parent.parent))
'''


def lay_boot(root: Path) -> None:
    """`boot/`, as a copy of this very room; the old one goes. Raises NoRoom."""
    here = Path(__file__).parent / "boot"
    making = root / "boot.new"
    try:
        root.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(making, ignore_errors=True)
        package = making / "release" / "boot"
        package.mkdir(parents=True)
        (making / "release" / "__init__.py").touch()
        for source in sorted(here.glob("*.py")):
            shutil.copyfile(source, package / source.name)
        (making / "__main__.py").write_text(_MAIN, encoding="utf-8")
        shutil.rmtree(root / "boot", ignore_errors=True)
        making.rename(root / "boot")
        sync_folder(root)
    except OSError as error:
        raise _no_room(root, error) from error


def lay_first(root: Path, tree: Path) -> Manifest:
    """A release from a folder that holds `release.json`, as the good one of a program that has none yet.

    One that has releases already keeps its state, and takes this one as any other. Raises NoRoom, NoPlace, NotABundle.
    """
    manifest = _manifest_of(tree)
    place = Place(root)
    try:
        for folder in (place.releases, place.incoming, place.chosen):
            folder.mkdir(parents=True, exist_ok=True)
        target = place.releases / manifest.name
        if not target.exists():
            making = place.incoming / f"{manifest.name}.first"
            shutil.rmtree(making, ignore_errors=True)
            shutil.copytree(tree, making, symlinks=True)
            os.sync()
            making.rename(target)
            sync_folder(place.releases)
        if place.read() is None or not (place.chosen / STATE).exists():
            write_whole(place.chosen / STATE, encode(Kept(good=manifest.name, counter=manifest.counter)))
            place.point(manifest.name)
        point(root / "current", "chosen/current")
    except OSError as error:
        raise _no_room(root, error) from error
    if flaw := place.flaw(manifest.name):
        raise NoPlace(f"{target} is not whole: {flaw}. Remove it, then lay it again.")
    return manifest


def _manifest_of(tree: Path) -> Manifest:
    try:
        return decode((tree / MANIFEST_NAME).read_bytes())
    except OSError as error:
        raise NoPlace(f"{tree} holds no release ({error.strerror}): make one first.") from error


def _no_room(root: Path, error: OSError) -> NoRoom:
    return NoRoom(f"{root} cannot be written: {error.strerror}. Make room or do it as root, then start again.")
