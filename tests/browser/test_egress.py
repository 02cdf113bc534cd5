"""The proxy over real sockets: what it lets out, what it refuses, and that a refused target hears nothing at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from browser.egress import Egress, EgressPolicy
from browser.hosts import parse_patterns

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Canary:
    """A listener that counts who came."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.connections = 0
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self._answer = answer
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            if self._answer:
                await self._answer(reader, writer)
                return
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                length = next((int(x[15:]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length:")), 0)
                self.bodies.append(await reader.readexactly(length))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening(answer: Answer | None = None) -> AsyncIterator[Canary]:
    canary = Canary(answer)
    server = await asyncio.start_server(canary.serve, "127.0.0.1", 0)
    canary.port = server.sockets[0].getsockname()[1]
    try:
        yield canary
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def proxy(
    navigate: Sequence[str],
    *,
    load: Sequence[str] = (),
    local: Sequence[str] = (),
    names: dict[str, Sequence[Sequence[str]]] | None = None,
) -> AsyncIterator[Egress]:
    """`names` gives each name's answers, one after another; the last stays."""
    answers = {name: [*given] for name, given in (names or {}).items()}

    async def resolve(host: str, port: int) -> Sequence[str]:
        if host not in answers:
            raise OSError("no such name")
        return answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]

    policy = EgressPolicy(parse_patterns(navigate), parse_patterns(load), parse_patterns(local))
    egress = Egress(policy, resolve=resolve) if names is not None else Egress(policy)
    await egress.start()
    try:
        yield egress
    finally:
        await egress.close()


async def send(egress: Egress, data: bytes) -> bytes:
    """All that the proxy says until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", egress.port)
    try:
        writer.write(data)
        async with asyncio.timeout(40):
            return await reader.read()
    finally:
        writer.close()


def get(url: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {url} HTTP/1.1", "Host: ignored.test", "Connection: close", *headers, "", ""]).encode()


def connect(place: str) -> bytes:
    return f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode()


async def test_a_listed_host_answers_and_gets_the_host_of_the_address_not_of_the_header() -> None:
    async with listening() as site:
        async with proxy(
            [f"a.test:{site.port}"], local=[f"a.test:{site.port}"], names={"a.test": [["127.0.0.1"]]}
        ) as out:
            reply = await send(out, get(f"http://a.test:{site.port}/menu?x=1", "Proxy-Authorization: secret"))
        assert reply.startswith(b"HTTP/1.1 200") and reply.endswith(b"hi")
        assert site.heads[0].startswith(b"GET /menu?x=1 HTTP/1.1\r\n")
        assert f"Host: a.test:{site.port}".encode() in site.heads[0]
        assert b"ignored.test" not in site.heads[0] and b"secret" not in site.heads[0]


@pytest.mark.parametrize("shape", ["get", "connect"])
async def test_a_host_on_no_list_is_refused_before_its_name_is_even_asked(shape: str) -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    egress = Egress(EgressPolicy(parse_patterns(["a.test"])), resolve=resolve)
    await egress.start()
    reply = await send(egress, get("http://b.test/") if shape == "get" else connect("b.test:443"))
    await egress.close()
    assert reply.startswith(b"HTTP/1.1 403")
    assert asked == []
    assert egress.refusals[0].host == "b.test" and "not among" in egress.refusals[0].reason


INNER = [
    "127.0.0.1",
    "::1",
    "10.0.0.1",
    "169.254.169.254",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "0.0.0.0",
]


@pytest.mark.parametrize("address", INNER)
@pytest.mark.parametrize("shape", ["get", "connect"])
async def test_a_name_that_leads_inside_is_refused_and_the_inside_hears_nothing(address: str, shape: str) -> None:
    async with listening() as inside:
        place = f"a.test:{inside.port}"
        async with proxy([place], names={"a.test": [[address]]}) as out:
            reply = await send(out, get(f"http://{place}/") if shape == "get" else connect(place))
            assert reply.startswith(b"HTTP/1.1 403")
            assert address.split("%")[0].removeprefix("::ffff:")[:4] in out.refusals[0].reason or out.refusals[0].reason
        assert inside.connections == 0


async def test_one_inner_address_among_public_ones_refuses_the_name() -> None:
    async with listening() as inside:
        place = f"a.test:{inside.port}"
        async with proxy([place], names={"a.test": [["93.184.216.34", "127.0.0.1"]]}) as out:
            assert (await send(out, get(f"http://{place}/"))).startswith(b"HTTP/1.1 403")
        assert inside.connections == 0


async def test_a_name_that_turns_inward_after_its_first_answer_is_refused() -> None:
    async with listening() as site:
        place = f"a.test:{site.port}"
        turning = {"a.test": [["127.0.0.1"], ["127.0.0.2"]]}
        async with proxy([place], local=[], names=turning) as out:
            first = await send(out, get(f"http://{place}/"))
            second = await send(out, get(f"http://{place}/"))
        assert first.startswith(b"HTTP/1.1 403") and second.startswith(b"HTTP/1.1 403")
        assert site.connections == 0


async def test_a_name_is_resolved_once_a_connection_and_connected_to_what_was_checked() -> None:
    async with listening() as site:
        place = f"a.test:{site.port}"
        # The second answer would be refused: it must not be asked for between check and connection.
        async with proxy([place], local=[place], names={"a.test": [["127.0.0.1"], ["10.0.0.1"]]}) as out:
            assert (await send(out, get(f"http://{place}/"))).startswith(b"HTTP/1.1 200")
            assert (await send(out, get(f"http://{place}/"))).startswith(b"HTTP/1.1 403")


NOTATIONS = [
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "localhost",
    "x.localhost",
]


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("shape", ["get", "connect"])
async def test_loopback_in_any_notation_is_refused_by_the_systems_resolver_too(notation: str, shape: str) -> None:
    async with listening() as inside:
        place = f"{notation}:{inside.port}"
        async with proxy([f"*:{inside.port}"]) as out:
            reply = await send(out, get(f"http://{place}/") if shape == "get" else connect(place))
        assert not reply.startswith(b"HTTP/1.1 200")
        assert inside.connections == 0


async def test_loopback_opens_only_for_the_host_and_port_that_the_owner_named() -> None:
    async with listening() as town, listening() as other:
        hosts = [f"*.localhost:{town.port}", f"*.localhost:{other.port}"]
        async with proxy(hosts, local=[f"*.localhost:{town.port}"]) as out:
            assert (await send(out, get(f"http://pizza.localhost:{town.port}/"))).startswith(b"HTTP/1.1 200")
            assert (await send(out, get(f"http://pizza.localhost:{other.port}/"))).startswith(b"HTTP/1.1 403")
        assert (town.connections, other.connections) == (1, 0)


async def test_a_redirect_inward_is_a_new_request_and_is_refused() -> None:
    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with listening(redirect) as site, listening() as inside:
        place = f"a.test:{site.port}"
        async with proxy([place], local=[place], names={"a.test": [["127.0.0.1"]]}) as out:
            reply = await send(out, get(f"http://{place}/"))
            assert b"302" in reply.split(b"\r\n")[0]
            assert (await send(out, get(f"http://127.0.0.1:{inside.port}/"))).startswith(b"HTTP/1.1 403")
        assert inside.connections == 0


async def test_a_host_that_pages_may_only_load_from_cannot_be_gone_to() -> None:
    async with listening() as cdn:
        place = f"cdn.localhost:{cdn.port}"
        async with proxy(["shop.test"], load=[place], local=[place]) as out:
            assert (await send(out, get(f"http://{place}/a.js", "Sec-Fetch-Dest: script"))).startswith(b"HTTP/1.1 200")
            assert (await send(out, get(f"http://{place}/", "Sec-Fetch-Dest: document"))).startswith(b"HTTP/1.1 403")


async def test_a_port_that_no_pattern_names_is_refused() -> None:
    async with proxy(["a.test"], names={"a.test": [["93.184.216.34"]]}) as out:
        for port in (22, 25, 6379, 9222):
            assert (await send(out, connect(f"a.test:{port}"))).startswith(b"HTTP/1.1 403")


async def test_a_tunnel_carries_bytes_both_ways_until_one_side_ends() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()

    async with listening(echo) as site:
        place = f"ws.localhost:{site.port}"
        async with proxy([place], local=[place]) as out:
            reader, writer = await asyncio.open_connection("127.0.0.1", out.port)
            writer.write(connect(place))
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            blob = bytes(range(256)) * 2000
            writer.write(blob)
            writer.write_eof()
            assert await reader.read() == blob
            writer.close()


async def test_an_upgrade_on_a_plain_request_becomes_a_tunnel() -> None:
    async def upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"Upgrade: websocket" in head and b"Connection: Upgrade" in head
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        writer.write(b"<" + await reader.readexactly(4) + b">")
        await writer.drain()

    async with listening(upgrade) as site:
        place = f"ws.localhost:{site.port}"
        async with proxy([place], local=[place]) as out:
            reader, writer = await asyncio.open_connection("127.0.0.1", out.port)
            writer.write(
                f"GET http://{place}/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".encode()
            )
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
            writer.write(b"ping")
            assert await reader.read() == b"<ping>"
            writer.close()


async def test_requests_share_connections_on_both_sides() -> None:
    async with listening() as site:
        place = f"a.localhost:{site.port}"
        async with proxy([place], local=[place]) as out:
            reader, writer = await asyncio.open_connection("127.0.0.1", out.port)
            for _ in range(5):
                writer.write(f"GET http://{place}/ HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 200")
                assert await reader.readexactly(2) == b"hi"
            writer.close()
        assert (site.connections, len(site.heads)) == (1, 5)


async def test_a_body_in_chunks_and_one_without_length_arrive_whole() -> None:
    async def chunked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/chunks" in head:
            writer.write(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\n\r\n"
            )
        else:
            writer.write(b"HTTP/1.0 200 OK\r\n\r\nto the end")
        await writer.drain()

    async with listening(chunked) as site:
        place = f"a.localhost:{site.port}"
        async with proxy([place], local=[place]) as out:
            assert b"abc\r\n2\r\nde" in await send(out, get(f"http://{place}/chunks"))
            assert (await send(out, get(f"http://{place}/end"))).endswith(b"to the end")


async def test_an_order_whose_answer_is_lost_is_never_sent_twice_and_is_answered_by_an_error() -> None:
    orders = 0

    async def drops(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal orders
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
        orders += head.startswith(b"POST")

    async with listening(drops) as shop:
        place = f"shop.localhost:{shop.port}"
        async with proxy([place], local=[place]) as out:
            reader, writer = await asyncio.open_connection("127.0.0.1", out.port)
            writer.write(f"GET http://{place}/ HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
            await reader.readuntil(b"hi")
            writer.write(f"POST http://{place}/order HTTP/1.1\r\nHost: {place}\r\nContent-Length: 0\r\n\r\n".encode())
            assert (await reader.read()).startswith(b"HTTP/1.1 502")
            writer.close()
        assert orders == 1


async def test_a_page_that_met_a_connection_just_closed_is_fetched_again() -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        await writer.drain()

    async with listening(once) as site:
        place = f"a.localhost:{site.port}"
        async with proxy([place], local=[place]) as out:
            reader, writer = await asyncio.open_connection("127.0.0.1", out.port)
            for _ in range(3):
                writer.write(f"GET http://{place}/ HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
                assert (await reader.readuntil(b"hi")).startswith(b"HTTP/1.1 200")
            writer.close()
        assert site.connections == 3


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n",
        b"\x16\x03\x01 hello\r\n\r\n",
        b"GET https://a.test/ HTTP/1.1\r\n\r\n",
        b"GET http://u@a.test/ HTTP/1.1\r\n\r\n",
        b"CONNECT a.test HTTP/1.1\r\n\r\n",
        b"POST http://a.test/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ],
)
async def test_a_request_that_is_not_understood_gets_400(data: bytes) -> None:
    async with proxy(["a.test"]) as out:
        assert (await send(out, data)).startswith(b"HTTP/1.1 400")


async def test_a_head_without_end_is_cut_off_at_the_limit() -> None:
    async with proxy(["a.test"]) as out:
        assert await send(out, b"GET http://a.test/ HTTP/1.1\r\n" + b"A: b\r\n" * 20_000) == b""


async def test_a_name_that_does_not_exist_gets_502_and_is_no_refusal() -> None:
    async with proxy(["a.test"], names={}) as out:
        assert (await send(out, get("http://a.test/"))).startswith(b"HTTP/1.1 502")
        assert not out.refusals


async def test_closing_cuts_what_is_under_way() -> None:
    async with listening() as site:
        place = f"a.localhost:{site.port}"
        async with proxy([place], local=[place]) as out:
            reader, writer = await asyncio.open_connection("127.0.0.1", out.port)
            writer.write(connect(place))
            await reader.readuntil(b"\r\n\r\n")
            await out.close()
            assert await reader.read() == b""
            writer.close()
