"""Who looks for the element: we, and the re-implemented peers. Each answers with the place that it would use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.healing import edits, healenium, similo
from benchmarks.healing.cases import Case, Cases
from benchmarks.healing.looking import Look, look_script
from benchmarks.healing.progress import Progress
from benchmarks.healing.store import CACHE, name_of
from browser.bystanders import remembered
from teach_mode.healing import choose

Part = similo.Part | healenium.Node
KEEP_EVERY = 50


class Answer(msgspec.Struct, frozen=True):
    """What a contestant would use: a place, or nothing; the surest place it saw, and how sure it was."""

    used: str = ""
    best: str = ""
    sure: float = 0.0


def ours(found: Cases, case: Case) -> Answer:
    """Leveret: `teach_mode.healing.choose` over the walk of every frame and open shadow root."""
    before = found.looks[case.before.id].candidates
    shown = next(one.print for one in before if one.path == case.sought)
    candidates = found.looks[case.after.id].candidates
    choice = choose(
        remembered(shown, [one.print for one in before]), [one.print for one in candidates], irreversible=False
    )
    best = candidates[choice.ranked[0][0]].path if choice.ranked else ""
    used = candidates[choice.index].path if choice.index is not None else ""
    return Answer(used, best, choice.score * choice.margin)


def _rescored(
    found: Cases,
    parts: Callable[[Look], Sequence[Part]],
    score: Callable[[Any, Any], float],
    least: float = 0.0,
) -> Callable[[Case], Answer]:
    """Scores every element of the page after, and takes the best from a least score on."""

    @cache
    def of(page: str) -> Sequence[Part]:
        return parts(found.looks[page])

    def answer(case: Case) -> Answer:
        sought = next((part for part in of(case.before.id) if part.path == case.sought), None)
        if sought is None or not of(case.after.id):
            return Answer()
        sure, best = max(((score(sought, seen), seen.path) for seen in of(case.after.id)), key=lambda pair: pair[0])
        return Answer(best if sure >= least else "", best, sure)

    return answer


def rescored(found: Cases, cases: Sequence[Case], progress: Progress) -> dict[str, dict[str, Answer]]:
    """The answers of every re-implemented peer, by its name and the case's; kept by their code and the pages."""
    peers = {
        "Similo, original weights (re-implemented)": _rescored(
            found, lambda look: similo.parts(look.rows), similo.score_original
        ),
        "Similo, optimised weights (re-implemented)": _rescored(
            found, lambda look: similo.parts(look.rows), similo.score_optimised
        ),
        "Healenium's score (re-implemented)": _rescored(
            found, lambda look: healenium.nodes(look.rows), healenium.score, healenium.CAP
        ),
    }
    file = CACHE / "answers" / "rescored.json"
    kept = msgspec.json.decode(file.read_bytes(), type=dict[str, Answer]) if file.exists() else {}
    code = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (similo, healenium, edits))
    answers: dict[str, dict[str, Answer]] = {name: {} for name in peers}
    for number, case in enumerate(cases):
        for name, peer in peers.items():
            key = name_of(code, look_script(), name, case.before.id, case.after.id, case.sought)
            if key not in kept:
                kept[key] = peer(case)
            answers[name][case.id] = kept[key]
        progress("re-implemented peers", number + 1, len(cases))
        if number % KEEP_EVERY == KEEP_EVERY - 1:
            _keep(file, kept)
    _keep(file, kept)
    return answers


def _keep(file: Path, kept: dict[str, Answer]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(kept))
    fresh.replace(file)
