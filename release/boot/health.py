"""When a release that is being tried is well, and when it is given up. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from release.boot.kept import Kept

LINE_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Pace:
    """`start_ms` until it must report first, `silent_ms` between reports, `well_ms` it must be well for, and all of it
    within `trial_ms`, both tries together."""

    start_ms: int = 90_000
    silent_ms: int = 30_000
    well_ms: int = 60_000
    trial_ms: int = 240_000


@dataclass(frozen=True, slots=True)
class Report:
    """What the program says of itself, from its event loop. `missing`: the parts that it does without."""

    started: bool = False
    link: bool = False
    missing: tuple[str, ...] = ()


PACE: Final = Pace()
NOTHING: Final = Report()


@dataclass(frozen=True, slots=True)
class Trial:
    """`began_ms`: the first try; `try_ms`: this one. -1: not yet."""

    began_ms: int
    try_ms: int
    heard_ms: int = -1
    well_ms: int = -1
    last: Report = NOTHING


class Verdict(Enum):
    """`FAILED` is tried once more, `HOPELESS` is not."""

    WAIT = "wait"
    WELL = "well"
    FAILED = "failed"
    HOPELESS = "hopeless"


def report_of(line: bytes) -> Report | None:
    """A line that the program wrote; None for one that is none."""
    try:
        told = json.loads(line)
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    missing = told.get("missing", [])
    names = tuple(str(one) for one in missing) if isinstance(missing, list) else ("?",)
    return Report(told.get("started") is True, told.get("link") is True, names)


def heard(trial: Trial, kept: Kept, report: Report, now_ms: int) -> Trial:
    """The trial after a report."""
    well = report.started and (report.link or not kept.linked) and set(report.missing) <= set(kept.lacking)
    since = (trial.well_ms if trial.well_ms >= 0 else now_ms) if well else -1
    return replace(trial, heard_ms=now_ms, well_ms=since, last=report)


def judge(trial: Trial, kept: Kept, pace: Pace, now_ms: int) -> tuple[Verdict, str]:
    """How it stands now, and why in words."""
    silent = now_ms - (trial.heard_ms if trial.heard_ms >= 0 else trial.try_ms)
    if trial.heard_ms < 0 and silent >= pace.start_ms:
        return Verdict.FAILED, f"it said nothing for {pace.start_ms // 1000} seconds after its start"
    if trial.heard_ms >= 0 and silent >= pace.silent_ms:
        return Verdict.FAILED, f"it stood still for {pace.silent_ms // 1000} seconds"
    if trial.well_ms >= 0 and trial.heard_ms - trial.well_ms >= pace.well_ms:
        return Verdict.WELL, ""
    if now_ms - trial.began_ms >= pace.trial_ms:
        return Verdict.HOPELESS, _lack(trial.last, kept)
    return Verdict.WAIT, ""


def due_ms(trial: Trial, pace: Pace) -> int:
    """When `judge` must be asked again, if nothing is heard until then."""
    silent = trial.heard_ms + pace.silent_ms if trial.heard_ms >= 0 else trial.try_ms + pace.start_ms
    return min(silent, trial.began_ms + pace.trial_ms)


def _lack(report: Report, kept: Kept) -> str:
    if not report.started:
        return "it did not come to the end of its start"
    if more := sorted(set(report.missing) - set(kept.lacking)):
        return f"it does without {', '.join(more)}, which worked before"
    if kept.linked and not report.link:
        return "it did not reach the cloud, which the one before did"
    return "it was not well for long enough"
