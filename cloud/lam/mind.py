"""The large action model as one object: its stages in the order in which the runner calls them.

percept = await mind.perceive(utterance, person=…, now=…, picture=…)
goal = await mind.infer(percept, person=…), or mind.take(call, …) where nothing is inferred; while it has a question:
    goal = mind.resume(goal, await mind.settle(goal.question, spoken, now=…))
request = await mind.request(goal, percept, person=…)
for each step of mind.plan(goal): mind.judge(step, world), then execution.execute(tool, step, run);
    for each act inside a skill: mind.judge_act(act, request)
await mind.learn(trajectory)
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec
import structlog

from cloud.lam import calling, inference, questions, scheduling
from cloud.lam.carrying import Known as Facts
from cloud.lam.carrying import with_values
from cloud.lam.compounds import Compounds
from cloud.lam.expansion import called
from cloud.lam.goals import Answer, Call, Goal, Intent, Origin, Question
from cloud.lam.inference import Known
from cloud.lam.judgement import Act, Request, Verdict, World, judge_act, judge_step
from cloud.lam.learning import Learning, Trajectory
from cloud.lam.perception import Corrector, Perceiver, Percept, Utterance
from cloud.lam.pictures import ReadText
from cloud.lam.planning import Plan, Step, make_plan
from cloud.lam.schemas import json_schema
from cloud.lam.toolbox import Toolbox
from cloud.models.errors import ModelsError
from cloud.models.interfaces import Proposal, TextModel, ToolSpec
from cloud.models.symbolic import SymbolicModel
from cloud.people.memory import SPENDING_CAP, Memory
from language.templates import normalised

_PRIVATE = frozenset(("journal", "diary"))
SURE = 0.05  # an answer heard this well is an answer, whatever else the words could mean


_log = structlog.get_logger(__name__)


class Mind:
    """Holds no state of any one task: everything between the stages is plain, frozen, storable data."""

    def __init__(
        self,
        toolbox: Toolbox,
        corrector: Corrector,
        *,
        memory: Memory,
        learning: Learning,
        read_text: ReadText | None = None,
        model: TextModel | None = None,
    ) -> None:
        self.toolbox = toolbox
        self._corrector = corrector
        self._memory = memory
        self._learning = learning
        self._models: tuple[TextModel, ...] = (*([model] if model else []), SymbolicModel())
        self._perceiver = Perceiver(toolbox, Compounds(corrector, toolbox), read_text)

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
        return await self._perceiver.perceive(utterance, now=now, picture=picture, picture_problem=picture_problem)

    async def infer(self, percept: Percept, *, person: str, before: tuple[Intent, ...] = ()) -> Goal:
        """What is wanted; with `question` when something is missing or unsure, with `refusal` when it is no task.
        `before` are intents that it goes on from."""
        proposal = await self._proposal(percept) if inference.is_open(percept) else None
        tools = {each.tool for reading in percept.readings for each in (reading, *reading.rivals)}
        tools |= {call.name for call in proposal.calls} if proposal is not None else set()
        known = Known(
            profile=await self._memory.profile(person),
            suggestions={tool: await self._learning.suggestions(person, tool) for tool in sorted(tools)},
        )
        inferred = inference.infer(percept, self.toolbox, known, proposal, before)
        goal = scheduling.wrapped(inferred, percept, self.toolbox)
        return goal if goal.question is not None else inference.next_question(goal, self.toolbox)

    async def take(self, call: Call, percept: Percept, *, person: str) -> Goal:
        """The same for a call whose values are given: nothing is inferred, what is missing is asked for."""
        known = Known(
            profile=await self._memory.profile(person),
            suggestions={call.tool: await self._learning.suggestions(person, call.tool)},
        )
        return calling.goal_of(call, self.toolbox, known, percept)

    async def _proposal(self, percept: Percept) -> Proposal | None:
        """The first that any model proposes: the configured one is asked before the embedded one."""
        specs = specs_for(percept.text, self.toolbox)
        models = self._models[-1:] if is_private(percept.text) else self._models
        data = "\n".join((*percept.codes, percept.picture_text)).strip()
        for model in models:
            try:
                proposal = await model.propose(percept.text, specs, now=percept.at, data=data)
            except ModelsError as error:
                _log.warning("model_failed", code=error.code, reason=str(error))
                continue
            if proposal.calls:
                return proposal
        return None

    async def settle(self, question: Question | None, answer: Utterance, *, now: datetime) -> Answer | None:
        """Holds an utterance against a question; None stands for a question of yes or no.

        Returns None when it does not answer it, so that it is a new request.
        """
        tool = self.toolbox.get(question.tool, question.version) if question is not None else None
        found = await asyncio.to_thread(questions.settle, question, tool, answer, now, self._corrector)
        if found is None or found[1] <= SURE:
            return found[0] if found is not None else None
        book = self.toolbox.phrasebook()
        request = await asyncio.to_thread(
            self._corrector.correct, answer.text, answer.alternatives, book, now, spoken=answer.spoken
        )
        nearer = request.decision == "accept" and max(each.distance for each in request.readings) < found[1]
        return None if nearer else found[0]

    def press(self, question: Question, answer: str) -> Answer | None:
        """The same for a pressed answer: "no", or a choice by its value or its spoken form."""
        return questions.press(question, answer)

    def resume(self, goal: Goal, answer: Answer, *, origin: Origin = "said") -> Goal:
        """The goal with its question answered: ready, or with the next question. After a no it is refused."""
        return inference.resume(goal, answer, self.toolbox, origin)

    async def request(self, goal: Goal, percept: Percept, *, person: str) -> Request:
        """What the person asked, fixed for judgement before any page is read."""
        profile = await self._memory.profile(person)
        named = [tool for intent in goal.intents for tool in (intent.tool, *intent.alternatives)]
        tools = [one for name in named for one in (name, *self._called(name))]
        return Request(
            person=person,
            text=percept.text,
            tools=tuple(dict.fromkeys(tools)),
            cap=str(profile.get(SPENDING_CAP, "")),
        )

    def _called(self, name: str) -> tuple[str, ...]:
        """What a tool calls was asked for with it: it stands in the tool, whoever reads whatever page."""
        tool = self.toolbox.get(name)
        return tuple(called(tool, self.toolbox)) if tool is not None else ()

    def plan(self, goal: Goal) -> Plan:
        """Steps in order. Raises ToolUnknown when a tool of the goal is gone."""
        return scheduling.plan_of(goal, self.toolbox) or make_plan(goal, self.toolbox, self._learning.ranked)

    def filled(self, step: Step, known: Facts, *, now: datetime) -> Step:
        """The step with what those before it read, and with words that say so."""
        if not step.fills:
            return step
        tool = self.toolbox.get(step.tool, step.version)
        whole = with_values(step, tool, known, now)
        words = inference.words_of(tool, whole.arguments, now) if tool is not None else whole.words
        return msgspec.structs.replace(whole, words=words)

    def cost_ms(self, tool: str) -> float:
        """What one call of a tool takes, by what it took so far."""
        return self._learning.record(tool).cost_ms

    def judge(self, step: Step, world: World) -> Verdict:
        """Before a step starts. A `SiteTool` brings its own acts to `judge_act`, so its step is let go."""
        return judge_step(step, self.toolbox.get(step.tool, step.version), world)

    def judge_act(self, act: Act, request: Request) -> Verdict:
        """Before an act inside a tool. An irreversible one is never let go unasked: `ask`, or `refuse`."""
        return judge_act(act, self.toolbox.get(act.tool, act.version), request)

    async def learn(self, trajectory: Trajectory) -> None:
        """Keeps what happened; it changes how tools are ranked and what is suggested."""
        await self._learning.learn(trajectory)


def is_private(text: str) -> bool:
    """Whether the words may be of a journal: no configured model is asked what they mean."""
    return not _PRIVATE.isdisjoint(normalised(text))


def specs_for(text: str, toolbox: Toolbox) -> tuple[ToolSpec, ...]:
    """All tools as a model is told of them, those that the words are most like first."""
    alike = tuple(found.tool for found in toolbox.search(text, len(toolbox)))
    rest = (tool for tool in toolbox if tool not in alike)
    return tuple(
        ToolSpec(
            name=tool.name,
            description=tool.description,
            parameters=json_schema(tool.slots),
            slots=tool.slots,
            utterances=tool.utterances,
        )
        for tool in (*alike, *rest)
    )
