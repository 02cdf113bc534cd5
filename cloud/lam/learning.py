"""What happened -> better choices: outcomes are kept, and change which tool is taken.

A tool's chance of success is the mean of a Beta posterior over its outcomes, older ones counting less; its cost is the
time that one call takes. Tools are ranked by the time that a success is expected to cost, cost / chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from sqlalchemy import insert, select

from cloud import store as tables
from cloud.clock import Clock
from cloud.lam.goals import Goal
from cloud.lam.planning import Plan
from cloud.lam.toolbox import SiteTool, Status, Toolbox
from cloud.people.memory import FACTS, Memory
from cloud.store import Store
from language.entities import Value

HALF_LIFE_S = 14 * 86_400.0
MOST_OUTCOMES = 5000
_PRIOR_WINS, _PRIOR_LOSSES = 2.0, 1.0
_PRIOR_COST_MS, _PRIOR_COST_WEIGHT = 5_000.0, 1.0
_COUNTS: Mapping[Status, float] = {"done": 1.0, "failed": 0.0, "unknown": 0.0}


class Result(Struct, frozen=True, kw_only=True):
    """How one step ended, and how long it took."""

    number: int
    tool: str
    status: Status
    took_ms: float


class Trajectory(Struct, frozen=True, kw_only=True):
    """One task from goal to end. What learning learns from."""

    task: str
    person: str
    goal: Goal
    plan: Plan
    results: tuple[Result, ...]


class Record(Struct, frozen=True):
    """What is known of a tool: weighted wins and losses, and weighted milliseconds over their weight."""

    wins: float = 0.0
    losses: float = 0.0
    spent_ms: float = 0.0
    spent_weight: float = 0.0

    @property
    def chance(self) -> float:
        """Of success, 0 to 1."""
        return (self.wins + _PRIOR_WINS) / (self.wins + self.losses + _PRIOR_WINS + _PRIOR_LOSSES)

    @property
    def cost_ms(self) -> float:
        """Of one call."""
        known = self.spent_ms + _PRIOR_COST_MS * _PRIOR_COST_WEIGHT
        return known / (self.spent_weight + _PRIOR_COST_WEIGHT)

    @property
    def expected_ms(self) -> float:
        """Until a success, when it is tried again and again: what tools are ranked by, least first."""
        return self.cost_ms / self.chance

    def faded(self, seconds: float) -> Record:
        """The same record as it counts `seconds` later."""
        left = 0.5 ** (max(seconds, 0.0) / HALF_LIFE_S)
        return Record(self.wins * left, self.losses * left, self.spent_ms * left, self.spent_weight * left)

    def with_outcome(self, status: Status, took_ms: float) -> Record:
        """One more outcome. What the person or a rule stopped says nothing of the tool."""
        if status not in _COUNTS:
            return self
        won = _COUNTS[status]
        return Record(self.wins + won, self.losses + 1 - won, self.spent_ms + max(took_ms, 0.0), self.spent_weight + 1)


class Learning:
    """The records of all tools. Read from the store once, by `load`; then kept in step with it."""

    def __init__(self, store: Store, memory: Memory, toolbox: Toolbox, clock: Clock) -> None:
        self._store = store
        self._memory = memory
        self._toolbox = toolbox
        self._clock = clock
        self._records: dict[str, tuple[Record, float]] = {}

    async def load(self) -> None:
        """Reads the newest outcomes. Call it once, at start."""
        columns = tables.tool_outcomes.c
        query = (
            select(columns.tool, columns.status, columns.duration_ms, columns.at)
            .order_by(columns.id.desc())
            .limit(MOST_OUTCOMES)
        )
        async with self._store.read() as connection:
            rows = (await connection.execute(query)).all()
        self._records.clear()
        for tool, status, duration_ms, at in reversed(rows):
            self._count(tool, status, duration_ms, at)

    def record(self, tool: str) -> Record:
        """What is known of a tool now."""
        record, at = self._records.get(tool, (Record(), 0.0))
        return record.faded(self._clock() - at)

    def ranked(self, tools: Iterable[str]) -> tuple[str, ...]:
        """Best first; equals stay in their order."""
        return tuple(sorted(tools, key=lambda tool: self.record(tool).expected_ms))

    async def learn(self, trajectory: Trajectory) -> None:
        """Stores every result, what was chosen this time as a suggestion for the next, and what was told of oneself."""
        at = self._clock()
        rows = [self._row(trajectory.person, result, at) for result in trajectory.results]
        if rows:
            async with self._store.write() as connection:
                await connection.execute(insert(tables.tool_outcomes), rows)
        for result in trajectory.results:
            self._count(result.tool, result.status, result.took_ms, at)
        done = {result.number for result in trajectory.results if result.status == "done"}
        for step in trajectory.plan.steps:
            if step.number in done:
                chosen = {name: value for name, value in step.arguments.items() if self._is_taste(step.tool, name)}
                await self._memory.note_choices(trajectory.person, step.tool, chosen)
                told = {name: step.arguments[name] for name, origin in step.origins.items() if origin == "said"}
                facts = {name: value for name, value in told.items() if name in FACTS}
                await self._memory.introduce(trajectory.person, facts)

    async def suggestions(self, person: str, tool: str) -> dict[str, Value]:
        """What the person chose last time: offered in a question, never filled in silently."""
        return await self._memory.last_choices(person, tool)

    def _is_taste(self, tool: str, slot: str) -> bool:
        known = self._toolbox.get(tool)
        kinds = {each.name: each.kind for each in known.slots} if known else {}
        return kinds.get(slot) in ("choice", "integer")

    def _row(self, person: str, result: Result, at: float) -> dict[str, object]:
        tool = self._toolbox.get(result.tool)
        site = tool.navigates[0] if isinstance(tool, SiteTool) and tool.navigates else ""
        return {
            "person": person,
            "tool": result.tool,
            "kind": "site" if site else "builtin",
            "site": site,
            "status": result.status,
            "duration_ms": result.took_ms,
            "at": at,
        }

    def _count(self, tool: str, status: Status, took_ms: float, at: float) -> None:
        record, last = self._records.get(tool, (Record(), at))
        self._records[tool] = (record.faded(at - last).with_outcome(status, took_ms), at)
