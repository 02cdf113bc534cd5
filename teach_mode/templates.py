"""Text with places for values: `{kind}`, `{when|date:%-d %B}`; in sentences also `[ with {toppings}]`.

A place is a name, then filters; those of text work on each item of a list. A part in square brackets, in sentences
only, is left out when a value in it is empty. `{{`, `}}`, `[[` and `]]` stand for the characters themselves.

| filter | makes |
|---|---|
| `date:FORMAT` | a date, or a date and time, by strftime in English; default `%-d %B %Y` |
| `time:FORMAT` | a time of day likewise; default `%H:%M` |
| `words` | "quattro-formaggi" -> "quattro formaggi" |
| `capital` | first letter upper case, after `words` |
| `title` | every word with a capital, after `words` |
| `lower`, `upper` | case |
| `digits` | the digits alone |
| `join:TEXT` | a list with TEXT between; default ", " |
| `and` | a list as people say it: "a, b and c" |
| `count:ONE,MANY` | "1 person", "2 people" |
| `default:TEXT` | TEXT when the value is empty |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from unicodedata import category
from urllib.parse import quote

import msgspec

from language.entities import Value
from teach_mode.errors import TemplateError

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_BRACKET = re.compile(r"\[\[|\]\]|\[([^\[\]]*)\]|[\[\]]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Control, format (direction marks, zero width), private, unassigned and broken characters.
_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cn", "Cs"))
# The most that one value may say within a sentence.
MOST_CHARS = 160
LITERAL_BRACKETS = {"[[": "[", "]]": "]"}


def _moment(value: Value, what: str) -> datetime:
    text = str(value)
    try:
        if "T" in text or "-" in text:
            return datetime.fromisoformat(text)
        return datetime.combine(date(2000, 1, 1), time.fromisoformat(text))
    except ValueError as error:
        raise TemplateError(f"{text!r} is no {what}; a date is like 2026-11-23, a time like 19:00") from error


def _items(value: Value) -> Sequence[str]:
    return value if isinstance(value, tuple) else (str(value),)


def _and(value: Value, _: str) -> str:
    *first, last = _items(value) or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def _words(text: str) -> str:
    return re.sub(r"[-_]+", " ", text)


def _each(change: Callable[[str], str]) -> Callable[[Value, str], Value]:
    """A filter without argument, put on each item of a list."""

    def changed(value: Value, _: str) -> Value:
        return tuple(change(item) for item in value) if isinstance(value, tuple) else change(_text(value))

    return changed


def _count(value: Value, forms: str) -> str:
    one, _, many = forms.partition(",")
    return f"{value} {one if value in (1, '1') else many or one}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


FILTERS: dict[str, Callable[[Value, str], Value]] = {
    "date": lambda value, form: _moment(value, "date").strftime(form or "%-d %B %Y"),
    "time": lambda value, form: _moment(value, "time").strftime(form or "%H:%M"),
    "words": _each(_words),
    "capital": _each(lambda text: _capital(_words(text))),
    "title": _each(lambda text: " ".join(_capital(word) for word in _words(text).split(" "))),
    "lower": _each(str.lower),
    "upper": _each(str.upper),
    "digits": _each(lambda text: re.sub(r"\D", "", text)),
    "join": lambda value, between: (between or ", ").join(_items(value)),
    "and": _and,
    "count": _count,
    "default": lambda value, text: text if _empty(value) else value,
}


def _empty(value: Value | None) -> bool:
    return value is None or value in ("", ())


def _text(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _place(inside: str) -> tuple[str, list[tuple[str, str]]]:
    name, *filters = inside.split("|")
    if not _NAME.fullmatch(name):
        raise TemplateError(f"{{{inside}}} names no value; write {{name}}, or {{{{ for the brace itself")
    parts = [(key, argument) for key, _, argument in (one.partition(":") for one in filters)]
    for key, _ in parts:
        if key not in FILTERS:
            raise TemplateError(f"{{{inside}}}: there is no filter {key!r}; there are {', '.join(FILTERS)}")
    return name, parts


def names_in(template: str) -> tuple[str, ...]:
    """The names that a template asks for, in order. Raises TemplateError when it is malformed."""
    found = []
    for match in _PLACE.finditer(template):
        if match[0] in "{}":
            raise TemplateError(f"{template!r}: a brace without its other half; write {{{{ or }}}} for the character")
        if match[1] is not None:
            found.append(_place(match[1])[0])
    return tuple(found)


def places_in(template: str) -> tuple[str, ...]:
    """The places of a template as they are written, `{kind|title}`, in order."""
    return tuple(match[0] for match in _PLACE.finditer(template) if match[1] is not None)


def render(template: str, values: Mapping[str, Value], encode: Callable[[str], str] = str) -> str:
    """The template with its places filled; an absent or empty value is empty text. `encode` is put on each value."""

    def fill(match: re.Match[str]) -> str:
        if match[1] is None:
            if len(match[0]) == 1:
                raise TemplateError(f"{template!r}: a brace without its other half")
            return match[0][0]
        name, filters = _place(match[1])
        value: Value = values.get(name, "")
        for key, argument in filters:
            if not _empty(value) or key == "default":
                value = FILTERS[key](value, argument)
        return encode(_text(value))

    return _PLACE.sub(fill, template) if "{" in template or "}" in template else template


# A value may bring the end of its sentence along.
_TWO_ENDS = re.compile(r"(?<=[^.][.!?])\.$")


def render_sentence(template: str, values: Mapping[str, Value]) -> str:
    """Like `render`, with parts in square brackets left out when a value named in them is empty."""

    def part(match: re.Match[str]) -> str:
        if match[0] in LITERAL_BRACKETS:
            return LITERAL_BRACKETS[match[0]]
        if match[1] is None:
            raise TemplateError(f"{template!r}: a square bracket without its other half")
        return match[1] if all(not _empty(values.get(name)) for name in names_in(match[1])) else ""

    said = render(_BRACKET.sub(part, template), values, in_a_sentence)
    return _capital(_TWO_ENDS.sub("", said))


def one_line(text: str) -> str:
    """What is to be seen of a text: spaces made single, nothing that steers how it is shown."""
    return " ".join("".join(sign for sign in text if sign.isspace() or category(sign) not in _UNSEEN).split())


def in_a_sentence(text: str) -> str:
    """A value as it may be spoken: one line, too short to be a speech of its own."""
    line = one_line(text)
    return line if len(line) <= MOST_CHARS else line[: MOST_CHARS - 1] + "…"


def render_url(template: str, values: Mapping[str, Value]) -> str:
    """Like `render`, values percent-encoded except `{site}`, so that a value never changes host, path or query."""
    site = str(values.get("site", ""))
    if template.startswith("{site}"):
        return site + render(template.removeprefix("{site}"), values, lambda text: quote(text, safe=""))
    return render(template, values, lambda text: quote(text, safe=""))


def render_all(thing: Any, values: Mapping[str, Value]) -> Any:
    """A struct, tuple or dict with every text in it rendered; what has no places is returned as it is."""
    if isinstance(thing, str):
        return render(thing, values)
    if isinstance(thing, tuple):
        return tuple(render_all(one, values) for one in thing)
    if isinstance(thing, dict):
        return {key: render_all(one, values) for key, one in thing.items()}
    if isinstance(thing, msgspec.Struct):
        fields = {name: getattr(thing, name) for name in thing.__struct_fields__}
        return msgspec.structs.replace(thing, **{name: render_all(one, values) for name, one in fields.items()})
    return thing


def literal(text: str) -> str:
    """`text` as a template that renders to itself."""
    return text.replace("{", "{{").replace("}", "}}")
