"""Notes by dictation: the words are kept as they were heard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from cloud import store as tables
from cloud.lam.errors import ToolError
from cloud.lam.toolbox import Card, Outcome, Row, Run
from cloud.store import Store, insert_new
from cloud.tools.spoken import SpokenTool, text_of
from language.days import say_date
from language.entities import Slot, Value
from language.numbers import say_number

READ_ALOUD = 5  # the newest; the card shows as many
_TEXT = Slot(name="text", kind="text", question="What shall I write down?")


class NoteTools:
    """The tools of notes over one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def tools(self) -> tuple[SpokenTool, ...]:
        """All of them."""
        return (
            SpokenTool(
                name="take_note",
                description="take a note",
                utterances=(
                    "(take|make) a note {text}",
                    "(take|make) a note (that|saying|to) {text}",
                    "(take|make) a note of {text}",
                    "note [down] that {text}",
                    "write down [that] {text}",
                    "new note {text}",
                    "remember that {text}",
                    "(take|make) a note",
                    "new note",
                ),
                slots=(_TEXT,),
                effect="reversible",
                work=self._take,
            ),
            SpokenTool(
                name="read_notes",
                description="read your notes",
                utterances=(
                    "(read|show|tell) [me] [all] my notes",
                    "read [me] [back] (my|the) [last] (note|notes) [to me]",
                    "what (are|is) (in|on) my notes",
                    "what did i (note|write) down",
                    "what notes do i have",
                ),
                work=self._read,
            ),
        )

    async def _take(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        text = text_of(arguments, "text").strip()
        if not text:
            raise ToolError("I heard no words to write down.")
        row = {"id": f"{run.task}-{run.step}", "person": run.person, "text": text, "at": run.said_at().timestamp()}
        async with self._store.write() as connection:
            await insert_new(connection, tables.notes, row)
        return Outcome(status="done", sentence=f"Noted: {text}.", card=Card(title="Note", body=text))

    async def _read(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        columns = tables.notes.c
        mine = columns.person == run.person
        query = select(columns.text, columns.at).where(mine).order_by(columns.at.desc(), columns.id.desc())
        async with self._store.read() as connection:
            count = await connection.scalar(select(func.count()).select_from(tables.notes).where(mine)) or 0
            rows = (await connection.execute(query.limit(READ_ALOUD))).all()
        if not rows:
            return Outcome(status="done", sentence="You have no notes.")
        now = run.now()
        days = [say_date(datetime.fromtimestamp(at, now.tzinfo).date(), now.date()) for _, at in rows]
        spoken = " ".join(f"{day.capitalize()}: {text}." for day, (text, _) in zip(days, rows, strict=True))
        which = "You have one note." if count == 1 else f"You have {say_number(count)} notes."
        newest = " The newest are:" if count > READ_ALOUD else ""
        card = Card(title="Notes", rows=tuple(Row(day, text) for day, (text, _) in zip(days, rows, strict=True)))
        return Outcome(status="done", sentence=f"{which}{newest} {spoken}", card=card)
