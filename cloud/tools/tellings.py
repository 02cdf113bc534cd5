"""What the person is told at the end of a skill's run, whichever way it ended: what was done, and what was not."""

from __future__ import annotations

import structlog

from browser.errors import NavigationFailed
from cloud.lam.carrying import READ
from cloud.lam.toolbox import Card, Outcome, Row
from cloud.lam.turns import NOTHING_DONE, SITE_SAYS
from cloud.tasks.episodes import no_yes
from cloud.tasks.halfway import shown
from cloud.tools.gate import TaskGate
from cloud.tools.handover import WANTED
from teach_mode.deeds import NOTHING, TYPED, Halt, rounds_done, so_far, with_deeds
from teach_mode.errors import ReplayCut, StepLost, StepObstructed, StepRefused, TemplateError
from teach_mode.interfaces import Act
from teach_mode.replayed import Replayed
from teach_mode.sentences import name_of
from teach_mode.skill import Skill, Target
from teach_mode.templates import render_all
from teach_mode.traces import Traces

log = structlog.get_logger(__name__)


class Telling:
    """The sentences of one run. `words` say what was asked for."""

    def __init__(self, skill: Skill, site: str, words: str) -> None:
        self._skill = skill
        self._site = site
        self._words = words

    def outcome(self, replayed: Replayed, gate: TaskGate, traces: Traces) -> Outcome:
        """How the run ended."""
        if replayed.outcome == "done" and not gate.unsure:
            return self._done(replayed, gate)
        if replayed.outcome in ("unknown", "done"):
            return Outcome(status="unknown", sentence=self.maybe())
        error = replayed.error
        says = (replayed.settled.seen if replayed.settled else "") or (error.site_says if error else "")
        halt = traces.halt(refused=error.step if error is not None and _is_refusal(error.site_says) else "")
        card, done = shown(halt, self._undone(replayed)), so_far(halt)
        if gate.refused is not None:
            sentence = with_deeds(gate.refused.reason, done)
            return Outcome(status="refused", sentence=sentence, card=card, data={"code": gate.refused.rule})
        if gate.closed not in (None, "yes"):
            return no_yes(gate.closed, done, card)
        if error is not None:
            log.warning("skill_failed", skill=self._skill.name, code=error.code, step=error.step, why=str(error))
        if replayed.partly:
            return Outcome(status="unknown", sentence=self.partly(self._words, halt), card=card)
        if isinstance(error, StepRefused) and error.sentence:
            sentence = with_deeds(error.sentence, done)
            return Outcome(status="refused", sentence=sentence, card=card, data={"code": error.rule})
        sentence = self._why_not(says, error, done, typed=traces.typed)
        data = {"code": error.code if error else "", NOTHING_DONE: not halt.done}
        if _is_refusal(says):
            data[SITE_SAYS] = says
        return Outcome(status="failed", sentence=sentence, card=card, data=data)

    def _done(self, replayed: Replayed, gate: TaskGate) -> Outcome:
        """It went well; what was read is known to the steps after."""
        read = {name: replayed.values[name] for name in self._skill.reads if name in replayed.values}
        return Outcome(
            status="done",
            sentence=replayed.answer or f"Done: {self._words}.",
            card=self._agreed(gate.asked),
            evidence=(replayed.settled.url,) if replayed.settled and replayed.settled.url else (),
            data={READ: read} if read else {},
        )

    def _why_not(self, says: str, error: Exception | None, done: str, *, typed: bool) -> str:
        if says:
            return with_deeds(f"It did not work. {self._site} says: {says.rstrip('.')}.", done)
        if error is not None and isinstance(error.__cause__, NavigationFailed):
            return with_deeds(f"{self._site} does not answer. Please try again later.", done)
        done = done or (TYPED if typed else NOTHING)
        if isinstance(error, ReplayCut):
            return f"{self._site} took too long, so I stopped. {done}"
        if isinstance(error, StepObstructed):
            return f"{WANTED[error.obstacle.kind].format(site=self._site)}, so I stopped. {done}"
        if isinstance(error, StepLost):
            return f"{self._site} does not look the way I was taught, so I stopped. {done}"
        return f"It did not work on {self._site}. {done}"

    def partly(self, words: str, halt: Halt | None = None) -> str:
        """Something that cannot be undone was done, and something else that was due was not."""
        rounds = rounds_done(halt) if halt is not None else ""
        check = f"Please check with {self._site} what is missing."
        return " ".join(filter(None, (f"Only a part of your request was done: {words}.", rounds, check)))

    def maybe(self) -> str:
        """An act was made, and nobody saw what came of it."""
        return (
            f"Your request may have gone through: {self._words}. I could not confirm it. "
            f"Please check with {self._site} before you ask again."
        )

    def _agreed(self, act: Act | None) -> Card:
        """What was agreed to, as a card."""
        rows = tuple(Row(says.title or says.name, says.text) for says in act.read_backs) if act else ()
        return Card(title=f"{self._words[:1].upper()}{self._words[1:]}", rows=rows)

    def _undone(self, replayed: Replayed) -> list[str]:
        """What cannot be undone and was not done, in words."""
        reached = {one.step for one in replayed.steps}
        due = [one for one in self._skill.steps if one.effect == "irreversible" and one.id not in reached]
        return [named(one.target, replayed) for one in due if one.target is not None]


def named(target: Target, replayed: Replayed) -> str:
    """What an element was called in this run."""
    try:
        return name_of(render_all(target, replayed.values))
    except TemplateError:
        return name_of(target)


def _is_refusal(says: str) -> bool:
    """Whether the site says that it did not take what a step sent; what came of an error of its own nobody knows."""
    return bool(says) and not says.startswith("error 5")
