"""Servers of the tests' own, on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from cloud.serving import bind, serving, url_of


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The address of an app for as long as the block runs."""
    listening = bind("127.0.0.1", 0)
    async with serving(app, listening):
        yield url_of(listening)
    await asyncio.sleep(0)
