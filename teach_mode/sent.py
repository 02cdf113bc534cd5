"""What goes along with an irreversible act: the fields of its form, whoever filled them, in words for the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from teach_mode.interfaces import SiteSays
from teach_mode.templates import in_a_sentence, one_line

# More fields than this are counted, and not shown.
MOST_SHOWN = 12
# What is said aloud of them: so many, and none longer than so many letters.
MOST_SAID, SAID_CHARS = 3, 60

# A question that stands after other sentences.
_LAST_QUESTION = re.compile(r"^(.*[.!?]) (\S.*\?)$", re.DOTALL)
_decode = msgspec.json.Decoder(list[tuple[str, str]]).decode


def fields_of(form: str | None, says: Sequence[SiteSays]) -> tuple[SiteSays, ...]:
    """The fields, from the page's JSON, but those whose value is among what the site says already."""
    known = {one.text.casefold() for one in says}
    fields = [(one_line(label), value) for label, value in _decode(form)] if form else []
    new = [
        (label or "Field", in_a_sentence(value)) for label, value in fields if one_line(value).casefold() not in known
    ]
    # No confirmation of a skill is called so.
    shown = [
        SiteSays(name=f"sent-{number}", text=value, title=label, sent=True)
        for number, (label, value) in enumerate(new[:MOST_SHOWN], 1)
    ]
    if len(new) > MOST_SHOWN:
        more = f"{len(new) - MOST_SHOWN} more fields"
        shown.append(SiteSays(name="sent-more", text=more, title="And", sent=True))
    return tuple(shown)


def asked_along(question: str, sent: Sequence[SiteSays]) -> str:
    """The question, and what goes along that it does not say yet."""
    said = question.casefold()
    new = [one for one in sent if one.text.casefold() not in said]
    short = [one for one in new if len(one.text) <= SAID_CHARS][:MOST_SAID]
    if not new:
        return question
    words = [f"{one.title.lower()} {one.text.rstrip('.')}" for one in short]
    rest = len(new) - len(short)
    if rest:
        words.append(f"{rest} {'more ' if short else ''}{'field' if rest == 1 else 'fields'} on the screen")
    along = f"With it goes: {'; '.join(words)}"
    before, asks, last = _LAST_QUESTION.sub(r"\1\n\2", question).partition("\n")
    told = along if along.endswith(("?", "!")) else f"{along}."
    return f"{before} {told} {last}" if asks else f"{question} {told}"
