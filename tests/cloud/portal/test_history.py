"""The history behind the door: found, told, sent, opened, forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from cloud.commands import HandleUtterance
from cloud.history.trace import MEDIA_TYPE
from cloud.people.accounts import OWNER
from tests.cloud.portal.conftest import HOST, Door

JPEG = b"\xff\xd8\xff\xe0" + bytes(60) + b"\xff\xd9"


async def run(door: Door, text: str = "order a pizza", person: str = OWNER, key: str = "portal:1") -> str:
    """A run with one picture, that has ended and is in the index."""
    task, _ = await door.tasks.open(HandleUtterance(key=key, person=person, text=text), f"t-{key}")
    async with door.events.writing() as writing:
        await writing.append(person, task.id, "frame", {"number": 1, "name": "0001.jpg"})
    place = door.folder / task.id / "frames" / "0001.jpg"
    place.parent.mkdir(parents=True)
    place.write_bytes(JPEG)
    await door.tasks.finish(task.id, "done", "Done.", None)
    await door.archive.add([task.id])
    return task.id


async def get(door: Door, path: str) -> Any:
    answer = await door.client.get(path, headers=door.bearer)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_runs_are_found_and_told_with_their_pictures(door: Door) -> None:
    task = await run(door)
    await run(door, "somebody else's", "somebody else", "portal:2")
    found = await get(door, "/api/history?words=pizza&began_by=portal")
    assert [one["task"] for one in found["runs"]] == [task]
    assert found["kept"] == {"keep_days": 90, "pictures_mb": 2000, "used_bytes": 2 * len(JPEG)}
    told = await get(door, f"/api/history/{task}")
    assert (told["text"], told["status"], told["by"]) == ("order a pizza", "done", "portal")
    picture = await door.client.get(f"/api/history/{task}/pictures/1", headers=door.bearer)
    assert (picture.content, picture.headers["content-type"]) == (JPEG, "image/jpeg")
    for gone in ("pictures/2", "healed/x-before.jpg", "healed/..%2f..%2fleveret.db"):
        assert (await door.client.get(f"/api/history/{task}/{gone}", headers=door.bearer)).status_code == 404


async def test_nobody_reads_the_run_of_somebody_else(door: Door) -> None:
    task = await run(door, "somebody else's", "somebody else")
    for path in ("", "/pictures/1", "/trace", "/trace/about"):
        assert (await door.client.get(f"/api/history/{task}{path}", headers=door.bearer)).status_code == 404
    assert (await door.client.get(f"/api/history/{task}")).status_code == 401


@pytest.mark.parametrize("query", ["since=yesterday", "most=many", f"words={'x' * 401}"])
async def test_a_search_that_cannot_be_is_refused(door: Door, query: str) -> None:
    assert (await door.client.get(f"/api/history?{query}", headers=door.bearer)).status_code == 422


async def test_a_run_goes_into_a_file_and_is_opened_from_it(door: Door) -> None:
    task = await run(door)
    about = await get(door, f"/api/history/{task}/trace/about")
    assert "1 picture of the pages" in about["words"]
    file = await door.client.get(f"/api/history/{task}/trace", headers=door.bearer)
    assert about["name"] in file.headers["content-disposition"]
    kind = {"content-type": MEDIA_TYPE}
    opened = await door.client.post("/api/history/open", content=file.content, headers=door.bearer | kind)
    told = opened.json()
    assert told["story"]["text"] == "order a pizza"
    offset, size = told["places"]["pictures/0001.jpg"]
    assert file.content[offset : offset + size] == JPEG
    refused = await door.client.post("/api/history/open", content=b"PK\x03\x04", headers=door.bearer | kind)
    assert (refused.status_code, refused.json()["code"]) == (422, "trace_refused")


async def test_a_file_of_another_site_is_not_even_looked_at(door: Door) -> None:
    await door.client.post("/api/sign-in", json={"token": door.token})
    headers = {"content-type": MEDIA_TYPE, "origin": "https://evil.example"}
    assert (await door.client.post("/api/history/open", content=b"x", headers=headers)).status_code == 401
    headers = {"content-type": "application/octet-stream", "origin": f"http://{HOST}"}
    assert (await door.client.post("/api/history/open", content=b"x", headers=headers)).status_code == 401


async def test_a_run_is_forgotten_and_taken_back(door: Door) -> None:
    task = await run(door)
    answer = await door.client.post(f"/api/history/{task}/forget", json={}, headers=door.bearer)
    assert answer.json()["until"] > 0
    assert door.woken
    found = await get(door, "/api/history")
    assert (found["runs"], found["hidden"]) == ([], 1)
    assert (await get(door, "/api/tasks"))["tasks"] == []
    assert (await door.client.get(f"/api/history/{task}", headers=door.bearer)).status_code == 404
    back = await door.client.post("/api/history/take-back", json={"run": task}, headers=door.bearer)
    assert back.json() == {"count": 1}
    assert len((await get(door, "/api/history"))["runs"]) == 1


async def test_everything_is_forgotten_only_when_it_is_said_so(door: Door) -> None:
    await run(door)
    no = await door.client.post("/api/history/forget", json={"everything": False}, headers=door.bearer)
    assert no.status_code == 422
    yes = await door.client.post("/api/history/forget", json={"everything": True}, headers=door.bearer)
    assert yes.json()["count"] == 1


async def test_what_is_being_done_is_under_way_and_is_not_forgotten(door: Door) -> None:
    task, _ = await door.tasks.open(HandleUtterance(key="portal:9", person=OWNER, text="order"), "t9")
    found = await get(door, "/api/history")
    assert [one["task"] for one in found["under_way"]] == [task.id]
    answer = await door.client.post("/api/history/t9/forget", json={}, headers=door.bearer)
    assert (answer.status_code, answer.json()["code"]) == (409, "run_busy")
