"""A journal by voice: written, read by day, searched. What is dictated goes to no log and to no model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from cloud.lam.errors import ToolError
from cloud.lam.toolbox import Card, Outcome, Row, Run
from cloud.people.journal import Entry, Journal
from cloud.tools.spoken import SpokenTool, text_of
from language.clock import say_time
from language.days import say_date
from language.entities import PastSlot, Slot, Value
from language.numbers import say_number
from language.past import Span, parse_span
from wire.limits import ROWS

READ_ALOUD = 5
LETTERS_ALOUD = 1200
_TEXT = Slot(name="text", kind="text", question="What shall I write?")
_ABOUT = Slot(name="text", kind="text", question="What shall I look for?")
_DAY = PastSlot(name="day", required=False, question="Of which day?")
_NO_PICTURE = "There was no picture with it."
# "with this picture", before or after what is written.
_PICTURE = r"(?:with|and) (?:this|the|a|my) (?:picture|photo)"
_PICTURED = re.compile(rf"^{_PICTURE}[,:]?\s+|[\s,]+{_PICTURE}\.?$", re.IGNORECASE)


class JournalTools:
    """The tools of the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def tools(self) -> tuple[SpokenTool, ...]:
        """All of them. Those that read stand before the one that takes any words."""
        return (
            SpokenTool(
                name="read_journal",
                description="read your journal",
                utterances=(
                    "(read|show) [me] my (journal|diary) [of|from|for|on] {day}",
                    "(read|show) [me] my (journal|diary)",
                    "what did i write [in my (journal|diary)] {day}",
                    "(what's|what is|what was) in my (journal|diary) [of|from|for|on] {day}",
                    "(what's|what is) in my (journal|diary)",
                ),
                slots=(_DAY,),
                work=self._read,
            ),
            SpokenTool(
                name="search_journal",
                description="look something up in your journal",
                utterances=(
                    "what did i write [in my (journal|diary)] about {text}",
                    "when did i [last] write about {text}",
                    "search my (journal|diary) for {text}",
                    "find {text} in my (journal|diary)",
                ),
                slots=(_ABOUT,),
                work=self._search,
            ),
            SpokenTool(
                name="delete_entry",
                description="delete the last entry of your journal",
                utterances=("(delete|remove|erase) (my|the) last (journal|diary) entry",),
                effect="reversible",
                work=self._delete,
            ),
            SpokenTool(
                name="write_journal",
                description="write in your journal",
                utterances=(
                    "dear diary {text}",
                    "(write|put) in my (journal|diary) [that] {text}",
                    "[new] (journal|diary) entry {text}",
                    "journal {text}",
                    "(add|put|write) {text} (in|into|to) my (journal|diary)",
                    "(write in|open) my (journal|diary)",
                    "new (journal|diary) entry",
                ),
                slots=(_TEXT,),
                effect="reversible",
                work=self._write,
            ),
        )

    async def _write(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        said = text_of(arguments, "text").strip()
        text = _PICTURED.sub("", said).strip()
        if not text:
            raise ToolError("I heard no words for your journal.")
        wanted = text != said
        said_at = run.said_at()
        has_picture = await self._journal.write(
            *(run.person, text, f"{run.task}-{run.step}"),
            day=said_at.date(),
            at=said_at.timestamp(),
            picture=run.picture if wanted else "",
        )
        with_picture = " with its picture" if has_picture else ""
        sentence = f"It is in your journal{with_picture}."
        if wanted and not has_picture:
            sentence = f"{sentence} {_NO_PICTURE}"
        return Outcome(status="done", sentence=sentence, card=Card(title="Journal", body=text))

    async def _read(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        day = text_of(arguments, "day")
        if day:
            span = parse_span(day)
            entries = await self._journal.of(run.person, span)
            return _told(entries, _when(span, run.now().date()), run.now())
        newest = await self._journal.newest(run.person, most=1)
        if not newest:
            return Outcome(status="done", sentence="Your journal is empty.")
        last = date.fromisoformat(newest[0].day)
        return _told(newest, _when(Span(last, last), run.now().date()), run.now())

    async def _search(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        words = text_of(arguments, "text").strip()
        entries = await self._journal.search(run.person, words, ROWS)
        if not entries:
            return Outcome(status="done", sentence=f"Your journal has nothing about {words}.")
        return _told(entries, f"about {words}", run.now(), dated=True)

    async def _delete(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        last = await self._journal.last(run.person)
        if last is None:
            return Outcome(status="done", sentence="Your journal is empty.")
        await self._journal.remove(run.person, last.id, f"{run.task}-{run.step}")
        day = say_date(date.fromisoformat(last.day), run.now().date())
        return Outcome(status="done", sentence=f"The entry of {day} is deleted. Say undo to have it back.")


def _told(entries: Sequence[Entry], about: str, now: datetime, *, dated: bool = False) -> Outcome:
    """Entries aloud, as many as one can listen to, and on the screen."""
    if not entries:
        return Outcome(status="done", sentence=f"You wrote nothing {about}.")
    dated = dated or len({entry.day for entry in entries}) > 1
    whens = [_moment(entry, now, dated=dated) for entry in entries]
    aloud: list[str] = []
    for when, entry in zip(whens, entries, strict=True):
        if len(aloud) == READ_ALOUD or (sum(map(len, aloud)) + len(entry.text) > LETTERS_ALOUD and aloud):
            break
        said = f"{when[:1].upper()}{when[1:]}: {entry.text}"
        aloud.append(said if said.endswith((".", "!", "?")) else f"{said}.")
    count = "one entry" if len(entries) == 1 else f"{say_number(len(entries))} entries"
    more = (
        f" {say_number(len(entries) - len(aloud)).capitalize()} more in the portal."
        if len(aloud) < len(entries)
        else ""
    )
    rows = tuple(Row(when, entry.text) for when, entry in zip(whens[:ROWS], entries[:ROWS], strict=True))
    sentence = f"You wrote {count} {about}. {' '.join(aloud)}{more}"
    return Outcome(status="done", sentence=sentence, card=Card(title="Journal", rows=rows))


def _moment(entry: Entry, now: datetime, *, dated: bool) -> str:
    moment = datetime.fromtimestamp(entry.at, now.tzinfo)
    day = date.fromisoformat(entry.day)
    if dated:
        return say_date(day, now.date())
    return f"at {say_time(moment.time())}" if moment.date() == day else say_date(day, now.date())


def _when(span: Span, today: date) -> str:
    if span.first == span.last:
        day = say_date(span.first, today)
        return day if day in ("today", "yesterday") else f"on {day}"
    return f"from {say_date(span.first, today)} to {say_date(span.last, today)}"
