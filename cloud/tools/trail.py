"""What a skill's run did, step by step, for its history: when, for how long, on which element, by which rule.

A step is told once it has ended, with the others that ended since: nothing that a page waits for is written for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from cloud.lam.judgement import Verdict
from teach_mode.interfaces import Act
from teach_mode.replayed import StepEvent
from teach_mode.skill import Skill

MOST_CHARS = 200
# A page that draws itself anew may have a step judged again and again.
MOST_VERDICTS = 6
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

    def end(self) -> None:
        """Nothing more comes of what is under way: the run was cut off."""
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
