"""All usual ways of saying the values of a slot, for whoever has to recognise them by their sound.

`spoken_grammar` gives alternatives: each a `Path`, a sequence of places with a set of fragments for each. One fragment
from every place, joined by spaces, is a sentence that `read` turns into one value. The same set of fragments is the
same object wherever it stands, so work done for it can be kept by identity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import product

from language import spoken_times as times
from language.choices import forms_of, plural
from language.durations import DAY, HOUR, MINUTE, WEEK
from language.numbers import say_number, say_ordinal
from language.reading import hours_of, read
from language.slots import Slot, Spoken

Path = tuple[tuple[Spoken, ...], ...]
Alternatives = tuple[Path, ...]

_AND = (Spoken("and"),)
_LONGEST_LIST = 4
_UNBOUNDED = 100
_IDIOMS = {2: ("a couple",), 6: ("half a dozen",), 12: ("a dozen",)}
_ROUND_CENTS = ("twenty five", "fifty", "seventy five", "ninety", "ninety five", "ninety nine")
_CENTS = (*(f"oh {say_number(cents)}" for cents in range(1, 10)), *(say_number(cents) for cents in range(10, 100)))


def spoken_forms(slot: Slot, now: datetime) -> tuple[Spoken, ...]:
    """Whole ways of saying the slot's values, each with its value; none for an open text.

    For moments and amounts these are the commonest only (this week, half hours, round cents): `spoken_grammar` has
    them all."""
    if slot.many:
        return _single(slot, now)
    sentences = (
        " ".join(fragment.text for fragment in fragments)
        for path in _paths(slot, now, coarse=True)
        for fragments in product(*path)
    )
    return _read_all(slot, sentences, now)


def spoken_grammar(slot: Slot, now: datetime) -> Alternatives:
    """The slot's values as alternatives of sequences, without their cross product. Empty for an open text.

    Lists of many hold up to four items; lists that are longer can be read, but are not foreseen here."""
    if not slot.many:
        return _paths(slot, now, coarse=False)
    items = tuple(Spoken(form.text) for form in _single(slot, now))
    if not items:
        return ()
    least = max(1, int(slot.least or 1))
    most = min(_LONGEST_LIST, int(slot.most)) if slot.most is not None else _LONGEST_LIST
    paths: list[Path] = []
    for count in range(least, max(least, most) + 1):
        head = (items,) * (count - 1) if slot.kind == "choice" else (items, _AND) * (count - 1)
        paths.append((*head, *((_AND,) if slot.kind == "choice" and count > 1 else ()), items))
        if slot.kind == "choice" and count > 2:
            paths.append(((items, _AND) * (count - 1)) + (items,))
    if (slot.least or 0) <= 0:
        paths.append((_read_all(slot, ("none", "nothing"), now),))
    return tuple(paths)


def _single(slot: Slot, now: datetime) -> tuple[Spoken, ...]:
    """The forms of one item of a slot of many."""
    one = Slot(name=slot.name, kind=slot.kind, choices=slot.choices)
    return spoken_forms(one, now)


def _read_all(slot: Slot, sentences: Iterable[str], now: datetime) -> tuple[Spoken, ...]:
    forms = ((text, read(slot, text, now)) for text in dict.fromkeys(sentences))
    return tuple(Spoken(text, value) for text, value in forms if value is not None)


def _paths(slot: Slot, now: datetime, *, coarse: bool) -> Alternatives:
    match slot.kind:
        case "choice" | "name":
            return _one_place(_read_all(slot, _choice_words(slot), now))
        case "integer":
            return _one_place(_read_all(slot, _integer_words(slot), now))
        case "ordinal":
            ordinals = (say_ordinal(value) for value in _range(slot, 1))
            return _one_place(_read_all(slot, (form for word in ordinals for form in (word, f"the {word}")), now))
        case "number":
            return _number_paths(slot, now)
        case "duration":
            return _duration_paths(slot, now)
        case "amount":
            return _amount_paths(slot, now, coarse=coarse)
        case "date":
            return _one_place(_read_all(slot, times.day_words(now.date()), now))
        case "time":
            return _completed(slot, times.time_paths(hours_of(slot), coarse=coarse), now)
        case "when":
            return _completed(slot, times.when_paths(now.date(), hours_of(slot), coarse=coarse), now)
        case _:
            return ()


def _one_place(forms: tuple[Spoken, ...]) -> Alternatives:
    return ((forms,),) if forms else ()


def _completed(slot: Slot, paths: Alternatives, now: datetime) -> Alternatives:
    """Give the fragments that are whole sentences their values, and drop what the slot does not allow."""
    done: list[Path] = []
    for path in paths:
        whole = path if len(path) > 1 else (_read_all(slot, (each.text for each in path[0]), now),)
        if all(whole):
            done.append(whole)
    return tuple(done)


def _choice_words(slot: Slot) -> Iterable[str]:
    names = [choice.value.replace("_", " ").replace("-", " ") for choice in slot.choices]
    said = names + [words for choice in slot.choices for words in choice.spoken]
    known = forms_of(slot.choices)
    return (*said, *(plural(words) for words in said if known))


def _range(slot: Slot, lowest: int) -> Iterable[int]:
    """The whole numbers in the slot's bounds; above 120 only round ones, ever rounder."""
    least = lowest if slot.least is None else int(-(-slot.least // 1))
    most = least + _UNBOUNDED if slot.most is None else int(slot.most // 1)
    value = least
    while value <= min(most, 10**9):
        yield value
        step = 1 if abs(value) < 120 else 10 ** (len(str(abs(value))) - 2)
        value += step if value < 0 else step - value % step


def _integer_words(slot: Slot) -> Iterable[str]:
    for value in _range(slot, 0):
        yield from _ways(value)


def _ways(value: int) -> Iterable[str]:
    words = say_number(value)
    yield words
    if words.startswith("one ") and value >= 100:
        yield f"a {words.removeprefix('one ')}"
    if " and " in words:
        yield words.replace(" and ", " ")
    yield from _IDIOMS.get(value, ())


def _number_paths(slot: Slot, now: datetime) -> Alternatives:
    values = list(_range(slot, 0))
    halves = [f"{say_number(value)} and a half" for value in values if value >= 0]
    whole = _read_all(slot, (*(way for value in values for way in _ways(value)), *halves), now)
    most = float("inf") if slot.most is None else slot.most
    heads = tuple(Spoken(say_number(value)) for value in values if value >= 0 and value + 1 <= most)
    digits = tuple(Spoken(say_number(digit)) for digit in range(10))
    return (*_one_place(whole), *(((heads, (Spoken("point"),), digits),) if heads else ()))


def _duration_paths(slot: Slot, now: datetime) -> Alternatives:
    least = 0 if slot.least is None else slot.least
    most = WEEK if slot.most is None else slot.most
    counts = ((60, "second", 1), (60, "minute", MINUTE), (24, "hour", HOUR), (14, "day", DAY), (4, "week", WEEK))
    words = [
        f"{say_number(count)} {name}{'s' if count > 1 else ''}"
        for top, name, _ in counts
        for count in range(1, top + 1)
    ]
    words += ["ninety seconds", "ninety minutes", "a minute", "a second", "an hour", "a day", "a week", "half an hour"]
    words += ["a quarter of an hour", "three quarters of an hour", "an hour and a half", "a minute and a half"]
    words += [f"{say_number(count)} and a half {name}s" for name in ("hour", "minute") for count in range(1, 13)]
    single = _read_all(slot, words, now)
    hours = _measures(12, "hour", HOUR, least, most - 59 * MINUTE)
    minutes = _measures(59, "minute", MINUTE, 0, most)
    paths = list(_one_place(single))
    if hours:
        paths += [(hours, minutes), (hours, _AND, minutes)]
    return tuple(paths)


def _measures(top: int, name: str, unit: int, least: float, most: float) -> tuple[Spoken, ...]:
    counts = (count for count in range(1, top + 1) if least <= count * unit <= most)
    words = [f"{say_number(count)} {name}{'s' if count > 1 else ''}" for count in counts]
    return tuple(Spoken(word) for word in (*words, *(["an hour"] if f"one {name}" in words and name == "hour" else [])))


def _amount_paths(slot: Slot, now: datetime, *, coarse: bool) -> Alternatives:
    values = [value for value in _range(slot, 0) if value >= 0]
    most = float("inf") if slot.most is None else slot.most
    bare = [way for value in values for way in _ways(value)]
    units = [f"{way} dollars" for way in bare] + ["one dollar", "a dollar", *(f"{cents} cents" for cents in _CENTS[9:])]
    paths = list(_one_place(_read_all(slot, (*bare, *units), now)))
    room = [value for value in values if value + 1 <= most]
    small = tuple(Spoken(say_number(value)) for value in room if 0 < value < 100)
    cents = tuple(Spoken(words) for words in _CENTS if not coarse or words in _ROUND_CENTS)
    if small:
        paths.append((small, cents))
    if room and not coarse:
        dollars = tuple(Spoken(f"{say_number(value)} {'dollar' if value == 1 else 'dollars'}") for value in room)
        plain = tuple(Spoken(f"{words.removeprefix('oh ')} cents") for words in _CENTS)
        paths += [(dollars, plain), (dollars, _AND, plain), (dollars, cents[9:])]
    return tuple(paths)
