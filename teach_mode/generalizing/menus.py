"""The things that could have been chosen as choices of a parameter, and how the page writes the chosen one. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from language.choices import key_of, without_article
from language.entities import Choice
from teach_mode.demonstration import Option
from teach_mode.generalizing.weaving import Piece
from teach_mode.templates import render

# Filters by which one writing of a value is made from another, the plainest first.
FILTERS = ("", "|words", "|capital", "|title", "|lower", "|upper")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_NUMBER_OF = re.compile(r"(\d+)\s+([^\W\d]+(?: [^\W\d]+)*)")
LEAST_OPTIONS = 2


class Menu(Struct, frozen=True):
    """What could have been chosen. `writings` are, for each option, the ways in which the page writes it, with the
    filters that make each from the choice's value, None where no filter does for all options."""

    choices: tuple[Choice, ...]
    written: tuple[tuple[str, ...], ...]
    filters: tuple[str | None, ...]

    def chosen_among(self, *texts: str) -> str | None:
        """The value of the option that one of the texts names, the most exact first."""
        for text in texts:
            for column in self.written:
                if text and column.count(text) == 1:
                    return self.choices[column.index(text)].value
        return None

    def pieces(self, name: str, value: str) -> list[Piece]:
        """How the page writes a value, as pieces of a parameter called `name`."""
        row = next(index for index, choice in enumerate(self.choices) if choice.value == value)
        made = [(column[row], filters) for column, filters in zip(self.written, self.filters, strict=True)]
        pieces = [Piece(written, f"{{{name}{filters}}}") for written, filters in made if filters is not None]
        return [Piece(value, f"{{{name}}}"), *pieces]


def menu_of(options: Sequence[Option]) -> Menu | None:
    """The choices that a page offers, or None when there are not several that can be told apart."""
    texts = [option.text.strip() for option in options]
    values = [option.value.strip() for option in options]
    if all(texts) != any(texts) or all(values) != any(values):
        return menu_of([one for one in options if one.value.strip() and one.text.strip()]) if any(texts) else None
    whole = [column for column in (texts, values) if len(set(column)) == len(options) and all(column)]
    if len(options) < LEAST_OPTIONS or not whole:
        return None
    columns = list(dict.fromkeys(tuple(each) for column in whole for each in (column, cores_of(column))))
    value = _value_column(columns, texts)
    said = cores_of(texts) if tuple(texts) in columns else [""] * len(texts)
    choices = tuple(Choice(one, _spoken(one, text)) for one, text in zip(value, said, strict=True))
    filters = tuple(_filter_for(value, column) for column in columns)
    return Menu(choices, tuple(columns), filters)


def _value_column(columns: Sequence[tuple[str, ...]], texts: Sequence[str]) -> tuple[str, ...]:
    """What the choices are called: short plain words from which all that the page writes can be made, if there are."""
    shortest = sorted(columns, key=lambda column: sum(map(len, column)))
    slugs = [column for column in shortest if all(_SLUG.fullmatch(one) for one in column)]
    for column in (*slugs, *shortest):
        if _filter_for(column, tuple(cores_of(texts))) is not None:
            return column
    return slugs[0] if slugs and not any(texts) else shortest[0]


def _filter_for(values: Sequence[str], written: Sequence[str]) -> str | None:
    for one in FILTERS:
        if all(render(f"{{v{one}}}", {"v": value}) == form for value, form in zip(values, written, strict=True)):
            return one
    return None


def _spoken(value: str, text: str) -> tuple[str, ...]:
    return (text.lower(),) if text and without_article(key_of(text)) != without_article(key_of(value)) else ()


def cores_of(texts: Sequence[str]) -> list[str]:
    """The texts without the words, or the parts of an address, with which all begin or all end."""
    if len(texts) < LEAST_OPTIONS:
        return list(texts)
    parts = [re.findall(r"[^\W_]+|[\W_]+", text) for text in texts]
    head = _common(parts)
    tail = _common([list(reversed(one[head:])) for one in parts])
    cores = ["".join(one[head : len(one) - tail]).strip() for one in parts]
    return cores if all(cores) and len(set(cores)) == len(cores) else list(texts)


def _common(parts: Sequence[Sequence[str]]) -> int:
    count = 0
    while all(len(one) > count for one in parts) and len({one[count] for one in parts}) == 1:
        count += 1
    return count


def told_by_some_words(menu: Menu, words_said: str) -> Menu:
    """The same menu, each choice also called by the words of its name that no other has ("cash" for "cash at the
    door"), as long as these are among the words that people say."""
    keys = [_all_words(choice) for choice in menu.choices]
    choices = []
    for number, choice in enumerate(menu.choices):
        others = {word for index, key in enumerate(keys) if index != number for word in key}
        own = [word for word in dict.fromkeys(keys[number]) if word not in others and len(word) >= 3]
        spoken = (*choice.spoken, *(word for word in own[:1] if word != choice.value))
        choices.append(Choice(choice.value, tuple(dict.fromkeys(spoken))))
    return Menu(tuple(choices), menu.written, menu.filters) if words_said else menu


def _all_words(choice: Choice) -> list[str]:
    return [word for words in (choice.value, *choice.spoken) for word in key_of(words.replace("-", " "))]


class Numbers(Struct, frozen=True):
    """Options that are whole numbers: the bounds, and the place that writes one ("2 people", "2")."""

    least: int
    most: int
    place: str
    values: tuple[int, ...]


def numbers_of(options: Sequence[Option]) -> Numbers | None:
    """The options as numbers, when each is one, or is one of something ("1 person", "2 people")."""
    return _counted(options) or _plain(options)


def _plain(options: Sequence[Option]) -> Numbers | None:
    for column in ([option.value for option in options], [option.text for option in options]):
        plain = [int(one) for one in column if re.fullmatch(r"\d{1,6}", one.strip())]
        if len(plain) == len(column) >= LEAST_OPTIONS and len(set(plain)) == len(plain):
            return Numbers(min(plain), max(plain), "", tuple(plain))
    return None


def _counted(options: Sequence[Option]) -> Numbers | None:
    counted = [_NUMBER_OF.fullmatch(option.text.strip()) for option in options]
    found = [one for one in counted if one is not None]
    if len(found) != len(options) or len(found) < LEAST_OPTIONS:
        return None
    numbers = tuple(int(one[1]) for one in found)
    several = {one[2] for one in found if int(one[1]) != 1}
    single = next((one[2] for one in found if int(one[1]) == 1), "")
    if len(several) != 1 or len(set(numbers)) != len(numbers):
        return None
    many = several.pop()
    return Numbers(min(numbers), max(numbers), f"|count:{single or many},{many}", numbers)
