"""`@puppeteer/replay`: the same order from a file as Chrome's Recorder writes it (`pizza.recorder.json`)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.replaying.peers import START_S, Beside, Ground, Lane, Ordered, Peer, beside
from benchmarks.replaying.players import PLAYERS, node

FLOW = Path(__file__).with_name("pizza.recorder.json")
READS = {"number": '[data-testid="number"]', "arrives": '[data-testid="arrives"]'}


class Replayed:
    """One flow again and again."""

    def __init__(self, player: Beside, flow: dict[str, Any]) -> None:
        self._player = player
        self._flow = flow

    async def order(self, patience_s: float = START_S) -> Ordered:
        """See `peers.Lane`."""
        answer = await self._player.ask({"flow": self._flow, "reads": READS}, patience_s)
        return Ordered(answer["took_ms"], answer["texts"]["number"], answer["texts"]["arrives"])


@asynccontextmanager
async def opened(ground: Ground) -> AsyncIterator[Lane]:
    """See `peers.Peer`."""
    flow = json.loads(FLOW.read_text(encoding="utf-8").replace("http://pizza.localhost", ground.base))
    command = [node(), "replay.mjs", str(ground.chromium), str(ground.proxy)]
    async with beside(command, PLAYERS) as player:
        yield Replayed(player, flow)


PEER = Peer(name="puppeteer_replay", title="@puppeteer/replay", goal=0.66, opened=opened)
