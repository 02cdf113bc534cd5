"""Secrets are planted, skills sign in with them, fail and crash; then everything written is searched for them."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cloud.history.trace import read_trace
from cloud.models.ocr import RapidReader, installed
from cloud.serving import bind, serving, url_of
from tests.e2e.lodge import Lodge

pytestmark = pytest.mark.e2e

GUEST = "guest-canary-lxwq"
PASSWORD = "pass/canary+Zq7 ä&"
WRONG = "wrong-canary-Pk3"
SEED = "KRSXG5CTMVRXEZLUKN2XAZLS"
ADDRESS = f"otpauth://totp/Lodge:ada?secret={SEED}&digits=8&period=10&algorithm=SHA256"
CARD = "4929 7183 6250 9141"
COOKIE = "cookie-canary-8d1f0c55a2"
TOKEN = "token-canary-77e0b9d3f1"
READY_S = 180
MOST_READ = 6  # pictures that are read; each costs seconds on a busy machine
HEADINGS = ("Sign in", "One more step", "Your stay", "Card kept")  # a page may be gone before it is filmed
ROOM = "which room is mine at the lodge"


class Host:
    """`leveret serve` on a folder, its log, and all that it ever answered or asked a model."""

    def __init__(self, folder: Path, lodge: Lodge, model: str) -> None:
        self.folder = folder
        self._flags = ["--data-dir", str(folder / "data"), "--port", "0", "--log", "json", "--skills", str(folder)]
        self._flags += ["--allow-local", f"*.localhost:{lodge.port}"]
        key = folder / "model.key"
        key.write_text("model-canary-key-551")
        self._environ = {"LEVERET_MODEL_URL": model, "LEVERET_MODEL_KEY_FILE": str(key), "LEVERET_LOG_LEVEL": "debug"}
        self.answers: list[str] = []
        self.process: asyncio.subprocess.Process
        self.client: httpx.AsyncClient

    async def start(self) -> None:
        with (self.folder / "cloud.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "cloud.cli", "serve", *self._flags),
                env={**os.environ, **self._environ},
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self.process.stdout is not None
        async with asyncio.timeout(READY_S):
            said = await self.process.stdout.readline()
        token = (self.folder / "data" / "people" / "owner.token").read_text().strip()
        headers = {"authorization": f"Bearer {token}"}
        self.client = httpx.AsyncClient(base_url=msgspec.json.decode(said)["url"], headers=headers, timeout=READY_S)

    async def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = await self.client.request(method, path, json=body)
        self.answers.append(answer.text)
        return dict(answer.json())

    async def keep(self, name: str, value: str, kind: str, origin: str) -> None:
        given = {"name": name, "value": value, "kind": kind, "origins": [origin]}
        assert (await self.ask("POST", "/api/vault", given))["version"] >= 1

    async def say(self, text: str, key: str) -> str:
        return str((await self.ask("POST", "/api/say", {"text": text, "key": key}))["task"])

    async def end(self, task: str) -> tuple[str, str]:
        """How a task ended, and what was said."""
        async with self.client.stream(
            "GET", f"/api/tasks/{task}/events", headers={"accept": "text/event-stream"}
        ) as stream:
            async for line in stream.aiter_lines():
                self.answers.append(line)
                if line.startswith("data: ") and '"task_done"' in line:
                    data = msgspec.json.decode(line[6:])["data"]
                    return data["status"], data["sentence"]
        raise AssertionError("the stream ended before the task")

    async def kill(self, how: signal.Signals) -> None:
        await self.client.aclose()
        self.process.send_signal(how)
        await asyncio.wait_for(self.process.communicate(), READY_S)


class Endpoint:
    """A model that is asked and knows nothing."""

    def __init__(self) -> None:
        self.prompts: list[str] = []

    async def complete(self, request: Request) -> Response:
        self.prompts.append((await request.body()).decode() + str(request.url))
        message = {"role": "assistant", "content": "no"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return JSONResponse({"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]})

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/chat/completions", self.complete, methods=["POST"])])


@pytest.fixture
async def lodge() -> AsyncIterator[Lodge]:
    site = Lodge(guest=GUEST, password=PASSWORD, seed=ADDRESS, cookie=COOKIE, token=TOKEN)
    async with serving(site.app(), site.listening):
        yield site
        site.held.set()


@pytest.fixture
async def endpoint() -> AsyncIterator[tuple[Endpoint, str]]:
    made, listening = Endpoint(), bind("127.0.0.1", 0)
    async with serving(made.app(), listening):
        yield made, url_of(listening)


def forms(secret: str) -> Iterator[bytes]:
    """Everything that a secret may be written as."""
    raw = secret.encode()
    yield from (raw, raw[::-1], raw.hex().encode(), raw.hex().upper().encode())
    yield from (quote(secret, safe="").encode(), quote(secret).encode(), json.dumps(secret)[1:-1].encode())
    yield from (secret.encode("utf-16-le"), secret[::-1].encode(), secret.replace(" ", "").encode())
    for before in range(3):
        # Inside of more: the letters that are the secret's alone.
        coded = base64.b64encode(b"x" * before + raw + b"x" * (-(before + len(raw)) % 3))
        inner = coded[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6]
        yield from (inner, inner.replace(b"+", b"-").replace(b"/", b"_"))


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the cloud, and what its Chromium left lying about."""
    places = [folder, *Path(tempfile.gettempdir()).glob("leveret-chromium-*")]
    for place in places:
        for path in place.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield str(path), path.read_bytes()


def found(secrets: list[str], things: list[tuple[str, bytes]]) -> list[tuple[str, str]]:
    return [(secret, where) for secret in secrets for form in forms(secret) for where, data in things if form in data]


async def words_on(frames: list[Path]) -> str:
    """What can be read on pictures, as letters and digits alone."""
    reader = RapidReader()
    texts = [await reader.read(Image.open(io.BytesIO(path.read_bytes()))) for path in frames]
    return "\n".join(texts)


async def test_no_secret_is_anywhere_in_what_was_written(
    lodge: Lodge, endpoint: tuple[Endpoint, str], tmp_path: Path
) -> None:
    model, url = endpoint
    (tmp_path / "lodge.json").write_text(json.dumps(lodge.skill()))
    host = Host(tmp_path, lodge, url)
    await host.start()
    try:
        await host.keep("lodge guest", GUEST, "text", lodge.address)
        await host.keep("lodge password", PASSWORD, "password", lodge.address)
        await host.keep("lodge code", ADDRESS, "one_time_code", lodge.address)
        await host.keep("lodge card", CARD, "card", lodge.address)

        # Killed in the middle of the login, with password and code typed; the next process does it again.
        lodge.held.clear()
        first = await host.say(ROOM, "1")
        await asyncio.wait_for(lodge.code_came.wait(), READY_S)
        await host.kill(signal.SIGKILL)
        lodge.held.set()
        torn = list(written(tmp_path))
        await host.start()
        assert await host.end(first) == ("done", "I was interrupted. You have Room 12.")
        assert (lodge.logins, lodge.cards) == (2, [CARD])

        # Signed in still.
        assert await host.end(await host.say(ROOM, "2")) == ("done", "You have Room 12.")
        assert lodge.logins == 2

        # The site throws everybody out, and says back the password that it does not take.
        lodge.cookie, lodge.password = COOKIE + "-2", "another"
        await host.keep("lodge password", WRONG, "password", lodge.address)
        status, sentence = await host.end(await host.say(ROOM, "3"))
        assert (status, "is not the password" in sentence, WRONG in sentence) == ("failed", True, False)

        # A model is asked about what nobody understands.
        await host.end(await host.say("please gribble the frobnicator of the lodge", "4"))
        assert model.prompts
        for path in ("/api/vault", "/api/tasks", "/api/events", "/api/asks", "/api/tools", "/metrics"):
            host.answers.append((await host.client.get(path)).text)
        for run in (await host.ask("GET", "/api/tasks"))["tasks"]:
            host.answers.append((await host.client.get(f"/api/history/{run['id']}")).text)
            trace = (await host.client.get(f"/api/history/{run['id']}/trace")).content
            host.answers.append(msgspec.json.encode(read_trace(trace).story).decode())
    finally:
        await host.kill(signal.SIGTERM)

    secrets = [GUEST, PASSWORD, WRONG, SEED, CARD, COOKIE, TOKEN, "model-canary-key-551", *lodge.codes]
    (tmp_path / "model.key").unlink()
    told = [("answers", "\n".join(host.answers).encode()), ("prompts", "\n".join(model.prompts).encode())]
    things = [one for one in torn if not one[0].endswith("model.key")] + list(written(tmp_path)) + told
    assert len(lodge.codes) == 2 and len(things) > 20
    assert found(secrets, things) == []
    assert found(["Room 12"], things) and found(["no secret"], [("here", b"no+secret no%20secret")])

    frames = sorted((tmp_path / "data" / "tasks").glob("*/frames/*.jpg"))
    assert frames
    if installed():
        text = await words_on(frames[:: len(frames) // MOST_READ + 1])
        assert any(heading in text for heading in HEADINGS), "nothing of the lodge can be read on its pictures"
        bare = "".join(text.split())
        assert not [secret for secret in secrets if "".join(secret.split()) in bare]
