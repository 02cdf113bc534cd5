"""Three towns, one for each release of all sites, with marks; and one warm Chromium to walk them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import datetime

import httpx
import pytest
import pytest_asyncio

from browser.pool import Pool, PoolConfig
from examples.town import Town
from examples.town.town import SITES

RELEASES = ("1", "2", "3")
MONDAY = datetime(2026, 11, 23, 14, 0)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def towns() -> AsyncIterator[Mapping[str, Town]]:
    """By release. What is done in one stays there for the whole run: do not count what others may have added to."""
    async with AsyncExitStack() as stack:
        yield {
            release: await stack.enter_async_context(
                Town(now=lambda: MONDAY, releases=dict.fromkeys(SITES, release), marks=True)
            )
            for release in RELEASES
        }


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def pool(tmp_path_factory: pytest.TempPathFactory, towns: Mapping[str, Town]) -> AsyncIterator[Pool]:
    here = tuple(f"*.localhost:{town.port}" for town in towns.values())
    async with Pool(PoolConfig(state_dir=tmp_path_factory.mktemp("pool"), allow_local=here)) as started:
        yield started


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with Town(now=lambda: MONDAY) as started:
        yield started


@pytest.fixture
async def visitor(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """A client that finds names below localhost on this machine, as browsers do."""
    transport = LoopbackTransport()
    async with httpx.AsyncClient(follow_redirects=True, transport=transport, timeout=30) as client:
        yield client


class LoopbackTransport(httpx.AsyncHTTPTransport):
    """Connects to 127.0.0.1 whatever the host is called; the Host header stays."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        here = request.url.copy_with(host="127.0.0.1")
        inner = httpx.Request(
            request.method, here, headers=request.headers, stream=request.stream, extensions=request.extensions
        )
        return await super().handle_async_request(inner)
