"""What a check found, and the report of all of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct, field


class Verdict(StrEnum):
    """How a check ended."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"
    ABSENT = "not there"
    NOT_ASKED = "not asked"


_MARKS: Final = {
    Verdict.GOOD: "ok",
    Verdict.DOUBTFUL: "??",
    Verdict.BAD: "NO",
    Verdict.ABSENT: "--",
    Verdict.NOT_ASKED: "..",
}
_WIDE: Final = 12


class Finding(Struct, frozen=True):
    """`saw`: what was observed, in words. A bad or doubtful one says the `reason` and the `next_step`."""

    verdict: Verdict
    saw: str
    reason: str = ""
    next_step: str = ""
    figures: Mapping[str, float | int | str] = field(default_factory=dict)


def good(saw: str, **figures: float | int | str) -> Finding:
    """As it should be."""
    return Finding(Verdict.GOOD, saw, figures=figures)


def bad(saw: str, reason: str, next_step: str, **figures: float | int | str) -> Finding:
    """It does not work."""
    return Finding(Verdict.BAD, saw, reason, next_step, figures)


def doubtful(saw: str, reason: str, next_step: str, **figures: float | int | str) -> Finding:
    """It works, but not well."""
    return Finding(Verdict.DOUBTFUL, saw, reason, next_step, figures)


def not_asked(saw: str, **figures: float | int | str) -> Finding:
    """Only a person could tell."""
    return Finding(Verdict.NOT_ASKED, saw, figures=figures)


def absent(saw: str) -> Finding:
    """The build has none."""
    return Finding(Verdict.ABSENT, saw)


class Checked(Struct, frozen=True):
    """One line of the report."""

    name: str
    finding: Finding


class Report(Struct, frozen=True):
    """All that was found, in order. `made`: the date in words."""

    software: str
    build: str
    made: str
    checks: tuple[Checked, ...]

    @property
    def passed(self) -> bool:
        """Nothing is bad."""
        return all(one.finding.verdict is not Verdict.BAD for one in self.checks)


def line(checked: Checked) -> str:
    """One check in one to three lines."""
    found = checked.finding
    lines = [f"[{_MARKS[found.verdict]}] {checked.name:{_WIDE}} {found.saw}"]
    before = " " * (len(_MARKS[found.verdict]) + _WIDE + 4)
    lines += [f"{before}reason: {found.reason}"] if found.reason else []
    lines += [f"{before}next:   {found.next_step}"] if found.next_step else []
    return "\n".join(lines)


def text(report: Report) -> str:
    """The report as it is pasted into an issue."""
    counts = {verdict: sum(one.finding.verdict is verdict for one in report.checks) for verdict in Verdict}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    head = f"leveret-device check, {report.software}, build {report.build}, {report.made}"
    return "\n".join(["```text", head, *(line(one) for one in report.checks), f"In all: {told or 'nothing'}.", "```"])


def plain(report: Report) -> dict[str, object]:
    """The report for programs."""
    return {
        "software": report.software,
        "build": report.build,
        "made": report.made,
        "passed": report.passed,
        "checks": [
            {
                "check": one.name,
                "verdict": one.finding.verdict.value,
                "saw": one.finding.saw,
                "reason": one.finding.reason,
                "next_step": one.finding.next_step,
                "figures": dict(one.finding.figures),
            }
            for one in report.checks
        ],
    }
