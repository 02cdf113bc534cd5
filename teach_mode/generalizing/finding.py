"""Which values of a demonstration are parameters: those that the person's sentence says, and those that look so. Pure.

A value is said when the words of the sentence read as it (say-and-read through `language`): "two" is the option
"2 people", "tonight at seven" the cell of a calendar and the button "19:00", "quattro formaggi" the link to
`/pizza/quattro-formaggi`. Words serve one parameter. With several demonstrations a value must be said in each where it
was used; what differs without being said is a parameter too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from language.entities import SlotKind, Value
from teach_mode.generalizing.beats import Beat, Column
from teach_mode.generalizing.menus import Menu, Numbers
from teach_mode.generalizing.rounds import value_of
from teach_mode.generalizing.rules import (
    CHOOSING,
    Offer,
    choice_said,
    list_said,
    look_of,
    menu_for,
    moment,
    name_said,
    number_said,
    option_said,
    own_texts,
    shown_text,
    told,
    words_said,
)
from teach_mode.generalizing.sentence import Mention, Sentence
from teach_mode.generalizing.weaving import Piece, weave_suggestion

Field = Literal["value", "target"]
Kind = SlotKind | Literal["secret"]
Rule = Callable[[Beat, Sentence], Offer | None]


class Found(Struct, frozen=True, kw_only=True):
    """A value on which a column depends. `values` and `mentions` are by demonstration, None where there is none.

    `filters` make what was typed from the value; `fact` names what is known about the person; `name` is the person's.
    """

    column: int
    field: Field
    kind: Kind
    values: tuple[Value | None, ...]
    mentions: tuple[Mention | None, ...]
    why: str
    menu: Menu | None = None
    numbers: Numbers | None = None
    filters: str = ""
    fact: str = ""
    many: bool = False
    rounds: bool = False
    optional: bool = False
    name: str = ""

    @property
    def said(self) -> bool:
        """Whether a sentence says it."""
        return any(mention is not None for mention in self.mentions)


class Marked(Struct, frozen=True, kw_only=True):
    """What the person said of a step, which goes before every rule."""

    field: Field
    kind: Kind | Literal["constant"]
    name: str = ""


def find(
    columns: Sequence[Column], sentences: Sequence[Sentence], marks: Mapping[int, Marked] | None = None
) -> list[Found]:
    """All that are parameters, and the secrets, in the order of the columns. `marks` are by column."""
    search = _Search(columns, sentences, marks or {})
    search.marked()
    search.secrets()
    search.rounds()
    search.moments()
    search.each_rule(list_said, field="target", many=True)
    search.each_rule(option_said, field="target")
    search.each_rule(choice_said, field="value")
    search.each_rule(number_said, field="value")
    search.each_rule(words_said, field="value", longest=True)
    search.each_rule(name_said, field="target", longest=True)
    search.looks()
    search.differences()
    search.suggested()
    return sorted(search.found, key=lambda found: (found.column, found.field))


class _Search:
    """The columns with what was found so far, and the words of the sentences that are taken."""

    def __init__(self, columns: Sequence[Column], sentences: Sequence[Sentence], marks: Mapping[int, Marked]) -> None:
        self.columns = columns
        self.marks = marks
        self.sentences = sentences
        self.found: list[Found] = []
        self._taken: list[list[Mention]] = [[] for _ in sentences]

    def open(self) -> Iterator[tuple[int, Column]]:
        """The columns of which nothing is known yet."""
        known = {found.column for found in self.found} | self.marks.keys()
        known |= {index for index, column in enumerate(self.columns) if column.round and column.varies}
        return ((index, column) for index, column in enumerate(self.columns) if index not in known)

    def marked(self) -> None:
        """What the person marked."""
        for index, mark in self.marks.items():
            if mark.kind == "constant":
                continue
            values, mentions = self._blank(), self._marks()
            for number, beat in self.columns[index].shown:
                if mark.kind != "secret":
                    text = shown_text(beat.first)
                    values[number] = int(text) if mark.kind == "integer" and text.isdigit() else text
                    mentions[number] = next(iter(self.sentences[number].says_words(text)), None)
                    self._taken[number] += [one for one in mentions if one is not None]
            self._add(
                Found(
                    column=index,
                    field=mark.field,
                    kind=mark.kind,
                    values=tuple(values),
                    mentions=tuple(mentions),
                    why="you marked it so",
                    name=mark.name,
                )
            )

    def secrets(self) -> None:
        """Passwords, codes and cards are never parameters."""
        for index, column in self.open():
            kinds = {beat.first.secret for _, beat in column.shown} - {None}
            if kinds:
                why = f"a {str(kinds.pop()).replace('_', ' ')} belongs in the vault"
                nothing = (None,) * len(self.sentences)
                self._add(Found(column=index, field="value", kind="secret", values=nothing, mentions=nothing, why=why))

    def rounds(self) -> None:
        """What rounds did with values that the sentence says together."""
        for index, column in enumerate(self.columns):
            if column.varies and index not in self.marks and (found := _of_rounds(index, column, self.sentences)):
                self._add(found)
                for number, mention in enumerate(found.mentions):
                    self._taken[number] += [mention] if mention is not None else []

    def moments(self) -> None:
        """Days and times that the sentence says, in pickers, lists and fields."""
        for index, column in self.open():
            if column.base[1].way != "once":
                continue
            said = [moment(beat.first, self.sentences[number].says_whens()) for number, beat in column.shown]
            kinds = {one[0] for one in said if one is not None}
            if None in said or len(kinds) != 1:
                continue
            self._put(index, column, [one for one in said if one], kinds.pop())

    def _put(self, index: int, column: Column, said: Sequence[tuple[SlotKind, str, Mention]], kind: SlotKind) -> None:
        values, mentions = self._blank(), self._marks()
        for (number, _), (_, value, mention) in zip(column.shown, said, strict=True):
            values[number], mentions[number] = value, mention
            self._taken[number].append(mention)
        _, value, mention = said[0]
        why = f"you said “{mention.words}”, and you chose “{shown_text(column.base[1].first) or value}”"
        field: Field = "target" if column.base[1].first.action in CHOOSING else "value"
        self._add(Found(column=index, field=field, kind=kind, values=tuple(values), mentions=tuple(mentions), why=why))

    def each_rule(self, rule: Rule, *, field: Field, many: bool = False, longest: bool = False) -> None:
        """Take what one rule makes of every open column; with `longest`, the longest texts first."""
        columns = list(self.open())
        if longest:
            columns.sort(key=lambda each: -len(shown_text(each[1].base[1].first)))
        for index, column in columns:
            offers = [rule(beat, self.sentences[number]) for number, beat in column.shown]
            if any(offer is None for offer in offers):
                continue
            self._take(index, column, [offer for offer in offers if offer], field, many)

    def _take(self, index: int, column: Column, offers: Sequence[Offer], field: Field, many: bool) -> None:
        values, mentions = self._blank(), self._marks()
        for (number, _), offer in zip(column.shown, offers, strict=True):
            free = [one for one in offer.mentions if not any(one.overlaps(taken) for taken in self._taken[number])]
            mention = free[0] if free else self._shared(number, offer)
            if mention is None:
                return
            values[number], mentions[number] = offer.value, mention
        for (number, _), _offer in zip(column.shown, offers, strict=True):
            taken = mentions[number]
            if taken is not None:
                self._taken[number].append(taken)
        offer, mention = offers[0], next(one for one in mentions if one is not None)
        did = "typed" if field == "value" and column.base[1].first.action == "fill" else "chose"
        why = f"you said “{mention.words}”, and you {did} “{told(offer, column)}”"
        menus = [each.menu for each in offers]
        self._add(
            Found(
                column=index,
                field=field,
                kind=offer.kind,
                values=tuple(values),
                mentions=tuple(mentions),
                why=why,
                menu=max((menu for menu in menus if menu), key=lambda menu: len(menu.choices), default=None),
                numbers=offer.numbers,
                filters=offer.filters,
                many=many,
            )
        )

    def _shared(self, number: int, offer: Offer) -> Mention | None:
        """The words of an earlier parameter of the same value, when the sentence does not say it once more."""
        for found in self.found:
            mention = found.mentions[number]
            if mention in offer.mentions and found.values[number] == offer.value and found.kind == offer.kind:
                return mention
        return None

    def looks(self) -> None:
        """What no sentence says, and yet is hardly the same each time."""
        for index, column in self.open():
            if column.base[1].way != "once":
                continue
            looks = [look_of(beat.first) for _, beat in column.shown]
            first = looks[0]
            if first is None or any(look is None or look.kind != first.kind for look in looks):
                continue
            values = self._blank()
            for (number, _), look in zip(column.shown, looks, strict=True):
                values[number] = look.value if look else None
            self._add(
                Found(
                    column=index,
                    field="target" if column.base[1].first.action in CHOOSING else "value",
                    kind=first.kind,
                    values=tuple(values),
                    mentions=tuple(self._marks()),
                    why=first.why,
                    fact=first.fact,
                    optional=first.optional,
                    numbers=first.numbers,
                )
            )

    def differences(self) -> None:
        """What differs between demonstrations, though no sentence says it."""
        for index, column in self.open():
            if len(column.shown) < 2:
                continue
            found = _difference(index, column, len(self.sentences))
            if found is not None:
                self._add(found)

    def suggested(self) -> None:
        """Words that bring up a suggestion which holds them, and is then taken, are a name."""
        for at, found in enumerate(self.found):
            if found.kind == "text" and found.field == "value" and found.column + 1 < len(self.columns):
                typed, taken = (self.columns[found.column + more].base[1].first for more in (0, 1))
                if taken.shown is not None and taken.action == "click":
                    piece = Piece(typed.value, "{name}")
                    if weave_suggestion(taken.shown.target, piece) is not None:
                        self.found[at] = replace(found, kind="name")

    def _add(self, found: Found) -> None:
        self.found.append(found)

    def _blank(self) -> list[Value | None]:
        return [None] * len(self.sentences)

    def _marks(self) -> list[Mention | None]:
        return [None] * len(self.sentences)


def _of_rounds(index: int, column: Column, sentences: Sequence[Sentence]) -> Found | None:
    """The list that rounds go over, when a sentence says it."""
    if column.round is None or column.round.mention is None:
        return None
    values: list[Value | None] = [None] * len(sentences)
    mentions: list[Mention | None] = [None] * len(sentences)
    base = column.base[1].first
    menu = menu_for(base.shown) if base.shown is not None and base.action != "fill" else None
    for number, beat in column.shown:
        texts = beat.round.values if beat.round is not None else (value_of(beat.first),)
        chosen = tuple(menu.chosen_among(text) or "" for text in texts) if menu is not None else ()
        menu = menu if all(chosen) else None
        values[number] = chosen if menu is not None else texts
        said = beat.round.mention if beat.round is not None else None
        mentions[number] = said or next(iter(sentences[number].says_words(texts[0])), None)
    told = " and ".join(f"“{text}”" for text in column.round.values)
    return Found(
        column=index,
        field="value" if base.action in ("fill", "select") else "target",
        kind="choice" if menu is not None else "text",
        values=tuple(values),
        mentions=tuple(mentions),
        why=f"you said “{column.round.mention.words}”, and you did it for {told}",
        menu=menu,
        many=True,
        rounds=True,
    )


def _difference(index: int, column: Column, demonstrations: int) -> Found | None:
    """What one column does with another value in each demonstration."""
    base = column.base[1].first
    values: list[Value | None] = [None] * demonstrations
    nothing = (None,) * demonstrations
    menu: Menu | None = None
    many = column.base[1].way == "each"
    if column.base[1].way == "turn" or base.shown is None:
        return None
    for number, beat in column.shown:
        values[number] = beat.first.value
        if base.action == "select" or base.action in CHOOSING:
            menu = menu_for(base.shown)
            chosen = [
                menu.chosen_among(step.value, *own_texts(step.shown)) if menu and step.shown else None
                for step in beat.steps
            ]
            if menu is None or None in chosen:
                return None
            texts = tuple(text for text in chosen if text)
            values[number] = texts if many else texts[0]
        elif base.action != "fill":
            return None
    different = len({values[number] for number, _ in column.shown}) > 1
    if not different:
        return None
    told = " and ".join(f"“{beat.first.value or shown_text(beat.first)}”" for _, beat in column.shown)
    return Found(
        column=index,
        field="value" if base.action in ("fill", "select") else "target",
        kind="choice" if menu else "text",
        values=tuple(values),
        mentions=nothing,
        why=f"it was {told}",
        menu=menu,
        many=many,
    )
