from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.errors import PictureTorn
from cloud.store import Store, file_url, insert_new, persons
from cloud.turns import Pictures, StoredTurn, Turns


@pytest.fixture
async def turns(tmp_path: Path) -> AsyncIterator[Turns]:
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        await insert_new(connection, persons, {"id": "ada", "name": "Ada", "zone": "UTC", "created_at": 0.0})
    yield Turns(store, lambda: 7.0)
    await store.close()


def turn(number: int, text: str) -> StoredTurn:
    return StoredTurn(
        device="d", turn=number, person="ada", key=f"d:{number}", text=text, alternatives=(("pizzas", 0.5),)
    )


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_turn_stored_again_is_the_one_stored_first(turns: Turns) -> None:
    first = await turns.keep(turn(1, "order a pizza"))
    again = await turns.keep(turn(1, "order a piece"))
    assert again == first == await turns.get("d", 1)
    assert (first.text, first.alternatives, first.at) == ("order a pizza", (("pizzas", 0.5),), 7.0)


async def test_what_was_kept_but_not_submitted_is_found_again(turns: Turns) -> None:
    await turns.keep(turn(1, "one"))
    await turns.keep(turn(2, "two"))
    await turns.mark_submitted("d:1")
    assert [turn.key for turn in await turns.unsubmitted()] == ["d:2"]


async def test_a_picture_is_a_file_of_its_person_alone(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path)
    address = await pictures.keep("ada", b"\xff\xd8 a jpeg")
    assert await pictures.keep("ada", b"\xff\xd8 a jpeg") == address
    assert await pictures.read("ada", address) == b"\xff\xd8 a jpeg"
    assert await pictures.read("bob", address) is None
    files = files_below(tmp_path)
    assert [path.name for path in files] == [address]
    assert files[0].stat().st_mode & 0o077 == 0


async def test_an_empty_or_huge_picture_is_refused(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, max_bytes=10)
    for picture in (b"", b"x" * 11):
        with pytest.raises(PictureTorn):
            await pictures.keep("ada", picture)


@given(st.text())
async def test_no_address_leads_out_of_the_folder(address: str) -> None:
    pictures = Pictures(Path("/nowhere"))
    assert await pictures.read("ada", address) is None
    assert await pictures.read("ada", f"../{address}") is None
