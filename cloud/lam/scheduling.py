"""A request with a recurrence: it is understood as ever, and is then kept for its times instead of being done.

The request's intents stand in the goal, so that what is missing is asked for now; the last intent is that of the tool
which keeps it. Its questions come last: at what time, and whether it was meant so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final

import msgspec

from cloud.lam.errors import ToolUnknown
from cloud.lam.goals import Call, Goal, Intent, Question
from cloud.lam.perception import Percept
from cloud.lam.planning import Plan, Step
from cloud.lam.toolbox import Effect, Tool, Toolbox
from language.clock import say_time
from language.entities import Choice, Slot, Value
from language.recurrences.reading import completed, parse_recurrence
from language.recurrences.rule import Recurrence
from language.recurrences.saying import say_recurrence

ADD: Final = "add_schedule"
# What acts on schedules, or on what goes on at the moment, is not for a time when nobody says it.
NEVER: Final = frozenset(
    (ADD, "stop", "repeat", "cancel_schedule", "pause_schedule", "resume_schedule", "skip_schedule")
)
SLOTS: Final = (
    Slot(name="when", kind="text", question="When shall I do it?"),
    Slot(name="request", kind="text", question="What shall I do then?"),
    Slot(name="at", kind="time", early=True, question="At what time?", required=False),
    Slot(name="agreed", kind="choice", choices=(Choice("yes"),), question="Shall I?", required=False),
    Slot(name="asked", kind="text", required=False),  # slots that the words left empty
    Slot(name="call", kind="text", required=False),  # a Call, as JSON, when it need not be read again
    Slot(name="tools", kind="text", required=False),
)
_WEIGHT: Final[dict[Effect, int]] = {"read": 0, "reversible": 1, "irreversible": 2}
_MOMENTS: Final = ("date", "when")


def wrapped(goal: Goal, percept: Percept, toolbox: Toolbox) -> Goal:
    """The goal of a request that is to be kept for its times; as it is, when there are none."""
    keeper = toolbox.get(ADD)
    rule = parse_recurrence(percept.when, percept.at) if percept.when else None
    if rule is None or keeper is None or not goal.intents:
        return goal
    barred = [intent for intent in goal.intents if intent.tool in NEVER]
    if barred:
        return Goal(intents=(), confidence=0.0, refusal="I cannot schedule that. Say it when you want it.")
    asked = " ".join(name for intent in goal.intents for name in intent.missing)
    values: dict[str, Value] = {"when": percept.when, "request": percept.text, "asked": asked}
    missing: tuple[str, ...] = () if rule.is_complete else ("at",)
    if goal.confidence < 1.0 or effect_of(goal.intents, toolbox) == "irreversible":
        missing += ("agreed",)
    text = f"{say_recurrence(rule, percept.at.date())}: {percept.text}"
    intent = Intent(tool=ADD, values=values, missing=missing, text=text)
    return msgspec.structs.replace(goal, intents=(*goal.intents, intent))


def is_asked_last(intent: Intent) -> bool:
    """Whether all that is left to ask is if it was meant so."""
    return intent.tool == ADD and intent.missing[:1] == ("agreed",)


def agreement(goal: Goal, number: int) -> Question:
    """The question that says it all back: "Every weekday at eight a m: order a pizza. Shall I?"."""
    intent = goal.intents[number]
    when, _, request = intent.text.partition(": ")
    at = f" at {say_time(time.fromisoformat(str(intent.values['at'])))}" if "at" in intent.values else ""
    text = f"{when[:1].upper()}{when[1:]}{at}: {request}. Shall I?"
    return Question(text=text, tool=ADD, slot="agreed", choices=("yes",), values=("yes",), intent=number)


def plan_of(goal: Goal, toolbox: Toolbox) -> Plan | None:
    """The one step that keeps the request; None for a goal that is to be done now. Raises ToolUnknown."""
    if not goal.intents or goal.intents[-1].tool != ADD or len(goal.intents) == 1:
        return None
    *wanted, keeper = goal.intents
    for intent in wanted:
        if toolbox.get(intent.tool) is None:
            raise ToolUnknown(f"I can no longer do that: {intent.text or intent.tool}.")
    asked = str(keeper.values.get("asked", "")).split()
    call = call_of(wanted, asked, toolbox)
    if call is None and asked:
        raise ToolUnknown("I can schedule one thing at a time, or several that you say in full.")
    arguments = {name: value for name, value in keeper.values.items() if name not in ("asked", "agreed")}
    arguments["tools"] = " ".join(intent.tool for intent in wanted)
    if call is not None:
        arguments["call"] = msgspec.json.encode(call).decode()
    step = Step(number=1, tool=ADD, arguments=arguments, effect="reversible", words=keeper.text)
    return Plan(steps=(step,))


def call_of(intents: Sequence[Intent], asked: Sequence[str], toolbox: Toolbox) -> Call | None:
    """The call that stands for the request; None when its words are to be read anew each time: it is several things,
    has a condition, or speaks of days that its words give. What the profile knows is looked up when it is due."""
    tool = toolbox.get(intents[0].tool) if len(intents) == 1 else None
    if tool is None or not _is_plain(intents[0]):
        return None
    (intent,) = intents
    values = {name: value for name, value in intent.values.items() if intent.origins.get(name) != "profile"}
    if not asked and any(slot.kind in _MOMENTS and slot.name in values for slot in tool.slots):
        return None
    origins = {name: origin for name, origin in intent.origins.items() if name in values}
    return Call(tool=tool.name, arguments=values, origins=origins)


def _is_plain(intent: Intent) -> bool:
    """Whether its tool and values say all of it."""
    conditions = (intent.only_if, intent.when, intent.each, intent.carried)
    return not any(conditions) and intent.instead_of is None


def effect_of(intents: Sequence[Intent], toolbox: Toolbox) -> Effect:
    """The most that the request may do."""
    tools = [tool for intent in intents if (tool := toolbox.get(intent.tool)) is not None]
    return heaviest(tools)


def heaviest(tools: Sequence[Tool]) -> Effect:
    """The effect of the one that does most; "read" for none."""
    return max((tool.effect for tool in tools), key=lambda effect: _WEIGHT[effect], default="read")


def rule_of(when: str, at: str, now: datetime) -> Recurrence | None:
    """The recurrence of the words, with the time that was asked for."""
    rule = parse_recurrence(when, now)
    if rule is None or rule.is_complete or not at:
        return rule
    return completed(rule, (at,), now)
