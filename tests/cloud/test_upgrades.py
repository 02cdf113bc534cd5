"""`auto`: from the embedded engines to the stronger ones, with the real libraries and a hub of the tests' own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from benchmarks.toy_models import make_piper, make_whisper
from cloud.app import running
from cloud.config import Config, Weights
from cloud.engines import Engines, choose
from cloud.speech.endpoint import Address, Endpoint
from cloud.speech.errors import HubUnreachable
from cloud.speech.espeak import espeak
from cloud.speech.fallback import FallbackSpeech
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.sound import from_pcm, resample, to_pcm
from cloud.speech.switching import SwitchingSpeech
from cloud.speech.weights import Hub, Progress, Wanted
from cloud.stronger import piper_files, whisper_files
from cloud.upgrades import AGAIN_S
from tests.cloud.speech.servers import served

VOICE = "en_US-hum-low"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models as a hub holds them."""
    folder = tmp_path_factory.mktemp("hub")
    make_whisper(folder / "owner" / "toy.en")
    (folder / "rhasspy" / "piper-voices" / "en" / "en_US" / "hum" / "low").mkdir(parents=True)
    make_piper(folder / "rhasspy" / "piper-voices" / "en" / "en_US" / "hum" / "low" / f"{VOICE}.onnx")
    return folder


@pytest_asyncio.fixture
async def hub(held: Path) -> AsyncIterator[str]:
    """A hub of the tests' own, with checksums as git gives them."""
    folder = held

    async def tree(request: Request) -> Response:
        repo = folder / request.path_params["repo"]
        under = repo / request.path_params.get("under", "")
        entries = [
            {
                "path": str(path.relative_to(repo)),
                "size": path.stat().st_size,
                "oid": hashlib.sha1(b"blob %d\0" % path.stat().st_size + path.read_bytes()).hexdigest(),
            }
            for path in under.iterdir()
            if path.is_file()
        ]
        return JSONResponse(entries)

    async def file(request: Request) -> Response:
        return FileResponse(folder / request.path_params["repo"] / request.path_params["path"])

    routes = [
        Route("/api/models/{repo:path}/tree/main", tree),
        Route("/api/models/{repo:path}/tree/main/{under:path}", tree),
        Route("/{repo:path}/resolve/main/{path:path}", file),
    ]
    async with served(Starlette(routes=routes)) as url:
        yield url


def chosen(folder: Path, whisper: str = "owner/toy.en", *, fetch: bool = True) -> Engines:
    return choose(Config(data_dir=folder, weights=Weights(whisper=whisper, piper=VOICE, fetch=fetch)))


class Waits:
    """Sleeps that a test sees, and that take no time."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.most = 1000

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)
        if len(self.waited) >= self.most:
            raise asyncio.CancelledError
        await asyncio.sleep(0)


async def brought(engines: Engines, hub: Hub, waits: Waits, rest: list[bool]) -> None:
    def at_rest() -> bool:
        return rest.pop(0) if rest else True

    for upgrade in engines.upgrades:
        await upgrade.run(hub, at_rest, waits)


async def test_it_begins_with_what_is_there_and_ends_with_what_is_stronger(hub: str, tmp_path: Path) -> None:
    engines = chosen(tmp_path)
    assert (engines.stt.name, engines.tts.name) == ("moonshine-tiny-en", "espeak-ng")
    await brought(engines, Hub(hub), Waits(), [])
    assert (engines.stt.name, engines.tts.name) == ("whisper-owner--toy.en", f"piper-{VOICE}")
    assert [upgrade.standing.state for upgrade in engines.upgrades] == ["in_use", "in_use"]
    assert all(upgrade.standing.received == upgrade.standing.total > 0 for upgrade in engines.upgrades)
    assert b"".join([piece async for piece in engines.tts.speak("Hello.")])
    stream = engines.stt.open("turn")
    assert (await stream.finish()).engine == "whisper-owner--toy.en"
    await engines.close()
    again = chosen(tmp_path, fetch=False)
    await brought(again, Hub("http://127.0.0.1:9"), Waits(), [])
    assert again.stt.name == "whisper-owner--toy.en"
    await again.close()


async def test_engines_change_only_when_nobody_talks_and_no_task_waits(hub: str, tmp_path: Path) -> None:
    engines, waits = chosen(tmp_path), Waits()
    ear = engines.upgrades[1]
    names: list[str] = []

    def at_rest() -> bool:
        names.append(engines.stt.name)
        return len(names) == 4

    await ear.run(Hub(hub), at_rest, waits)
    assert names == ["moonshine-tiny-en"] * 4
    assert engines.stt.name == "whisper-owner--toy.en"
    await engines.close()


async def test_an_utterance_ends_with_the_engine_that_it_began_with() -> None:
    switching = SwitchingSpeech(MoonshineSpeech())
    stream = switching.open("turn")
    stream.feed(to_pcm(resample(from_pcm(espeak().say("We visit the market.")), espeak().sample_rate_hz, 16_000)))
    other = FallbackSpeech(Endpoint(Address(url="http://127.0.0.1:9", model="m")), MoonshineSpeech())
    switching.switch(other)
    assert switching.name == "openai-m"
    transcript = await stream.finish()
    assert transcript.engine == "moonshine-tiny-en"
    assert "market" in transcript.text.lower()
    await switching.close()


class Broken(Hub):
    """A hub that fails so many times before it does its work."""

    def __init__(self, address: str, times: int) -> None:
        super().__init__(address)
        self.left = times

    async def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
        if self.left:
            self.left -= 1
            raise HubUnreachable("the hub cannot be reached")
        await super().fetch(wanted, target, progress)


async def test_a_hub_that_cannot_be_reached_is_asked_again_later_and_later(hub: str, tmp_path: Path) -> None:
    engines, waits = chosen(tmp_path), Waits()
    await engines.upgrades[0].run(Broken(hub, 6), lambda: True, waits)
    assert waits.waited == [*AGAIN_S, AGAIN_S[-1], AGAIN_S[-1]]
    assert engines.tts.name == f"piper-{VOICE}"
    await engines.close()


async def test_without_a_hub_all_goes_on_as_before_and_says_why(tmp_path: Path) -> None:
    engines, waits = chosen(tmp_path), Waits()
    waits.most = 3
    with pytest.raises(asyncio.CancelledError):
        await engines.upgrades[1].run(Hub("http://127.0.0.1:9"), lambda: True, waits)
    assert engines.stt.name == "moonshine-tiny-en"
    assert engines.upgrades[1].standing.state == "waiting"
    assert "cannot be reached" in engines.upgrades[1].standing.reason
    await engines.close()


async def test_what_is_not_to_be_fetched_is_not_asked_for(tmp_path: Path) -> None:
    engines = chosen(tmp_path, fetch=False)
    await brought(engines, Hub("http://127.0.0.1:9"), Waits(), [])
    assert [upgrade.standing.state for upgrade in engines.upgrades] == ["given_up", "given_up"]
    assert engines.tts.name == "espeak-ng"
    await engines.close()


async def test_a_model_that_cannot_be_loaded_leaves_the_embedded_one_in_use(tmp_path: Path) -> None:
    (tmp_path / "models" / "whisper-base.en").mkdir(parents=True)
    engines = chosen(tmp_path, whisper="base.en")
    await engines.upgrades[1].run(Hub("http://127.0.0.1:9"), lambda: True, Waits())
    assert engines.stt.name == "moonshine-tiny-en"
    assert "model.bin" in engines.upgrades[1].standing.reason
    await engines.close()


def test_names_are_found_where_the_libraries_look_for_them() -> None:
    assert whisper_files("base.en").repo.endswith("faster-whisper-base.en")
    assert whisper_files("somebody/model").repo == "somebody/model"
    assert piper_files("de_DE-thorsten-high").under == "de/de_DE/thorsten/high"


@pytest.mark.parametrize("voice", ["lessac", "en_US-lessac", "../../etc-a-b", "en-lessac-low"])
def test_a_voice_that_is_none_is_named(voice: str) -> None:
    with pytest.raises(LookupError, match="no voice"):
        piper_files(voice)


def test_a_model_that_is_none_is_named_with_those_that_there_are() -> None:
    with pytest.raises(LookupError, match=r"base\.en"):
        whisper_files("gigantic")


async def test_a_cloud_brings_them_into_use_while_it_serves(hub: str, tmp_path: Path) -> None:
    weights = Weights(whisper="owner/toy.en", piper=VOICE, hub=hub)
    async with running(Config(data_dir=tmp_path / "data", port=0, weights=weights)) as cloud:
        bearer = {"authorization": f"Bearer {cloud.ground.accounts.open()}"}
        async with httpx.AsyncClient(base_url=cloud.url, headers=bearer) as client, asyncio.timeout(60):
            told = (await client.get("/api/engines")).json()
            while any(one["state"] != "in_use" for one in told["upgrades"]):
                await asyncio.sleep(0.05)
                told = (await client.get("/api/engines")).json()
    assert (told["hears"], told["speaks"]) == ("whisper-owner--toy.en", f"piper-{VOICE}")
