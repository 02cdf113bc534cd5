"""The irreversible acts of one run of a skill: each on record before it is made, and what came of it."""

from __future__ import annotations

import asyncio

import msgspec

from cloud.tasks import crashpoints
from cloud.tasks.asks import digest_of
from cloud.tasks.errors import ActBarred
from cloud.tasks.intents import Draft, Intent, Intents
from cloud.tasks.running import TaskRun
from teach_mode.interfaces import Act, Settled


class ActRecord:
    """A `teach_mode.interfaces.Record` of one run, one act at a time. `ask_s` is how long a question stands: what the
    site's history counted was counted when it was asked."""

    def __init__(self, run: TaskRun, intents: Intents, ask_s: float) -> None:
        self._run = run
        self._intents = intents
        self._ask_s = ask_s
        self._intent: Intent | None = None
        self.unsure = False  # the site shows one more, which may be another task's

    async def intend(self, act: Act, before: int | None) -> None:
        """Writes down that the click comes now. Raises ActBarred, LeaseLost."""
        if self._intent is not None:
            raise ActBarred(f"{act.step}: one act of this run is still open")
        draft = Draft(
            task=self._run.task,
            person=self._run.person,
            step=self._run.step,
            name=act.step,
            digest=digest(act, self._run),
            words=self._run.plan_step.words,
            before=before,
        )
        writing = asyncio.ensure_future(self._intents.write(draft, self._run.lease))
        try:
            self._intent = await asyncio.shield(writing)
        except asyncio.CancelledError:
            self._intent = await writing  # it is on record or not, but never in between: `withdraw` must know
            raise
        crashpoints.reached("after-intent")

    async def withdraw(self, act: Act) -> None:
        """Nothing was clicked."""
        intent, self._intent = self._intent, None
        if intent is not None:
            await self._intents.settle(intent.id, "not_acted", self._run.lease)

    async def settled(self, act: Act, settled: Settled) -> None:
        """Writes down how it ended."""
        crashpoints.reached("after-click")
        intent, self._intent = self._intent, None
        if intent is None:
            raise ActBarred(f"{act.step}: a result without an intent")
        evidence = [text for text in (settled.seen, settled.url) if text]
        self.unsure = not await is_proof(intent, settled.after, self._intents, self._ask_s)
        result = "unknown" if self.unsure and settled.result == "done" else settled.result
        await self._intents.settle(intent.id, result, self._run.lease, evidence=evidence)
        crashpoints.reached("after-result")


def digest(act: Act, run: TaskRun) -> str:
    """Exactly what would happen. Where the element stands on the screen is no part of it."""
    fingerprint = msgspec.structs.replace(act.fingerprint, box=None)
    return digest_of(
        task=run.task,
        step=run.step,
        act=(act.skill, act.version, act.step, act.action),
        origin=act.origin,
        fingerprint=fingerprint,
        values=act.values,
        read_backs=act.read_backs,
    )


async def is_proof(intent: Intent, after: int | None, intents: Intents, ask_s: float) -> bool:
    """Whether what the site's history shows proves this act, and not one that another task made meanwhile.

    `after` None: the history was not needed. What was counted before was counted when the question was asked.
    """
    if after is None or intent.before is None or after <= intent.before:
        return True
    others = await intents.made_beside(intent, since=intent.written_at - ask_s)
    return after - intent.before > others
