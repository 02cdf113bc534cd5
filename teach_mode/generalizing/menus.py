"""The things that could have been chosen as choices of a parameter, and how the page writes the chosen one. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from language.choices import key_of, without_article
from language.entities import Choice
from teach_mode.demonstration import Option
from teach_mode.generalizing.weaving import Piece
from teach_mode.rereading import PRICE_END
from teach_mode.templates import literal, render

# Filters by which one writing of a value is made from another, the plainest first.
FILTERS = ("", "|words", "|capital", "|title", "|lower", "|upper")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_NUMBER_OF = re.compile(r"(\d+)\s+([^\W\d]+(?: [^\W\d]+)*)")
# An empty option that only says that one is to be chosen.
_ASKS = re.compile(r"(?:please\b|choose\b|select\b|pick\b|[-–—.…\s]*$)", re.IGNORECASE)
_WORD = re.compile(r"[a-z]{3}")
LEAST_OPTIONS = 2


class Writing(Struct, frozen=True):
    """A way in which the page writes each option, in their order. `filters` make what stands between `head` and `tail`
    from the choice's value; None where no filter does for all options."""

    texts: tuple[str, ...]
    head: str
    tail: str
    filters: str | None = None

    @property
    def cores(self) -> tuple[str, ...]:
        """What each says of its own."""
        return tuple(text[len(self.head) : len(text) - len(self.tail)] for text in self.texts)


class Menu(Struct, frozen=True):
    """What could have been chosen, and how the page writes each of it."""

    choices: tuple[Choice, ...]
    writings: tuple[Writing, ...]

    def chosen_among(self, *texts: str) -> str | None:
        """The value of the option that one of the texts names, the most exact first."""
        columns = [column for writing in self.writings for column in (writing.texts, writing.cores)]
        for text in (*texts, *map(unpriced, texts)):
            for column in columns:
                if text and column.count(text) == 1:
                    return self.choices[column.index(text)].value
        return None

    def pieces(self, name: str, value: str) -> list[Piece]:
        """How the page writes a value, as pieces of a parameter called `name`."""
        row = next(index for index, choice in enumerate(self.choices) if choice.value == value)
        pieces = [Piece(value, f"{{{name}}}")]
        for one in self.writings:
            if one.filters is not None:
                place = f"{{{name}{one.filters}}}"
                whole = literal(one.head) + place + literal(one.tail)
                pieces += [Piece(one.texts[row], whole), Piece(one.cores[row], place)]
        return pieces


def menu_of(options: Sequence[Option]) -> Menu | None:
    """The choices that a page offers, or None when there are not several that can be told apart."""
    kept = [one for one in options if _is_said(one.text) or not any(_is_said(other.text) for other in options)]
    kept = [one for one in kept if one.value.strip() or not _ASKS.match(one.text.strip())]
    columns = [[unpriced(one.text) for one in kept], [unpriced(one.value) for one in kept]]
    telling = [column for column in columns if len(set(column)) == len(kept) and all(column)]
    if len(kept) < LEAST_OPTIONS or not telling:
        return None
    told = [_writing(column) for column in telling]
    values = _values(told)
    forms = [_forms(value, [one.cores[row] for one in told]) for row, value in enumerate(values)]
    keys = Counter(key_of(form) for own in forms for form in own) + Counter(key_of(value) for value in values)
    choices = tuple(
        Choice(value, tuple(form for form in own if keys[key_of(form)] == 1))
        for value, own in zip(values, forms, strict=True)
    )
    return Menu(choices, tuple(replace(one, filters=_filter_for(values, one.cores)) for one in told))


def _is_said(text: str) -> bool:
    """Whether an option can be called by its text: "---" is none."""
    return any(char.isalnum() for char in text)


def _writing(texts: Sequence[str]) -> Writing:
    head, tail = _ends_of(texts)
    return Writing(tuple(texts), head, tail)


def _values(writings: Sequence[Writing]) -> tuple[str, ...]:
    """What the choices are called: plain words as in an address, from which all that the page writes can be made, if
    there are."""
    shortest = sorted((one.cores for one in writings), key=lambda column: sum(map(len, column)))
    shortest = [*(tuple(re.sub(r"[\s_]+", "-", text.lower()) for text in column) for column in shortest), *shortest]
    slugs = [column for column in shortest if all(_SLUG.fullmatch(one) for one in column)]
    for column in (*slugs, *shortest):
        if all(_filter_for(column, one.cores) is not None for one in writings):
            return column
    return writings[0].cores


def _filter_for(values: Sequence[str], written: Sequence[str]) -> str | None:
    for one in FILTERS:
        if all(render(f"{{v{one}}}", {"v": value}) == form for value, form in zip(values, written, strict=True)):
            return one
    return None


def _forms(value: str, written: Sequence[str]) -> tuple[str, ...]:
    """Other ways to say a choice than its value: as the page writes it, the name before a comma ("Wool coat, grey"),
    and the plain word of its own value."""
    text, *codes = written
    forms = [text.lower(), text.partition(",")[0].partition(" (")[0].lower()]
    words = [code for code in codes if _SLUG.fullmatch(code) and _WORD.search(code)]
    forms += [re.sub(r"[-_]", " ", code) for code in words]
    own = without_article(key_of(value))
    kept = {without_article(key_of(form)): form for form in reversed(forms) if key_of(form)}
    return tuple(form for key, form in reversed(kept.items()) if key != own)


def unpriced(text: str) -> str:
    """A text without the price at its end, which may be another one the next time."""
    ending = PRICE_END.search(text)
    return text[: ending.start()].strip() if ending is not None and ending.start() else text.strip()


def _ends_of(texts: Sequence[str]) -> tuple[str, str]:
    """The words, or the parts of an address, with which all begin and with which all end."""
    parts = [re.findall(r"[^\W_]+|[\W_]+", text) for text in texts]
    head = _common(parts)
    tail = _common([list(reversed(one[head:])) for one in parts])
    if any(len(one) <= head + tail for one in parts):
        return "", ""
    return "".join(parts[0][:head]), "".join(parts[0][len(parts[0]) - tail :])


def _common(parts: Sequence[Sequence[str]]) -> int:
    count = 0
    while all(len(one) > count for one in parts) and len({one[count] for one in parts}) == 1:
        count += 1
    return count


def told_by_some_words(menu: Menu) -> Menu:
    """The same menu, each choice also called by the words of its name that no other has ("cash" for "cash at the
    door")."""
    keys = [_all_words(choice) for choice in menu.choices]
    choices = []
    for number, choice in enumerate(menu.choices):
        others = {word for index, key in enumerate(keys) if index != number for word in key}
        own = [word for word in dict.fromkeys(keys[number]) if word not in others and len(word) >= 3]
        spoken = (*choice.spoken, *(word for word in own[:1] if word != choice.value))
        choices.append(Choice(choice.value, tuple(dict.fromkeys(spoken))))
    return Menu(tuple(choices), menu.writings)


def _all_words(choice: Choice) -> list[str]:
    return [word for words in (choice.value, *choice.spoken) for word in key_of(words.replace("-", " "))]


class Numbers(Struct, frozen=True):
    """Options that are whole numbers: the bounds, and the filter that writes one as the page does ("2 people").

    Where an option's own value is the number, that chooses it, whatever its label becomes; `labels` are these."""

    labels: dict[int, str]
    filters: str = ""

    @property
    def least(self) -> int:
        return min(self.labels)

    @property
    def most(self) -> int:
        return max(self.labels)


def numbers_of(options: Sequence[Option]) -> Numbers | None:
    """The options as numbers, when each is one, or is one of something ("1 person", "2 people")."""
    plain = _plain(options)
    return plain if plain is not None else _counted(options)


def _plain(options: Sequence[Option]) -> Numbers | None:
    for column in ([option.value for option in options], [option.text for option in options]):
        plain = [int(one) for one in column if re.fullmatch(r"\d{1,6}", one.strip())]
        if len(plain) == len(column) >= LEAST_OPTIONS and len(set(plain)) == len(plain):
            return Numbers({number: one.text.strip() for number, one in zip(plain, options, strict=True)})
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
    labels = {number: one.text.strip() for number, one in zip(numbers, options, strict=True)}
    return Numbers(labels, f"|count:{single or many},{many}")
