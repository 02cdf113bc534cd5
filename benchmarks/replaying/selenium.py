"""`selenium-side-runner`: the same order from our own export of the skill, driven by Debian's chromedriver.

The runner's own code plays (`dist/run.js`, which its command calls for each test), in one node that is started once:
neither node nor jest is counted. `selenium` is what the runner does for a test: it starts a driver and a browser, and
that is counted, because it has no other way. It can be told to keep a session (`persistSession`), but then closes the
window of it after the first test, so that the second one fails ("invalid session id", 4.0.13). `selenium_warm` is what
it would be if it could: a driver and browser that are there, a new window, no cookies; the start of neither is counted.
The clock ends when the time of arrival is read.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from benchmarks.replaying.ours import ORDER, SKILL
from benchmarks.replaying.peers import START_S, Beside, Ground, Lane, Ordered, Peer, PeerMissing, beside
from benchmarks.replaying.players import PLAYERS, node
from teach_mode.checks import read_skill
from teach_mode.formats.registry import export_skill

READS = ["number", "arrives"]


class Played:
    """One project again and again; with `own`, each time by a driver and browser of its own."""

    def __init__(self, player: Beside, project: dict[str, Any], *, own: bool) -> None:
        self._player = player
        self._project = project
        self._own = own

    async def order(self, patience_s: float = START_S) -> Ordered:
        """See `peers.Lane`."""
        asked = {"project": self._project, "reads": READS, "own": self._own}
        answer = await self._player.ask(asked, patience_s)
        return Ordered(answer["took_ms"], *(answer["values"].get(name, "") for name in READS))


@asynccontextmanager
async def opened(ground: Ground, *, own: bool) -> AsyncIterator[Lane]:
    """See `peers.Peer`."""
    driver = shutil.which("chromedriver")
    if driver is None:
        raise PeerMissing("there is no chromedriver: ./setup.sh bench brings Debian's")
    project = json.loads(export_skill(read_skill(SKILL).at(ground.base), "selenium-ide", ORDER).data)
    command = [node(), "side.mjs", str(ground.chromium), driver, str(ground.proxy)]
    async with beside(command, PLAYERS) as player:
        yield Played(player, project, own=own)


PEER = Peer(name="selenium", title="selenium-side-runner", goal=0.4, opened=partial(opened, own=True))
WARM = Peer(name="selenium_warm", title="the same, kept warm", goal=1.0, opened=partial(opened, own=False))
