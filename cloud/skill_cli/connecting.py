"""How a command reaches the skills: through the cloud that runs on the data, else on the shelf itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from cloud.config import Config
from cloud.options import accounts_of
from cloud.talking import Address, Refused, Unreachable, address_of
from cloud.tools.errors import ShelfBusy

READ_S = 60.0
# A cloud that has the skills and gives no address is starting or ending.
START_S = 20.0


class Skills:
    """The skills, asked over HTTP. Raises Refused for what is not there or does not fit, Unreachable."""

    def __init__(self, client: httpx.AsyncClient, where: str) -> None:
        self._client = client
        self._where = where

    async def get(self, path: str) -> Any:
        """What the answer's JSON says."""
        return (await self._ask("GET", path)).json()

    async def post(self, path: str, given: Any) -> Any:
        """The same of a change."""
        return (await self._ask("POST", path, given)).json()

    async def delete(self, path: str) -> None:
        """Takes something away."""
        await self._ask("DELETE", path)

    async def file(self, path: str) -> bytes:
        """A file or a picture."""
        return (await self._ask("GET", path)).content

    async def _ask(self, method: str, path: str, given: Any = None) -> httpx.Response:
        try:
            answer = await self._client.request(method, path, json=given)
        except httpx.HTTPError as error:
            raise Unreachable(f"the cloud at {self._where} does not answer: {error}") from error
        if answer.is_error:
            raise Refused(answer)
        return answer


@asynccontextmanager
async def skills_of(config: Config, url: str = "") -> AsyncIterator[Skills]:
    """The skills of a configuration, or of the cloud at `url`.

    Raises ShelfBusy, Unreachable, ConfigError, SkillError.
    """
    async with AsyncExitStack() as stack:
        address = Address(url) if url else None
        transport: httpx.AsyncBaseTransport | None = None
        if address is None:
            from cloud.offline import answering

            try:
                transport = httpx.ASGITransport(await stack.enter_async_context(answering(config)))
                address = Address("http://localhost")
            except ShelfBusy as busy:
                if not busy.by_cloud:
                    raise
                address = await _running(config)
        client = httpx.AsyncClient(
            transport=transport,
            base_url=address.url,
            headers={"authorization": f"Bearer {accounts_of(config).open()}"},
            timeout=READ_S,
            verify=address.trust(),
        )
        yield Skills(await stack.enter_async_context(client), address.url)


async def _running(config: Config) -> Address:
    """Where the cloud listens that has the skills."""
    until = asyncio.get_running_loop().time() + START_S
    while True:
        try:
            return address_of(config.data_dir)
        except Unreachable as error:
            if asyncio.get_running_loop().time() >= until:
                raise Unreachable(f"the cloud of {config.data_dir} is starting or ending; try again") from error
        await asyncio.sleep(0.1)
