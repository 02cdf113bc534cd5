"""The rules by which a step's value is known for a parameter: each reads one step beside one sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time

from msgspec import Struct

from language.commitments import commits
from language.entities import Slot, SlotKind, Value, recognise
from language.synonyms import synonyms_of
from teach_mode.demonstration import Option, Shown, ShownStep
from teach_mode.generalizing import facts, moments
from teach_mode.generalizing.beats import Beat, Column
from teach_mode.generalizing.menus import Menu, Numbers, menu_of, numbers_of, told_by_some_words
from teach_mode.generalizing.sameness import called
from teach_mode.generalizing.sentence import Mention, SaidWhen, Sentence
from teach_mode.templates import render

MOST_OPTIONS = 100
CHOOSING = frozenset(("click", "check", "double_click", "right_click", "middle_click", "hover"))
# Words that say what to do, not what to take: a button of that name is no choice.
_ACTIONS = ("submit", "buy", "book", "cancel", "add", "remove", "cart", "search", "next", "back", "log in", "log out")
_MORE_ACTIONS = ("sign up", "open", "close", "save", "edit", "choose", "yes", "no", "ok", "menu", "home", "help")
_FILTERS = ("", "|lower", "|upper", "|title", "|capital")
_MOST_NAME_CHARS = 60


class Offer(Struct, frozen=True, kw_only=True):
    """What a rule makes of one beat in one demonstration."""

    value: Value
    mentions: tuple[Mention, ...]
    menu: Menu | None = None
    numbers: Numbers | None = None
    filters: str = ""
    kind: SlotKind = "text"


class Look(Struct, frozen=True):
    """What a value that no sentence says looks like."""

    kind: SlotKind
    value: Value
    why: str
    fact: str = ""
    optional: bool = False
    numbers: Numbers | None = None


def shown_text(step: ShownStep) -> str:
    if step.value:
        return step.value
    return next((text for text in called(step.shown) if text), "") if step.shown else ""


def told(offer: Offer, column: Column) -> str:
    steps = column.base[1].steps
    return ", ".join(filter(None, (shown_text(step) for step in steps))) or str(offer.value)


def is_action(text: str) -> bool:
    """Whether a button of that name says what to do, so that it is no choice."""
    return commits(text) or text.lower() in _MORE_ACTIONS or bool(synonyms_of(text) & {*_ACTIONS, *_MORE_ACTIONS})


def is_the_command(text: str, sentence: str) -> bool:
    """Whether the sentence begins with the verb of a button ("Suspend heron", "Mark as done"): then the button is what
    is to be done, and nothing to choose. What is written with capitals throughout is a name ("New York")."""
    first, *rest = re.findall(r"\w+", text) or [""]
    if not any(word.islower() and len(word) > 1 for word in rest):
        return False
    return re.match(rf"\W*(?:please\W+)?{re.escape(first)}(?!\w)", sentence, re.IGNORECASE) is not None


def moment(step: ShownStep, said: Iterable[SaidWhen]) -> tuple[SlotKind, str, Mention] | None:
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
    if menu is None or menu.chosen_among(*own_texts(shown)) is not None:
        return menu
    name = next((text for text in called(shown) if text), "")
    return menu_of((*options, Option(value=shown.target.fingerprint.attributes.get("value", ""), text=name)))


def own_texts(shown: Shown) -> tuple[str, ...]:
    attributes = shown.target.fingerprint.attributes
    return (*called(shown), attributes.get("value", ""), attributes.get("href", ""))


def list_said(beat: Beat, sentence: Sentence) -> Offer | None:
    """Boxes of one list that the sentence names together."""
    if beat.way != "each" or beat.first.shown is None:
        return None
    menu = menu_for(beat.first.shown)
    if menu is None:
        return None
    chosen = [menu.chosen_among(*own_texts(step.shown)) if step.shown else None for step in beat.steps]
    values = tuple(value for value in chosen if value is not None)
    for each in (menu, told_by_some_words(menu)):
        slot = Slot(name="list", kind="choice", choices=each.choices, many=True)
        for entity in recognise(slot, sentence.text, sentence.now):
            if isinstance(entity.value, tuple) and set(entity.value) == set(values) and len(values) == len(chosen):
                mention = Mention(entity.start, entity.end, entity.text)
                return Offer(value=values, mentions=(mention,), menu=each, kind="choice")
    return None


def option_said(beat: Beat, sentence: Sentence) -> Offer | None:
    """One of several like elements, or of radio buttons, that the sentence names."""
    step = beat.first
    if beat.way != "once" or step.shown is None or step.action not in CHOOSING:
        return None
    text = shown_text(step)
    if step.action != "check" and (is_action(text) or is_the_command(text, sentence.text)):
        return None
    return _choice(menu_for(step.shown), own_texts(step.shown), sentence)


def choice_said(beat: Beat, sentence: Sentence) -> Offer | None:
    """An option of a list that the sentence names."""
    step = beat.first
    if step.action != "select" or step.shown is None or numbers_of(step.shown.options) is not None:
        return None
    return _choice(menu_of(step.shown.options[:MOST_OPTIONS]), (step.value,), sentence)


def _choice(menu: Menu | None, texts: tuple[str, ...], sentence: Sentence) -> Offer | None:
    value = menu.chosen_among(*texts) if menu is not None else None
    if menu is None or value is None:
        return None
    for each in (menu, told_by_some_words(menu)):
        mentions = _as_things(sentence.says_choice(each.choices, value), sentence)
        if mentions:
            return Offer(value=value, mentions=mentions, menu=each, kind="choice")
    return None


def _as_things(mentions: Sequence[Mention], sentence: Sentence) -> tuple[Mention, ...]:
    """Without the verbs: "generate a number" presses a button of that name, and takes nothing."""
    return tuple(mention for mention in mentions if not sentence.is_verb(mention))


def number_said(beat: Beat, sentence: Sentence) -> Offer | None:
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


def words_said(beat: Beat, sentence: Sentence) -> Offer | None:
    """What was typed, when the sentence has its words."""
    step = beat.first
    if step.action != "fill" or step.shown is None or not re.search(r"\w\w", step.value):
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


def name_said(beat: Beat, sentence: Sentence) -> Offer | None:
    """An element that the sentence calls by its name, when the page does not say what else there is."""
    step = beat.first
    if step.action not in CHOOSING or beat.way != "once" or step.shown is None or step.shown.options:
        return None
    for text in called(step.shown)[:2]:
        if text and len(text) <= _MOST_NAME_CHARS and not is_action(text) and not is_the_command(text, sentence.text):
            mentions = _as_things(sentence.says_words(text), sentence)
            if mentions:
                return Offer(value=text, mentions=mentions, kind="name")
    return None


def look_of(step: ShownStep) -> Look | None:
    """What a value that no sentence says looks like."""
    shown = step.shown
    if shown is None:
        return None

    if step.action in CHOOSING:
        day = next((day for text in called(shown) if (day := moments.day_in(text)) is not None), None)
        return Look("date", day.isoformat(), f"{shown_text(step)} is a day") if day else None
    if step.action == "select" and facts.asks_quantity(shown) and (numbers := numbers_of(shown.options)):
        digits = re.match(r"\d+", step.value.strip())
        return Look("integer", int(digits[0]), "a quantity", optional=True, numbers=numbers) if digits else None
    if step.action != "fill" or not step.value:
        return None
    fact = facts.fact_of(shown)
    if fact:
        return Look(
            "name" if fact in facts.NAMES else "text", step.value, f"the page asks for your {_said(fact)}", fact
        )
    return _look_of_text(step.value, shown)


def _look_of_text(value: str, shown: Shown) -> Look | None:
    try:
        moment = datetime.fromisoformat(value) if "T" in value else None
    except ValueError:
        moment = None
    if moment is not None:
        return Look("when", moment.isoformat(timespec="minutes"), f"{value} is a day and a time")
    day, hour = moments.day_in(value), moments.time_in(value)
    if day is not None:
        return Look("date", day.isoformat(), f"{value} is a day")
    if hour is not None and ":" in value:
        return Look("time", f"{hour:%H:%M}", f"{value} is a time of day")
    if facts.asks_quantity(shown) and re.fullmatch(r"\d{1,6}", value):
        return Look("integer", int(value), "a quantity", optional=True)
    if facts.EMAIL.fullmatch(value):
        return Look("text", value, f"{value} is an e-mail address")
    if facts.asks_amount(shown, value) and re.fullmatch(r"\d+\.\d\d", value):
        return Look("amount", value, f"{value} is an amount")
    return None


def _said(fact: str) -> str:
    return fact.replace("_", " ")
