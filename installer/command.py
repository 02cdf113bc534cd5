"""The command line: `python3 -m installer install cloud`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from installer.changes import Change
from installer.doing import Hands, Lay
from installer.errors import InstallerError, NotPossible
from installer.laying import lay
from installer.looking import look, shipped
from installer.planning import to_install, to_remove
from installer.programs import PROGRAMS, Program

WRONG = 2
FAILED = 1


def parser() -> argparse.ArgumentParser:
    """The flags."""
    made = argparse.ArgumentParser(
        prog="python3 -m installer", description="Installs device or cloud as a service, or takes it away again."
    )
    what = made.add_subparsers(dest="what", required=True, metavar="install|uninstall")
    adding = what.add_parser("install", help="make users and folders, lay the release, enable the units")
    adding.add_argument("--no-start", action="store_true", help="enable the units, but do not start them yet")
    adding.add_argument("--again", action="store_true", help="lay this copy as a newer release, which is tried at once")
    removing = what.add_parser("uninstall", help="undo that; what was kept stays")
    removing.add_argument("--purge", action="store_true", help="remove settings, everything kept, and the user, too")
    for one in (adding, removing):
        one.add_argument("program", choices=sorted(PROGRAMS))
        one.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        one.add_argument(
            "--root", type=Path, default=Path("/"), metavar="DIR", help="work on the system in this folder"
        )
    return made


def main(argv: Sequence[str] | None = None, *, laying: Lay = lay) -> int:
    """0 done; 1 a step failed; 2 not possible."""
    flags = parser().parse_args(argv)
    program = PROGRAMS[flags.program]
    root = flags.root.resolve()
    try:
        changes = _changes(flags, program, root)
        _may(root, changes, dry=flags.dry_run)
        _carry_out(changes, Hands(root, laying), dry=flags.dry_run)
    except NotPossible as error:
        print(f"leveret: {error}", file=sys.stderr)
        return WRONG
    except InstallerError as error:
        print(f"leveret: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        return FAILED
    print(_ending(flags, program, changes))
    return 0


def _changes(flags: argparse.Namespace, program: Program, root: Path) -> list[Change]:
    if not root.is_dir():
        raise NotPossible(f"{root} is no folder; --root names the top of a system.")
    seen = look(root, program)
    if flags.what == "install":
        return to_install(program, seen, shipped(), start=not flags.no_start, again=flags.again)
    return to_remove(program, seen, shipped(), purge=flags.purge)


def _may(root: Path, changes: Sequence[Change], *, dry: bool) -> None:
    if changes and not dry and os.geteuid() != 0:
        raise NotPossible(f"{root} can only be changed by root: put sudo before the command.")


def _carry_out(changes: Sequence[Change], hands: Hands, *, dry: bool) -> None:
    for change in changes:
        print(f"{'would' if dry else '==>'} {change}", flush=True)
        if not dry:
            hands.carry_out(change)
    if changes and not dry:
        hands.settle()


def _ending(flags: argparse.Namespace, program: Program, changes: Sequence[Change]) -> str:
    if flags.dry_run:
        return f"{len(changes)} changes; nothing was done."
    if not changes:
        return f"Nothing to do: {program.service} is {'installed' if flags.what == 'install' else 'not here'}."
    if flags.what == "install":
        return f"{program.service} is installed. Next: {program.next_step}"
    kept = (
        ""
        if flags.purge
        else f" {program.state} and the settings in {program.settings_file.parent} stay; --purge removes them."
    )
    return f"{program.service} is gone.{kept}"
