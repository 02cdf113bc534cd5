"""Rows and events -> RunStory. Pure; what is missing or of an older kind is left out, never an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct, structs

from cloud.commands import HandleUtterance, origin_of
from cloud.events import Event
from cloud.history.rules import words_of
from cloud.history.story import Act, Asked, Card, Did, Healing, Part, Picture, RunStory, Said, Verdict
from cloud.tasks.intents import Intent
from cloud.tasks.records import OPEN, Task


class _Open(Struct):
    """A story while it is put together."""

    task: Task
    story: RunStory
    parts: dict[int, Part] = {}
    asks: dict[str, Asked] = {}
    acts: dict[str, Act] = {}
    healings: list[Healing] = []
    pictures: dict[int, Picture] = {}
    cards: list[Card] = []
    said: list[Said] = []
    changed: list[str] = []
    progress: dict[int, list[Did]] = {}
    current: int = 0

    def part(self, number: int) -> Part:
        return self.parts.get(number) or Part(number=number, tool="")

    def put(self, number: int, **changes: Any) -> None:
        self.parts[number] = structs.replace(self.part(number), **changes)


def story_of(
    task: Task, events: Iterable[Event], intents: Sequence[Intent] = (), *, kept: Callable[[int], bool] = lambda n: True
) -> RunStory:
    """The story of a task from its events, in their order. `kept` says whether a picture is still there."""
    command = task.command
    open_ = _Open(
        task=task,
        story=RunStory(
            run=task.id,
            text=task.text,
            status=task.status,
            began=task.created,
            by=origin_of(command),
            heard=task.text,
            spoken=command.spoken,
            engine=command.engine,
            device=command.device,
            turn=command.turn,
            schedule=schedule_of(command),
            schedule_words=scheduled(command),
            ended=None if task.status in OPEN else task.updated,
            sentence=task.sentence,
            attempts=task.attempts,
        ),
    )
    for event in events:
        if (take := _TAKE.get(event.kind)) is not None:
            take(open_, event, event.data)
    for intent in intents:
        if intent.id in open_.acts:
            known = open_.acts[intent.id]
            open_.acts[intent.id] = structs.replace(known, evidence=intent.evidence, step=intent.step)
    return _closed(open_, kept)


def scheduled(command: HandleUtterance) -> str:
    """What its schedule is called, and when that is due."""
    return ", ".join(filter(None, (command.schedule.name, command.schedule.words))) if command.schedule else ""


def schedule_of(command: HandleUtterance) -> str:
    """The schedule that began it, "" for what none did."""
    kind, _, rest = command.key.partition(":")
    return rest.partition(":")[0] if kind == "schedule" else ""


def _closed(made: _Open, kept: Callable[[int], bool]) -> RunStory:
    for number, done in made.progress.items():
        if number in made.parts and not made.parts[number].did:
            made.put(number, did=_timed(done, made.parts[number].ended))
    is_open = made.story.ended is None
    now = made.story.now if is_open else ""
    pictures = tuple(structs.replace(one, kept=kept(one.number)) for one in made.pictures.values())
    return structs.replace(
        made.story,
        now=now,
        parts=tuple(part for _, part in sorted(made.parts.items())),
        asks=tuple(made.asks.values()),
        acts=tuple(made.acts.values()),
        healings=tuple(made.healings),
        pictures=pictures,
        cards=tuple(made.cards),
        said=tuple(made.said),
        changed=tuple(dict.fromkeys(made.changed)),
    )


def _timed(done: Sequence[Did], ended: float | None) -> tuple[Did, ...]:
    """Steps of which nothing but their beginnings is known: each took until the next one began."""
    ends = [*(one.at for one in done[1:]), ended]
    return tuple(
        one if end is None else structs.replace(one, took_ms=max(end - one.at, 0.0) * 1000)
        for one, end in zip(done, ends, strict=True)
    )


def _heard(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    if made.parts or made.asks:
        return  # words that answered a question
    made.story = structs.replace(made.story, heard=_text(data, "text"), by=_text(data, "by") or made.story.by)


def _corrected(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    made.story = structs.replace(made.story, text=_text(data, "text") or made.story.text)


def _planned(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    for step in _list(data, "steps"):
        made.put(
            _whole(step, "number"),
            tool=_text(step, "tool"),
            words=_text(step, "words"),
            version=_whole(step, "version"),
            effect=_text(step, "effect"),
            values=dict(_some(step, "arguments")),
        )


def _step_started(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    number = _whole(data, "number")
    part = made.part(number)
    made.current = number
    made.progress.pop(number, None)
    words = _text(data, "words") or part.words
    made.put(number, tool=_text(data, "tool") or part.tool, words=words, began=part.began or event.at)
    made.story = structs.replace(made.story, now=words)


def _progress(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    words = _text(data, "text")
    made.progress.setdefault(made.current, []).append(Did(step="", words=words, at=event.at))
    made.story = structs.replace(made.story, now=words)


def _verdict(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    number = _whole(data, "step")
    one = _judged({**data, "at": event.at})
    # An act that was asked about stands with its step as well, as soon as that has ended.
    if one is not None:
        made.put(number, verdicts=(*made.part(number).verdicts, one))


def _did(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    number = _whole(data, "number")
    done = []
    for step in _list(data, "steps"):
        verdicts = tuple(one for told in _list(step, "verdicts") if (one := _judged(told)) is not None)
        try:
            done.append(msgspec.convert({**step, "verdicts": ()}, Did))
        except msgspec.ValidationError:
            continue
        done[-1] = structs.replace(done[-1], verdicts=verdicts)
    part = made.part(number)
    whole = sorted((*part.did, *done), key=lambda one: one.at)
    sites = dict.fromkeys((*part.sites, *(one.site for one in whole if one.site)))
    made.put(number, did=tuple(whole), sites=tuple(sites))


def _replayed(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    number = _whole(data, "number")
    files = tuple((_text(one, "name"), _whole(one, "bytes")) for one in _list(data, "files"))
    read = {str(name): str(text) for name, text in _some(data, "read").items()}
    sites = tuple(dict.fromkeys((*made.part(number).sites, *map(str, _all(data, "sites")))))
    made.put(
        number,
        tool=made.part(number).tool or _text(data, "skill"),
        sites=sites,
        read=read,
        files=files,
        version=_whole(data, "version") or made.part(number).version,
        lost=_text(data, "lost"),
        code=_text(data, "code"),
    )


def _changed(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    words, item = _text(data, "words"), _text(data, "item")
    made.changed.append(f"{words}, for {item}" if item else words)


def _asked(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    ask = _text(data, "ask")
    if ask in made.asks:
        return  # put once more
    made.asks[ask] = Asked(
        ask=ask,
        kind=_text(data, "kind"),
        text=_text(data, "text"),
        at=event.at,
        digest=_text(data, "digest"),
        step=_whole(data, "step"),
        rows=tuple(_row(row) for row in _all(data, "rows")),
        choices=tuple(_text(choice, "text") for choice in _list(data, "choices")),
    )


def _answered(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    if (asked := made.asks.get(_text(data, "ask"))) is not None:
        given = _text(data, "answer")
        changes = {"answer": given, "surface": _text(data, "surface"), "answered": event.at}
        made.asks[asked.ask] = structs.replace(asked, **changes)


def _ask_closed(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    if (asked := made.asks.get(_text(data, "ask"))) is not None:
        made.asks[asked.ask] = structs.replace(asked, outcome=_text(data, "outcome"))


def _intent(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    act = _text(data, "act")
    made.acts[act] = Act(act=act, words=_text(data, "words"), at=event.at, step=_whole(data, "step"))


def _result(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    if (act := made.acts.get(_text(data, "act"))) is not None:
        made.acts[act.act] = structs.replace(act, result=_text(data, "result"), settled=event.at)


def _step_skipped(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    number = _whole(data, "number")
    words, why = _text(data, "words") or made.part(number).words, _text(data, "why")
    made.put(number, words=words, began=event.at, ended=event.at, status="skipped", sentence=why)


def _step_done(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    made.put(
        _whole(data, "number"),
        ended=event.at,
        status=_text(data, "status"),
        sentence=_text(data, "sentence"),
        waited_ms=_number(data, "waited_ms"),
    )


def _said(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    made.said.append(Said(text=_text(data, "text"), at=event.at))


def _card(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    rows = tuple((_text(row, "label"), _text(row, "value")) for row in _list(data, "rows"))
    made.cards.append(Card(title=_text(data, "title"), body=_text(data, "body"), rows=rows))


def _healed(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    for step in _list(data, "steps"):
        made.healings.append(
            Healing(
                step=_text(step, "step"),
                was=_text(step, "was"),
                now=_text(step, "now"),
                at=event.at,
                score=_number(step, "score"),
                confirmed=bool(step.get("confirmed")),
                skill=_text(data, "skill"),
                version=_whole(data, "version"),
                pictures=tuple(map(str, _all(step, "pictures"))),
            )
        )


def _frame(made: _Open, event: Event, data: Mapping[str, Any]) -> None:
    number = _whole(data, "number")
    made.pictures[number] = Picture(number=number, at=event.at)


def _judged(data: Mapping[str, Any]) -> Verdict | None:
    try:
        one = msgspec.convert({name: data[name] for name in data if name in Verdict.__struct_fields__}, Verdict)
    except msgspec.ValidationError:
        return None
    return structs.replace(one, words=words_of(one.rule))


def _row(given: Any) -> tuple[str, str, str]:
    if isinstance(given, Mapping):
        return _text(given, "label"), _text(given, "value"), _text(given, "source")
    parts = given if isinstance(given, list | tuple) else ()
    label, value, who = (*map(str, parts), "", "", "")[:3]
    return label, value, who


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return "" if value is None else str(value)


def _whole(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    return value if isinstance(value, int) else 0


def _list(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [one for one in _all(data, name) if isinstance(one, Mapping)]


def _all(data: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = data.get(name)
    return value if isinstance(value, list | tuple) else ()


def _some(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def _number(data: Mapping[str, Any], name: str) -> float:
    value = data.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


_TAKE: dict[str, Callable[[_Open, Event, Mapping[str, Any]], None]] = {
    "heard": _heard,
    "corrected": _corrected,
    "planned": _planned,
    "step_started": _step_started,
    "progress": _progress,
    "verdict": _verdict,
    "did": _did,
    "replayed": _replayed,
    "changed": _changed,
    "asked": _asked,
    "answered": _answered,
    "ask_closed": _ask_closed,
    "intent": _intent,
    "result": _result,
    "step_done": _step_done,
    "step_skipped": _step_skipped,
    "said": _said,
    "card": _card,
    "healed": _healed,
    "frame": _frame,
}
