"""Lays the folder of one program: `boot/`, the first release, and what else belongs there. For the installer."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from pathlib import Path
from typing import Final

from release.boot.files import point, sync_folder, write_whole
from release.boot.kept import Kept, encode
from release.boot.place import STATE, Place
from release.errors import NoPlace, NoRoom
from release.manifest import MANIFEST_NAME, Manifest, decode

# As <fcntl.h> and <linux/fs.h> have them.
_HERE: Final = -100
_EXCHANGE: Final = 2
# Overlays and network file systems cannot.
_CANNOT: Final = (errno.EINVAL, errno.EXDEV, errno.ENOSYS)
_MAIN: Final = '''"""Runs the release of Leveret that is good, or is tried."""

import sys
from pathlib import Path

from release.boot.running import main

sys.exit(main(root=Path(__file__).resolve().parent.parent))
'''


def lay_boot(root: Path) -> None:
    """`boot/`, as a copy of this very room, in one step; the old one goes. Raises NoRoom."""
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
        os.sync()
        if (root / "boot").exists():
            _exchange(making, root / "boot")
        else:
            making.rename(root / "boot")
        sync_folder(root)
        shutil.rmtree(making, ignore_errors=True)
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


def _exchange(one: Path, other: Path) -> None:
    """Two folders change places, in one step where the file system can: then at no moment one is missing.

    Raises OSError.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    here = ctypes.c_int(_HERE)
    if libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), ctypes.c_uint(_EXCHANGE)) == 0:
        return
    number = ctypes.get_errno()
    if number not in _CANNOT:
        raise OSError(number, os.strerror(number), str(other))
    aside = one.with_name(one.name + ".old")
    shutil.rmtree(aside, ignore_errors=True)
    other.rename(aside)
    one.rename(other)
    aside.rename(one)


def _manifest_of(tree: Path) -> Manifest:
    try:
        return decode((tree / MANIFEST_NAME).read_bytes())
    except OSError as error:
        raise NoPlace(f"{tree} holds no release ({error.strerror}): make one first.") from error


def _no_room(root: Path, error: OSError) -> NoRoom:
    return NoRoom(f"{root} cannot be written: {error.strerror}. Make room or do it as root, then start again.")
