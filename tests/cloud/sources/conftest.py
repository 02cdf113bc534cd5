"""A real server of JSON on loopback, which a test tells what to answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from msgspec import Struct, field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cloud.serving import bind, serving, url_of
from cloud.sources.definitions import Source
from cloud.sources.fetching import Fetching


class Station(Struct):
    """What the server answers, and what it was asked."""

    url: str = ""
    body: Any = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    waits: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    now: float = 1_795_000_000.0

    @property
    def local(self) -> tuple[str, ...]:
        return (self.url.removeprefix("http://"),)

    async def answer(self, request: Request) -> Response:
        self.asked.append(str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""))
        self.keys.append(request.headers.get("x-key", request.headers.get("authorization", "")))
        if self.waits:
            await self.over.wait()
        body = self.body if isinstance(self.body, bytes) else msgspec.json.encode(self.body)
        return Response(body, self.status, headers=self.headers, media_type="application/json")

    def fetching(self, **more: Any) -> Fetching:
        settings = {"allow_local": self.local, "clock": lambda: self.now, "keys": {}} | more
        return Fetching(**settings)

    def source(self, path: str = "/", **more: Any) -> Source:
        return Source(**({"url": f"{self.url}{path}", "name": "the station"} | more))


@asynccontextmanager
async def _station() -> AsyncIterator[Station]:
    made = Station()
    listening = bind("127.0.0.1", 0)
    app = Starlette(routes=[Route("/{path:path}", made.answer)])
    async with serving(app, listening, None):
        made.url = url_of(listening, None)
        yield made
        made.over.set()


@pytest.fixture
async def station() -> AsyncIterator[Station]:
    async with _station() as made:
        yield made
