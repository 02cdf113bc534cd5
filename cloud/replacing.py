"""The cloud under `release/boot`: it reports while it answers, and makes room for a release when nothing goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from release.child import BEAT_S, Parent

log = structlog.get_logger(__name__)


async def replaced(
    parent: Parent, alive: Callable[[], Awaitable[object]], at_rest: Callable[[], bool], *, beat_s: float = BEAT_S
) -> None:
    """Until the cloud agrees to be replaced by what is ready. `alive` comes back while the cloud works, or raises.

    A task outlives the process that does it, so it is only waited for; a lesson does not, and a turn is somebody's.
    """
    told, rested = "", False
    while True:
        try:
            await alive()
        except Exception:
            # The edge of the process: what is broken reports nothing, and is given up while it is tried.
            log.exception("no_report")
        else:
            parent.report(started=True, link=True)
        news = await asyncio.to_thread(parent.look)
        if news.ready and news.ready != told:
            told = news.ready
            log.info("update_ready", release=told, given_up=news.given_up)
        resting = at_rest()
        if news.ready and resting and rested:
            log.info("update_taken", release=news.ready)
            return
        rested = resting
        await asyncio.sleep(beat_s)
