"""Which values of a demonstration are parameters: those that the person's sentence says, and those that look so. Pure.

A value is said when the words of the sentence read as it (say-and-read through `language`): "two" is the option
"2 people", "tonight at seven" the cell of a calendar and the button "19:00", "quattro formaggi" the link to
`/pizza/quattro-formaggi`. Words serve one parameter. With several demonstrations a value must be said in each where it
was used; what differs without being said is a parameter too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from language.commitments import commits
from language.entities import Slot, SlotKind, Value, recognise
from language.synonyms import synonyms_of
from teach_mode.demonstration import Option, Shown, ShownStep
from teach_mode.generalizing import facts, moments
from teach_mode.generalizing.beats import Beat, Column, called
from teach_mode.generalizing.menus import Menu, Numbers, menu_of, numbers_of, told_by_some_words
from teach_mode.generalizing.sentence import Mention, SaidWhen, Sentence
from teach_mode.templates import render

Field = Literal["value", "target"]
Kind = SlotKind | Literal["secret"]
MOST_OPTIONS = 100
_CHOOSING = frozenset(("click", "check", "double_click", "right_click", "hover"))
# Words that say what to do, not what to take: a button of that name is no choice.
_ACTIONS = ("submit", "buy", "book", "cancel", "add", "remove", "cart", "search", "next", "back", "log in", "log out")
_MORE_ACTIONS = ("sign up", "open", "close", "save", "edit", "choose", "yes", "no", "ok", "menu", "home", "help")
_FILTERS = ("", "|lower", "|upper", "|title", "|capital")
_MOST_NAME_CHARS = 60


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
    optional: bool = False
    name: str = ""

    @property
    def said(self) -> bool:
        """Whether a sentence says it."""
        return any(mention is not None for mention in self.mentions)


class Offer(Struct, frozen=True, kw_only=True):
    """What a rule makes of one beat in one demonstration."""

    value: Value
    mentions: tuple[Mention, ...]
    menu: Menu | None = None
    numbers: Numbers | None = None
    filters: str = ""
    kind: SlotKind = "text"


Rule = Callable[[Beat, Sentence, Column], Offer | None]


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
    search.moments()
    search.each_rule(_lists, field="target", many=True)
    search.each_rule(_options, field="target")
    search.each_rule(_choices, field="value")
    search.each_rule(_numbers, field="value")
    search.each_rule(_words, field="value", longest=True)
    search.each_rule(_names, field="target", longest=True)
    search.looks()
    search.differences()
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
        return ((index, column) for index, column in enumerate(self.columns) if index not in known)

    def marked(self) -> None:
        """What the person marked."""
        for index, mark in self.marks.items():
            if mark.kind == "constant":
                continue
            values, mentions = self._blank(), self._marks()
            for number, beat in self.columns[index].shown:
                if mark.kind != "secret":
                    text = _shown_text(beat.first)
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

    def moments(self) -> None:
        """Days and times that the sentence says, in pickers, lists and fields."""
        for index, column in self.open():
            if column.base[1].way != "once":
                continue
            said = [_moment(beat.first, self.sentences[number].says_whens()) for number, beat in column.shown]
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
        why = f"you said “{mention.words}”, and you chose “{_shown_text(column.base[1].first) or value}”"
        field: Field = "target" if column.base[1].first.action in _CHOOSING else "value"
        self._add(Found(column=index, field=field, kind=kind, values=tuple(values), mentions=tuple(mentions), why=why))

    def each_rule(self, rule: Rule, *, field: Field, many: bool = False, longest: bool = False) -> None:
        """Take what one rule makes of every open column; with `longest`, the longest texts first."""
        columns = list(self.open())
        if longest:
            columns.sort(key=lambda each: -len(_shown_text(each[1].base[1].first)))
        for index, column in columns:
            offers = [rule(beat, self.sentences[number], column) for number, beat in column.shown]
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
        why = f"you said “{mention.words}”, and you {did} “{_told(offer, column)}”"
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
            looks = [_look(beat.first) for _, beat in column.shown]
            first = looks[0]
            if first is None or any(look is None or look.kind != first.kind for look in looks):
                continue
            values = self._blank()
            for (number, _), look in zip(column.shown, looks, strict=True):
                values[number] = look.values[0] if look else None
            field: Field = "target" if column.base[1].first.action in _CHOOSING else "value"
            self._add(replace(first, column=index, field=field, values=tuple(values), mentions=tuple(self._marks())))

    def differences(self) -> None:
        """What differs between demonstrations, though no sentence says it."""
        for index, column in self.open():
            if len(column.shown) < 2:
                continue
            found = _difference(index, column, len(self.sentences))
            if found is not None:
                self._add(found)

    def _add(self, found: Found) -> None:
        self.found.append(found)

    def _blank(self) -> list[Value | None]:
        return [None] * len(self.sentences)

    def _marks(self) -> list[Mention | None]:
        return [None] * len(self.sentences)


def _shown_text(step: ShownStep) -> str:
    if step.value:
        return step.value
    return next((text for text in called(step.shown) if text), "") if step.shown else ""


def _told(offer: Offer, column: Column) -> str:
    steps = column.base[1].steps
    return ", ".join(filter(None, (_shown_text(step) for step in steps))) or str(offer.value)


def is_action(text: str) -> bool:
    """Whether a button of that name says what to do, so that it is no choice."""
    return commits(text) or text.lower() in _MORE_ACTIONS or bool(synonyms_of(text) & {*_ACTIONS, *_MORE_ACTIONS})


def _moment(step: ShownStep, said: Iterable[SaidWhen]) -> tuple[SlotKind, str, Mention] | None:
    """The day or the time that a step chooses, if it is one of those said."""
    if step.shown is None or step.action in ("goto", "press", "upload", "read"):
        return None
    texts = [step.value] if step.value else [*called(step.shown), *step.shown.target.fingerprint.attributes.values()]
    calendar = moments.is_calendar(
        tuple(option.text for option in step.shown.options), step.shown.target.fingerprint.neighbours
    )
    for one in said:
        day, hour = one.when.date, one.when.time
        if (day is not None and one.when.day_given) or (day is not None and hour is not None):
            assert day is not None
            whole = {piece.written for piece in moments.written_day(day, "d")}
            bare = {piece.written for piece in moments.bare_day(day, "d")} if calendar and not step.value else set()
            if any(text.strip() in whole for text in texts) or any(text.strip() in bare for text in texts[:2]):
                if hour is not None and step.value and f"{day.isoformat()}T{hour:%H:%M}" in texts:
                    return "when", f"{day.isoformat()}T{hour:%H:%M}", one.mention
                return "date", day.isoformat(), one.mention
            if hour is not None and f"{day.isoformat()}T{hour:%H:%M}" in texts:
                return "when", f"{day.isoformat()}T{hour:%H:%M}", one.mention
        if hour is not None and _is_time(texts[:3], hour):
            return "time", f"{hour:%H:%M}", one.mention
    return None


def _is_time(texts: Sequence[str], hour: time) -> bool:
    ways = {piece.written for piece in moments.written_time(hour, "t")}
    return any(text.strip() in ways for text in texts)


def menu_for(shown: Shown) -> Menu | None:
    """What could have been chosen in place of an element, itself among it."""
    options = shown.options[:MOST_OPTIONS]
    menu = menu_of(options)
    if menu is None or menu.chosen_among(*_own_texts(shown)) is not None:
        return menu
    name = next((text for text in called(shown) if text), "")
    return menu_of((*options, Option(value=shown.target.fingerprint.attributes.get("value", ""), text=name)))


def _own_texts(shown: Shown) -> tuple[str, ...]:
    attributes = shown.target.fingerprint.attributes
    return (*called(shown), attributes.get("value", ""), attributes.get("href", ""))


def _lists(beat: Beat, sentence: Sentence, column: Column) -> Offer | None:
    """Boxes of one list that the sentence names together."""
    if beat.way != "each" or beat.first.shown is None:
        return None
    menu = menu_for(beat.first.shown)
    if menu is None:
        return None
    chosen = [menu.chosen_among(*_own_texts(step.shown)) if step.shown else None for step in beat.steps]
    values = tuple(value for value in chosen if value is not None)
    slot = Slot(name="list", kind="choice", choices=menu.choices, many=True)
    for entity in recognise(slot, sentence.text, sentence.now):
        if isinstance(entity.value, tuple) and set(entity.value) == set(values) and len(values) == len(chosen):
            mention = Mention(entity.start, entity.end, entity.text)
            return Offer(value=values, mentions=(mention,), menu=menu, kind="choice")
    return None


def _options(beat: Beat, sentence: Sentence, column: Column) -> Offer | None:
    """One of several like elements, or of radio buttons, that the sentence names."""
    step = beat.first
    if beat.way != "once" or step.shown is None or step.action not in _CHOOSING:
        return None
    if step.action != "check" and is_action(_shown_text(step)):
        return None
    return _choice(menu_for(step.shown), _own_texts(step.shown), sentence)


def _choices(beat: Beat, sentence: Sentence, column: Column) -> Offer | None:
    """An option of a list that the sentence names."""
    step = beat.first
    if step.action != "select" or step.shown is None or numbers_of(step.shown.options) is not None:
        return None
    return _choice(menu_of(step.shown.options[:MOST_OPTIONS]), (step.value,), sentence)


def _choice(menu: Menu | None, texts: tuple[str, ...], sentence: Sentence) -> Offer | None:
    value = menu.chosen_among(*texts) if menu is not None else None
    if menu is None or value is None:
        return None
    for each in (menu, told_by_some_words(menu, sentence.text)):
        mentions = sentence.says_choice(each.choices, value)
        if mentions:
            return Offer(value=value, mentions=mentions, menu=each, kind="choice")
    return None


def _numbers(beat: Beat, sentence: Sentence, column: Column) -> Offer | None:
    """A whole number, or an amount, that the sentence says."""
    step = beat.first
    if step.shown is None or step.action not in ("fill", "select"):
        return None
    numbers = numbers_of(step.shown.options) if step.action == "select" else None
    digits = re.match(r"-?\d+", step.value.strip()) if numbers else re.fullmatch(r"-?\d{1,9}", step.value.strip())
    if digits is not None and (numbers is not None or step.action == "fill"):
        number = int(digits[0])
        mentions = sentence.says_number("integer", number) or sentence.says_words(digits[0])
        if mentions:
            return Offer(value=number, mentions=mentions, numbers=numbers, kind="integer")
    if re.fullmatch(r"\d+\.\d\d", step.value):
        mentions = sentence.says_number("amount", step.value)
        if mentions:
            return Offer(value=step.value, mentions=mentions, kind="amount")
    return None


def _words(beat: Beat, sentence: Sentence, column: Column) -> Offer | None:
    """What was typed, when the sentence has its words."""
    step = beat.first
    if step.action not in ("fill", "upload") or step.shown is None or not re.search(r"\w\w", step.value):
        return None
    mentions = tuple(_to_the_end(one, step.value, sentence) for one in sentence.says_words(step.value))
    if not mentions:
        return None
    said = mentions[0].words
    for filters in _FILTERS:
        if render(f"{{v{filters}}}", {"v": said}) == step.value:
            return Offer(value=said, mentions=mentions, filters=filters)
    return Offer(value=step.value, mentions=mentions)


def _to_the_end(mention: Mention, typed: str, sentence: Sentence) -> Mention:
    """The mention with the marks that the typed words end with, when the sentence has them too."""
    end = mention.start + len(typed)
    if sentence.text[mention.start : end].casefold() == typed.casefold():
        return Mention(mention.start, end, sentence.text[mention.start : end])
    return mention


def _names(beat: Beat, sentence: Sentence, column: Column) -> Offer | None:
    """An element that the sentence calls by its name, when the page does not say what else there is."""
    step = beat.first
    if step.action not in _CHOOSING or beat.way != "once" or step.shown is None or step.shown.options:
        return None
    for text in called(step.shown)[:2]:
        if text and len(text) <= _MOST_NAME_CHARS and not is_action(text):
            mentions = sentence.says_words(text)
            if mentions:
                return Offer(value=text, mentions=mentions, kind="name")
    return None


def _look(step: ShownStep) -> Found | None:
    """What a value that no sentence says looks like. The caller sets column, values and mentions but the value."""
    shown = step.shown
    if shown is None:
        return None

    def like(kind: Kind, value: Value, why: str, fact: str = "", optional: bool = False) -> Found:
        return Found(
            column=0, field="value", kind=kind, values=(value,), mentions=(), why=why, fact=fact, optional=optional
        )

    if step.action in _CHOOSING:
        day = next((day for text in called(shown) if (day := moments.day_in(text)) is not None), None)
        return like("date", day.isoformat(), f"{_shown_text(step)} is a day") if day else None
    if step.action == "select" and facts.asks_quantity(shown) and (numbers := numbers_of(shown.options)):
        digits = re.match(r"\d+", step.value.strip())
        found = like("integer", int(digits[0]), "a quantity", optional=True) if digits else None
        return replace(found, numbers=numbers) if found else None
    if step.action != "fill" or not step.value:
        return None
    fact = facts.fact_of(shown)
    if fact:
        return like(
            "name" if fact in facts.NAMES else "text", step.value, f"the page asks for your {_said(fact)}", fact
        )
    return _look_of_text(step.value, shown, like)


def _look_of_text(value: str, shown: Shown, like: Callable[..., Found]) -> Found | None:
    try:
        moment = datetime.fromisoformat(value) if "T" in value else None
    except ValueError:
        moment = None
    if moment is not None:
        return like("when", moment.isoformat(timespec="minutes"), f"{value} is a day and a time")
    day, hour = moments.day_in(value), moments.time_in(value)
    if day is not None:
        return like("date", day.isoformat(), f"{value} is a day")
    if hour is not None and ":" in value:
        return like("time", f"{hour:%H:%M}", f"{value} is a time of day")
    if facts.asks_quantity(shown) and re.fullmatch(r"\d{1,6}", value):
        return like("integer", int(value), "a quantity", optional=True)
    if facts.EMAIL.fullmatch(value):
        return like("text", value, f"{value} is an e-mail address")
    if facts.asks_amount(shown, value) and re.fullmatch(r"\d+\.\d\d", value):
        return like("amount", value, f"{value} is an amount")
    return None


def _said(fact: str) -> str:
    return fact.replace("_", " ")


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
        if base.action == "select" or base.action in _CHOOSING:
            menu = menu_for(base.shown)
            chosen = [
                menu.chosen_among(step.value, *_own_texts(step.shown)) if menu and step.shown else None
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
    told = " and ".join(f"“{beat.first.value or _shown_text(beat.first)}”" for _, beat in column.shown)
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


def day_of(value: Value) -> date:
    """The day of a date or a moment."""
    return datetime.fromisoformat(str(value)).date()


def time_of(value: Value) -> time:
    """The time of a time of day or a moment."""
    text = str(value)
    return datetime.fromisoformat(text).time() if "T" in text else time.fromisoformat(text)
