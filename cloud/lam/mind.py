"""The large action model as one object: its stages in the order in which the runner calls them.

percept = await mind.perceive(utterance, person=…, now=…, picture=…)
goal = await mind.infer(percept, person=…), and as long as it has a question:
    goal = mind.resume(goal, await mind.settle(goal.question, spoken, now=…))
request = await mind.request(goal, percept, person=…)
for each step of mind.plan(goal): mind.judge(step, world), then execution.execute(tool, step, run);
    for each act inside a skill: mind.judge_act(act, request)
await mind.learn(trajectory)
"""

from __future__ import annotations

from datetime import datetime

from cloud.lam.goals import Answer, Goal, Question
from cloud.lam.judgement import Act, Request, Verdict, World
from cloud.lam.learning import Trajectory
from cloud.lam.perception import Corrector, Percept, ReadText, Utterance
from cloud.lam.planning import Plan, Step
from cloud.lam.toolbox import Toolbox


class Mind:
    """Holds no state of any one task: everything between the stages is plain, frozen, storable data."""

    def __init__(self, toolbox: Toolbox, corrector: Corrector, *, read_text: ReadText | None = None) -> None:
        self.toolbox = toolbox
        self._corrector = corrector
        self._read_text = read_text

    async def perceive(
        self,
        utterance: Utterance,
        *,
        person: str,
        now: datetime,
        picture: bytes | None = None,
        picture_problem: str = "",
    ) -> Percept:
        """What was said and seen. `now` is in the person's zone. A bad picture is told in `picture_problem`."""
        raise NotImplementedError

    async def infer(self, percept: Percept, *, person: str) -> Goal:
        """What is wanted; with `question` when something is missing or unsure, with `refusal` when it is no task."""
        raise NotImplementedError

    async def settle(self, question: Question, answer: Utterance, *, now: datetime) -> Answer | None:
        """Holds an utterance against a question. None: it does not answer it, so it is a new request."""
        raise NotImplementedError

    def press(self, question: Question, answer: str) -> Answer | None:
        """The same for a pressed answer: "no", or a choice by its value or its spoken form."""
        raise NotImplementedError

    def resume(self, goal: Goal, answer: Answer) -> Goal:
        """The goal with the question answered: planned next, or with the next question. A no empties it."""
        raise NotImplementedError

    async def request(self, goal: Goal, percept: Percept, *, person: str) -> Request:
        """What the person asked, fixed for judgement before any page is read."""
        raise NotImplementedError

    def plan(self, goal: Goal) -> Plan:
        """Steps in order. Raises ToolUnknown when a tool of the goal is gone."""
        raise NotImplementedError

    def judge(self, step: Step, world: World) -> Verdict:
        """Before a step starts. A `SiteTool` brings its own acts to `judge_act`, so its step is let go."""
        raise NotImplementedError

    def judge_act(self, act: Act, request: Request) -> Verdict:
        """Before an act inside a tool. An irreversible one is never let go unasked: `ask`, or `refuse`."""
        raise NotImplementedError

    async def learn(self, trajectory: Trajectory) -> None:
        """Keeps what happened; it changes how tools are ranked and what is suggested."""
        raise NotImplementedError
