"""From words to a schedule: what was asked for is understood, whole, before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from cloud.clock import Clock, Ids
from cloud.lam import scheduling
from cloud.lam.errors import LamError
from cloud.lam.goals import Call
from cloud.lam.mind import Mind
from cloud.lam.perception import Utterance
from cloud.lam.toolbox import Toolbox
from cloud.schedules.deciding import LATE_S, Schedule
from cloud.schedules.errors import ScheduleUnfit
from cloud.schedules.naming import names_of
from language.entities import Value

HOW = "Say it like this: every weekday at eight, read me my unread mail."
NO_TIMES = "I did not understand when. " + HOW
TEXT_CHARS = 2000


class Made(Struct, frozen=True, kw_only=True):
    """Whose it is, from when on it counts, and which device tells of it."""

    id: str
    person: str
    now: datetime  # when it was said, aware
    created_at: float
    device: str = ""
    zone: str = ""


def schedule_of(arguments: Mapping[str, Value], made: Made, toolbox: Toolbox) -> Schedule:
    """The schedule that the arguments of `scheduling.ADD` say. Raises ScheduleUnfit."""
    when, at = (str(arguments.get(name, "")) for name in ("when", "at"))
    rule = scheduling.rule_of(when, at, made.now)
    if rule is None or not rule.is_complete:
        raise ScheduleUnfit(NO_TIMES)
    request = str(arguments.get("request", "")).strip().rstrip(".")
    tools = tuple(str(arguments.get("tools", "")).split())
    effect = scheduling.heaviest([tool for name in tools if (tool := toolbox.get(name)) is not None])
    call = str(arguments.get("call", ""))
    return Schedule(
        id=made.id,
        person=made.person,
        name=names_of(request),
        text=request,
        call=msgspec.json.decode(call, type=Call) if call else None,
        tools=tools,
        effect=effect,
        rule=rule,
        zone=made.zone,
        late_s=LATE_S[effect],
        device=made.device,
        created_at=made.created_at,
        settled_at=made.now.timestamp(),
    )


class Maker:
    """Makes schedules of typed sentences. `zone` is that of the person."""

    def __init__(self, mind: Mind, clock: Clock, *, zone: ZoneInfo, fresh_id: Ids) -> None:
        self._mind = mind
        self._clock = clock
        self._zone = zone
        self._fresh_id = fresh_id

    async def draft(self, person: str, text: str, *, when: str = "", zone: str = "", known_as: str = "") -> Schedule:
        """What a sentence says, "every weekday at eight, read my mail"; `when` may stand apart. Nothing is kept.

        Raises ScheduleUnfit, with what is missing.
        """
        now = self._now(zone)
        sentence = f"{when.strip().rstrip(',.')}, {text.strip()}" if when.strip() else text.strip()
        if not 0 < len(sentence) <= TEXT_CHARS:
            raise ScheduleUnfit(f"A schedule has from 1 to {TEXT_CHARS} letters. {HOW}")
        arguments = await self._understood(person, sentence, now)
        made = Made(id=known_as or self._fresh_id(), person=person, now=now, created_at=self._clock(), zone=zone)
        return schedule_of(arguments, made, self._mind.toolbox)

    def _now(self, zone: str) -> datetime:
        try:
            here: tzinfo = ZoneInfo(zone) if zone else self._zone
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ScheduleUnfit(f"There is no time zone {zone[:64]!r}; write one such as Europe/Berlin.") from error
        return datetime.fromtimestamp(self._clock(), here)

    async def _understood(self, person: str, sentence: str, now: datetime) -> Mapping[str, Value]:
        """The arguments of the tool that keeps it. Whoever types it has agreed; all else must be said in it."""
        percept = await self._mind.perceive(Utterance(text=sentence, spoken=False), person=person, now=now)
        if not percept.when:
            raise ScheduleUnfit(NO_TIMES)
        goal = await self._mind.infer(percept, person=person)
        if goal.refusal:
            raise ScheduleUnfit(goal.refusal)
        question = goal.question
        if question is not None and not (question.tool == scheduling.ADD and question.slot == "agreed"):
            raise ScheduleUnfit(f"{question.text} Say that in the request.")
        try:
            plan = scheduling.plan_of(goal, self._mind.toolbox)
        except LamError as error:
            raise ScheduleUnfit(str(error)) from error
        if plan is None:
            raise ScheduleUnfit(NO_TIMES)
        return plan.steps[0].arguments
