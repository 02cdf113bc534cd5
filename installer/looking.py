"""What is there on a machine, for `installer/planning.py`. Reads, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from installer.planning import Seen, files_of, links_of, others_of, settings_of
from installer.programs import Program

SYSTEMD_RUNS = Path("/run/systemd/system")
_INSTALLED = re.compile(r"^Package: (\S+)\nStatus: install ok installed$", re.MULTILINE)


def inside(root: Path, path: PurePosixPath) -> Path:
    """Where a path of the machine is, seen from here."""
    return root / path.relative_to("/")


def shipped() -> dict[str, str]:
    """The files of `systemd/`, by their path in it."""
    folder = Path(__file__).parent / "systemd"
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def look(root: Path, program: Program) -> Seen:
    """`root`: the machine's, or a folder that will be one."""
    ours = files_of(program, shipped())
    folders = (program.home, program.state)
    return Seen(
        files=dict(_texts(root, [*ours, *settings_of(program)])),
        links=dict(_links(root, links_of(program))),
        folders=frozenset(path for path in folders if inside(root, path).is_dir()),
        users=frozenset(_users(root)),
        packages=_packages(root),
        enabled=frozenset(unit for unit in program.units if is_enabled(root, unit)),
        released=inside(root, program.home / "current" / "bin").is_dir(),
        others=frozenset(other.name for other in others_of(program) if inside(root, other.home).is_dir()),
        alive=root == Path("/") and SYSTEMD_RUNS.is_dir(),
    )


def _texts(root: Path, paths: Iterable[PurePosixPath]) -> Iterable[tuple[PurePosixPath, str]]:
    for path in paths:
        if (place := inside(root, path)).is_file():
            yield path, place.read_text(errors="replace")


def _links(root: Path, paths: Iterable[PurePosixPath]) -> Iterable[tuple[PurePosixPath, PurePosixPath]]:
    for path in paths:
        if (place := inside(root, path)).is_symlink():
            yield path, PurePosixPath(place.readlink())


def users(root: Path) -> dict[str, tuple[int, int]]:
    """The users of the machine, with their numbers and those of their groups."""
    listed = root / "etc/passwd"
    rows = [line.split(":") for line in listed.read_text().splitlines()] if listed.is_file() else []
    return {row[0]: (int(row[2]), int(row[3])) for row in rows if len(row) == 7}


def groups(root: Path) -> frozenset[str]:
    """The groups of the machine."""
    listed = root / "etc/group"
    return (
        frozenset(line.partition(":")[0] for line in listed.read_text().splitlines())
        if listed.is_file()
        else frozenset()
    )


def _users(root: Path) -> Iterable[str]:
    return users(root)


def _packages(root: Path) -> frozenset[str] | None:
    """None: this is no Debian."""
    listed = root / "var/lib/dpkg/status"
    return frozenset(_INSTALLED.findall(listed.read_text(errors="replace"))) if listed.is_file() else None


def is_enabled(root: Path, unit: str) -> bool:
    # The link leads to a path of that machine, so it may lead nowhere here.
    return any((wants / unit).is_symlink() for wants in (root / "etc/systemd/system").glob("*.wants"))
