"""Thousands of turns of one whole device with simulated parts, over a real socket: is it ever stuck, does it grow?

python -m benchmarks.soak [--turns 5000] [--seed 1]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time

import msgspec

from tests.device.soak import soak


def main() -> int:
    """0 when no turn was stuck and nothing grew by 5 % or more."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    made.add_argument("--turns", type=int, default=5000)
    made.add_argument("--seed", type=int, default=1)
    flags = made.parse_args()
    began_s = time.monotonic()
    came = asyncio.run(soak(flags.turns, flags.seed))
    told = {"seed": flags.seed, **msgspec.to_builtins(came), "rss_growth": round(came.growth, 4)}
    told["seconds"] = round(time.monotonic() - began_s, 1)
    for name, value in told.items():
        print(f"{name:16} {value}")
    print(json.dumps({"benchmark": "soak", **told}))
    return 0 if not came.stuck and came.growth < 0.05 else 1


if __name__ == "__main__":
    sys.exit(main())
