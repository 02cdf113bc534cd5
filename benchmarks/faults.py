"""A device on a network at its worst: is a word lost, doubled, or heard in the wrong turn; how soon is it back?

    python -m benchmarks.faults [--seed 1] [--utterances 200] [--faults 1000] [--devices 10]

The devices are whole ones with simulated button, microphone, speaker and screen; the cloud is the real CloudLink on a
real socket; the network between them is `device/parts/bad_network.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from typing import Any

from tests.device.bad_day import Books, bad_days


def figures(books: Books) -> dict[str, Any]:
    """What is reported of a day."""
    waits = sorted(books.reconnect_ms)
    cuts = statistics.quantiles(waits, n=100) if len(waits) > 1 else [0.0] * 99
    return {
        "utterances": books.utterances,
        "faults": books.faults.total(),
        "faults_by_kind": dict(sorted(books.faults.items())),
        "sockets": books.sockets,
        "resumed": books.resumed,
        "begun_anew": books.anew,
        "waited_on_the_device": books.waited,
        "audio_lost": books.lost,
        "audio_doubled": books.doubled,
        "turns_without_end": books.never_ended,
        "old_turn_heard": books.old_heard,
        "stuck": books.stuck,
        "reconnects": len(waits),
        "reconnect_ms_p50": round(cuts[49]),
        "reconnect_ms_p95": round(cuts[94]),
        "reconnect_ms_max": max(waits, default=0),
        "reconnects_within_2_s": round(sum(wait <= 2000 for wait in waits) / max(1, len(waits)), 4),
    }


def main() -> int:
    """0 when nothing was lost, doubled, mixed up or stuck."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--utterances", type=int, default=200)
    made.add_argument("--faults", type=int, default=1000)
    made.add_argument("--devices", type=int, default=10)
    flags = made.parse_args()
    began_s = time.monotonic()
    books = asyncio.run(bad_days(flags.seed, flags.utterances, flags.faults, flags.devices))
    told = {"seed": flags.seed, **figures(books), "seconds": round(time.monotonic() - began_s, 1)}
    for line in books.wrong:
        print(line)
    for name, value in told.items():
        print(f"{name:24} {value}")
    print(json.dumps({"benchmark": "faults", **told}))
    return 0 if books.clean else 1


if __name__ == "__main__":
    sys.exit(main())
