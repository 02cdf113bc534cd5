"""Weights from a hub of the tests' own, on loopback."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from cloud.speech.errors import ChecksumWrong, HubUnreachable, NoSpace
from cloud.speech.weights import RESERVE_BYTES, Hub, Wanted
from tests.cloud.speech.servers import served

LARGE = bytes(range(256)) * 4000
FILES = {"model.bin": LARGE, "config.json": b'{"a": 1}', "readme.md": b"no"}
WANTED = Wanted(repo="owner/toy", under="en", names=("model.bin", "config.json"))
PLENTY = RESERVE_BYTES * 10


class House:
    """The hub: what it was asked, and how it misbehaves."""

    def __init__(self) -> None:
        self.ranges: list[str] = []
        self.cut_at: int | None = None
        self.forgets_ranges = False
        self.lies = False
        self.entries: list[dict[str, Any]] = [self._entry(name, data) for name, data in FILES.items()]
        self.url = ""

    def _entry(self, name: str, data: bytes) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "type": "file",
            "path": f"en/{name}",
            "size": len(data),
            "oid": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest(),
        }
        if name == "model.bin":
            entry |= {"oid": "0" * 40, "lfs": {"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}}
        return entry

    async def tree(self, request: Request) -> Response:
        return JSONResponse(self.entries)

    async def file(self, request: Request) -> Response:
        data = FILES[request.path_params["name"]]
        if self.lies:
            data = data[:-1] + b"!"
        asked = request.headers.get("range", "")
        self.ranges.append(asked)
        start = 0 if self.forgets_ranges or not asked else int(asked.removeprefix("bytes=").rstrip("-"))
        headers = {"content-range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if start else {}

        async def pieces() -> AsyncIterator[bytes]:
            for at in range(start, len(data), 10_000):
                if self.cut_at is not None and at >= self.cut_at:
                    raise ConnectionResetError
                yield data[at : at + 10_000]

        return StreamingResponse(pieces(), status_code=206 if start else 200, headers=headers)


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    routes = [
        Route("/api/models/owner/toy/tree/main/en", made.tree),
        Route("/owner/toy/resolve/main/en/{name}", made.file),
    ]
    async with served(Starlette(routes=routes)) as url:
        made.url = url
        yield made


def found(target: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in target.iterdir()}


async def fetch(house: House, target: Path, free: int = PLENTY) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    await Hub(house.url, lambda folder: free).fetch(WANTED, target, lambda have, of: told.append((have, of)))
    return told


async def test_what_is_wanted_is_fetched_and_nothing_else(house: House, tmp_path: Path) -> None:
    told = await fetch(house, tmp_path / "toy")
    assert found(tmp_path / "toy") == {"model.bin": LARGE, "config.json": FILES["config.json"]}
    total = len(LARGE) + len(FILES["config.json"])
    assert told[-1] == (total, total)
    assert [have for have, _ in told] == sorted(have for have, _ in told)
    assert not (tmp_path / "toy.part").exists()


async def test_a_cut_in_mid_file_loses_nothing(house: House, tmp_path: Path) -> None:
    house.cut_at = 600_000
    with pytest.raises(HubUnreachable):
        await fetch(house, tmp_path / "toy")
    assert not (tmp_path / "toy").exists()
    kept = (tmp_path / "toy.part" / "model.bin").stat().st_size
    assert 0 < kept <= 600_000
    house.cut_at, house.ranges = None, []
    await fetch(house, tmp_path / "toy")
    assert found(tmp_path / "toy")["model.bin"] == LARGE
    assert f"bytes={kept}-" in house.ranges


async def test_a_server_that_forgets_where_it_was_is_read_from_the_beginning(house: House, tmp_path: Path) -> None:
    house.cut_at = 600_000
    with pytest.raises(HubUnreachable):
        await fetch(house, tmp_path / "toy")
    house.cut_at, house.forgets_ranges = None, True
    await fetch(house, tmp_path / "toy")
    assert found(tmp_path / "toy")["model.bin"] == LARGE


@pytest.mark.parametrize("name", list(WANTED.names))
async def test_a_broken_checksum_is_never_put_in_place(house: House, tmp_path: Path, name: str) -> None:
    house.entries = [entry for entry in house.entries if entry["path"].endswith(name)]
    house.lies = True
    with pytest.raises(ChecksumWrong, match=name):
        await fetch(house, tmp_path / "toy")
    assert not (tmp_path / "toy").exists()
    assert not (tmp_path / "toy.part" / name).exists()
    house.lies = False
    await fetch(house, tmp_path / "toy")
    assert found(tmp_path / "toy") == {name: FILES[name]}


async def test_a_file_longer_than_its_list_says_is_not_read_to_its_end(house: House, tmp_path: Path) -> None:
    house.entries[0]["lfs"]["size"] = 100_000
    with pytest.raises(ChecksumWrong, match="longer"):
        await fetch(house, tmp_path / "toy")


async def test_a_disk_without_room_is_not_written_to(house: House, tmp_path: Path) -> None:
    with pytest.raises(NoSpace, match="MB free"):
        await fetch(house, tmp_path / "toy", free=RESERVE_BYTES + 1000)
    assert house.ranges == []


@pytest.mark.parametrize("told", [{"error": "no"}, [], [{"path": "en/other"}]])
async def test_a_hub_that_has_nothing_of_it_is_named(house: House, tmp_path: Path, told: Any) -> None:
    house.entries = told
    with pytest.raises(HubUnreachable, match=r"no hub|holds none"):
        await fetch(house, tmp_path / "toy")


async def test_a_hub_that_is_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(HubUnreachable, match="cannot be reached"):
        await Hub("http://127.0.0.1:9").fetch(WANTED, tmp_path / "toy", lambda have, of: None)


async def test_what_is_stopped_goes_on_where_it_was(house: House, tmp_path: Path) -> None:
    begun = asyncio.Event()
    fetching = asyncio.create_task(
        Hub(house.url, lambda folder: PLENTY).fetch(WANTED, tmp_path / "toy", lambda have, of: begun.set())
    )
    await begun.wait()
    fetching.cancel()
    await asyncio.gather(fetching, return_exceptions=True)
    await fetch(house, tmp_path / "toy")
    assert found(tmp_path / "toy")["model.bin"] == LARGE
