"""What was found, as the parameters of a skill: which values belong together, what each is called and asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from language.choices import name_of
from language.entities import Choice, Value
from language.similarity import words_of
from teach_mode.demonstration import ShownStep
from teach_mode.generalizing import moments
from teach_mode.generalizing.beats import Column
from teach_mode.generalizing.facts import labels_of
from teach_mode.generalizing.finding import Field, Found
from teach_mode.generalizing.sentence import Mention, Sentence
from teach_mode.generalizing.weaving import Piece, pieces_first
from teach_mode.skill import GIVEN, Parameter
from teach_mode.templates import render

_RESERVED = GIVEN
_PLAIN = {
    "choice": "choice",
    "integer": "number",
    "text": "text",
    "name": "name",
    "date": "day",
    "time": "time",
    "when": "when",
    "amount": "amount",
}
_ASKED = {"date": "For what day?", "time": "At what time?", "when": "For what day, and what time?"}
MOST_ASKED = 6
_LABEL_WORDS = 2
_NO_NOUNS = frozenset(
    ("and", "with", "for", "to", "at", "on", "in", "from", "by", "please", "as", "the", "a", "an", "of", "then", "that")
)


class Place(Struct, frozen=True):
    """Where a parameter stands: a column, and whether what is typed there or the element itself changes with it."""

    column: int
    field: Field


class Known(Struct, frozen=True, kw_only=True):
    """A parameter with where it stands, and by demonstration its value and where the sentence says it."""

    parameter: Parameter
    places: tuple[Place, ...]
    found: tuple[Found, ...]
    values: tuple[Value | None, ...]
    mentions: tuple[Mention | None, ...]

    @property
    def name(self) -> str:
        return self.parameter.name

    def pieces(self, demonstration: int, item: Value | None = None) -> tuple[Piece, ...]:
        """How the page writes its value in one demonstration; with `item`, one value of its list as `{item}`."""
        value = item if item is not None else self.values[demonstration]
        name = "item" if item is not None else self.name
        if value is None or isinstance(value, tuple):
            return ()
        return pieces_first(piece for found in self.found for piece in _pieces(found, self.parameter.kind, name, value))


def _pieces(found: Found, kind: str, name: str, value: Value) -> list[Piece]:
    if kind in ("date", "when", "time"):
        dates = [*moments.written_day(moments.day_of(value), name)] if kind != "time" else []
        bare = [*moments.bare_day(moments.day_of(value), name)] if kind != "time" else []
        times = [*moments.written_time(moments.time_of(value), name)] if kind != "date" else []
        return [Piece(str(value), f"{{{name}}}"), *dates, *times, *bare]
    if found.menu is not None:
        return found.menu.pieces(name, str(value))
    if found.numbers is not None and found.numbers.filters:
        place = f"{{{name}{found.numbers.filters}}}"
        return [Piece(str(value), f"{{{name}}}", whole=True), Piece(render(place, {name: value}), place)]
    if found.numbers is not None and isinstance(value, int):
        label = found.numbers.labels.get(value, "")
        return [Piece(str(value), f"{{{name}}}", whole=True), Piece(label, f"{{{name}}}", whole=True)]
    place = f"{{{name}{found.filters}}}"
    return [Piece(render(place, {name: value}), place, whole=isinstance(value, int), loose=bool(found.filters))]


def parameters_of(
    found: Sequence[Found], columns: Sequence[Column], sentences: Sequence[Sentence]
) -> tuple[Known, ...]:
    """The parameters, in the order in which they are first needed."""
    known: list[Known] = []
    for group in _together([one for one in found if one.kind != "secret"]):
        taken = {one.name for one in known}
        known.append(_known(group, columns, sentences, taken))
    return tuple(known)


def _together(found: Sequence[Found]) -> list[list[Found]]:
    """Day and time that were said, or shown, together are one moment; the same words said once are one value."""
    groups: list[list[Found]] = []
    for one in found:
        for group in groups:
            if _belongs(one, group):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _belongs(one: Found, group: Sequence[Found]) -> bool:
    first = group[0]
    if one.fact or first.fact:
        return one.fact == first.fact and one.values == first.values
    if first.said and one.mentions == first.mentions:
        moment = {"date", "time", "when"}
        return {one.kind, first.kind} <= moment or (one.kind == first.kind and one.values == first.values)
    kinds = {each.kind for each in group}
    return not one.said and not first.said and kinds | {one.kind} == {"date", "time"} and one.kind not in kinds


def _known(group: Sequence[Found], columns: Sequence[Column], sentences: Sequence[Sentence], taken: set[str]) -> Known:
    first = group[0]
    kinds = {one.kind for one in group}
    kind = "when" if kinds & {"when"} or {"date", "time"} <= kinds else first.kind
    assert kind != "secret"
    values = tuple(_value([one.values[number] for one in group]) for number in range(len(first.values)))
    step = columns[first.column].base[1].first
    missing = any(value is None for value in values) or (first.many and not first.rounds) or first.optional
    name = _free(first.name or first.fact or _name(first, step, sentences) or _PLAIN[kind], taken)
    source = "profile" if first.fact else "request"
    numbers = first.numbers
    parameter = Parameter(
        name=name,
        kind=kind,
        choices=_choices(group),
        least=float(numbers.least) if numbers else None,
        most=float(numbers.most) if numbers else None,
        required=not missing,
        default=_default(first, values),
        many=first.many,
        source="profile" if source == "profile" else "request",
    )
    if parameter.required:
        parameter = msgspec.structs.replace(parameter, question=question_for(parameter, step))
    return Known(
        parameter=parameter,
        places=tuple(Place(one.column, one.field) for one in group),
        found=tuple(group),
        values=values,
        mentions=first.mentions,
    )


def _default(found: Found, values: Sequence[Value | None]) -> str | int | float | None:
    """A quantity that nobody said is as shown, unless something else is said."""
    shown = {value for value in values if value is not None}
    only = shown.pop() if len(shown) == 1 and found.optional and None not in values else None
    return only if not isinstance(only, tuple) else None


def _value(parts: Sequence[Value | None]) -> Value | None:
    """One value of several parts: a day and a time are a moment."""
    given = [part for part in parts if part is not None]
    day = next((str(part) for part in given if re.fullmatch(r"\d{4}-\d\d-\d\d", str(part))), None)
    hour = next((str(part) for part in given if re.fullmatch(r"\d\d:\d\d", str(part))), None)
    if day is not None and hour is not None:
        return f"{day}T{hour}"
    return given[0] if given else None


def _choices(group: Sequence[Found]) -> tuple[Choice, ...]:
    menu = group[0].menu
    return menu.choices if menu is not None and group[0].kind == "choice" else ()


def question_for(parameter: Parameter, step: ShownStep | None = None) -> str:
    """What is asked when the value is missing."""
    words = parameter.name.replace("_", " ")
    if parameter.kind in _ASKED:
        return _ASKED[parameter.kind]
    if parameter.kind == "integer":
        return f"How many {words}?" if words.endswith(("s", "people")) else f"What {words}?"
    if parameter.source == "profile":
        return f"What is your {words}?"
    if parameter.kind == "choice" and len(parameter.choices) <= MOST_ASKED:
        names = [name_of(parameter.choices, choice.value) for choice in parameter.choices]
        return f"What {words}: {', '.join(names[:-1])} or {names[-1]}?" if len(names) > 1 else f"What {words}?"
    return f"Which {words}?" if parameter.kind == "choice" else f"What {words}?"


def _name(found: Found, step: ShownStep, sentences: Sequence[Sentence]) -> str:
    """What to call it: as the field is called, as the group of its choices is, or by the noun after it."""
    if found.kind in ("date", "time", "when"):
        return ""
    chosen = {word for value in found.values for word in words_of(str(value))}
    hints = list(labels_of(step.shown)) if step.shown and step.action in ("fill", "select") else []
    if step.shown and step.action not in ("fill", "select"):
        attributes = step.shown.target.fingerprint.attributes
        hints += [attributes.get("name", ""), _group(attributes.get("href", ""))]
        hints += [text for text in step.shown.target.fingerprint.neighbours[:1] if len(words_of(text)) == 1]
    hints += [_noun_after(found, sentences)]
    for hint in hints:
        words = [word for word in words_of(hint) if not word.isdigit()][:_LABEL_WORDS]
        if words and not set(words) & chosen and len("".join(words)) > 2 and words[0][0].isalpha():
            slug = re.sub(r"[^a-z0-9_]", "", "_".join(words))
            if slug and slug[0].isalpha():
                return slug
    return ""


def _group(href: str) -> str:
    parts = [part for part in re.split(r"[/?#=&]+", href) if part]
    return parts[-2] if len(parts) > 1 else ""


def _noun_after(found: Found, sentences: Sequence[Sentence]) -> str:
    """ "pepperoni pizza": what was said to be a pizza."""
    for mention, sentence in zip(found.mentions, sentences, strict=True):
        if mention is not None:
            following = words_of(sentence.text[mention.end :])[:1]
            if following and following[0] not in _NO_NOUNS:
                return following[0]
    return ""


def _free(name: str, taken: set[str]) -> str:
    name = name if name not in _RESERVED else f"{name}s"
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
