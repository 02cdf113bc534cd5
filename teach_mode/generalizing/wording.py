"""How a skill is called and asked for: a name, a description and templates of what people say, from the sentences of
its demonstrations. Pure.

The words of a sentence stay; the values give way to their places; what can be asked for later may be left out with the
small word before it; the verb may be one that means the same; politeness and articles come and go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from language import templates
from language.choices import plural
from language.entities import read
from language.errors import MalformedTemplate
from language.similarity import stem, words_of
from language.synonyms import synonyms_of
from teach_mode.generalizing.parameters import Known
from teach_mode.generalizing.sentence import Mention, Sentence
from teach_mode.skill import Parameter
from teach_mode.templates import literal

_ARTICLES = frozenset(("a", "an", "the", "some"))
_ARTICLE = "(a|an|the|some)"
_BEFORE = frozenset(("with", "for", "to", "at", "on", "in", "from", "by", "about", "and", "as", "of"))
_PLEASE = (("please",), ("can", "you"), ("could", "you"), ("i", "want", "to"), ("i", "would", "like", "to"))
_PEOPLE = frozenset(("people", "persons", "guests"))
_MOMENTS = frozenset(("date", "time", "when"))
_MOST_VERBS = 4
_NAME_WORDS = 3
_DANGLING = _ARTICLES | _BEFORE | {"please", "me", "then"}

Part = tuple[str, str]
"""A word and "", or "" and the name of a parameter."""


def parts_of(sentence: Sentence, known: Sequence[Known], demonstration: int) -> list[Part]:
    """The sentence as words and places."""
    places: dict[Mention, str] = {}
    for one in known:
        mention = one.mentions[demonstration]
        if mention is not None and one.parameter.source == "request":
            places.setdefault(mention, one.name)
    parts: list[Part] = []
    for text, name in sentence.pieces(places):
        parts += [("", name)] if name else [(word, "") for word in templates.normalised(text) if _is_word(word)]
    return _without_politeness(parts)


def _is_word(word: str) -> bool:
    return all(part.isascii() and part.isalnum() for part in word.replace("'", "-").split("-")) and word[0].isalnum()


def _without_politeness(parts: list[Part]) -> list[Part]:
    for words in _PLEASE:
        if [word for word, _ in parts[: len(words)]] == list(words) and len(parts) > len(words):
            return _without_politeness(parts[len(words) :])
    if len(parts) > 1 and parts[-1] == ("please", ""):
        return parts[:-1]
    return parts


def utterances_of(sentences: Sequence[Sentence], known: Sequence[Known]) -> tuple[str, ...]:
    """Templates of what people say for it, one or two a sentence, each of which reads that sentence back."""
    slots = {one.name: one.parameter for one in known if one.parameter.source == "request"}
    made: list[str] = []
    for number, sentence in enumerate(sentences):
        parts = parts_of(sentence, known, number)
        wanted = {one.name: one.values[number] for one in known if one.mentions[number] is not None}
        free, plain = (
            "".join(_freely(parts, slots)).strip(),
            " ".join(f"{{{name}}}" if name else _ARTICLE if word in _ARTICLES else word for word, name in parts),
        )
        made += [f"{free} please"] if _ends_openly(parts, slots, sentence) else []
        made += [source for source in (free, plain) if _reads(source, sentence, slots, wanted)][:1] or [plain]
    return tuple(dict.fromkeys(source for source in made if source))


def _ends_openly(parts: Sequence[Part], slots: dict[str, Parameter], sentence: Sentence) -> bool:
    """Whether a last "please" would be taken for a part of what is dictated."""
    last = parts[-1][1] if parts else ""
    return bool(last) and slots[last].is_open and list(templates.normalised(sentence.text))[-1:] == ["please"]


def _reads(source: str, sentence: Sentence, slots: dict[str, Parameter], wanted: Mapping[str, object]) -> bool:
    try:
        template = templates.parse(source)
        templates.check(template, list(slots.values()))
        values = templates.match(sentence.text, template, slots, sentence.now, read)
    except MalformedTemplate:
        return False
    if values is None:
        return False
    return all(_same(values.get(name), value) for name, value in wanted.items())


def _same(read_back: object, shown: object) -> bool:
    if isinstance(read_back, tuple) and isinstance(shown, tuple):
        return set(read_back) == set(shown)
    one, other = (words_of(str(value)) for value in (read_back, shown))
    return read_back == shown or one == other


def _freely(parts: Sequence[Part], slots: dict[str, Parameter]) -> Iterator[str]:
    counted = any(name and slots[name].kind == "integer" for _, name in parts)
    yield "[please] "
    pending: list[str] = []
    for number, (word, name) in enumerate(parts):
        following = parts[number + 1] if number + 1 < len(parts) else ("", "")
        if name:
            yield from _place(slots[name], pending, alone=len(parts) == 1)
            pending = []
        elif word in _BEFORE and following[1]:
            pending = [word]
        elif number == 0:
            yield _verbs(word) + (" [me] " if word != "i" and following != ("me", "") else " ")
        elif word == "me" and number == 1:
            yield "[me] "
        elif word in _ARTICLES:
            yield f"[{_ARTICLE}] "
        elif counted and word.isalpha() and word not in _PEOPLE and (several := _one_or_several(word)):
            yield f"({several[0]}|{several[1]}) "
        else:
            yield f"{word} "


def _place(slot: Parameter, before: list[str], *, alone: bool) -> Iterator[str]:
    if slot.kind in _MOMENTS:
        before = [f"[({'|'.join(dict.fromkeys(('on', 'for', 'at', *before)))})]"]
    article = ["[the]"] if slot.kind == "name" else []
    inside = " ".join((*before, *article, f"{{{slot.name}}}"))
    may_be_missing = not slot.required or (bool(slot.question) and slot.kind not in ("text", "name"))
    yield f"[{inside}] " if may_be_missing and not alone else f"{inside} "


def _verbs(word: str) -> str:
    """A verb with others that mean the same."""
    single = [one for one in sorted(synonyms_of(word)) if " " not in one and stem(one) != stem(word) and one.isalpha()]
    verbs = [one for one in single if not one.endswith(("ion", "ing", "out"))][: _MOST_VERBS - 1]
    return f"({'|'.join((word, *verbs))})" if verbs else word


def _one_or_several(word: str) -> tuple[str, str] | None:
    if word.endswith("s") and len(word) > 3 and not word.endswith("ss"):
        for one in (word[:-3] + "y" if word.endswith("ies") else "", word[:-2], word[:-1]):
            if one and plural(one) == word:
                return one, word
    return None


def name_of_skill(sentence: Sentence, known: Sequence[Known]) -> str:
    """A name like `order_pizza`: the first words of the sentence that are no values and no small words."""
    parts = parts_of(sentence, known, 0)
    words = [word for word, name in parts if not name and word not in _DANGLING and word not in _PEOPLE]
    plain = ["".join(words_of(word)) for word in words if words_of(word)]
    name = "_".join(plain[:_NAME_WORDS])
    return name if name and name[0].isalpha() else f"skill_{name}".rstrip("_")


def about_of(sentence: Sentence, known: Sequence[Known]) -> str:
    """The sentence as a template with a place for each value, as it is asked about: "Order a {size} pizza". What may be
    missing is left out with the small word before it."""
    places: dict[Mention, str] = {}
    slots = {one.name: one.parameter for one in known if one.parameter.source == "request"}
    for one in known:
        if one.name in slots and (mention := one.mentions[0]) is not None:
            places.setdefault(mention, one.name)
    made = ""
    for text, name in sentence.pieces(places):
        if not name:
            made += literal(text).replace("[", "[[").replace("]", "]]")
            continue
        written = _written(slots[name])
        if slots[name].kind in ("date", "when") and not re.search(rf"\b(?:{'|'.join(sorted(_BEFORE))})\s*$", made):
            written = f"on {written}"
        if slots[name].required:
            made += written
            continue
        before = re.search(rf"\s*\b(?:{'|'.join(sorted(_BEFORE))})\s*$", made) or re.search(r"\s*$", made)
        assert before is not None
        made = f"{made[: before.start()]}[{before[0]}{written}]"
    plain = made.strip().rstrip(".")
    return plain[:1].upper() + plain[1:]


def _written(slot: Parameter) -> str:
    """The place of a value in a sentence that people read."""
    if slot.many:
        return f"{{{slot.name}|and}}"
    day, hour = f"{{{slot.name}|date:%A %-d %B}}", f"{{{slot.name}|time}}"
    moments = {"date": day, "time": hour, "when": f"{day} at {hour}", "choice": f"{{{slot.name}|words}}"}
    return moments.get(slot.kind, f"{{{slot.name}}}")


def description_of(sentence: Sentence, known: Sequence[Known]) -> str:
    """What it does, as it reads after "I can": the sentence without its values."""
    kept: list[str] = []
    for word, name in parts_of(sentence, known, 0):
        if name:
            while kept and kept[-1] in _BEFORE:
                kept.pop()
        elif word not in _PEOPLE:
            kept.append(word)
    while kept and kept[-1] in _DANGLING:
        kept.pop()
    tidy = [word for number, word in enumerate(kept) if not (word in _ARTICLES and kept[number + 1 : number + 2] == [])]
    words = " ".join(tidy) or " ".join(templates.normalised(sentence.text))
    return words[:1].upper() + words[1:] + "."
