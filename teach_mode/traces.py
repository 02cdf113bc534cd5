"""What a run leaves on a site, noticed while it is done.

A step leaves something when a page sent something, beyond asking for more, while it was the latest step that acts; or,
whatever was sent, when what it pressed says that something is kept or changed by it. Signing in does not count, and of
what cannot be undone the record of acts tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from language.commitments import changes
from teach_mode.deeds import Deed, Halt
from teach_mode.passing import signing_in
from teach_mode.replayed import StepEvent
from teach_mode.sentences import past
from teach_mode.skill import Action, Skill, Step

_PRESSING: frozenset[Action] = frozenset(("click", "double_click", "press"))
_FILLING: frozenset[Action] = frozenset(("fill", "select", "check", "uncheck", "upload"))
_LOOKING: frozenset[Action] = frozenset(("goto", "hover", "scroll", "wait", "assert", "read", "close"))


class Traces:
    """Of one run, or of several of one request. `tell` is called with each deed as soon as it is known."""

    def __init__(self, skill: Skill, tell: Callable[[Deed], None] = lambda deed: None) -> None:
        self._skill = skill
        self._steps = {step.id: step for step in skill.all_steps}
        self._unsaid = {step.id for step in signing_in(skill.all_steps)}
        self._unsaid |= {step.id for step in skill.all_steps if step.effect == "irreversible"}
        self._tell = tell
        self._latest: StepEvent | None = None
        self._typed: list[str] = []
        self._aside = False
        self._done: list[Deed] = []
        self._round = self._rounds = 0
        self._items: dict[int, str] = {}

    def take(self, event: StepEvent) -> None:
        """A step begins or ends."""
        self._round, self._rounds = event.round, event.rounds
        if event.rounds:
            self._items[event.round] = event.item
        step = self._steps.get(event.step.removesuffix("-back"))
        if step is None or step.action in _LOOKING:
            self._typed = [] if step is None or step.action == "goto" else self._typed
            return
        if event.kind == "begun":
            self._latest = event
        elif event.kind == "done" and step.id not in self._unsaid:
            self._ended(event, step)

    def _ended(self, event: StepEvent, step: Step) -> None:
        seen = step.target.fingerprint if step.target is not None else None
        if step.action in _PRESSING and seen is not None and changes(seen.name or seen.text):
            self._add(event)
        elif step.action in _FILLING and not self._is_told(event):
            self._typed.append(step.id)

    def sent(self, url: str) -> None:
        """A page sent something to this address that does not only ask."""
        if self._latest is None or self._aside or self._latest.step.removesuffix("-back") in self._unsaid:
            return
        if not self._skill.may_load_from(f"http{url[2:]}" if url.startswith("ws") else url):
            return
        self._typed = []
        self._add(self._latest)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While the person has the page, nothing that it sends is the run's doing."""
        self._aside = True
        try:
            yield
        finally:
            self._aside = False

    @property
    def typed(self) -> bool:
        """Whether something was filled in, and nothing was sent since."""
        return bool(self._typed)

    def halt(self, *, refused: str = "") -> Halt:
        """Where it ended. `refused`: the step that the site itself says it did not take."""
        done = self._done[:-1] if refused and self._done and self._done[-1].step == refused else self._done
        items = tuple(self._items[number] for number in sorted(self._items) if number <= self._round)
        return Halt(done=tuple(done), round=self._round, rounds=self._rounds, items=items)

    def _add(self, event: StepEvent) -> None:
        if not self._is_told(event):
            self._done.append(_deed(event))
            self._tell(self._done[-1])

    def _is_told(self, event: StepEvent) -> bool:
        return _deed(event) in self._done


def _deed(event: StepEvent) -> Deed:
    words = past(event.words)
    return Deed(step=event.step, words=words, item=event.item, round=event.round, rounds=event.rounds)
