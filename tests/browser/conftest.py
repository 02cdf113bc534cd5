"""A small site on loopback and one warm Chromium for all browser tests of a run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from browser.context import TaskContext
from browser.deadline import Deadline
from browser.page import Page
from browser.pool import Pool, PoolConfig


class Site:
    """A web server whose pages a test writes; `requests` are the first lines it got, `hosts` their Host headers.
    What `held` names is answered once its event is set."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.requests: list[str] = []
        self.hosts: list[str] = []
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def url(self, path: str = "/", host: str = "shop.localhost") -> str:
        return f"http://{host}:{self.port}{path}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                fields = {
                    line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip() for line in head[1:] if ":" in line
                }
                await reader.readexactly(int(fields.get("content-length", "0")))
                self.requests.append(head[0])
                self.hosts.append(fields.get("host", ""))
                path = head[0].split(" ")[1].split("?")[0]
                if path in self.held:
                    await self.held[path].wait()
                writer.write(self._answer(path))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def _answer(self, path: str) -> bytes:
        if path in self.redirects:
            return f"HTTP/1.1 302 Found\r\nLocation: {self.redirects[path]}\r\nContent-Length: 0\r\n\r\n".encode()
        if path not in self.pages:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        body = self.pages[path].replace("{port}", str(self.port)).encode()
        kind = b"text/javascript" if path.endswith(".js") else b"text/html; charset=utf-8"
        return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[Site]:
    started = Site()
    await started.start()
    yield started
    await started.stop()


@pytest.fixture
def site(server: Site) -> Site:
    """The server, with no pages yet."""
    server.pages.clear()
    server.redirects.clear()
    server.held.clear()
    server.requests.clear()
    server.hosts.clear()
    return server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pool(tmp_path_factory: pytest.TempPathFactory, server: Site) -> AsyncIterator[Pool]:
    config = PoolConfig(state_dir=tmp_path_factory.mktemp("state"), allow_local=(f"*.localhost:{server.port}",))
    async with Pool(config) as running:
        yield running


@pytest.fixture
def deadline() -> Deadline:
    return Deadline.after_ms(15_000)


def soon() -> Deadline:
    """For what is expected not to come: time for some looks on a busy machine."""
    return Deadline.after_ms(1000)


@pytest_asyncio.fixture(loop_scope="session")
async def task(pool: Pool, site: Site) -> AsyncIterator[TaskContext]:
    """A fresh context that may show the test's site under any name."""
    async with pool.context(navigate=[f"*.localhost:{site.port}"]) as opened:
        yield opened


Show = Callable[[str], Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def show(task: TaskContext, site: Site, deadline: Deadline) -> Show:
    """Open a page of the test's site: `page = await show("<button>Go</button>")`."""

    async def open_page(html: str) -> Page:
        site.pages["/"] = f"<!doctype html><meta charset=utf-8>{html}"
        page = await task.new_page()
        await page.goto(site.url(), deadline=deadline)
        return page

    return open_page
