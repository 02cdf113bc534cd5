"""How soon is a run found? The history's index with many runs, on the store that the cloud uses.

`--runs` runs of some thirty words each (of 5,000, as often as words are used: the second half as often as the first,
the third a third …) go into an SQLite file, or into the database of `--url`. Each search is asked five times for its
first page of 50, and its median counts. The worst median of all is `search_ms_worst`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from cloud.commands import HandleUtterance
from cloud.history import index
from cloud.history.index import TOLD, Entry
from cloud.history.story import Part, RunStory
from cloud.history.words import Search, terms_of
from cloud.store import Store, file_url, insert_new, persons, run_words, runs, tasks

ME = "ada"
RUNS = 100_000
AT_ONCE = 5_000
ASKED = 5
WORDS = tuple(f"w{number}" for number in range(5_000))
USED = tuple(1 / (number + 1) for number in range(len(WORDS)))
TOOLS = ("order_pizza", "book_table", "set_timer", "take_note", "read_mail")
BEGAN_S, APART_S = 1_600_000_000.0, 300.0
SEARCHES = {
    "the newest": Search(),
    "a word of all": Search(words="pizza "),
    "a rare word": Search(words="w4999 "),
    "two words of all": Search(words="the pizza "),
    "a word of all and a rare one": Search(words="pizza w4321 "),
    "three middling words": Search(words="w40 w41 w42 "),
    "words that never meet": Search(words="the pizza w4990 w4991 "),
    "the beginning of a word": Search(words="piz"),
    "a word, and a beginning": Search(words="the w49"),
    "a number": Search(words="99 "),
    "tool and ending": Search(tool="set_timer", status="failed"),
    "word, tool and ending": Search(words="w3 ", tool="order_pizza", status="failed"),
    "a word on one day": Search(words="pizza ", since=BEGAN_S + 864_000, until=BEGAN_S + 950_400),
    "the last page": Search(words="pizza ", before=int((BEGAN_S + 50 * APART_S) * 1_000_000)),
}


def stories(count: int, random: Random) -> Iterator[RunStory]:
    """Runs as they might have been."""
    for number in range(count):
        began = BEGAN_S + number * APART_S
        words = " ".join((*random.choices(WORDS, USED, k=22), "pizza", "the"))
        yield RunStory(
            run=f"t{number}",
            text=words,
            status=random.choice(("done",) * 9 + ("failed",)),
            began=began,
            ended=began + 3,
            device="kitchen",
            sentence=f"Order {number} is on its way.",
            parts=(Part(number=1, tool=random.choice(TOOLS), effect="read"),),
        )


async def fill(store: Store, made: Iterator[RunStory]) -> None:
    """Puts runs into the store in the way of the index, but many at once."""
    async with store.write() as connection:
        await insert_new(connection, persons, {"id": ME, "name": "Ada", "zone": "UTC", "created_at": 0.0})
    rows: dict[str, list[dict[str, Any]]] = {"tasks": [], "runs": [], "words": []}
    for story in made:
        number = int(story.began * 1_000_000)
        rows["tasks"].append(_task(story))
        rows["runs"].append(index.row_of(Entry(person=ME, story=story), number))
        rows["words"] += [{"person": ME, "word": word, "run": number} for word in terms_of(story)]
        if len(rows["runs"]) == AT_ONCE:
            await _put(store, rows)
    if rows["runs"]:
        await _put(store, rows)


async def _put(store: Store, rows: dict[str, list[dict[str, Any]]]) -> None:
    async with store.write(synced=False) as connection:
        for name, table in (("tasks", tasks), ("runs", runs), ("words", run_words)):
            await connection.execute(insert(table), rows[name])
            rows[name].clear()


def _task(story: RunStory) -> dict[str, Any]:
    command = HandleUtterance(key=story.run, person=ME, text=story.text)
    row = {"id": story.run, "person": ME, "key": story.run, "status": story.status, "text": story.text, "turn": 0}
    row |= {"command": msgspec.to_builtins(command), "device": "", "sentence": "", "attempts": 1, "epoch": 0}
    return row | {"created": story.began, "updated": story.ended, "history": TOLD}


async def measure(url: str, count: int) -> dict[str, float]:
    """The median of each search, in ms."""
    took: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(url or file_url(Path(folder) / "store.db"))
        try:
            await fill(store, stories(count, Random(7)))
            for name, wanted in SEARCHES.items():
                times = []
                for _ in range(ASKED):
                    began = time.perf_counter()
                    await index.search(store, ME, wanted)
                    times.append((time.perf_counter() - began) * 1000)
                took[name] = statistics.median(times)
        finally:
            await store.close()
    return took


def main() -> None:
    """Measure, print the table and, last, one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"how many (default {RUNS})")
    parser.add_argument("--url", default="", help="an empty database (default: an SQLite file of its own)")
    given = parser.parse_args()
    took = asyncio.run(measure(given.url, given.runs))
    table = Table("", "median, ms", title=f"Finding among {given.runs:,} runs")
    for name, one in took.items():
        table.add_row(name, f"{one:.1f}")
    Console().print(table)
    print(json.dumps({"runs": given.runs, "search_ms_worst": round(max(took.values()), 1)}))


if __name__ == "__main__":
    main()
