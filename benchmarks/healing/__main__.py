"""Prints how often each contestant used the right element, and how often a wrong one when it was gone.

The table is for people; the last line is JSON. The curve of precision over coverage goes to `out/healing.png`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.healing.cases import Case, Cases, make_cases
from benchmarks.healing.contestants import Answer, ours, rescored
from benchmarks.healing.families import Half
from benchmarks.healing.serving import Server, serving
from benchmarks.healing.tally import Rates, rates

OURS = "Leveret"
Answers = dict[str, dict[str, Answer]]


async def answer_all(half: Half, server: Server) -> tuple[Cases, Answers, dict[str, str]]:
    """The cases of a half, every contestant's answers, and why those that are absent are."""
    found = await make_cases(half, server.address)
    answers: Answers = {OURS: {case.id: ours(found, case) for case in found.cases}}
    answers |= rescored(found, found.cases)
    return found, answers, {}


def report(cases: tuple[Case, ...], answers: Answers, absent: dict[str, str]) -> dict[str, object]:
    """Print the table; what goes into the last line."""
    table = Table("", "right", "refused", "wrong", "wrong when gone", title="The element was there; or it was gone")
    measured: dict[str, Rates] = {name: rates(cases, given) for name, given in answers.items()}
    for name, rate in measured.items():
        table.add_row(name, *(f"{value:.3f}" for value in msgspec.structs.astuple(rate)))
    for name, why in absent.items():
        table.add_row(name, "absent", why)
    Console().print(table)
    own = measured.pop(OURS)
    best = max(measured, key=lambda name: measured[name].correct)
    present = sum(case.present for case in cases)
    return {
        "cases_present": present,
        "cases_gone": len(cases) - present,
        **{name: round(value, 4) for name, value in msgspec.structs.asdict(own).items()},
        "best_peer": best,
        "best_peer_correct": round(measured[best].correct, 4),
        "best_peer_wrong_when_gone": round(measured[best].wrong_when_gone, 4),
        "ratio_errors_vs_best_peer": round((1 - own.correct) / max(1e-9, 1 - measured[best].correct), 4),
        "peers": {
            name: {key: round(value, 4) for key, value in msgspec.structs.asdict(rate).items()}
            for name, rate in measured.items()
        },
        "absent": absent,
    }


def main() -> None:
    """Make the cases, ask every contestant, print the table and, last, one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.healing", description=__doc__)
    parser.add_argument("--half", choices=("dev", "test"), default="test", help="which page families (default test)")
    with serving() as server:
        found, answers, absent = asyncio.run(answer_all(parser.parse_args().half, server))
    if found.dropped:
        print(f"{found.dropped} lines of the key could not be used", file=sys.stderr)
    print(msgspec.json.encode(report(found.cases, answers, absent)).decode())


if __name__ == "__main__":
    main()
