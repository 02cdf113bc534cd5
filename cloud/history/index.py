"""The index of the history: a line a run that has ended, and the words that lead to it. Newest first, by pages.

A plain table of words, the same on every store. What stands here can be made anew from the events, and is, when a run
is taken back from being forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloud.history.story import RunStory
from cloud.history.words import Search, sought, terms_of
from cloud.store import Store, as_dict, run_words, runs, tasks

# Of a task in `tasks.history`.
NEW: Final = 0  # has not ended, or stands in no index yet
TOLD: Final = 1
HIDDEN: Final = 2  # is told no more, and removed at `forget_at`
GONE: Final = 3  # all that was told of it is removed; its keys stay

MOST_A_PAGE: Final = 200
# Words with one beginning that are looked for, and how many rows of a word are counted to find the rarest.
MOST_BEGINNINGS: Final = 40
COUNTED: Final = 1000
_LAST: Final = "\U0010ffff"

_WORDS_WITH = text(
    "WITH RECURSIVE found(word) AS ("
    " SELECT (SELECT min(word) FROM run_words WHERE person = :person AND word >= :first AND word < :last)"
    " UNION ALL"
    " SELECT (SELECT min(word) FROM run_words WHERE person = :person AND word > found.word AND word < :last)"
    " FROM found WHERE found.word IS NOT NULL"
    ") SELECT word FROM found WHERE word IS NOT NULL LIMIT :most"
)


class Line(Struct, frozen=True, kw_only=True):
    """A run in a list. `picture` is the one that stands for it, 0: none. Times are UTC seconds."""

    number: int
    task: str
    text: str
    words: str
    sentence: str
    status: str
    tool: str
    effect: str
    began_by: str
    device: str
    schedule: str
    site: str
    began: float
    ended: float
    picture: int
    pictures: int
    picture_bytes: int
    asks: int
    healed: int


class Page(Struct, frozen=True, kw_only=True):
    """A page of what was found. `next`: to be given as `before` for the next one, 0: this is the last."""

    runs: tuple[Line, ...] = ()
    next: int = 0


class Entry(Struct, frozen=True, kw_only=True):
    """What is put into the index: a run that has ended, whose it is, and what its pictures take on the disk."""

    person: str
    story: RunStory
    picture_bytes: int = 0


async def add(connection: AsyncConnection, entries: Iterable[Entry]) -> None:
    """Puts runs in, in place of what stood there of them."""
    for entry in entries:
        story = entry.story
        await remove(connection, [story.run])
        number = await _free(connection, int(story.began * 1_000_000))
        await connection.execute(insert(runs).values(**row_of(entry, number)))
        words = [{"person": entry.person, "word": word, "run": number} for word in terms_of(story)]
        await connection.execute(insert(run_words), words)
        await connection.execute(update(tasks).where(tasks.c.id == story.run).values(history=TOLD, forget_at=None))


async def remove(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Takes runs out, by their tasks."""
    mine = select(runs.c.number).where(runs.c.task.in_(ids))
    await connection.execute(delete(run_words).where(run_words.c.run.in_(mine)))
    await connection.execute(delete(runs).where(runs.c.task.in_(ids)))


async def search(store: Store, person: str, wanted: Search) -> Page:
    """The newest runs that fit."""
    most = min(max(wanted.most, 1), MOST_A_PAGE)
    async with store.read() as connection:
        numbers = await _numbers(connection, person, wanted, most + 1)
        found = select(runs).where(runs.c.number.in_(numbers[:most])).order_by(runs.c.number.desc())
        lines = tuple(msgspec.convert(as_dict(row), Line) for row in await connection.execute(found))
    return Page(runs=lines, next=numbers[most - 1] if len(numbers) > most else 0)


async def _numbers(connection: AsyncConnection, person: str, wanted: Search, most: int) -> list[int]:
    terms, beginning = sought(wanted)
    if not terms and not beginning:
        mine = [runs.c.person == person, *_within(runs.c.number, wanted)]
        every = select(runs.c.number).where(*mine).order_by(runs.c.number.desc()).limit(most)
        return list((await connection.scalars(every)).all())
    groups: list[Sequence[str]] = [[term] for term in terms]
    if beginning:
        groups.append(await _begun(connection, person, beginning))
    first, *others = await _rarest_first(connection, person, groups)
    if not first:
        return []
    word = run_words.alias("word")
    conditions = [word.c.person == person, _is(word.c.word, first), *_within(word.c.run, wanted)]
    for group in others:
        also = run_words.alias()
        mine = [also.c.person == person, _is(also.c.word, group), also.c.run == word.c.run]
        conditions.append(select(also.c.run).where(*mine).exists())
    found = select(word.c.run).where(*conditions).order_by(word.c.run.desc()).limit(most)
    return list((await connection.scalars(found.distinct() if len(first) > 1 else found)).all())


async def _begun(connection: AsyncConnection, person: str, beginning: str) -> list[str]:
    given = {"person": person, "first": beginning, "last": beginning + _LAST, "most": MOST_BEGINNINGS}
    return list((await connection.scalars(_WORDS_WITH, given)).all())


async def _rarest_first(
    connection: AsyncConnection, person: str, groups: Sequence[Sequence[str]]
) -> list[Sequence[str]]:
    if len(groups) == 1:
        return list(groups)
    counts = []
    for group in groups:
        some = select(run_words.c.run).where(run_words.c.person == person, _is(run_words.c.word, group)).limit(COUNTED)
        counts.append(await connection.scalar(select(func.count()).select_from(some.subquery())) or 0)
    return [groups[place] for place in sorted(range(len(groups)), key=counts.__getitem__)]


def _is(column: ColumnElement[str], group: Sequence[str]) -> ColumnElement[bool]:
    return column == group[0] if len(group) == 1 else column.in_(group)


def _within(column: ColumnElement[int], wanted: Search) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.since:
        conditions.append(column >= int(wanted.since * 1_000_000))
    if wanted.until:
        conditions.append(column < int(wanted.until * 1_000_000))
    if wanted.before:
        conditions.append(column < wanted.before)
    return conditions


async def _free(connection: AsyncConnection, number: int) -> int:
    while await connection.scalar(select(runs.c.number).where(runs.c.number == number)) is not None:
        number += 1
    return number


def row_of(entry: Entry, number: int) -> dict[str, Any]:
    """The line of a run, as a row."""
    story = entry.story
    shown = [one.number for one in story.pictures if one.kept]
    return {
        "number": number,
        "task": story.run,
        "person": entry.person,
        "text": story.text,
        "words": ", ".join(part.words for part in story.parts if part.words),
        "sentence": story.sentence,
        "status": story.status,
        "tool": story.tool[:200],
        "effect": story.effect,
        "began_by": story.by,
        "device": story.device,
        "schedule": story.schedule,
        "site": next(iter(story.sites), "")[:200],
        "began": story.began,
        "ended": story.ended if story.ended is not None else story.began,
        "picture": shown[-1] if shown else 0,
        "pictures": len(story.pictures),
        "picture_bytes": entry.picture_bytes,
        "asks": len(story.asks),
        "healed": len(story.healings),
    }
