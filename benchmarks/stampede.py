"""Ten thousand devices whose gateway goes away and comes back: how many knock in one second, how long until all are in?

    python -m benchmarks.stampede [--devices 10000] [--gateways 10] [--seed 1]

Time is simulated; the waits are those of `device/backoff.py`, the dice have a seed, so the figures are exact. Each
gateway lets in as many in a second as `cloud/admission.py` says, and has told the devices how long to wait at most;
those that it does not let in are told that it is busy. `house_…` are the devices of one house, and `any_…` what ten
thousand would do if they waited two seconds at most, as those of a house.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
from collections import Counter

from msgspec import Struct

from cloud.admission import WELCOMES_PER_S, redial_most_ms
from device.backoff import wait_ms
from wire.limits import REDIAL_MOST_MS
from wire.outcomes import Retry

OUTAGES_S = (1, 5, 30, 300)
HOUSE = 50


class Herd(Struct, frozen=True, kw_only=True):
    """What one outage came to. A knock is a dial, a handshake one that is answered, a welcome one that is let in."""

    down_s: float
    knocks_in_a_second: int
    handshakes_in_a_second: int
    welcomes_in_a_second: int
    half_back_s: float
    all_back_s: float


def herd(devices: int, down_s: float, *, seed: int, welcomes_per_s: int = 0, most_ms: int = REDIAL_MOST_MS) -> Herd:
    """All links break at once, and for `down_s` nobody answers; then at most `welcomes_per_s` are let in (0: all).

    `most_ms` is what they were told in their welcome.
    """
    dice = random.Random(seed)
    waiting = [(wait_ms(0, Retry.RECONNECT, dice.random(), most_ms), device) for device in range(devices)]
    heapq.heapify(waiting)
    tries = [0] * devices
    knocks: Counter[int] = Counter()
    handshakes: Counter[int] = Counter()
    welcomes: Counter[int] = Counter()
    back_ms: list[int] = []
    while waiting:
        now_ms, device = heapq.heappop(waiting)
        second = now_ms // 1000
        knocks[second] += 1
        if now_ms >= down_s * 1000:
            handshakes[second] += 1
            if not welcomes_per_s or welcomes[second] < welcomes_per_s:
                welcomes[second] += 1
                back_ms.append(now_ms)
                continue
        tries[device] += 1
        wait = wait_ms(tries[device], Retry.RECONNECT, dice.random(), most_ms)
        heapq.heappush(waiting, (now_ms + wait, device))
    return Herd(
        down_s=down_s,
        knocks_in_a_second=max(knocks.values()),
        handshakes_in_a_second=max(handshakes.values()),
        welcomes_in_a_second=max(welcomes.values()),
        half_back_s=round(back_ms[devices // 2] / 1000 - down_s, 1),
        all_back_s=round(back_ms[-1] / 1000 - down_s, 1),
    )


def main() -> None:
    """Print the table and, last, one line of JSON."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.stampede", description=__doc__)
    made.add_argument("--devices", type=int, default=10_000)
    made.add_argument("--gateways", type=int, default=10)
    made.add_argument("--seed", type=int, default=1)
    flags = made.parse_args()
    told: dict[str, object] = {"benchmark": "stampede", "devices": flags.devices, "gateways": flags.gateways}
    told["seed"] = flags.seed
    names = Herd.__struct_fields__
    many, gateways = flags.devices, flags.gateways
    kinds = (
        ("", many, gateways, redial_most_ms(many)),
        ("house_", HOUSE, 1, redial_most_ms(HOUSE)),
        ("any_", many, gateways, redial_most_ms(HOUSE)),
    )
    for before, devices, of, most_ms in kinds:
        print(f"{devices} devices, {of} gateways, waits of at most {most_ms} ms\n" + "  ".join(names))
        for down_s in OUTAGES_S:
            came = herd(devices, down_s, seed=flags.seed, welcomes_per_s=of * WELCOMES_PER_S, most_ms=most_ms)
            print("  ".join(f"{getattr(came, name):>{len(name)}}" for name in names))
            told |= {f"{before}{name}_down_{down_s}_s": getattr(came, name) for name in names[1:]}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
