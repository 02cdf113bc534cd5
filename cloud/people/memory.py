"""What is known of a person: the profile that forms are filled with, what was chosen last time, what was said last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from cloud import store as tables
from cloud.clock import Clock
from cloud.store import Store, put
from language.entities import Value

PROFILE = "profile."
CHOICE = "choice."
SPENDING_CAP = "spending_cap"
FACTS = ("name", "address", "phone", "email")  # asked for once, then known


class Memory:
    """Key and value a person, in the store. Keys of the profile are slot names: name, address, phone, email."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def profile(self, person: str) -> dict[str, Value]:
        """What the person said of himself or herself, by key without its prefix."""
        return await self._under(person, PROFILE)

    async def introduce(self, person: str, values: Mapping[str, Value]) -> None:
        """Fills what is not known yet; what the person said later stands."""
        known = await self.profile(person)
        await self.remember(person, {key: value for key, value in values.items() if value and key not in known})

    async def remember(self, person: str, values: Mapping[str, Value]) -> None:
        """Adds to the profile; an empty value forgets the key."""
        for key, value in values.items():
            if value in ("", ()):
                await self._forget(person, PROFILE + key)
            else:
                await self._put(person, PROFILE + key, value, said=True)

    async def last_choices(self, person: str, tool: str) -> dict[str, Value]:
        """What was chosen the last time that the tool ended well, by slot."""
        return await self._under(person, f"{CHOICE}{tool}.")

    async def note_choices(self, person: str, tool: str, values: Mapping[str, Value]) -> None:
        """Keeps them as suggestions: inferred, not said."""
        for slot, value in values.items():
            await self._put(person, f"{CHOICE}{tool}.{slot}", value, said=False)

    async def last_said(self, person: str) -> str:
        """What the person heard last, or ""."""
        columns = tables.events.c
        query = (
            select(columns.data)
            .where(columns.person == person, columns.kind == "said")
            .order_by(columns.cursor.desc())
            .limit(1)
        )
        async with self._store.read() as connection:
            data = (await connection.execute(query)).scalar_one_or_none()
        return str(data.get("text", "")) if isinstance(data, dict) else ""

    async def _under(self, person: str, prefix: str) -> dict[str, Value]:
        columns = tables.memory.c
        query = select(columns.key, columns.value).where(
            columns.person == person, columns.key.startswith(prefix, autoescape=True)
        )
        async with self._store.read() as connection:
            rows = (await connection.execute(query)).all()
        return {key.removeprefix(prefix): _value(value) for key, value in rows}

    async def _put(self, person: str, key: str, value: Value, *, said: bool) -> None:
        row = {"person": person, "key": key, "value": value, "said": said, "at": self._clock()}
        async with self._store.write() as connection:
            await put(connection, tables.memory, row)

    async def _forget(self, person: str, key: str) -> None:
        columns = tables.memory.c
        async with self._store.write() as connection:
            await connection.execute(delete(tables.memory).where(columns.person == person, columns.key == key))


def _value(stored: Any) -> Value:
    return tuple(stored) if isinstance(stored, list) else stored
