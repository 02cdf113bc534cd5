"""What goes into the vault comes out for its own person, name and version, and for nobody else."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from sqlalchemy import select, update

from cloud import store as tables
from cloud.errors import RandomnessBroken, SecretUnfit, SecretUnknown, SecretUnreadable, VaultKeyError
from cloud.people.accounts import write_secret
from cloud.people.envelope import NONCE_BYTES, Source, seal, unseal
from cloud.people.keys import Keys, keys_of
from cloud.people.vault import Vault, origin_of
from cloud.store import Store, file_url, insert_new, persons

KEY = bytes(range(32))
SHOP = ("https://shop.example",)


class Safe(Struct):
    """A vault for Ada and Bob, and what lies under it."""

    vault: Vault
    store: Store
    folder: Path
    seen: list[str]

    async def reads(self, person: str = "ada", name: str = "shop") -> str:
        return (await self.vault.reveal(person, name)).value

    async def row(self, person: str, name: str) -> dict[str, Any]:
        columns = tables.vault.c
        async with self.store.read() as connection:
            query = select(tables.vault).where(columns.person == person, columns.name == name)
            return dict((await connection.execute(query)).one()._mapping)

    async def change(self, values: dict[str, Any]) -> None:
        """Meddles with the row of Ada's shop."""
        columns = tables.vault.c
        async with self.store.write() as connection:
            mine = (columns.person == "ada") & (columns.name == "shop")
            await connection.execute(update(tables.vault).where(mine).values(**values))


@pytest.fixture
async def safe(tmp_path: Path) -> AsyncIterator[Safe]:
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        for person in ("ada", "bob"):
            await insert_new(connection, persons, {"id": person, "name": person, "zone": "UTC", "created_at": 0.0})
    keys = keys_of(tmp_path / "people", "", {})
    keys.open()
    seen: list[str] = []
    yield Safe(Vault(store, keys, lambda: 1000.0, watch=seen.append), store, tmp_path, seen)
    await store.close()


async def test_a_secret_comes_back_for_its_person_and_is_listed_without_its_value(safe: Safe) -> None:
    await safe.vault.put("ada", "shop", "correct horse", kind="password", origins=["shop.example"])
    assert await safe.reads() == "correct horse"
    (entry,) = await safe.vault.names("ada")
    assert (entry.name, entry.kind, entry.origins, entry.version) == ("shop", "password", SHOP, 1)
    assert "horse" not in repr(await safe.vault.reveal("ada", "shop"))
    assert "correct horse" in safe.seen


async def test_nobody_reads_or_removes_what_is_somebody_elses(safe: Safe) -> None:
    await safe.vault.put("ada", "shop", "correct horse", kind="password", origins=SHOP)
    assert await safe.vault.names("bob") == ()
    with pytest.raises(SecretUnknown):
        await safe.vault.reveal("bob", "shop")
    with pytest.raises(SecretUnknown):
        await safe.vault.remove("bob", "shop")
    assert await safe.reads() == "correct horse"


async def test_a_ciphertext_opens_in_no_other_row_version_or_origin(safe: Safe) -> None:
    for person, name in (("ada", "shop"), ("ada", "mail"), ("bob", "shop")):
        await safe.vault.put(person, name, f"secret of {person} {name}", kind="password", origins=SHOP)
    first = await safe.row("ada", "shop")
    await safe.vault.put("ada", "shop", "a newer secret", kind="password", origins=SHOP)
    newer = await safe.row("ada", "shop")
    changes: list[dict[str, Any]] = [
        {"sealed": first["sealed"]},
        {"sealed": (await safe.row("ada", "mail"))["sealed"]},
        {"sealed": (await safe.row("bob", "shop"))["sealed"]},
        {"version": 1},
        {"origins": ["https://evil.example"]},
        {"kind": "text"},
        {"kind": "nonsense"},
        {"any_field": True},
        {"sealed": b""},
        *({"sealed": newer["sealed"][:length]} for length in (1, 12, 13, 28, len(newer["sealed"]) - 1)),
    ]
    said = set()
    for change in changes:
        await safe.change(change)
        with pytest.raises(SecretUnreadable) as refused:
            await safe.reads()
        said.add((str(refused.value), refused.value.__cause__))
        await safe.change(newer)
    assert await safe.reads() == "a newer secret"
    assert len(said) == 1


@given(value=st.binary(max_size=80), bit=st.integers(min_value=0), cut=st.integers(min_value=1, max_value=40))
@settings(max_examples=300)
def test_a_flipped_bit_or_a_lost_byte_is_always_refused_with_the_one_error(value: bytes, bit: int, cut: int) -> None:
    about = ("secret", "ada", "shop", 1)
    sealed = seal(KEY, value, about, Source())
    flipped = bytearray(sealed)
    flipped[bit // 8 % len(sealed)] ^= 1 << bit % 8
    wrong = [
        (KEY, bytes(flipped), about),
        (KEY, sealed[: max(0, len(sealed) - cut)], about),
        (KEY, sealed[cut:], about),
        (KEY, sealed + b"\0", about),
        (KEY[::-1], sealed, about),
        (KEY, sealed, ("secret", "adas", "hop", 1)),
        (KEY, sealed, ("secret", "ada", "shop", 2)),
    ]
    assert unseal(KEY, sealed, about) == value
    for key, blob, context in wrong:
        with pytest.raises(SecretUnreadable) as refused:
            unseal(key, blob, context)
        assert str(refused.value) == str(SecretUnreadable())


def test_no_nonce_comes_twice_and_a_broken_generator_encrypts_nothing() -> None:
    source = Source()
    nonces = {seal(KEY, b"x", ("a",), source)[1 : 1 + NONCE_BYTES] for _ in range(20_000)}
    assert len(nonces) == 20_000
    for broken in (
        lambda count: b"\0" * count,
        lambda count: os.urandom(count - 1),
        lambda count: b"abcdefghijkl"[:count],
    ):
        source = Source(broken)
        with pytest.raises(RandomnessBroken):
            for _ in range(2):
                seal(KEY, b"x", ("a",), source)


async def test_after_a_new_key_everything_is_readable_and_the_old_key_opens_nothing(safe: Safe) -> None:
    await safe.vault.put("ada", "shop", "correct horse", kind="password", origins=SHOP)
    await safe.vault.put("bob", "shop", "battery staple", kind="password", origins=SHOP)
    old_key, sealed = (safe.folder / "people" / "vault.key").read_text(), await safe.row("ada", "shop")
    assert await safe.vault.rotate() == 2
    assert (await safe.reads(), await safe.reads("bob")) == ("correct horse", "battery staple")
    assert (await safe.row("ada", "shop"))["sealed"] == sealed["sealed"]
    write_secret(safe.folder / "people" / "vault.key", old_key)
    with pytest.raises(SecretUnreadable):
        await safe.reads()


class Killed(Exception):
    """A crash."""


def killed_at(point: int) -> Callable[[Path, str], None]:
    """Writes files until the given moment: even ones lie before a write, odd ones right after it."""
    moment = 0

    def write(path: Path, text: str) -> None:
        nonlocal moment
        if moment == point:
            raise Killed
        write_secret(path, text)
        if moment + 1 == point:
            raise Killed
        moment += 2

    return write


async def test_a_rotation_that_is_cut_off_anywhere_leaves_everything_readable(safe: Safe) -> None:
    for number in range(6):
        async with safe.store.write() as connection:
            row = {"id": f"p{number}", "name": "", "zone": "UTC", "created_at": 0.0}
            await insert_new(connection, persons, row)
        await safe.vault.put(f"p{number}", "shop", f"secret of {number}", kind="password", origins=SHOP)
    cut = 0
    for point in range(20):
        people = safe.folder / "people"
        try:
            Keys(people / "keys", people / "vault.key", write=killed_at(point)).rotate()
        except Killed:
            cut += 1
        for number in range(6):
            assert await safe.reads(f"p{number}") == f"secret of {number}"
    assert cut >= 15
    assert await safe.vault.rotate() == 6
    assert len((safe.folder / "people" / "vault.key").read_text().split()) == 1


async def test_shredded_secrets_stay_unreadable_when_yesterdays_store_is_restored(safe: Safe) -> None:
    await safe.vault.put("ada", "shop", "correct horse", kind="password", origins=SHOP)
    await safe.vault.put("bob", "shop", "battery staple", kind="password", origins=SHOP)
    yesterday = await safe.row("ada", "shop")
    await safe.vault.shred("ada")
    assert await safe.vault.names("ada") == ()
    async with safe.store.write() as connection:
        await insert_new(connection, tables.vault, yesterday)
    with pytest.raises(SecretUnreadable):
        await safe.reads()
    await safe.vault.put("ada", "mail", "a new start", kind="password", origins=SHOP)
    with pytest.raises(SecretUnreadable):
        await safe.reads()
    assert (await safe.reads("ada", "mail"), await safe.reads("bob")) == ("a new start", "battery staple")


def test_the_key_is_made_once_for_its_user_alone_and_never_made_anew_when_it_is_lost(tmp_path: Path) -> None:
    keys = keys_of(tmp_path, "", {})
    keys.open()
    path = tmp_path / "vault.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made, key = path.read_text(), keys.of("ada", make=True)
    keys_of(tmp_path, "", {}).open()
    assert path.read_text() == made and keys.of("ada") == key
    path.chmod(0o640)
    with pytest.raises(VaultKeyError, match="chmod"):
        keys.open()
    for torn in ("", "bm90IGEga2V5\n", "ä"):
        path.unlink()
        write_secret(path, torn)
        with pytest.raises(VaultKeyError):
            keys.open()
    path.unlink()
    with pytest.raises(VaultKeyError, match="restore"):
        keys.open()
    assert not path.exists()


def test_a_systemd_credential_is_read_and_its_rotation_leaves_it_alone(tmp_path: Path) -> None:
    keys_of(tmp_path / "one", "", {}).open()
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    shutil.copy(tmp_path / "one" / "vault.key", credentials / "leveret.vault_key")
    keys = keys_of(tmp_path / "people", "", {"CREDENTIALS_DIRECTORY": str(credentials)})
    keys.open()
    key, old = keys.of("ada", make=True), (credentials / "leveret.vault_key").read_text()
    keys_of(tmp_path / "two", "", {}).open()
    (credentials / "leveret.vault_key").write_text((tmp_path / "two" / "vault.key").read_text() + old)
    assert keys.rotate() == 1
    (credentials / "leveret.vault_key").write_text((tmp_path / "two" / "vault.key").read_text())
    assert keys.of("ada") == key
    assert not (tmp_path / "people" / "vault.key").exists()


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("shop.example", "https://shop.example"),
        ("https://Shop.Example:443/", "https://shop.example"),
        ("http://127.0.0.1:8400", "http://127.0.0.1:8400"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_origins_are_kept_as_a_browser_writes_them(given: str, origin: str) -> None:
    assert origin_of(given) == origin


@pytest.mark.parametrize(
    "wrong", ["", "*", "*.example", "ftp://shop.example", "https://", "https://a@shop.example", "shop.example/login"]
)
def test_what_is_no_origin_is_refused(wrong: str) -> None:
    with pytest.raises(SecretUnfit):
        origin_of(wrong)
