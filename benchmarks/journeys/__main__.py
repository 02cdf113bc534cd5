"""Walks all journeys with one portal and one town. Prints a table, then one JSON line.

python -m benchmarks.journeys [NAME…] [--release 2] [--lines] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.journeys.school import school
from benchmarks.journeys.sites import journeys
from benchmarks.journeys.walking import NEXT, Answer, Walked, walk


def main() -> None:
    """Reads what is asked for, walks it, prints it."""
    known = journeys()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.journeys", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}; all when none is named")
    parser.add_argument("--release", default=NEXT, help="the release that the site is redrawn to")
    parser.add_argument("--lines", action="store_true", help="print what was seen of each request")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the cloud's data and the devices' files")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in known]
    if unknown:
        parser.error(f"there is no journey {unknown[0]!r}; take of {', '.join(known)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    walked = asyncio.run(_walk_all(given.names or list(known), given.release, given.keep, given.lines))
    _print_table(walked)
    print(json.dumps(figures(walked)))


async def _walk_all(names: list[str], release: str, keep: Path | None, lines: bool) -> list[Walked]:
    folder = keep or Path(tempfile.mkdtemp(prefix="journeys-"))
    walked = []
    try:
        async with school(folder) as made:
            for name in names:
                began = time.monotonic()
                one = await walk(made, journeys()[name], release=release)
                walked.append(one)
                print(f"{name}: {_told(one)}, {time.monotonic() - began:.0f} s", file=sys.stderr)
                for answer in (one.spoken, one.redrawn) if lines else ():
                    print(answer.lines if answer else one.problem, file=sys.stderr)
    finally:
        if keep is None:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return walked


def figures(walked: list[Walked]) -> dict[str, float]:
    """The rates, as fractions of all journeys. `wrong`: something else was done than what was asked for."""
    every = len(walked) or 1
    answers = [answer for one in walked for answer in (one.spoken, one.redrawn) if answer]
    return {
        "journeys": len(walked),
        "taught": round(sum(not one.problem for one in walked) / every, 3),
        "spoken": round(sum(_came(one.spoken) == "done" for one in walked) / every, 3),
        "next_release": round(sum(_came(one.redrawn) == "done" for one in walked) / every, 3),
        "wrong": sum(answer.came == "wrong" for answer in answers),
    }


def _came(answer: Answer | None) -> str:
    return answer.came if answer else "-"


def _told(one: Walked) -> str:
    return one.problem or f"taught, {_came(one.spoken)} by voice, {_came(one.redrawn)} on the next release"


def _print_table(walked: list[Walked]) -> None:
    table = Table("journey", "taught", "asked by voice", "asked on the next release")
    for one in walked:
        table.add_row(one.journey.name, one.problem or "yes", *(_cell(answer) for answer in (one.spoken, one.redrawn)))
    Console(width=160).print(table)


def _cell(answer: Answer | None) -> str:
    if answer is None or answer.came == "done":
        return _came(answer)
    return f"{answer.came}: {answer.said}"


if __name__ == "__main__":
    main()
