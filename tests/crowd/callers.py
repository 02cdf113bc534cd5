"""Some devices of the crowd in one process: `python -m tests.crowd.callers` takes a Shift as JSON, prints the Books."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from cloud.people.accounts import Accounts
from tests.crowd.caller import Books, Caller, Weather
from wire.link import Identity


class Shift(Struct, frozen=True, kw_only=True):
    """Devices `first` to `last` of those paired in `folder` talk for `seconds` to the gateway at `port`.

    Each thinks `think_s` seconds on the average before it speaks again, and all dial within `within_s`.
    """

    folder: str
    port: int
    first: int
    last: int
    seconds: float
    think_s: float
    seed: int
    weather: Weather
    within_s: float = 0.0


def name(number: int) -> str:
    return f"caller-{number}"


async def call(shift: Shift, over: asyncio.Event | None = None) -> Books:
    """All of them, side by side, at the longest until `over`."""
    accounts, books = Accounts(Path(shift.folder)), Books()
    began = asyncio.get_running_loop().time()

    async def one(number: int) -> None:
        dice = random.Random(f"{shift.seed} {number}")
        paired = accounts.device(name(number))
        identity = Identity(device=paired.id, key=bytes.fromhex(paired.key), boot=dice.randbytes(16).hex())
        await asyncio.sleep(dice.random() * shift.within_s)
        left_s = began + shift.seconds - asyncio.get_running_loop().time()
        await Caller(number, identity, shift.port, shift.weather, books).live(left_s, shift.think_s, over)

    await asyncio.gather(*(one(number) for number in range(shift.first, shift.last + 1)))
    return books


if __name__ == "__main__":
    told = asyncio.run(call(msgspec.json.decode(sys.argv[1], type=Shift)))
    sys.stdout.buffer.write(msgspec.json.encode(told))
