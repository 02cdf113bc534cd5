"""`update`, as device and cloud have it: look for a release, bring it, tell how it stands, go back."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, json

from release import settings
from release.boot.names import ROOT
from release.boot.place import Place
from release.errors import NoPlace, NoSource, ReleaseError
from release.sources import Source, source_of
from release.status import Status, status_of
from release.updater import Updater, cancel, kept_of
from release.updating import Stage


class Standing(Struct, frozen=True, kw_only=True):
    """What `--status` tells. `ready`: what waits to be taken. `why`: what happened last."""

    release: str
    previous: str = ""
    trying: str = ""
    ready: str = ""
    refused: tuple[str, ...] = ()
    why: str = ""
    update: Status | None = None


def parser(prog: str) -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog=prog,
        description="Bring the newest release that fits, signed by whom update.toml trusts. It is taken as soon as"
        " nothing goes on that it would cut, and left again by itself should it not be well. Exit code 1: it failed.",
    )
    what = made.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="say what could be had, and bring nothing")
    what.add_argument("--status", action="store_true", help="say which release runs, and how far an update is")
    what.add_argument("--cancel", action="store_true", help="end an update that is on its way")
    what.add_argument("--rollback", action="store_true", help="go back to the release before this one")
    made.add_argument("--from", dest="source", metavar="PLACE", help="a bundle, a folder (a USB stick), or an address")
    made.add_argument("--json", action="store_true", help="print the result as one JSON line")
    made.add_argument("--root", type=Path, help="the folder of the program (default: the one that this runs from)")
    return made


def main(prog: str, program: str, argv: Sequence[str]) -> int:
    """0 done, or nothing to do; 1 refused or failed, with the reason; 130 interrupted."""
    flags = parser(prog).parse_args(argv)
    try:
        place = Place(_root(flags.root))
        become_owner(place.incoming)
        said = _standing(place) if flags.status else _done(flags, place, program)
    except ReleaseError as error:
        said = Status(stage=Stage.FAILED.value, code=error.code, sentence=str(error))
    if flags.json:
        sys.stdout.buffer.write(json.encode(said) + b"\n")
    elif isinstance(said, Standing):
        sys.stdout.write(_words(said))
    elif said.stage == Stage.FAILED.value:
        sys.stderr.write(f"{prog}: {said.sentence}\n")
    else:
        sys.stdout.write(f"{said.sentence}\n")
    return int(isinstance(said, Status) and said.stage == Stage.FAILED.value)


def _done(flags: argparse.Namespace, place: Place, program: str) -> Status:
    if flags.cancel:
        stopped = cancel(place)
        sentence = "The update is being ended." if stopped else "No update is on its way."
        return Status(stage=Stage.CANCELLED.value if stopped else Stage.UP_TO_DATE.value, sentence=sentence)
    told = settings.read(place.root)
    ended: list[int] = []
    updater = Updater(
        place, told, program, cancelled=lambda: bool(ended), on_status=_progress if sys.stderr.isatty() else _quiet
    )
    if flags.rollback:
        return updater.back()
    source = _source(flags.source or told.address)
    if flags.check:
        return updater.look(source)
    before = {
        one: signal.signal(one, lambda number, _: ended.append(number)) for one in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        return updater.bring(source)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _source(place: str) -> Source:
    if not place:
        raise NoSource("No address is set in update.toml. Set one, or name a folder: --from /media/stick")
    return source_of(place)


def _root(told: Path | None) -> Path:
    """Where the program that this belongs to lies: as told, as `boot/` says, or around this very release."""
    around = Path(__file__).resolve().parents[4] if len(Path(__file__).resolve().parents) > 4 else Path("/")
    root = told or (Path(os.environ[ROOT]) if os.environ.get(ROOT) else around)
    if not (root / "releases").is_dir():
        raise NoPlace(
            f"There are no releases in {root}: this program was not installed with them. See docs/updates.md."
        )
    return root


def become_owner(folder: Path) -> None:
    """Root leaves nothing behind that the updater's own account could not write."""
    if os.geteuid() != 0 or not folder.exists():
        return
    owner = folder.stat()
    if owner.st_uid:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


def _standing(place: Place) -> Standing:
    kept, offer = kept_of(place), place.offer()
    return Standing(
        release=kept.good,
        previous=kept.previous,
        trying=kept.trying,
        ready=offer.name if offer is not None and offer.name != kept.good else "",
        refused=kept.refused,
        why=kept.why,
        update=status_of(place),
    )


def _words(told: Standing) -> str:
    rows = [
        ("runs", told.release),
        ("before it", told.previous),
        ("being tried", told.trying),
        ("ready", told.ready),
        ("refused", ", ".join(told.refused)),
        ("last", told.why or (told.update.sentence if told.update is not None else "")),
    ]
    return "".join(f"{name:<12} {value}\n" for name, value in rows if value)


def _quiet(told: Status) -> None:
    """For a timer, which reads no progress."""


def _progress(told: Status) -> None:
    part = f" {100 * told.done_bytes // told.of_bytes} %" if told.of_bytes else ""
    sys.stderr.write(f"\r\033[K{told.stage} {told.release}{part}")
    if told.sentence:
        sys.stderr.write("\r\033[K")
    sys.stderr.flush()
