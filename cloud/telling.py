"""What a device is told of an event. Pure: events in, wire messages out, every field cut to its limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from cloud.events import Event
from wire import limits, messages, parts
from wire.outcomes import Outcome

# How a task ended, as the event log and as the wire call it.
ENDINGS: dict[str, Outcome] = {
    "done": Outcome.DONE,
    "failed": Outcome.FAILED,
    "refused": Outcome.REFUSED,
    "cancelled": Outcome.CANCELLED,
    "declined": Outcome.DECLINED,
    "expired": Outcome.EXPIRED,
    "unknown": Outcome.UNKNOWN,
    "parked": Outcome.UNAVAILABLE,
    "not_understood": Outcome.NOT_UNDERSTOOD,
}
# How a question was settled.
SETTLED: dict[str, Outcome] = {
    "yes": Outcome.DONE,
    "chosen": Outcome.ANSWERED,
    "no": Outcome.DECLINED,
    "expired": Outcome.EXPIRED,
    "cancelled": Outcome.CANCELLED,
    "superseded": Outcome.SUPERSEDED,
}
# What every device of a person shows, whichever of them the task came from.
FOR_EVERYBODY = frozenset({"asked", "ask_closed", "ring", "ring_stopped", "timers"})
# What is still worth telling to a device that was away when it happened.
WORTH_TELLING_LATE = (FOR_EVERYBODY - {"timers"}) | {"said", "card", "task_done"}
_SOURCES: dict[str, Literal["you", "site", "leveret"]] = {"you": "you", "site": "site", "leveret": "leveret"}
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9._:@/+=-]")


def told(event: Event, turn: int) -> list[messages.Told]:
    """The messages that show `event` on a device; `turn` is the one they belong to, 0 for none. Speech is not here."""
    tell = _TELL.get(event.kind)
    return tell(event, event.data, turn) if tell else []


def cut(text: object, most: int) -> str:
    """`text` in at most `most` letters; what is cut ends in an ellipsis."""
    whole = " ".join(str(text).split()) if most <= limits.SENTENCE_CHARS else str(text)
    return whole if len(whole) <= most else whole[: most - 1] + "…"


def sentence(text: object) -> str:
    return cut(text, limits.SENTENCE_CHARS)


def label(text: object) -> str:
    return cut(text, limits.LABEL_CHARS)


def wire_id(text: object) -> str:
    """An id as the wire takes it."""
    return _NOT_IN_AN_ID.sub("-", str(text))[: limits.ID_CHARS]


def rows(given: Iterable[Any]) -> tuple[parts.Row, ...]:
    """Rows of a card or a question: mappings with `label` and `value`, or pairs."""
    made = []
    for row in list(given)[: limits.ROWS]:
        if isinstance(row, Mapping):
            name, value, source = row.get("label", ""), row.get("value", ""), row.get("source", "leveret")
        else:
            name, value, *rest = row
            source = rest[0] if rest else "leveret"
        made.append(parts.Row(label(name), sentence(value), _SOURCES.get(str(source), "leveret")))
    return tuple(made)


def choices(given: Iterable[Any]) -> tuple[parts.AskChoice, ...]:
    """The answers that a question offers: mappings with `value` and `text`, or words."""
    made = []
    for choice in list(given)[: limits.CHOICES]:
        if isinstance(choice, Mapping):
            value = choice.get("value", "")
            made.append(parts.AskChoice(label(value), label(choice.get("text") or value)))
        else:
            made.append(parts.AskChoice(label(choice), label(choice)))
    return tuple(made)


def timers(given: Iterable[Mapping[str, Any]]) -> tuple[parts.Timer, ...]:
    """Timers and alarms as a `timers` event holds them, the next one first."""
    return tuple(
        parts.Timer(
            timer=wire_id(one["timer"]),
            label=label(one["label"]),
            due_at_ms=max(0, int(float(one["due_at"]) * 1000)),
            kind="alarm" if one["kind"] == "alarm" else "timer",
        )
        for one in list(given)[: limits.SNAPSHOT_TIMERS]
    )


def question(data: Mapping[str, Any], task: str, turn: int = 0) -> messages.Ask:
    """An `asked` event's data, or a row of open questions, as a device shows it."""
    offered = choices(data.get("choices", ()))
    kind: Any = "confirm" if data.get("kind") in ("irreversible", "confirm") else "choice" if offered else "slot"
    return messages.Ask(
        turn=turn,
        ask=wire_id(data["ask"]),
        task=wire_id(task),
        kind=kind,
        text=sentence(data.get("text", "")),
        rows=rows(data.get("rows", ())),
        choices=offered,
        digest=str(data.get("digest", ""))[: limits.TOKEN_CHARS],
        expires_at_ms=max(0, int(float(data.get("expires_at", 0)) * 1000)),
        quiet=bool(data.get("quiet")),
    )


def _planned(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    words = [str(step.get("words", "")) for step in data.get("steps", ())]
    return [messages.Understood(turn=turn, text=sentence(", ".join(filter(None, words))), task=wire_id(event.task))]


def _step_started(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    return [messages.Progress(turn=turn, task=wire_id(event.task), text=sentence(data.get("words", "")))]


def _progress(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    step, of = (min(limits.STEPS, max(0, int(data.get(name, 0)))) for name in ("number", "of"))
    text = sentence(data.get("text", ""))
    return [messages.Progress(turn=turn, task=wire_id(event.task), text=text, step=step, of=of)]


def _healed(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    found = " and ".join(str(step.get("now", "")) for step in data.get("steps", ()))
    text = f"The site has changed; I found {found} again"
    return [messages.Progress(turn=turn, task=wire_id(event.task), text=sentence(text))]


def _asked(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    return [question(data, event.task, turn)]


def _ask_closed(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    outcome = SETTLED.get(str(data.get("outcome", "")), Outcome.CANCELLED)
    return [messages.AskClosed(turn=turn, ask=wire_id(data["ask"]), outcome=outcome)]


def _card(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    return [
        messages.Card(
            turn=turn,
            title=label(data.get("title", "")),
            body=cut(data.get("body", ""), limits.TEXT_CHARS),
            rows=rows(data.get("rows", ())),
            task=wire_id(event.task),
        )
    ]


def _ring(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    return [messages.Ring(turn=0, timer=wire_id(data["timer"]), label=label(data.get("label", "")))]


def _ring_stopped(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    return [messages.RingStop(turn=0, timer=wire_id(data["timer"]))]


def _timers(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    return [messages.Timers(timers=timers(data.get("timers", ())))]


def _task_done(event: Event, data: Mapping[str, Any], turn: int) -> list[messages.Told]:
    done = messages.TaskDone(
        turn=turn,
        task=wire_id(event.task),
        outcome=ending(data),
        sentence=sentence(data.get("sentence", "")),
    )
    return [done]


def ends_turn(event: Event) -> Outcome | None:
    """How the turn that caused `event` is answered by it; None: it is not over yet. Long work outlives its turn."""
    match event.kind:
        case "asked":
            return Outcome.ASKED
        case "progress":
            return Outcome.STARTED
        case "task_done":
            return ending(event.data)
    return None


def ending(data: Mapping[str, Any]) -> Outcome:
    """How the wire calls the end of a task that a `task_done` event tells."""
    return ENDINGS.get(str(data.get("status", "")), Outcome.FAILED)


_TELL: dict[str, Callable[[Event, Mapping[str, Any], int], list[messages.Told]]] = {
    "planned": _planned,
    "step_started": _step_started,
    "progress": _progress,
    "healed": _healed,
    "asked": _asked,
    "ask_closed": _ask_closed,
    "card": _card,
    "ring": _ring,
    "ring_stopped": _ring_stopped,
    "timers": _timers,
    "task_done": _task_done,
}
