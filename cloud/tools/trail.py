"""What a skill's run did, step by step, for its history: when, for how long, on which element, by which rule.

A step is told once it has ended, with the others that ended since: nothing that a page waits for is written for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cloud.lam.judgement import Verdict
from teach_mode.interfaces import Act
from teach_mode.replayed import Replayed, StepEvent
from teach_mode.skill import Skill

MOST_CHARS = 200
# A page that draws itself anew may have a step judged again and again.
MOST_VERDICTS = 6
MOST_READ = 20
MOST_READ_CHARS = 300
MOST_FILES = 20
HEALED = "healed"
_UNTOLD_TYPES = frozenset({"password"})
_UNTOLD_FIELDS = ("cc-", "one-time-code", "current-password", "new-password")


class Trail:
    """Of one replay. `note` takes each step as a `did` event holds it; `now` is UTC seconds."""

    def __init__(self, skill: Skill, note: Callable[[Mapping[str, Any]], None], now: Callable[[], float]) -> None:
        self._steps = {step.id: step for step in skill.all_steps}
        self._note = note
        self._now = now
        self._under_way: list[dict[str, Any]] = []
        self._sites: dict[str, None] = {}

    @property
    def sites(self) -> tuple[str, ...]:
        """The hosts on which anything was done, in their order."""
        return tuple(self._sites)

    def took(self, event: StepEvent) -> None:
        """A step begins or ends. One may begin within another: a login, a notice that is put aside."""
        if event.kind == "begun":
            told: dict[str, Any] = {
                "step": event.step,
                "words": event.words[:MOST_CHARS],
                "at": self._now(),
                "took_ms": event.at_ms,
            }
            if event.rounds:
                told |= {"item": event.item[:MOST_CHARS], "round": event.round, "rounds": event.rounds}
            self._under_way.append(told)
            return
        for place in reversed(range(len(self._under_way))):
            if self._under_way[place]["step"] == event.step:
                told = self._under_way.pop(place)
                self._note(told | {"ended": event.kind, "took_ms": round(event.at_ms - told["took_ms"], 1)})
                return

    def judged(self, act: Act, verdict: Verdict) -> None:
        """An act of the step that is under way was judged."""
        site = urlsplit(act.url).netloc
        if site:
            self._sites[site] = None
        told = next((one for one in reversed(self._under_way) if one["step"] == act.step), None)
        if told is None and self._under_way:
            told = self._under_way[-1]
        if told is None:
            return
        verdicts = [*told.get("verdicts", ()), {"decision": verdict.decision, "rule": verdict.rule, "at": self._now()}]
        told |= {"action": act.action, "site": site, "verdicts": verdicts[-MOST_VERDICTS:]}
        seen = act.fingerprint
        if element := " ".join((seen.name or seen.label or seen.text).split()):
            told |= {"element": element[:MOST_CHARS], "similarity": round(act.similarity, 3)}
        if act.value and act.action != "goto" and not self._is_secret(act):
            told["value"] = act.value[:MOST_CHARS]

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Follows the run in the block; what is under way at its end was cut off."""
        try:
            yield
        finally:
            self._end()

    def _end(self) -> None:
        now = self._now()
        while self._under_way:
            told = self._under_way.pop()
            self._note(told | {"ended": "cut", "took_ms": round((now - told["at"]) * 1000, 1)})

    def _is_secret(self, act: Act) -> bool:
        step = self._steps.get(act.step.removesuffix("-back"))
        seen = act.fingerprint.attributes
        fills = str(seen.get("autocomplete", ""))
        untold = seen.get("type") in _UNTOLD_TYPES or fills.startswith(_UNTOLD_FIELDS)
        return untold or step is None or bool(step.secret)


def seen_steps(replayed: Replayed, began: float) -> Iterator[dict[str, Any]]:
    """The steps of a run that nobody followed, as a `did` event holds them; one came right after the other from `began`
    on, in UTC seconds."""
    at = began
    for step in replayed.steps:
        told = {"step": step.step, "words": step.words[:MOST_CHARS], "at": at, "took_ms": round(step.took_ms, 1)}
        seen = {} if step.similarity is None else {"similarity": round(step.similarity, 3)}
        yield told | seen | {"ended": "done", "site": urlsplit(step.url).netloc}
        at += step.took_ms / 1000


def ending(skill: Skill, replayed: Replayed, downloads: Path) -> dict[str, Any]:
    """What a run's history knows besides its steps: how it ended, what it read, and what it downloaded."""
    names = [step.saves for step in skill.steps if step.saves in replayed.values]
    read = {name: str(replayed.values[name])[:MOST_READ_CHARS] for name in names[:MOST_READ]}
    told = {"skill": skill.name, "version": skill.version, "outcome": replayed.outcome, "read": read}
    if replayed.error is not None:
        told |= {"lost": replayed.error.step, "code": replayed.error.code}
    found = sorted(downloads.iterdir()) if downloads.is_dir() else []
    files = [{"name": one.name, "bytes": one.stat().st_size} for one in found[:MOST_FILES] if one.is_file()]
    return told | {"files": files}


def keep_pictures(folder: Path, step: str, before: bytes, after: bytes) -> list[str]:
    """Keeps the pictures of what was healed with the run's others; the names of those that there are."""
    pictures = {f"{step}-{moment}.jpg": one for moment, one in (("before", before), ("after", after)) if one}
    for name, picture in pictures.items():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / name).write_bytes(picture)
    return list(pictures)
