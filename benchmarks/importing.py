"""Files of nonsense at every importer: a valid skill or a refusal by name, how long does one take, and how much?

    python -m benchmarks.importing [--cases 10000] [--seed 1]

Real files of each format, changed by seed (`tests/teach_mode/formats/fuzzing.py`). Times are of the processor; every
fortieth is read once more for its memory, and so are files of 50 MB, deep ones, and bombs. Whatever is raised but
ImportRefused ends it.
"""

from __future__ import annotations

import argparse
import json
import time
import tracemalloc

from rich.console import Console
from rich.table import Table

from teach_mode.formats.registry import FORMATS
from tests.teach_mode.formats.fuzzing import HEAVY_BYTES, SLOW_S, Came, Case, cases, read
from tests.teach_mode.formats.test_fuzz import HUGE

WEIGHED = 40


def heaviest(found: list[Case]) -> tuple[int, str]:
    """The most memory that one took at once, in bytes, and which it was."""
    most, which = 0, ""
    for case in found:
        tracemalloc.start()
        read(case, Came())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        if peak > most:
            most, which = peak, f"{case.named} {case.about}"
    return most, which


def main() -> None:
    """Print the table and, last, one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    flags = parser.parse_args()
    began_s = time.monotonic()
    came: dict[str, Came] = {name: Came() for name in (*FORMATS, "found out", "huge")}
    kept: list[Case] = []
    for number, case in enumerate(cases(flags.seed, flags.cases)):
        read(case, came[case.named or "found out"])
        if number % WEIGHED == 0:
            kept.append(case)
    huge = [Case(data, name, what) for what, data in HUGE.items() for name in FORMATS]
    for case in huge:
        read(case, came["huge"])
    most, which = heaviest(kept + huge)
    table = Table("format", "files", "skills", "refused", "slowest, ms", "which", title="Files of nonsense")
    for name, one in came.items():
        figures = (one.cases, one.skills, one.refused, round(one.slowest_s * 1000))
        table.add_row(name, *map(str, figures), one.slowest)
    Console().print(table)
    slowest_s = max(one.slowest_s for one in came.values())
    told = {
        "files": sum(one.cases for one in came.values()),
        "skills": sum(one.skills for one in came.values()),
        "refused": sum(one.refused for one in came.values()),
        "slowest_ms": round(slowest_s * 1000, 1),
        "heaviest_mb": round(most / 1e6, 1),
        "heaviest": which,
        "within_limits": slowest_s <= SLOW_S and most <= HEAVY_BYTES,
        "took_s": round(time.monotonic() - began_s, 1),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
