"""Prints how often each contestant used the right element, and how often a wrong one when it was gone.

The table is for people; the last line is JSON. The curve of precision over coverage goes to `out/healing.png`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.healing.cases import Case, Cases, make_cases
from benchmarks.healing.contestants import Answer, ours, rescored
from benchmarks.healing.drawing import draw
from benchmarks.healing.families import Half
from benchmarks.healing.peers.running import PEERS_THAT_RUN, Peer, answers_of
from benchmarks.healing.progress import Progress
from benchmarks.healing.running import FetchFailed
from benchmarks.healing.serving import serving
from benchmarks.healing.store import OUT
from benchmarks.healing.tally import Rates, rates

OURS = "Leveret"
PEERS_AT_ONCE = 2
PEER_S = 240.0
Answers = dict[str, dict[str, Answer]]


def answer_all(
    half: Half, base: str, peers: Sequence[Peer], patience_s: float
) -> tuple[Cases, Answers, dict[str, str]]:
    """The cases of a half, every contestant's answers, and why those that are absent are."""
    progress = Progress()
    found = asyncio.run(make_cases(half, base, progress))
    answers: Answers = {OURS: {case.id: ours(found, case) for case in found.cases}}
    absent: dict[str, str] = {}

    def ask(peer: Peer) -> None:
        try:
            answers[peer.name] = answers_of(peer, found.cases, base, patience_s, progress)
        except FetchFailed as error:
            absent[peer.name] = str(error)

    with ThreadPoolExecutor(PEERS_AT_ONCE) as pool:
        list(pool.map(ask, peers))
    answers |= rescored(found, found.cases, progress)
    return found, answers, absent


def report(cases: Sequence[Case], answers: Answers, absent: dict[str, str]) -> dict[str, object]:
    """Print the tables; what goes into the last line. A peer is measured on the cases that it was asked about."""
    asked = {name: [case for case in cases if case.id in given] for name, given in answers.items()}
    measured = {name: rates(asked[name], given) for name, given in answers.items()}
    _show("The element was there; or it was gone", measured, {name: len(one) for name, one in asked.items()}, absent)
    for source in sorted({case.source for case in cases}):
        own = {name: [case for case in one if case.source == source] for name, one in asked.items()}
        title = f"{source}: {sum(case.present for case in own[OURS])} there, {len(own[OURS])} in all"
        counts = {name: len(one) for name, one in own.items()}
        _show(title, {name: rates(own[name], given) for name, given in answers.items()}, counts, {})
    own_rates = measured.pop(OURS)
    best = max(measured, key=lambda name: measured[name].correct)
    beside = rates(asked[best], answers[OURS])
    present = sum(case.present for case in cases)
    return {
        "cases_present": present,
        "cases_gone": len(cases) - present,
        "share_of_release_pairs": round(sum(case.source == "release" for case in cases) / len(cases), 4),
        "share_of_third_party_pages": round(sum(case.source != "town" for case in cases) / len(cases), 4),
        **_plain(own_rates),
        "best_peer": best,
        "best_peer_correct": round(measured[best].correct, 4),
        "best_peer_wrong_when_gone": round(measured[best].wrong_when_gone, 4),
        "correct_on_best_peers_cases": round(beside.correct, 4),
        "ratio_errors_vs_best_peer": round((1 - beside.correct) / max(1e-9, 1 - measured[best].correct), 4),
        "peers": {name: {"cases": len(asked[name]), **_plain(rate)} for name, rate in measured.items()},
        "absent": absent,
    }


def _plain(rate: Rates) -> dict[str, float]:
    return {name: round(value, 4) for name, value in msgspec.structs.asdict(rate).items()}


def _show(title: str, measured: dict[str, Rates], counts: dict[str, int], absent: dict[str, str]) -> None:
    table = Table("", "cases", "right", "refused", "wrong", "wrong when gone", title=title)
    for name, rate in measured.items():
        table.add_row(name, str(counts[name]), *(f"{value:.3f}" for value in msgspec.structs.astuple(rate)))
    for name, why in absent.items():
        table.add_row(name, "", "absent", why)
    Console().print(table)


def main() -> None:
    """Make the cases, ask every contestant, print the tables and, last, one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.healing", description=__doc__)
    parser.add_argument("--half", choices=("dev", "test"), default="test", help="which page families (default test)")
    parser.add_argument("--peer", action="append", help="ask only this peer of those that run their own code; or none")
    parser.add_argument("--peer-seconds", type=float, default=PEER_S, help="the most that one may take (default 240)")
    options = parser.parse_args()
    with serving() as base:
        peers = [peer for peer in PEERS_THAT_RUN if options.peer is None or peer.name in options.peer]
        found, answers, absent = answer_all(options.half, base, peers, options.peer_seconds)
    if found.dropped:
        print(f"{found.dropped} lines of the key could not be used", file=sys.stderr)
    draw(found.cases, answers, OUT / "healing.png")
    print(msgspec.json.encode(report(found.cases, answers, absent)).decode())


if __name__ == "__main__":
    main()
