"""Short questions, and what an utterance or a press says to one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

import msgspec

from cloud.lam.goals import Answer, Intent, Question
from cloud.lam.perception import Corrector, Reading, Utterance, derived_version
from cloud.lam.schemas import fits
from cloud.lam.toolbox import Phrase, Phrasebook, Tool
from language.choices import name_of
from language.entities import Choice, Slot, Value, read
from language.numbers import say_number
from language.synonyms import NO, STOP, is_stop, yes_or_no

MOST_CHOICES = 8
MOST_NAME_WORDS = 6  # more than that is no name, but something else that was said
_LINKS = frozenset({"a", "an", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"})
_USUAL = {
    "name": "What name shall I give?",
    "phone": "What is your phone number?",
    "address": "What is the address?",
    "email": "What is your e-mail address?",
}
_ANSWER, _PLACE = "answer", "value"
_TEMPLATES = (
    "{value}",
    "{value} please",
    "(a|an|the|for|at|on|to|make it|it's|let's say|i'd like|i want|i would like) {value} [please]",
    "(the|a) {value} one [please]",
)


def missing_question(tool: Tool, intent: Intent, number: int, *, unfit: bool = False) -> Question | None:
    """Asks for the first slot of the intent that is empty. `unfit`: what was said lies outside what can be had."""
    slots = {slot.name: slot for slot in tool.slots}
    if not intent.missing:
        return None
    slot = slots[intent.missing[0]]
    text = slot.question or _USUAL.get(slot.name) or f"What {slot.name.replace('_', ' ')}?"
    suggested = intent.suggested.get(slot.name)
    choices = _suggested_first(slot.choices, suggested)[:MOST_CHOICES]
    if unfit and slot.least is not None and slot.most is not None and slot.kind == "integer":
        text += f" It can be {say_number(int(slot.least))} to {say_number(int(slot.most))}."
    elif suggested is not None and fits(slot, suggested):
        text += f" Last time it was {_spoken(slot, suggested)}."
    return Question(
        text=text,
        tool=tool.name,
        slot=slot.name,
        choices=tuple(name_of(choices, choice.value) for choice in choices),
        values=tuple(choice.value for choice in choices),
        intent=number,
        version=intent.version,
    )


def rival_question(reading: Reading, intents: Sequence[Intent], number: int) -> Question | None:
    """Asks which of a reading and its rivals was meant. `intents` are theirs, in the same order."""
    rivals = (reading, *reading.rivals)
    differing = {
        name
        for rival in reading.rivals
        for name in {*reading.values, *rival.values}
        if reading.values.get(name) != rival.values.get(name)
    }
    words = differing_words([rival.text for rival in rivals])
    if len({rival.tool for rival in rivals}) == 1 and len(differing) == 1:
        slot = differing.pop()
        values = [rival.values.get(slot) for rival in rivals]
        if all(value is not None for value in values) and all(words):
            return Question(
                text=_either(words).capitalize(),
                tool=reading.tool,
                slot=slot,
                choices=tuple(words),
                values=tuple(value for value in values if value is not None),
                intent=number,
            )
    texts = [rival.text for rival in rivals]
    return Question(
        text=f"Did you mean {_either(texts)}",
        tool=reading.tool,
        slot="",
        choices=tuple(texts),
        values=tuple(range(len(rivals))),
        intent=number,
        options=tuple(intents),
    )


def sure_question(intent: Intent) -> Question:
    """Asks whether something was meant that was only guessed."""
    text = f"Do you want to {intent.text}?"
    return Question(text=text, tool=intent.tool, slot="", choices=("yes",), values=(0,), options=(intent,))


def differing_words(texts: Sequence[str]) -> list[str]:
    """The part of each sentence in which they differ, with the small words before it: "for two", "for ten"."""
    split = [text.split() for text in texts]
    head = _shared(split)
    shortest = min(len(words) for words in split)
    tail = min(_shared([words[::-1] for words in split]), shortest - head)
    while tail > 0 and not all(set(words[head : len(words) - tail]) - _LINKS for words in split):
        tail -= 1  # "at six" and "at half past six" differ in more than "half past"
    while head > 0 and split[0][head - 1] in _LINKS:
        head -= 1
    return [" ".join(words[head : len(words) - tail]) for words in split]


def _shared(sentences: Sequence[Sequence[str]]) -> int:
    """How many words all of them begin with."""
    return sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, zip(*sentences, strict=False)))


def settle(
    question: Question | None, tool: Tool | None, said: Utterance, now: datetime, corrector: Corrector
) -> tuple[Answer, float] | None:
    """What an utterance answers, and the distance at which it was heard; None when it answers nothing.

    Without a question it is held against yes and no alone.
    """
    if question is None or is_stop(said.text):
        return _yes_or_no(said.text)
    slot = _slot_of(question, tool)
    plain = _yes_or_no(said.text)
    if plain is not None and slot is not None and slot.is_open:
        return plain
    if said.alternatives and not (slot is not None and slot.is_open):
        weighed = _heard(question, slot, said, now, corrector)  # the sound knows better than the transcript
        if weighed is not None:
            return weighed
    value = _literal(question, slot, said.text, now)
    if value is not None:
        return Answer(kind="value", value=value), 0.0
    return plain or _heard(question, slot, said, now, corrector)


def press(question: Question, answer: str) -> Answer | None:
    """A pressed or literally repeated answer: "no", or a choice by its value or its words."""
    value = _shown(question, answer)
    if value is not None:
        return Answer(kind="value", value=value)
    return Answer(kind="no") if yes_or_no(answer) is False else None


def answer_book(question: Question, tool: Tool | None) -> Phrasebook:
    """All that answers a question, for whoever weighs the sound of the answer."""
    return _book(question, _slot_of(question, tool))


def plain_words(text: str) -> str:
    """Lower-case words with single spaces, without the marks between them."""
    return " ".join(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower().replace("’", "'")))


def _heard(
    question: Question, slot: Slot | None, said: Utterance, now: datetime, corrector: Corrector
) -> tuple[Answer, float] | None:
    """The answer by correction, so that a badly heard one still counts."""
    book = _book(question, slot)
    heard = corrector.correct(said.text, said.alternatives, book, now, spoken=said.spoken)
    if heard.decision == "refuse" or len(heard.readings) != 1:
        return None
    reading = heard.readings[0]
    if heard.decision == "ask" and reading.margin <= 0:
        return None  # another answer sounds as near: taking either would be a guess
    if reading.tool == "no":
        return Answer(kind="no"), reading.distance
    if _PLACE not in reading.values:
        return None
    value = reading.values[_PLACE]
    if slot is None or (question.values and _is_closed(question, slot)):
        value = question.values[int(str(value))]
    return Answer(kind="value", value=value), reading.distance


def _book(question: Question, slot: Slot | None) -> Phrasebook:
    place = _place(question, slot)
    templates = [(_ANSWER, template) for template in _TEMPLATES] + [("no", words) for words in (*NO, *STOP)]
    phrases = tuple(Phrase(tool=name, template=template, slots=(place,)) for name, template in templates)
    return Phrasebook(version=derived_version(0, question.tool, question.slot, repr(place)), phrases=phrases)


def _yes_or_no(text: str) -> tuple[Answer, float] | None:
    said = yes_or_no(text)
    return None if said is None else (Answer(kind="yes" if said else "no"), 0.0)


def _shown(question: Question, answer: str) -> Value | None:
    wanted = plain_words(answer)
    for words, value in zip(question.choices, question.values, strict=True):
        if answer == str(value) or wanted == plain_words(words):
            return value
    return None


def _literal(question: Question, slot: Slot | None, text: str, now: datetime) -> Value | None:
    """The value that the words are, as they stand. A sentence is no name, though any words could stand there."""
    shown = _shown(question, text)
    if shown is not None or slot is None or (slot.kind == "name" and len(text.split()) > MOST_NAME_WORDS):
        return shown
    value = read(slot, text, now)
    return value if value is not None and fits(slot, value) else None


def _slot_of(question: Question, tool: Tool | None) -> Slot | None:
    slots = tool.slots if tool is not None and question.slot else ()
    return next((slot for slot in slots if slot.name == question.slot), None)


def _is_closed(question: Question, slot: Slot) -> bool:
    """Whether only the choices shown are an answer: they are not simply the slot's own."""
    return bool(question.values) and not {str(value) for value in question.values} <= {
        choice.value for choice in slot.choices
    }


def _place(question: Question, slot: Slot | None) -> Slot:
    """The slot in the answer's templates: the one asked for, or a choice of what was offered, by its number."""
    if slot is not None and not _is_closed(question, slot):
        return msgspec.structs.replace(slot, name=_PLACE, required=True, default=None)
    offered = tuple(Choice(str(place), (words, *_without_links(words))) for place, words in enumerate(question.choices))
    return Slot(name=_PLACE, kind="choice", choices=offered)


def _without_links(words: str) -> tuple[str, ...]:
    parts = words.split()
    while len(parts) > 1 and parts[0] in _LINKS:
        parts = parts[1:]
    bare = " ".join(parts)
    return () if bare == words else (bare,)


def _suggested_first(choices: tuple[Choice, ...], suggested: Value | None) -> tuple[Choice, ...]:
    return tuple(sorted(choices, key=lambda choice: choice.value != suggested))


def _spoken(slot: Slot, value: Value) -> str:
    return say_number(value) if isinstance(value, int) else name_of(slot.choices, str(value))


def _either(words: Sequence[str]) -> str:
    """ "for two, or for ten?" """
    return f"{', '.join(words[:-1])}, or {words[-1]}?"
