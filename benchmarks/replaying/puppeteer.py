"""`@puppeteer/replay`: the same order from a file as Chrome's Recorder writes it of a person (`pizza.recorder.json`).

A person clicks into a field before they type, and the Recorder records that with all of its selectors. The lean one is
the same file without those three clicks, which a script would not make either.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.replaying.peers import ORDER_S, Beside, Ground, Lane, Ordered, Peer, beside
from benchmarks.replaying.players import PLAYERS, node

RECORDED = Path(__file__).with_name("pizza.recorder.json")
LEAN = Path(__file__).with_name("pizza.lean.recorder.json")
READS = {"number": '[data-testid="number"]', "arrives": '[data-testid="arrives"]'}


class Replayed:
    """One flow again and again."""

    def __init__(self, player: Beside, flow: dict[str, Any]) -> None:
        self._player = player
        self._flow = flow

    async def order(self, patience_s: float = ORDER_S) -> Ordered:
        """See `peers.Lane`."""
        answer = await self._player.ask({"flow": self._flow, "reads": READS}, patience_s)
        return Ordered(answer["took_ms"], answer["texts"]["number"], answer["texts"]["arrives"])


def _flow(file: Path, base: str) -> dict[str, Any]:
    flow: dict[str, Any] = json.loads(file.read_text(encoding="utf-8").replace("http://pizza.localhost", base))
    return flow


@asynccontextmanager
async def opened(ground: Ground, *, file: Path) -> AsyncIterator[Lane]:
    """See `peers.Peer`."""
    flow = _flow(file, ground.base)
    command = [node(), "replay.mjs", str(ground.chromium), str(ground.proxy)]
    async with beside(command, PLAYERS) as player:
        yield Replayed(player, flow)


PEER = Peer(name="puppeteer_replay", title="@puppeteer/replay", goal=0.66, opened=partial(opened, file=RECORDED))
LEAN_PEER = Peer(
    name="puppeteer_replay_lean", title="the same, three clicks less", goal=1.0, opened=partial(opened, file=LEAN)
)
