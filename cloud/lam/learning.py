"""What happened -> better choices: outcomes are kept, and change which tool is taken."""

from __future__ import annotations

from msgspec import Struct

from cloud.lam.goals import Goal
from cloud.lam.planning import Plan
from cloud.lam.toolbox import Status


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
