"""Lists and the journal over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from cloud.people.accounts import OWNER
from tests.cloud.portal.conftest import Door

DAY = date(2026, 11, 23)


async def send(door: Door, method: str, path: str, given: Any = None, status: int = 200) -> Any:
    answer = await door.client.request(method, path, headers=door.bearer, json=given)
    assert answer.status_code == status, answer.text
    door.now[0] += 1
    return answer.json()


async def lists(door: Door) -> dict[str, list[tuple[str, bool]]]:
    found = (await send(door, "GET", "/api/lists"))["lists"]
    return {each["name"]: [(line["text"], line["done"]) for line in each["lines"]] for each in found}


async def begun(door: Door, name: str = "shopping") -> str:
    await send(door, "POST", "/api/lists", {"name": name}, 201)
    (found,) = (await send(door, "GET", "/api/lists"))["lists"]
    return f"/api/lists/{found['id']}"


async def test_a_list_is_begun_filled_ticked_put_in_order_and_cleared(door: Door) -> None:
    one = await begun(door, "Shopping list")
    added = await send(door, "POST", f"{one}/lines", {"text": "milk, 6 eggs and bread"}, 201)
    assert added == {"new": ["milk", "6 eggs", "bread"], "there": []}
    assert (await send(door, "POST", f"{one}/lines", {"text": "milk"}, 201))["there"] == ["milk"]
    lines = (await send(door, "GET", "/api/lists"))["lists"][0]["lines"]
    milk, eggs, bread = (f"{one}/lines/{line['id']}" for line in lines)
    await send(door, "POST", eggs, {"done": True})
    await send(door, "POST", bread, {"to": 0})
    await send(door, "POST", milk, {"text": "two litres of milk"})
    assert await lists(door) == {"shopping": [("bread", False), ("2 litres of milk", False), ("6 eggs", True)]}
    assert await send(door, "POST", f"{one}/clear", {"done_only": True}) == {"gone": 1}
    await send(door, "DELETE", bread)
    assert await lists(door) == {"shopping": [("2 litres of milk", False)]}
    undone = [(await send(door, "POST", "/api/undo", {}))["undone"] for _ in range(3)]
    assert undone == ["“bread” taken off the shopping list", "the shopping list cleared"] + [
        "“milk” changed on the shopping list"
    ]
    assert await lists(door) == {"shopping": [("bread", False), ("milk", False), ("6 eggs", True)]}


async def test_a_list_that_was_taken_away_comes_back_whole(door: Door) -> None:
    one = await begun(door)
    await send(door, "POST", f"{one}/lines", {"text": "milk"}, 201)
    await send(door, "DELETE", one)
    assert await lists(door) == {}
    await send(door, "POST", "/api/undo", {})
    assert await lists(door) == {"shopping": [("milk", False)]}


async def test_what_cannot_be_done_says_why(door: Door) -> None:
    one = await begun(door)
    for method, path, given, status in (
        ("POST", "/api/lists", {"name": " "}, 422),
        ("POST", "/api/lists", {"name": "shopping"}, 409),
        ("DELETE", "/api/lists/none", None, 404),
        ("POST", "/api/lists/none/lines", {"text": "milk"}, 404),
        ("POST", f"{one}/lines", {"text": " "}, 422),
        ("POST", f"{one}/lines/none", {"done": True}, 404),
        ("DELETE", f"{one}/lines/none", None, 404),
        ("POST", "/api/journal", {"text": " "}, 422),
        ("POST", "/api/journal/entries/none", {"text": "x"}, 404),
        ("DELETE", "/api/journal/entries/none", None, 404),
        ("GET", "/api/journal/entries/none/picture", None, 404),
    ):
        assert (await send(door, method, path, given, status))["error"]


async def test_the_journal_is_shown_by_day_changed_and_saved_as_a_file(door: Door) -> None:
    await door.belongings.journal.write(OWNER, "It rained.", "old", day=date(2026, 11, 20), at=1.0)
    await send(door, "POST", "/api/journal", {"text": "It snowed.\nAt last."}, 201)
    shown = (await send(door, "GET", "/api/journal"))["days"]
    assert [(each["day"], [entry["text"] for entry in each["entries"]]) for each in shown] == [
        ("2026-11-23", ["It snowed.\nAt last."]),
        ("2026-11-20", ["It rained."]),
    ]
    await send(door, "POST", "/api/journal/entries/old", {"text": "It rained all day."})
    assert (await send(door, "GET", "/api/journal"))["earlier"] is None
    found = (await send(door, "GET", "/api/journal?q=rains"))["days"]
    assert [(entry["text"], entry["edited"]) for each in found for entry in each["entries"]] == [
        ("It rained all day.", True)
    ]
    file = await door.client.get("/api/journal/file", headers=door.bearer)
    assert file.text == (
        "# Friday, 20 November 2026\n\nIt rained all day.\n\n# Monday, 23 November 2026\n\nIt snowed.\nAt last.\n"
    )
    assert "attachment" in file.headers["content-disposition"]
    await send(door, "DELETE", "/api/journal/entries/old")
    assert len((await send(door, "GET", "/api/journal"))["days"]) == 1
    assert (await send(door, "POST", "/api/undo", {}))["undone"] == "an entry of your journal deleted"
    assert len((await send(door, "GET", "/api/journal?before=2026-11-23"))["days"]) == 1


async def test_an_entry_has_its_picture_and_nobody_elses_is_told(door: Door) -> None:
    journal, photo = door.belongings.journal, b"\xff\xd8\xff cake \xff\xd9"
    for person, entry in ((OWNER, "mine"), ("somebody else", "theirs")):
        address = await journal._taken.keep(person, photo)
        await journal.write(person, "we had cake", entry, day=DAY, picture=address)
    picture = await door.client.get("/api/journal/entries/mine/picture", headers=door.bearer)
    assert (picture.content, picture.headers["content-type"]) == (photo, "image/jpeg")
    await send(door, "GET", "/api/journal/entries/theirs/picture", None, 404)
    await send(door, "POST", "/api/journal/entries/theirs", {"text": "mine now"}, 404)
    shown = (await send(door, "GET", "/api/journal"))["days"]
    assert [entry["id"] for each in shown for entry in each["entries"]] == ["mine"]
