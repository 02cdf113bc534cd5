"""A small web server for one page. Whatever host a phone asks for on the hotspot, it is led to that page.

Phones, tablets and laptops look for a known page when they join a Wi-Fi; a redirect there makes them show ours.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from device.errors import RadioError

_HEAD_BYTES: Final = 16_384
_REQUEST_S: Final = 15.0
_MOST_OPEN: Final = 24
_PORTS: Final = (80, 8080)
_REASONS: Final = {200: "OK", 302: "Found", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 413: "Too Large"}
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Request(Struct, frozen=True):
    """What was asked for."""

    method: str
    path: str
    host: str
    origin: str = ""
    body: bytes = b""


class Answer(Struct, frozen=True):
    """What is answered: a page, or a way to one."""

    status: int
    page: str = ""
    location: str = ""


class _Bad(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(_REASONS[status])
        self.status = status


class PageServer:
    """Serves at `host` from `open` to `close`; `answer` gets what was asked for at that very address."""

    def __init__(
        self, answer: Callable[[Request], Answer], *, body_bytes: int, ports: tuple[int, ...] = _PORTS
    ) -> None:
        self._answer = answer
        self._body_bytes = body_bytes
        self._ports = ports
        self._server: asyncio.Server | None = None
        self._open = 0
        self.address = ""

    async def open(self, host: str) -> str:
        """The address of the page, without http://. Raises RadioError when no port can be had."""
        await self.close()
        for port in self._ports:
            with contextlib.suppress(OSError):
                self._server = await asyncio.start_server(self._serve, host, port, limit=_HEAD_BYTES)
                break
        if self._server is None:
            raise RadioError(f"The page cannot be shown: the ports {self._ports} at {host} are taken.")
        port = self._server.sockets[0].getsockname()[1]
        self.address = host if port == 80 else f"{host}:{port}"
        return self.address

    async def close(self) -> None:
        """May be called twice."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open > _MOST_OPEN:
                return
            async with asyncio.timeout(_REQUEST_S):
                try:
                    answer = self._answer_to(await self._read(reader))
                except _Bad as error:
                    answer = Answer(error.status, str(error))
                writer.write(_bytes(answer))
                await writer.drain()
                writer.write_eof()
        except (TimeoutError, OSError, EOFError):
            return
        finally:
            self._open -= 1
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.LimitOverrunError as error:
            raise _Bad(413) from error
        first, *lines = head.split("\r\n")
        parts = first.split(" ")
        if len(parts) != 3:
            raise _Bad(400)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = headers.get("content-length", "0")
        if not length.isdecimal() or "transfer-encoding" in headers:
            raise _Bad(400)
        if int(length) > self._body_bytes:
            raise _Bad(413)
        body = await reader.readexactly(int(length))
        return Request(parts[0], parts[1], headers.get("host", ""), headers.get("origin", ""), body)

    def _answer_to(self, request: Request) -> Answer:
        """Another host's page is asked for: that is a phone that looks for the internet."""
        if request.host != self.address:
            return Answer(302, location=f"http://{self.address}/")
        if request.method == "POST" and request.origin not in ("", f"http://{self.address}"):
            raise _Bad(403)
        return self._answer(request)


def _bytes(answer: Answer) -> bytes:
    body = answer.page.encode()
    head = [
        f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}",
        "content-type: text/html; charset=utf-8",
        f"content-length: {len(body)}",
        f"content-security-policy: {_POLICY}",
        "x-content-type-options: nosniff",
        "referrer-policy: same-origin",
        "cache-control: no-store",
        "connection: close",
    ]
    if answer.location:
        head.append(f"location: {answer.location}")
    return "\r\n".join([*head, "", ""]).encode() + body
