"""Bringing files and handing skills on, through the owner's door."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from teach_mode.checks import read_skill
from teach_mode.formats.source import Source
from teach_mode.sharing import package
from teach_mode.sharing.signing import new_key
from tests.cloud.portal.conftest import Door

PIZZA = Path(__file__).parents[3] / "examples" / "skills" / "pizza.json"


async def post(door: Door, path: str, status: int = 200, **given: Any) -> Any:
    answer = await door.client.post(path, json=given, headers=door.bearer)
    assert answer.status_code == status, answer.text
    return answer.json()


def brought(data: bytes, **more: Any) -> dict[str, Any]:
    return {"data": base64.b64encode(data).decode(), "filename": "pizza.json", **more}


def taken(*names: str) -> list[dict[str, Any]]:
    return [{"index": number, "name": name} for number, name in enumerate(names)]


async def test_a_file_is_shown_before_it_is_kept(door: Door) -> None:
    shown = await post(door, "/api/imports", **brought(PIZZA.read_bytes()))
    (one,) = shown["skills"]
    assert (one["name"], one["tool"], one["taken"], one["notes"], one["shared"]) == (
        "order_pizza",
        "Leveret",
        False,
        [],
        None,
    )
    assert door.shelf.names() == ()
    save = brought(PIZZA.read_bytes(), digest=shown["digest"], take=taken("dinner"))
    assert (await post(door, "/api/imports/save", **save))["saved"][0]["name"] == "dinner"
    (version,) = door.shelf.versions("dinner")
    assert (version.why, version.whence.surface) == ("imported", "command line")


async def test_another_file_than_the_one_shown_is_not_kept(door: Door) -> None:
    shown = await post(door, "/api/imports", **brought(PIZZA.read_bytes()))
    other = brought(PIZZA.read_bytes().replace(b"Forno", b"Porno"), digest=shown["digest"], take=taken(""))
    assert "look at it again" in (await post(door, "/api/imports/save", 409, **other))["error"]
    assert door.shelf.names() == ()


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"", 422, "no recording"),
        (b"\x89PNG", 422, "no text"),
        (b"[" * 5000, 422, "no recording"),
        (b'{"format": 1, "steps": [], "origins": {}}', 422, "missing required field"),
        (b"x" * 3_000_000, 422, "are the most"),
        (b"x" * 9_000_000, 413, "may have"),
    ],
)
async def test_a_bad_file_is_refused_with_the_reason(door: Door, data: bytes, status: int, words: str) -> None:
    assert words in (await post(door, "/api/imports", status, **brought(data)))["error"]


async def test_what_is_handed_on_comes_in_only_with_a_yes_and_keeps_what_was_chosen(door: Door) -> None:
    pictures = {"pay.png": b"\x89PNG seen"}
    door.shelf.save(read_skill(PIZZA), why="taught", pictures=pictures)
    shared = await post(door, "/api/skills/order_pizza/share", pictures=["pay.png"], author="Ada Example")
    assert (shared["pictures"], shared["filename"]) == (["pay.png"], "order_pizza.leveret.json")
    data = base64.b64decode(shared["data"])
    assert package.read(Source(data)).pictures == pictures
    assert b"555 0100" not in data

    shown = await post(door, "/api/imports", **brought(data))
    (one,) = shown["skills"]
    assert (one["shared"]["maker"], one["shared"]["known"]) == (shared["maker"], [])
    save = brought(data, digest=shown["digest"], take=taken("adas_pizza"))
    refused = await post(door, "/api/imports/save", 409, **save)
    assert "once you have seen what it may do" in refused["error"] and door.shelf.names() == ("order_pizza",)
    await post(door, "/api/imports/save", **save, accept=shared["digest"])
    (version,) = door.shelf.versions("adas_pizza")
    assert (version.why, version.whence.author, version.pictures) == ("shared", "Ada Example", ("pay.png",))


async def test_what_was_tampered_with_is_refused(door: Door) -> None:
    data = package.write(read_skill(PIZZA), author="", made_at=0.0, key=new_key())
    raw = json.loads(data)
    raw["skill"]["base"] = "http://pizza.localhost:1"
    told = await post(door, "/api/imports", 422, **brought(json.dumps(raw).encode()))
    assert (told["code"], "was changed after it was made" in told["error"]) == ("shared_refused", True)


async def test_files_that_a_shared_skill_lacks_are_given_when_it_is_accepted(door: Door) -> None:
    pizza = read_skill(PIZZA)
    upload = msgspec.structs.replace(pizza.steps[2], id="give", action="upload", value="cv.pdf", when=None)
    skill = msgspec.structs.replace(pizza, steps=(*pizza.steps, upload))
    data = package.write(skill, author="", made_at=0.0, key=new_key())
    shown = await post(door, "/api/imports", **brought(data))
    told = shown["skills"][0]["shared"]
    assert told["lacks"] == ["cv.pdf"]
    files = {"cv.pdf": base64.b64encode(b"mine").decode(), "other": ""}
    save = brought(data, digest=shown["digest"], take=taken(""), accept=told["digest"], files=files)
    await post(door, "/api/imports/save", **save)
    assert [(path.name, path.read_bytes()) for path in door.shelf.files("order_pizza", 1).iterdir()] == [
        ("cv.pdf", b"mine")
    ]


async def test_a_skill_that_says_something_of_its_person_is_not_handed_on(door: Door) -> None:
    door.shelf.save(msgspec.structs.replace(read_skill(PIZZA), description="Order for Ada Example"), why="taught")
    told = await post(door, "/api/skills/order_pizza/share", 422)
    assert told == {"code": "share_refused", "error": told["error"]} and "its description" in told["error"]


async def test_versions_are_told_with_pictures_of_what_changed_and_whence_they_came(door: Door) -> None:
    pizza = read_skill(PIZZA)
    door.shelf.save(pizza, why="taught", pictures={"pay.png": b"\x89PNG then"})
    changed = PIZZA.read_bytes().replace(b"Order and pay", b"Buy it now")
    door.shelf.save(msgspec.json.decode(changed, type=type(pizza)), why="healed", pictures={"pay-after.png": b"now"})
    address = "/api/skills/order_pizza/versions/2/changes"
    found = (await door.client.get(address, headers=door.bearer)).json()
    (pair,) = found["pairs"]
    assert (pair["step"], pair["before"], pair["after"]) == (
        "pay",
        {"version": 1, "name": "pay.png"},
        {"version": 2, "name": "pay-after.png"},
    )
    await post(door, "/api/skills/order_pizza/revert", version=1)
    address = "/api/skills/order_pizza/versions/3/changes?from=2"
    (back,) = (await door.client.get(address, headers=door.bearer)).json()["pairs"]
    assert (back["before"], back["after"]) == (pair["after"], pair["before"])
