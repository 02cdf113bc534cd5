"""The judge between a skill and the web: rules, the person's yes, and the record of what cannot be undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from cloud.lam import judgement
from cloud.lam.goals import Origin
from cloud.lam.judgement import ReadBack, Request, Verdict
from cloud.people.connections import Connections
from cloud.people.vault import Vault
from cloud.tasks import crashpoints
from cloud.tasks.asks import EXPIRY_S, Ask, Asks, Closed
from cloud.tasks.intents import Intents
from cloud.tasks.running import TaskRun
from cloud.tools.acts import ActRecord, digest
from cloud.tools.handover import Showing, shown_nowhere
from cloud.tools.healings import Healings
from cloud.tools.trail import Trail
from cloud.turns import Pictures
from teach_mode.interfaces import Act, Permit, Ranker, Settled, SiteSays
from teach_mode.skill import Skill

PRESSING = frozenset({"click", "double_click", "press"})
MONEY = re.compile(r"[$€£¥]|\b(?:USD|EUR|GBP|CHF)\b")
AMOUNT = re.compile(r"\D{0,4}\d[\d.,]*\D{0,4}")
JudgeAct = Callable[[judgement.Act, Request], Verdict]


class Desk(Struct, frozen=True, kw_only=True):
    """What a skill's run works with. Without a `vault` a step that types a secret is refused; `showing` puts a task's
    page before its person while the block runs.

    What may be uploaded: `kept` says where a version's own files lie, `pictures` holds the photos of requests.
    `healings` keeps what is learnt of changed pages; `watch_code` is told each one-time code; `hide` takes known
    secrets out of a text.
    """

    judge_act: JudgeAct
    asks: Asks
    intents: Intents
    ask_s: float = EXPIRY_S
    ranker: Ranker | None = None
    healings: Healings | None = None
    showing: Showing = shown_nowhere
    vault: Vault | None = None
    connections: Connections | None = None
    watch_code: Callable[[str], None] = lambda code: None
    hide: Callable[[str], str] = lambda text: text
    kept: Callable[[str, int], Path] | None = None
    pictures: Pictures | None = None


class TaskGate:
    """A `teach_mode.interfaces.Gate` of one run. `closed`, `refused`: why it said no, for the sentence at the end."""

    def __init__(self, skill: Skill, run: TaskRun, desk: Desk, trail: Trail | None = None) -> None:
        self._skill = skill
        self._run = run
        self._desk = desk
        self._trail = trail
        self._acts = ActRecord(run, desk.intents, desk.ask_s)
        self.closed: Closed | None = None
        self.refused: Verdict | None = None
        self.asked: Act | None = None

    async def judge(self, act: Act) -> Permit:
        """Go or not. Waits for the person before what cannot be undone."""
        plan = self._run.plan_step
        proposed = as_judged(act, self._skill, plan.words, plan.origins)
        proposed = msgspec.structs.replace(proposed, only_if=plan.only_if)
        verdict = self._desk.judge_act(proposed, self._run.request)
        if self._trail is not None:
            self._trail.judged(act, verdict)
        if verdict.decision == "go":
            return Permit(go=True, rule=verdict.rule)
        seen = {"step": self._run.step, "decision": verdict.decision, "rule": verdict.rule, "act": act.step}
        seen |= {"reason": verdict.reason} if verdict.decision == "refuse" else {}
        await self._run.event("verdict", seen)
        if verdict.decision == "refuse":
            self.refused = verdict
            return Permit(go=False, rule=verdict.rule, sentence=verdict.reason)
        crashpoints.reached("before-episode-end")
        self.asked = act
        with self._run.waiting():
            self.closed = await self._desk.asks.agree(ask_of(act, self._run), expiry_s=self._desk.ask_s)
        crashpoints.reached("after-answer")
        return Permit(go=self.closed == "yes", rule=f"answer_{self.closed}")

    async def intend(self, act: Act, before: int | None) -> None:
        """Writes down that the click comes now. Raises ActBarred, LeaseLost."""
        await self._acts.intend(act, before)

    async def withdraw(self, act: Act) -> None:
        """Nothing was clicked, and the yes is void."""
        await self._acts.withdraw(act)
        await self._desk.asks.void(self._run.task, self._run.step, digest(act, self._run))

    async def settled(self, act: Act, settled: Settled) -> None:
        """Writes down how it ended."""
        await self._acts.settled(act, settled)

    @property
    def unsure(self) -> bool:
        """Whether the site shows one more, which may be another task's."""
        return self._acts.unsure


def ask_of(act: Act, run: TaskRun) -> Ask:
    """The question before an act, bound to exactly what would happen. Where it stands in for something else, it says
    what came of that."""
    plan = run.plan_step
    question = act.question or f"{plan.words}. Shall I?"
    return Ask(
        id="",
        task=run.task,
        person=run.person,
        step=run.step,
        kind="irreversible",
        digest=digest(act, run),
        text=f"{plan.because} Instead: {question}" if plan.because else question,
        rows=(*((says.title or says.name, says.text, "site") for says in act.read_backs), *run.schedule_rows),
    )


def as_judged(act: Act, skill: Skill, words: str, origins: dict[str, Origin]) -> judgement.Act:
    """An act as judgement wants it. What must be confirmed stands in the skill, not on the page. `words` say what the
    act is for, `origins` where its values come from."""
    seen = act.fingerprint
    step = next((one for one in skill.all_steps if one.id == act.step), None)
    return judgement.Act(
        tool=skill.name,
        effect=act.effect,
        origin=act.origin,
        navigates=skill.navigates,
        words=act.question or words,
        confirms=tuple(confirm.name for confirm in step.confirms) if step else (),
        read_backs=tuple(
            ReadBack(name=says.name, label=says.title or says.name, value=says.text, kind=kind_of(says))
            for says in act.read_backs
        ),
        values=act.values,
        origins=origins,
        pressed=(seen.name or seen.text) if act.action in PRESSING else "",
        is_link=seen.role == "link",
        version=skill.version,
        notice=act.notice,
        loads=skill.loads,
    )


def kind_of(says: SiteSays) -> Literal["text", "amount"]:
    """Amounts are held to the cap, whatever else the skill file says of them. A field of a form is one only as a whole:
    a letter may speak of money."""
    if says.sent:
        money = MONEY.search(says.title) or MONEY.search(says.text)
        return "amount" if money and AMOUNT.fullmatch(says.text) else "text"
    return "amount" if says.capped or says.kind == "amount" or MONEY.search(says.text) else "text"
