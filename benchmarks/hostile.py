"""Hostile peers at one real gateway process: what does each cost, how soon is it put out, and do others notice?

python -m benchmarks.hostile [--peers 100]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.crowd.hostile import visit


def main() -> int:
    """0 when all were put out, and the good devices were answered."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    made.add_argument("--peers", type=int, default=100, help="of each kind, at the same time")
    flags = made.parse_args()
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        costs, books = asyncio.run(visit(Path(folder), flags.peers))
    told: dict[str, Any] = {"benchmark": "hostile", "peers": flags.peers}
    print(f"{'':30}{'kB each':>10}{'out after s':>14}{'at most':>10}{'never out':>11}")
    for name, cost in costs.items():
        times = cost.out_after_s or [0.0]
        row = (round(cost.kb_each, 1), round(statistics.median(times), 1), round(max(times), 1), cost.never_out)
        print(f"{name:30}{row[0]:>10}{row[1]:>14}{row[2]:>10}{row[3]:>11}")
        told[name.replace(",", "").replace(" ", "_")] = row
    told |= {"good_utterances": len(books.said), "good_unanswered": books.unanswered, "good_mixed_up": books.mixed_up}
    told["seconds"] = round(time.monotonic() - began_s, 1)
    print(f"good devices: {len(books.said)} utterances, {books.unanswered} unanswered, {books.mixed_up} mixed up")
    print(json.dumps(told))
    return 0 if books.clean and not any(cost.never_out for cost in costs.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
