"""The vault: a person's passwords, one-time seeds and card numbers. They go in, and come out only into a field.

Envelope encryption: each person has a data key (`cloud.people.keys`), each entry is sealed with it and bound to its
person, name, version, kind and origins (`cloud.people.envelope`). What is in a row can be read by whoever reads the
store, except the value; what of it is changed there makes the value unreadable.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from sqlalchemy import Row, delete, select, update

from cloud.errors import SecretUnfit, SecretUnknown, SecretUnreadable
from cloud.logs import can_be_told
from cloud.people.envelope import seal, unseal
from cloud.people.onetime import Seed, seed_of
from cloud.people.safe import Safe
from cloud.store import as_dict, connections, put
from cloud.store import vault as table

Kind = Literal["password", "one_time_code", "card", "text"]
KINDS: tuple[Kind, ...] = ("password", "one_time_code", "card", "text")
MOST_CHARS = 4096
_NAME = re.compile(r"[^\W_][\w .@'-]{0,99}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")
_PORTS = {"http": 80, "https": 443}


class Entry(Struct, frozen=True, kw_only=True):
    """What may be known of a secret: all but its value. `any_field`: the person lets it into fields of every kind.

    `origins` are those that it may be typed on ("https://shop.example"); `at` is UTC seconds.
    """

    name: str
    kind: Kind
    origins: tuple[str, ...]
    any_field: bool = False
    version: int = 1
    at: float = 0.0


class Revealed:
    """An entry with its value, for whoever types it. Shows nothing when it is printed."""

    __slots__ = ("entry", "value")

    def __init__(self, entry: Entry, value: str) -> None:
        self.entry = entry
        self.value = value

    def __repr__(self) -> str:
        return f"Revealed({self.entry.name!r})"

    @property
    def seed(self) -> Seed:
        """A one-time code's seed."""
        return msgspec.json.decode(self.value, type=Seed)


class Vault(Safe):
    """Secrets by person and name. `watch` is told each value."""

    async def put(
        self, person: str, name: str, value: str, *, kind: Kind, origins: Iterable[str], any_field: bool = False
    ) -> Entry:
        """Keeps a secret, in place of the one of that name. Raises SecretUnfit, VaultKeyError, RandomnessBroken."""
        self._hide(value)
        kept = checked(name, value, kind)
        allowed = tuple(dict.fromkeys(origin_of(origin) for origin in origins))
        if not allowed:
            raise SecretUnfit(f"{name}: say on which origin it may be typed, such as https://shop.example")
        self._hide(kept, kind)
        key = await asyncio.to_thread(self._keys.of, person, make=True)
        async with self._store.write() as connection:
            mine = (table.c.person == person) & (table.c.name == name)
            version = (await connection.scalar(select(table.c.version).where(mine)) or 0) + 1
            entry = Entry(name=name, kind=kind, origins=allowed, any_field=any_field, version=version, at=self._clock())
            sealed = seal(key, kept.encode(), _about(person, entry), self._source)
            await put(connection, table, msgspec.to_builtins(entry) | {"person": person, "sealed": sealed, "window": 0})
        return entry

    async def names(self, person: str) -> tuple[Entry, ...]:
        """What the person keeps, by name, without the values. Raises SecretUnreadable for a row that is torn."""
        query = select(table).where(table.c.person == person).order_by(table.c.name)
        async with self._store.read() as connection:
            return tuple(_entry(row) for row in await connection.execute(query))

    async def remove(self, person: str, name: str) -> None:
        """Forgets a secret. Raises SecretUnknown."""
        async with self._store.write() as connection:
            mine = (table.c.person == person) & (table.c.name == name)
            if not (await connection.execute(delete(table).where(mine))).rowcount:
                raise _unknown(name)

    async def reveal(self, person: str, name: str) -> Revealed:
        """The value, for the adapter that types it and nobody else. Raises SecretUnknown, SecretUnreadable."""
        query = select(table).where(table.c.person == person, table.c.name == name)
        async with self._store.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise _unknown(name)
        entry = _entry(row)
        key = await asyncio.to_thread(self._keys.of, person)
        value = unseal(key, row.sealed, _about(person, entry)).decode()
        self._hide(value, entry.kind)
        return Revealed(entry, value)

    async def watch_all(self, person: str) -> None:
        """Tells `watch` each value, also of those that were not used since this process began. Raises SecretUnreadable:
        what cannot be read cannot be looked for."""
        for entry in await self.names(person):
            await self.reveal(person, entry.name)

    async def use_window(self, person: str, name: str, window: int) -> bool:
        """Takes a one-time code's window for oneself; False when it, or a later one, was taken before."""
        mine = (table.c.person == person) & (table.c.name == name) & (table.c.window < window)
        async with self._store.write() as connection:
            return bool((await connection.execute(update(table).where(mine).values(window=window))).rowcount)

    async def shred(self, person: str) -> None:
        """All of the person's secrets and sessions are gone; also from every copy of the store."""
        await asyncio.to_thread(self._keys.shred, person)
        async with self._store.write() as connection:
            await connection.execute(delete(table).where(table.c.person == person))
            await connection.execute(delete(connections).where(connections.c.person == person))

    async def rotate(self) -> int:
        """A new key-encryption key for all data keys; how many were wrapped anew. Raises VaultKeyError."""
        return await asyncio.to_thread(self._keys.rotate)

    def _hide(self, value: str, kind: Kind = "text") -> None:
        forms = {value}
        if kind == "card":
            digits = re.sub(r"[\s-]", "", value)
            forms |= {digits, " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))}
        if kind == "one_time_code":
            forms.add(msgspec.json.decode(value, type=Seed).secret)
        for form in forms:
            if can_be_told(form):
                self._watch(form)


def checked(name: str, value: str, kind: Kind) -> str:
    """The value as it is kept. Raises SecretUnfit, which never repeats the value."""
    if not _NAME.fullmatch(name):
        raise SecretUnfit("a secret's name is 1 to 100 letters, digits, spaces and . @ ' _ -, and begins with a letter")
    if kind not in KINDS:
        raise SecretUnfit(f"{name}: a secret's kind is one of {', '.join(KINDS)}")
    if not value or len(value) > MOST_CHARS or not value.isprintable():
        raise SecretUnfit(f"{name}: a secret is one line of 1 to {MOST_CHARS} characters")
    if kind == "one_time_code":
        return msgspec.json.encode(seed_of(value)).decode()
    return value


def origin_of(text: str) -> str:
    """An origin as a browser writes it: "shop.example" is "https://shop.example". Raises SecretUnfit."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise SecretUnfit(f"{text[:80]!r} is no origin; write one such as https://shop.example") from None
    host = f"[{host}]" if ":" in host else host.removesuffix(".")
    beside = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or beside:
        raise SecretUnfit(f"{text[:80]!r} is no origin; write one such as https://shop.example")
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, _PORTS[parts.scheme]) else "")


def _about(person: str, entry: Entry) -> tuple[Any, ...]:
    return ("leveret secret", person, entry.name, entry.version, entry.kind, entry.origins, entry.any_field)


def _entry(row: Row[Any]) -> Entry:
    held = as_dict(row)
    try:
        return msgspec.convert({name: held[name] for name in Entry.__struct_fields__}, Entry)
    except msgspec.ValidationError:
        raise SecretUnreadable from None


def _unknown(name: str) -> SecretUnknown:
    return SecretUnknown(f"there is no secret {name[:100]!r}; `leveret vault add` keeps one")
