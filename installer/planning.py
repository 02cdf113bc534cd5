"""What has to be changed on a machine for a program to be installed there, or to be gone. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from installer.changes import (
    Change,
    Disable,
    Enable,
    InstallPackages,
    LayRelease,
    Link,
    MakeUsers,
    Remove,
    RemoveUser,
    Restart,
    WriteFile,
)
from installer.programs import PROGRAMS, UPDATE_SETTINGS, UPDATER, Program

UNITS = PurePosixPath("/etc/systemd/system")
USERS = PurePosixPath("/etc/sysusers.d")
RULES = PurePosixPath("/etc/polkit-1/rules.d")
NAMES = PurePosixPath("/etc/NetworkManager/dnsmasq-shared.d")
COMMANDS = PurePosixPath("/usr/local/bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is there. `files`: their text; `links`: where they lead; `packages`: None where there is no dpkg.

    `released`: it has a release; `others`: programs that are installed besides; `alive`: systemd runs here.
    """

    files: Mapping[PurePosixPath, str]
    links: Mapping[PurePosixPath, PurePosixPath]
    folders: frozenset[PurePosixPath]
    users: frozenset[str]
    packages: frozenset[str] | None
    enabled: frozenset[str]
    released: bool
    others: frozenset[str]
    alive: bool


def files_of(program: Program, shipped: Mapping[str, str]) -> dict[PurePosixPath, str]:
    """The files that are ours alone, with their text. `shipped`: what lies in `systemd/`, by its path there."""
    files = {USERS / f"{program.service}.conf": shipped[f"sysusers.d/{program.service}.conf"]}
    files |= {UNITS / unit: shipped[unit] for unit in program.units}
    files |= {RULES / rule: shipped[f"rules.d/{rule}"] for rule in program.rules}
    files |= {NAMES / one: shipped[f"dnsmasq-shared.d/{one}"] for one in program.names}
    return files


def settings_of(program: Program) -> dict[PurePosixPath, str]:
    """The files that are people's own once they are there, with what they begin with."""
    return {program.settings_file: program.settings, program.update_settings: UPDATE_SETTINGS}


def users_of(program: Program) -> tuple[str, ...]:
    return (program.user, UPDATER)


def links_of(program: Program) -> dict[PurePosixPath, PurePosixPath]:
    commands = {COMMANDS / name: program.home / "current" / "bin" / name for name in program.commands}
    return {**commands, program.home / "update.toml": program.update_settings}


def missing_packages(program: Program, seen: Seen) -> tuple[str, ...]:
    """Where there is no dpkg, its person sees to them."""
    there = seen.packages
    return () if there is None else tuple(names[0] for names in program.packages if not there.intersection(names))


def to_install(
    program: Program, seen: Seen, shipped: Mapping[str, str], *, start: bool, again: bool = False
) -> list[Change]:
    """The changes that are missing, in their order; none when all is as it should be.

    `again`: this copy of the repository is laid besides, as a release that is newer than those that are there.
    """
    changes: list[Change] = []
    if wanted := missing_packages(program, seen):
        changes.append(InstallPackages(wanted))
    ours = files_of(program, shipped)
    stale = [path for path, text in ours.items() if seen.files.get(path) != text]
    changes += [WriteFile(path, ours[path], path not in seen.files) for path in stale]
    fresh = {path: text for path, text in settings_of(program).items() if path not in seen.files}
    changes += [WriteFile(path, text, new=True) for path, text in fresh.items()]
    config = USERS / f"{program.service}.conf"
    missing = tuple(user for user in users_of(program) if user not in seen.users)
    if missing or config in stale:
        changes.append(MakeUsers(config, missing))
    if again or not seen.released:
        changes.append(LayRelease(program.name, program.home, again=seen.released))
    changes += [Link(path, to) for path, to in links_of(program).items() if seen.links.get(path) != to]
    if off := [unit for unit in program.enabled if unit not in seen.enabled]:
        changes.append(Enable(tuple(off), start=start and seen.alive))
    elif UNITS / f"{program.service}.service" in stale and seen.alive:
        changes.append(Restart(f"{program.service}.service"))
    return changes


def to_remove(program: Program, seen: Seen, shipped: Mapping[str, str], *, purge: bool) -> list[Change]:
    """The changes that undo an installation. What it kept, its settings and its user stay, unless `purge`.

    System packages stay: others may use them.
    """
    changes: list[Change] = []
    if on := [unit for unit in program.units if unit in seen.enabled]:
        changes.append(Disable(tuple(on)))
    ours = [path for path in files_of(program, shipped) if path in seen.files]
    changes += [Remove(path) for path in ours]
    changes += [Remove(path) for path, to in links_of(program).items() if seen.links.get(path) == to]
    folders = [program.home, *([program.state] if purge else [])]
    changes += [Remove(path) for path in settings_of(program) if purge and path in seen.files]
    changes += [Remove(path, folder=True) for path in folders if path in seen.folders]
    gone = [program.user] if purge else []
    gone += [UPDATER] if purge and not seen.others else []
    changes += [RemoveUser(user) for user in gone if user in seen.users]
    return changes


def others_of(program: Program) -> list[Program]:
    """The programs that may be installed besides."""
    return [one for one in PROGRAMS.values() if one is not program]
