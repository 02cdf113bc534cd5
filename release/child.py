"""The program's end of `release/boot`: it reports, and learns what is ready to take its place."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from release.boot.deciding import EXIT_SWITCH, wanted
from release.boot.kept import is_name
from release.boot.names import PUT_OFF, RELEASE, REPORT_FD, ROOT
from release.boot.place import Place
from release.status import Status, status_of
from release.updating import Stage

__all__ = ["EXIT_SWITCH", "News", "Parent"]

# So often a program reports, and looks for what is ready.
BEAT_S = 5.0


class News(Struct, frozen=True):
    """`ready`: the release that would be taken now. `given_up`: the one that failed last. `coming`: one on its way."""

    ready: str = ""
    given_up: str = ""
    coming: Status | None = None


class Parent:
    """Of a program that runs under `release/boot`."""

    def __init__(self, root: Path, release: str, report: int, put_off: str = "") -> None:
        """`report`: the file descriptor for reports. `put_off`: what is not asked for again."""
        self._place = Place(root)
        self._release = release
        self._report = report
        self._put_off = put_off
        os.set_blocking(report, False)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Parent | None:
        """None for a program that was begun otherwise."""
        report, root = environ.get(REPORT_FD, ""), environ.get(ROOT, "")
        if not report.isdigit() or not root:
            return None
        try:
            return cls(Path(root), environ.get(RELEASE, ""), int(report), environ.get(PUT_OFF, ""))
        except OSError:
            return None

    def report(self, *, started: bool, link: bool, missing: Sequence[str] = ()) -> None:
        """Say how it is, from the event loop. Where nobody reads, nobody waits for it either."""
        line = json.dumps({"started": started, "link": link, "missing": list(missing)}).encode() + b"\n"
        with contextlib.suppress(OSError):
            os.write(self._report, line)

    def look(self) -> News:
        """Reads three small files."""
        kept, offer, status = self._place.read(), self._place.offer(), status_of(self._place)
        if kept is None:
            return News()
        ready = offer.name if offer is not None and wanted(kept, offer) and not kept.trying else ""
        if ready == self._put_off or not is_name(ready):
            ready = ""
        given_up = kept.refused[-1] if kept.refused and kept.refused[-1] in kept.why else ""
        coming = status if status is not None and status.stage in (Stage.UNPACKING.value, Stage.PLACING.value) else None
        return News(ready, given_up, coming)
