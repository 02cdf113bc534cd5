from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloud.people.memory import Memory
from cloud.store import Store, file_url, insert_new, persons


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        for person in ("ada", "bob"):
            await insert_new(connection, persons, {"id": person, "name": person, "zone": "UTC", "created_at": 0.0})
    yield Memory(store, lambda: 5.0)
    await store.close()


async def test_the_first_profile_gives_way_to_what_the_person_says(memory: Memory) -> None:
    await memory.introduce("ada", {"name": "Ada", "address": "Elm Street 5", "phone": ""})
    await memory.remember("ada", {"address": "Oak Lane 1"})
    await memory.introduce("ada", {"name": "Ada", "address": "Elm Street 5"})
    assert await memory.profile("ada") == {"name": "Ada", "address": "Oak Lane 1"}


async def test_an_empty_value_forgets(memory: Memory) -> None:
    await memory.remember("ada", {"phone": "123", "email": "a@b.example"})
    await memory.remember("ada", {"phone": ""})
    assert await memory.profile("ada") == {"email": "a@b.example"}


async def test_what_is_known_of_one_person_is_not_known_of_another(memory: Memory) -> None:
    await memory.remember("ada", {"address": "Elm Street 5"})
    await memory.note_choices("ada", "order_pizza", {"size": "large"})
    assert (await memory.profile("bob"), await memory.last_choices("bob", "order_pizza")) == ({}, {})


async def test_choices_are_kept_by_tool_and_lists_come_back_as_they_were(memory: Memory) -> None:
    await memory.note_choices("ada", "order_pizza", {"size": "large", "toppings": ("olives", "ham")})
    await memory.note_choices("ada", "order", {"size": "small"})
    await memory.note_choices("ada", "order_pizza", {"size": "small"})
    assert await memory.last_choices("ada", "order_pizza") == {"size": "small", "toppings": ("olives", "ham")}
    assert await memory.profile("ada") == {}
