"""The history by voice: what was done on a day or in a week, what was ordered, and whether something was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from cloud.history.archive import Archive
from cloud.history.index import Line
from cloud.history.words import Search, words_in
from cloud.lam.toolbox import Card, Outcome, Row, Run
from cloud.tools.spoken import SpokenTool, text_of
from language.clock import say_time
from language.days import say_date
from language.entities import Choice, PastSlot, Slot, Value
from language.numbers import say_number
from language.past import Span, parse_past, parse_span
from wire.limits import ROWS

READ_ALOUD = 5  # the newest; the card shows more
MOST = 200
MOST_DAY_WORDS = 6
# What speaks of what was done is no deed itself.
_TALK = frozenset({"what_did_you_do", "did_you", "when_did_you", "help", "repeat", "stop", "time", "date", "day_of"})
_ENDED = {
    "failed": "it did not work",
    "refused": "I refused it",
    "declined": "you said no",
    "expired": "you did not answer",
    "cancelled": "it was cancelled",
    "not_understood": "I did not understand it",
    "unknown": "I could not tell whether it went through",
    "parked": "I gave it up",
}
_SPANS = ("this week", "last week", "this month", "last month", "this year", "last year")
# Words that say nothing of what was meant.
_SMALL = frozenset("a an the my our your some any this that to for of on in at from with me us it yet".split())  # noqa: SIM905
_DEEDS = (
    Choice("order", ("order", "ordered")),
    Choice("book", ("book", "booked")),
    Choice("reserve", ("reserve", "reserved")),
    Choice("buy", ("buy", "bought")),
    Choice("pay", ("pay", "paid")),
    Choice("send", ("send", "sent")),
    Choice("cancel", ("cancel", "cancelled")),
)
_DEED = Slot(name="deed", kind="choice", choices=_DEEDS, question="What about?")
_MAYBE_DEED = Slot(name="deed", kind="choice", choices=_DEEDS, required=False)
_DAY = PastSlot(name="day", required=False)
_WHAT = Slot(name="what", kind="text", required=False)


class RecountTools:
    """The tools over one archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def tools(self) -> tuple[SpokenTool, ...]:
        """All of them."""
        return (
            SpokenTool(
                name="what_did_you_do",
                description="say what I did",
                utterances=(
                    "what (did you do|have you done) [for me] {day}",
                    "what (did you do|have you done) [for me]",
                    "what (did|have) you {deed} [for me] {day}",
                    "what (did|have) you {deed} [for me]",
                ),
                slots=(_MAYBE_DEED, _DAY),
                work=self._recount,
            ),
            SpokenTool(
                name="did_you",
                description="say whether I did something",
                utterances=(
                    "did you {deed} (something|anything) [for me] {day}",
                    "did you {deed} (something|anything) [for me]",
                    "did you {deed} {what}",
                    "have you {deed} {what}",
                ),
                slots=(_DEED, _WHAT, _DAY),
                work=self._answer,
            ),
            SpokenTool(
                name="when_did_you",
                description="say when I did something",
                utterances=(
                    "when did you last {deed} (something|anything)",
                    "when did you [last] {deed} {what}",
                ),
                slots=(_DEED, _WHAT),
                work=self._when,
            ),
        )

    async def _recount(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        deed, now = text_of(arguments, "deed"), run.now()
        day = text_of(arguments, "day")
        span = parse_span(day) if day else Span(now.date(), now.date())
        when = say_span(span, now.date())
        lines = await self._found(run, deed, span)
        lines = [line for line in lines if line.status == "done"] if deed else lines
        if not lines:
            what = f"that I {_past(deed)} anything" if deed else "of anything that I did"
            return Outcome(status="done", sentence=f"I have no record {what} {when}.")
        dated = span.first != span.last
        spoken = " ".join(_told(line, now, dated=dated) for line in lines[:READ_ALOUD][::-1])
        count = "one thing" if len(lines) == 1 else f"{say_number(len(lines))} things"
        newest = " The newest:" if len(lines) > READ_ALOUD else ""
        head = f"{when[:1].upper()}{when[1:]} I {_past(deed)} {count}."
        return Outcome(status="done", sentence=f"{head}{newest} {spoken}", card=_card(head.rstrip("."), lines, now))

    async def _answer(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        return await self._held(arguments, run, yes="Yes. ")

    async def _when(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        return await self._held(arguments, run, yes="")

    async def _held(self, arguments: Mapping[str, Value], run: Run, *, yes: str) -> Outcome:
        """What is on record of it; `yes` begins the answer when it was done."""
        deed, now = text_of(arguments, "deed"), run.now()
        what, span = dated_apart(text_of(arguments, "what"), now.date())
        if day := text_of(arguments, "day"):
            span = parse_span(day)
        words = " ".join(word for word in words_in(what) if word not in _SMALL)
        lines = await self._found(run, f"{words} {deed}", span)
        done = [line for line in lines if line.status == "done"]
        unsure = [line for line in lines if line.status == "unknown"]
        if done:
            sentence = f"{yes}{_told(done[0], now, dated=True)}"
            return Outcome(status="done", sentence=sentence, card=_card(f"{deed} {what}".strip(), done, now))
        for story in await self._archive.under_way(run.person):
            if story.run != run.task and {*words_in(words), deed} <= set(words_in(story.text)):
                return Outcome(status="done", sentence=f"I am at it: {story.text}.")
        if unsure:
            return Outcome(status="done", sentence=f"I am not sure. {_told(unsure[0], now, dated=True)}")
        if lines:
            return Outcome(status="done", sentence=f"No. {_told(lines[0], now, dated=True)}")
        when = f" {say_span(span, now.date())}" if span is not None else ""
        return Outcome(status="done", sentence=f"I have no record that I {_past(deed)} {what or 'anything'}{when}.")

    async def _found(self, run: Run, words: str, span: Span | None) -> list[Line]:
        """What was done, newest first, but for talk of it."""
        zone = run.now().tzinfo
        since = _midnight(span.first, zone) if span is not None else 0.0
        until = _midnight(span.last + timedelta(days=1), zone) if span is not None else 0.0
        page = await self._archive.search(run.person, Search(words=words, since=since, until=until, most=MOST))
        return [line for line in page.runs if line.tool not in _TALK]


def say_span(span: Span, today: date) -> str:
    """Days gone by: "today", "last week", "on Monday the second of March", "from … to today"."""
    for name in _SPANS if span.first != span.last else ():
        if parse_past(name, today) == span:
            return name
    first, last = (say_date(day, today) for day in (span.first, span.last))
    if span.first == span.last:
        return first if first in ("today", "yesterday") else f"on {first}"
    return f"from {first} to {last}"


def dated_apart(what: str, today: date) -> tuple[str, Span | None]:
    """Words, and the days gone by at their end: "the bill last week". Pure."""
    words = what.split()
    for length in range(min(len(words) - 1, MOST_DAY_WORDS), 0, -1):
        if (span := parse_past(" ".join(words[-length:]), today)) is not None:
            return " ".join(words[:-length]), span
    return what, None


def _midnight(day: date, zone: tzinfo | None) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def _told(line: Line, now: datetime, *, dated: bool) -> str:
    """A run as a sentence: when, what, and what came of it."""
    moment = datetime.fromtimestamp(line.began, now.tzinfo)
    day = f"{say_span(Span(moment.date(), moment.date()), now.date())} " if dated else ""
    when = f"{day}at {say_time(moment.time())}"
    ended = _ENDED.get(line.status)
    what = (line.words or line.text).rstrip(".")
    came = f"{what}; {ended}" if ended else _what_came(what, line)
    return f"{when[:1].upper()}{when[1:]}: {came}."


def _what_came(what: str, line: Line) -> str:
    """What was done, and for what cannot be undone also what the site said of it."""
    sentence = line.sentence.strip().rstrip(".")
    if line.effect != "irreversible" or not sentence or sentence == f"Done: {what}":
        return what
    return f"{what}. {sentence.removeprefix('Done: ')}"


def _card(title: str, lines: Sequence[Line], now: datetime) -> Card:
    rows = []
    for line in lines[:ROWS]:
        moment = datetime.fromtimestamp(line.began, now.tzinfo)
        ended = _ENDED.get(line.status, "")
        rows.append(Row(f"{moment:%d %b %H:%M}", "; ".join(filter(None, (line.words or line.text, ended)))))
    return Card(title=title, rows=tuple(rows))


def _past(deed: str) -> str:
    forms = {choice.value: choice.spoken[-1] for choice in _DEEDS}
    return forms.get(deed, "did")
