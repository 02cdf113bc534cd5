"""How a goal is inferred: readings become intents, gaps are filled from the profile and the picture, or asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from cloud.lam import scheduling
from cloud.lam.goals import Answer, Goal, Intent, Origin, Question
from cloud.lam.judgement import is_sink
from cloud.lam.perception import Percept, Reading, authority, sites_named, without_pointing_words
from cloud.lam.questions import missing_question, plain_words, rival_question, sure_question
from cloud.lam.referring import referred
from cloud.lam.schemas import fits
from cloud.lam.toolbox import SiteTool, Tool, Toolbox, plain_description
from cloud.models.interfaces import Proposal
from language.entities import Slot, Value, say
from language.tokens import tokenize

_THEN = re.compile(r"\b(?:then|after that|afterwards|when that is done)\b", re.IGNORECASE)
NOTHING_HEARD = "I heard nothing. Hold the button while you speak."
NO_SOURCE = "I have no source for that."
# A question about the world, and not about the two who speak.
_FACT = re.compile(
    r"\s*(?:(?:who|where|what|when|which|whose)(?:'s|’s|\s+(?:is|are|was|were|did|does|has|won|wrote|invented))"
    r"|why|how\s+(?:tall|old|far|big|deep|high|long|many|much|heavy|fast))\s+\w",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:i|i'm|me|my|we|our|you|your|it|that|this)\b", re.IGNORECASE)
NO_PICTURE = "I have no picture of it. Take one while you say that."


class Known(Struct, frozen=True, kw_only=True):
    """What memory gives: the profile, and what was chosen last time, by tool."""

    profile: Mapping[str, Value]
    suggestions: Mapping[str, Mapping[str, Value]]


def infer(
    percept: Percept,
    toolbox: Toolbox,
    known: Known,
    proposal: Proposal | None = None,
    before: tuple[Intent, ...] = (),
) -> Goal:
    """What is wanted: what was read, else what a model proposes. A goal has intents, or a refusal with a sentence.
    `before` are intents that it goes on from: they stand first in the goal, and "it" may speak of them."""
    looks = percept.points and _needs_picture(percept, toolbox)
    if looks and percept.picture_problem:
        return refuse(percept.picture_problem)
    if looks and percept.codes and not sites_named(percept.codes, toolbox) and _places(percept.codes):
        return refuse(f"The code in the picture leads to {_places(percept.codes)[0]}. I cannot do anything there yet.")
    if not percept.readings:
        proposed = _proposed(proposal, percept, toolbox, known) if proposal is not None else None
        return proposed or refuse(_not_understood(percept, toolbox))
    intents: list[Intent] = [*before]
    questions: list[Question] = []
    for number, reading in enumerate(percept.readings, len(before)):
        chosen = _intents(reading, percept, toolbox, known)
        then = number > 0 and reading.instead_of is None and bool(_THEN.search(percept.utterance.text))
        instead_of = reading.instead_of + len(before) if reading.instead_of is not None else None
        place = {"instead_of": instead_of, "strict": reading.strict}
        intent = msgspec.structs.replace(chosen[0], alternatives=_same_words(reading), then=then, **place)
        referring = referred(intent, reading, intents, toolbox)
        if isinstance(referring, str):
            return refuse(referring)
        intents.append(referring)
        rivals = tuple(rival for rival in reading.rivals if rival.text != reading.text)
        if rivals:
            plain = msgspec.structs.replace(reading, rivals=rivals)
            placed = [msgspec.structs.replace(option, then=then, **place) for option in chosen[: len(rivals) + 1]]
            meant = [referred(option, reading, intents[:number], toolbox) for option in placed]
            options = [option for option in meant if isinstance(option, Intent)]
            if len(options) < len(meant):
                return refuse(next(why for why in meant if isinstance(why, str)))
            question = rival_question(plain, options, number)
            questions += [question] if question else []
    goal = Goal(
        intents=tuple(intents),
        confidence=confidence(percept.readings),
        pending=tuple(questions),
        notice=percept.picture_problem,
    )
    return next_question(goal, toolbox)


def resume(goal: Goal, answer: Answer, toolbox: Toolbox, origin: Origin = "said") -> Goal:
    """The goal with its question answered. A no leaves no intent; a value that cannot be had is asked for again."""
    question = goal.question
    if question is None:
        return goal
    if answer.kind == "no":
        return Goal(intents=(), confidence=0.0)
    intent = goal.intents[question.intent]
    if answer.kind == "yes":
        if len(question.values) != 1:
            return goal  # "yes" to "for two, or for ten?" says nothing: it is asked again
        answer = Answer(kind="value", value=question.values[0])
    if not question.slot:
        chosen = question.options[int(str(answer.value))]
        return next_question(_with(goal, question.intent, chosen), toolbox)
    tool = toolbox.get(intent.tool, intent.version)
    slot = next((slot for slot in tool.slots if slot.name == question.slot), None) if tool else None
    if tool is None or slot is None:
        return refuse("I can no longer do that.")
    value = (answer.value,) if slot.many and not isinstance(answer.value, tuple) else answer.value
    if not fits(slot, value):  # type: ignore[arg-type]
        again = missing_question(
            tool, msgspec.structs.replace(intent, missing=(slot.name,)), question.intent, unfit=True
        )
        return msgspec.structs.replace(goal, question=again)
    filled = msgspec.structs.replace(
        intent,
        values={**intent.values, slot.name: value},
        origins={**intent.origins, slot.name: origin},
        missing=tuple(name for name in intent.missing if name != slot.name),
    )
    return next_question(_with(goal, question.intent, filled), toolbox)


def next_question(goal: Goal, toolbox: Toolbox) -> Goal:
    """Sets the question that comes next: which reading was meant, then what is missing; none when all is known."""
    if goal.pending:
        return msgspec.structs.replace(goal, question=goal.pending[0], pending=goal.pending[1:])
    goal = _inherited(goal)
    for number, intent in enumerate(goal.intents):
        tool = toolbox.get(intent.tool, intent.version)
        if tool is not None and intent.missing:
            if scheduling.is_asked_last(intent):
                return msgspec.structs.replace(goal, question=scheduling.agreement(goal, number))
            unfit = intent.missing[0] in intent.origins
            return msgspec.structs.replace(goal, question=missing_question(tool, intent, number, unfit=unfit))
    return msgspec.structs.replace(goal, question=None)


def _inherited(goal: Goal) -> Goal:
    """What an intent still lacks is that of the one it stands in for, where both are of one tool."""
    intents = list(goal.intents)
    for number, intent in enumerate(intents):
        first = intents[intent.instead_of] if intent.instead_of is not None else intent
        told = {name: first.values[name] for name in intent.missing if name in first.values}
        if first.tool == intent.tool and told:
            intents[number] = msgspec.structs.replace(
                intent,
                values={**intent.values, **told},
                origins={**intent.origins, **{name: first.origins.get(name, "said") for name in told}},
                missing=tuple(name for name in intent.missing if name not in told),
            )
    return msgspec.structs.replace(goal, intents=tuple(intents))


def refuse(sentence: str) -> Goal:
    """A goal that is no task."""
    return Goal(intents=(), confidence=0.0, refusal=sentence)


def _needs_picture(percept: Percept, toolbox: Toolbox) -> bool:
    """Whether pointing matters: "take a note that I met her here" says all by itself."""
    tools = [toolbox.get(reading.tool) for reading in percept.readings]
    return not tools or any(isinstance(tool, SiteTool) for tool in tools)


def is_open(percept: Percept) -> bool:
    """Whether there are words that nothing was read from, so that a model may be asked."""
    return not percept.readings and any(character.isalnum() for character in percept.utterance.text)


def _proposed(proposal: Proposal, percept: Percept, toolbox: Toolbox, known: Known) -> Goal | None:
    """A model's calls as intents. When it is not sure, the person is asked first whether that was meant."""
    intents = []
    for call in proposal.calls:
        tool = toolbox.get(call.name)
        if tool is None:
            return None
        origins = {name: _origin_of(value, percept) for name, value in call.arguments.items()}
        intent = make_intent(tool, call.arguments, words_of(tool, call.arguments, percept.at), known, percept)
        kept = {name: origins.get(name, origin) for name, origin in intent.origins.items()}
        intents.append(msgspec.structs.replace(intent, origins=kept))
    if not intents:
        return None
    goal = Goal(intents=tuple(intents), confidence=0.5, notice=percept.picture_problem)
    if not proposal.sure:
        goal = msgspec.structs.replace(goal, pending=(sure_question(intents[0]),))
    return next_question(goal, toolbox)


def words_of(tool: Tool, values: Mapping[str, Value], now: datetime) -> str:
    """The tool with the values as they are said: "order a pizza: large, pepperoni"."""
    slots = {slot.name: slot for slot in tool.slots}
    fit = {name: value for name, value in values.items() if name in slots and fits(slots[name], value)}
    said = ", ".join(say(slots[name], value, now) for name, value in fit.items())
    return f"{plain_description(tool)}: {said}" if said else plain_description(tool)


def _origin_of(value: Value, percept: Percept) -> Origin:
    """Words that the person did not say came from the picture, if the model was shown one."""
    said = plain_words(percept.utterance.text)
    if isinstance(value, str) and plain_words(value) in said:
        return "said"
    return "picture" if percept.codes or percept.picture_text else "model"


def confidence(readings: tuple[Reading, ...]) -> float:
    """0 to 1: how near the farthest reading was to what was heard; a rival halves it."""
    nearness = [1.0 / (1.0 + max(reading.distance, 0.0)) / (2 if reading.rivals else 1) for reading in readings]
    return min(nearness, default=0.0)


def make_intent(
    tool: Tool, values: Mapping[str, Value], text: str, known: Known, percept: Percept, origin: Origin = "said"
) -> Intent:
    """Values as given, gaps from the profile and the picture, the rest missing, as is what does not fit."""
    kept: dict[str, Value] = {}
    origins: dict[str, Origin] = {}
    missing = []
    for slot in tool.slots:
        value, source = _fill(slot, values, known, percept, origin)
        if value is not None and fits(slot, value):
            kept[slot.name], origins[slot.name] = value, source
        elif slot.required and slot.default is None:
            missing.append(slot.name)
            if value is not None:
                origins[slot.name] = source  # it was given, and is out of bounds
    last = known.suggestions.get(tool.name, {})
    suggested = {name: last[name] for name in missing if name in last}
    return Intent(tool=tool.name, values=kept, missing=tuple(missing), text=text, origins=origins, suggested=suggested)


def _fill(
    slot: Slot, values: Mapping[str, Value], known: Known, percept: Percept, origin: Origin
) -> tuple[Value | None, Origin]:
    shown = percept.picture_text if slot.kind == "text" and not is_sink(slot.name) and percept.points else ""
    if slot.name in values:
        pointed = shown and not without_pointing_words(str(values[slot.name]))
        if pointed:
            return shown, "picture"
        value = values[slot.name]
        is_dictated = slot.kind == "text" and isinstance(value, str)
        return as_dictated(str(value), percept.utterance.text) if is_dictated else value, origin
    for name in (slot.name, slot.name.rpartition("_")[2]):
        if name in known.profile and slot.required:
            return known.profile[name], "profile"
    return (shown, "picture") if shown and slot.required else (None, origin)


def as_dictated(value: str, text: str) -> str:
    """The words of `value` as they stand in the transcript, with its capitals and marks, where they do."""
    tokens = [token for token in tokenize(text) if token.text not in (".", ",")]
    wanted = [token.text for token in tokenize(value) if token.text not in (".", ",")]
    for start in range(len(tokens) - len(wanted), -1, -1):
        found = tokens[start : start + len(wanted)]
        if wanted and [token.text for token in found] == wanted:
            return text[found[0].start : found[-1].end]
    return value


def _intents(reading: Reading, percept: Percept, toolbox: Toolbox, known: Known) -> list[Intent]:
    made = []
    for each in (reading, *(rival for rival in reading.rivals if rival.text != reading.text)):
        tool = toolbox.get(each.tool)
        if tool is not None:
            made.append(make_intent(tool, each.values, each.text, known, percept))
        else:
            made.append(Intent(tool=each.tool, values=dict(each.values), text=each.text))
    return made


def _same_words(reading: Reading) -> tuple[str, ...]:
    same = (rival.tool for rival in reading.rivals if rival.text == reading.text and rival.tool != reading.tool)
    return tuple(dict.fromkeys(same))


def _not_understood(percept: Percept, toolbox: Toolbox) -> str:
    if not any(character.isalnum() for character in percept.utterance.text):
        return percept.picture_problem or NOTHING_HEARD
    if percept.points and not (percept.codes or percept.picture_text):
        return percept.picture_problem or NO_PICTURE
    if _FACT.match(percept.utterance.text) and not _OURS.search(percept.utterance.text):
        return NO_SOURCE
    return f"Sorry, I can't do that. {toolbox.abilities()}"


def _places(codes: tuple[str, ...]) -> list[str]:
    return [place for code in codes if (place := authority(code))]


def _with(goal: Goal, number: int, intent: Intent) -> Goal:
    intents = tuple(intent if place == number else each for place, each in enumerate(goal.intents))
    return msgspec.structs.replace(goal, intents=intents, question=None)
