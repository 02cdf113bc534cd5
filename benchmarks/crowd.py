"""A thousand devices at one real gateway process: on a bad net for minutes, and when the gateway is killed under them.

    python -m benchmarks.crowd [--devices 1000] [--seconds 240] [--processes 3] [--seed 1] [--only net|kill]

The devices are the real link core and uplink, each behind its own `device/parts/bad_network.py`; the gateway, its
store, event log and web server are real; what hears, plans and speaks is cheap. See `tests/crowd`.
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import json
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from tests.crowd.caller import CALM, Weather
from tests.crowd.crowd import Crowd, Plan, gather

# Above this share of a core a second counts as one with the CPU pinned.
PINNED = 0.9


def spread(name: str, values: Sequence[int]) -> dict[str, int]:
    """Median, 99th percentile and the longest, in ms."""
    ordered = sorted(values) or [0]
    return {
        f"{name}_p50": round(statistics.median(ordered)),
        f"{name}_p99": ordered[int(len(ordered) * 0.99)],
        f"{name}_max": ordered[-1],
    }


def most_in_a_second(times_ms: Sequence[int]) -> int:
    """The most of them that lie within any one second."""
    ordered = sorted(times_ms)
    return max((at + 1 - bisect.bisect_right(ordered, ms - 1000) for at, ms in enumerate(ordered)), default=0)


def longest_pinned_s(cpu: Sequence[tuple[float, float]]) -> float:
    """The longest time without a second of rest."""
    longest, began = 0.0, cpu[0][0] if cpu else 0.0
    for now_s, share in cpu:
        if share < PINNED:
            began = now_s
        longest = max(longest, now_s - began)
    return round(longest, 1)


def common(came: Crowd) -> dict[str, Any]:
    """What is told of both."""
    books, usage = came.books, came.usage
    busy = [share for _, share in usage.cpu]
    return {
        "devices": books.devices,
        "utterances": len(books.said),
        "delivered": came.delivered.total(),
        "not_delivered": len(came.missing),
        "delivered_twice": len(came.doubled),
        "delivered_and_never_said": len(came.never_said),
        "mixed_up": books.mixed_up,
        "lost": books.lost,
        "unanswered": books.unanswered,
        "unacknowledged": books.unacknowledged,
        "answered_twice": books.answered_twice,
        "away_at_the_end": books.away,
        "gateway_rss_idle_mb": round(usage.rss_idle_kb / 1024, 1),
        "gateway_rss_most_mb": round(usage.rss_most_kb / 1024, 1),
        "gateway_files_idle": usage.files_idle,
        "gateway_files_most": usage.files_most,
        "gateway_cpu_mean": round(statistics.mean(busy), 3) if busy else 0.0,
        "gateway_cpu_most": round(max(busy, default=0.0), 3),
        "gateway_cpu_pinned_s": longest_pinned_s(usage.cpu),
        "let_in_within_a_second": most_in_a_second([at_ms for at_ms, _ in books.joined_at_ms]),
        "told_that_it_is_busy": books.ends.get("busy", 0),
    }


def net(plan: Plan) -> tuple[Crowd, dict[str, Any]]:
    """Talk on a bad net."""
    came = asyncio.run(gather(plan))
    books = came.books
    return came, common(came) | {
        "resets": books.resets,
        "half_open": books.half_opens,
        "resumed": books.resumed,
        "begun_anew": books.anew,
        "seconds_heard": round(books.samples_heard / 16_000),
        "resumes": len(books.back_ms),
        **spread("resume_ms", books.back_ms),
        "resumes_after_half_open": len(books.back_half_open_ms),
        **spread("resume_after_half_open_ms", books.back_half_open_ms),
    }


def kill(plan: Plan) -> tuple[Crowd, dict[str, Any]]:
    """Talk in good weather; the gateway is killed and begun again."""
    came = asyncio.run(gather(plan))
    after = [(at_ms, number) for at_ms, number in came.books.joined_at_ms if at_ms > came.killed_at_ms]
    back: dict[int, int] = {}
    for at_ms, number in sorted(after):
        back.setdefault(number, at_ms - came.back_at_ms)
    cpu = [(now_s, share) for now_s, share in came.usage.cpu if now_s * 1000 > came.back_at_ms]
    return came, common(came) | {
        "gateway_cpu_pinned_s": longest_pinned_s(cpu),
        "let_in_within_a_second": most_in_a_second([at_ms for at_ms, _ in after]),
        "back": len(back),
        "half_back_s": round(statistics.median(back.values()) / 1000, 1) if back else 0.0,
        "all_back_s": round(max(back.values(), default=0) / 1000, 1),
    }


def main() -> int:
    """0 when every utterance came to the planner once and was answered to the one who said it."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    made.add_argument("--devices", type=int, default=1000)
    made.add_argument("--processes", type=int, default=3, help="in which the devices live")
    made.add_argument("--seconds", type=float, default=240.0, help="on the bad net; half of it with the gateway killed")
    made.add_argument("--think", type=float, default=60.0, help="seconds between utterances of one device, on average")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--only", choices=("net", "kill"), default=None)
    flags = made.parse_args()
    plan = Plan(
        devices=flags.devices,
        processes=flags.processes,
        seconds=flags.seconds,
        think_s=flags.think,
        seed=flags.seed,
        weather=Weather(),
        within_s=flags.devices / 40,
    )
    calm = replace(plan, weather=CALM, seconds=flags.seconds / 2, kill_after_s=flags.seconds / 4, down_s=5.0)
    told: dict[str, Any] = {"benchmark": "crowd", "seed": flags.seed}
    clean = True
    for name, made_of, measure in (("net", plan, net), ("kill", calm, kill)):
        if flags.only not in (None, name):
            continue
        began_s = time.monotonic()
        came, figures = measure(made_of)
        clean = clean and came.clean
        figures["took_s"] = round(time.monotonic() - began_s, 1)
        print(f"== {name}")
        for line in [*came.books.wrong, *came.missing, *came.doubled, *came.never_said][:50]:
            print(line)
        for key, value in figures.items():
            print(f"{key:28} {value}")
        told |= {f"{name}_{key}": value for key, value in figures.items()}
    print(json.dumps(told))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
