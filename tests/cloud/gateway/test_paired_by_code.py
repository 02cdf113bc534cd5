"""A device that nobody knows, over real sockets: paired by a code, let in by its signature, copied, revoked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from cloud.gateway import Gateway
from cloud.people.accounts import OWNER
from device.check.cloud_probe import visit
from device.config import Key, read_key, write_key
from device.errors import PairingError
from device.provisioning.introduction import Introduction, Keys, poster, rotate
from device.rekeying import AGE_S, Rekeying, is_due
from device.signing import SigningKey
from tests.cloud.gateway.conftest import Handset
from wire.link import Identity
from wire.messages import Welcome
from wire.outcomes import CloseCode

Call = Callable[..., Awaitable[Any]]


@pytest.fixture
async def portal(house: Any, gateway: Gateway) -> AsyncIterator[Call]:
    """The portal's API, by somebody who is signed in."""
    token = {"authorization": f"Bearer {house.accounts.open()}"}
    base = house.url.replace("ws://", "http://").removesuffix("/device")
    async with httpx.AsyncClient(base_url=base, headers=token) as client:

        async def call(path: str, method: str = "POST", **json: Any) -> Any:
            answer = await client.request(method, path, json=json or None)
            answer.raise_for_status()
            return answer.json()

        yield call


async def pair(house: Any, portal: Call, name: str = "Kitchen") -> Keys:
    """From nothing to keys, as device and person do it."""
    introduction = Introduction(poster(house.url, None), software="leveret 0.1.0")
    code = await introduction.begin()
    assert await introduction.look() is None
    offer = await portal("/api/pairing", code=code.code)
    assert tuple(offer["words"]) == code.words and offer["software"] == "leveret 0.1.0"
    await portal(f"/api/pairing/{offer['pairing']}", name=name)
    keys = await introduction.look()
    assert keys is not None
    return keys


class Hand:
    """A device with keys and a disk for its ticket."""

    def __init__(self, house: Any, keys: Keys, ticket: str = "") -> None:
        sign = SigningKey(keys.seed).sign
        self.handset = Handset(
            house.url, Identity(device=keys.device, key=keys.key, boot=os.urandom(16).hex(), sign=sign)
        )
        self.handset.link.ticket = ticket

    @property
    def ticket(self) -> str:
        return self.handset.link.ticket

    async def join(self, *, keep: bool = True) -> Welcome:
        await self.handset.connect()
        welcome: Welcome = await self.handset.until(lambda: self.handset.welcome)
        if keep and welcome.ticket:
            self.handset.link.keep_ticket(welcome.ticket)
            await self.handset.flush()
        return welcome

    async def ended(self) -> CloseCode:
        code: CloseCode = (await self.handset.until(lambda: self.handset.ended)).code
        return code


@pytest.fixture
async def hand(house: Any) -> AsyncIterator[Callable[..., Hand]]:
    made: list[Hand] = []

    def make(keys: Keys, ticket: str = "") -> Hand:
        made.append(Hand(house, keys, ticket))
        return made[-1]

    yield make
    for one in made:
        await one.handset.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(40):
        while not true():  # noqa: ASYNC110  # what changes is a file
            await asyncio.sleep(0.01)


async def said(house: Any) -> list[str]:
    return [event.data["text"] for event in await house.events.read(OWNER) if event.kind == "said"]


async def test_a_device_is_paired_by_its_code_and_let_in_by_its_signature(house: Any, portal: Call, hand: Any) -> None:
    keys = await pair(house, portal)
    device = hand(keys)
    assert (await device.join()).ticket
    known = house.accounts.device("kitchen")
    assert known.public_key == SigningKey(keys.seed).public and known.key == keys.key.hex()
    assert keys.seed.hex() not in str(known)


async def test_the_devices_that_are_there_hear_of_a_new_one(house: Any, portal: Call, hand: Any, handset: Any) -> None:
    hare = await handset().joined()
    await pair(house, portal)
    await hare.until(lambda: hare.sound.get(0))
    assert "A new device was paired: Kitchen." in (await said(house))[0]


async def test_the_key_without_the_signature_opens_nothing(house: Any, portal: Call, hand: Any) -> None:
    keys = await pair(house, portal)
    for sign in (None, SigningKey.fresh().sign):
        thief = Handset(house.url, Identity(device="kitchen", key=keys.key, boot=os.urandom(16).hex(), sign=sign))
        await thief.connect()
        assert (await thief.until(partial(getattr, thief, "ended"))).code is CloseCode.BAD_PROOF
        await thief.close()


async def test_a_recorded_proof_is_worth_nothing_on_another_socket(house: Any, portal: Call, hand: Any) -> None:
    keys = await pair(house, portal)
    device = hand(keys)
    sent: list[str] = []
    link = device.handset.link
    sends = link.data_to_send

    def recorded() -> list[Any]:
        pieces = sends()
        sent.extend(pieces)
        return pieces

    link.data_to_send = recorded
    await device.join()
    thief = Handset(house.url, link.identity)
    thief.link.data_to_send = lambda: [sent.pop(0)] if sent else []  # type: ignore[method-assign]
    await thief.connect()
    await thief.flush()
    assert (await thief.until(lambda: thief.ended or thief.socket.close_code)) is not None
    assert thief.welcome is None
    await thief.close()


async def test_a_copied_card_locks_both_and_the_person_is_told(house: Any, portal: Call, hand: Any) -> None:
    keys = await pair(house, portal)
    first = hand(keys)
    copied = (await first.join(keep=False)).ticket
    first.handset.link.keep_ticket(copied)
    await first.handset.flush()
    copy = hand(keys, copied)
    await copy.join()
    assert await first.ended() is CloseCode.REPLACED
    await until(lambda: house.gateway.tickets.known("kitchen").kept == copy.ticket)
    again = hand(keys, first.ticket)
    await again.handset.connect()
    assert await again.ended() is CloseCode.FROZEN
    assert await copy.ended() is CloseCode.FROZEN
    late = hand(keys, copy.ticket)
    await late.handset.connect()
    assert await late.ended() is CloseCode.FROZEN, "neither is let in any more"
    assert any("has a copy of Kitchen" in text for text in await said(house))
    assert (await portal("/api/devices", "GET"))["devices"][0]["frozen"]
    keys = await pair(house, portal)
    assert (await hand(keys).join()).ticket, "paired anew, under the same name"


async def test_a_power_cut_before_the_ticket_is_kept_makes_no_copy_of_a_device(
    house: Any, portal: Call, hand: Any
) -> None:
    keys = await pair(house, portal)
    first = hand(keys)
    lost = (await first.join(keep=False)).ticket
    again = hand(keys)
    assert (await again.join(keep=False)).ticket == lost, "the same again: it may be on the disk"
    kept_but_not_told = hand(keys, lost)
    assert (await kept_but_not_told.join()).ticket not in ("", lost)


async def test_a_start_keeps_its_ticket_when_its_socket_breaks(house: Any, portal: Call, hand: Any) -> None:
    device = hand(await pair(house, portal))
    ticket = (await device.join()).ticket
    await until(lambda: house.gateway.tickets.known("kitchen").kept == ticket)
    await device.handset.drop()
    assert (await device.join()).ticket == ""
    house.now_s += 601
    await device.handset.drop()
    assert (await device.join()).ticket not in ("", ticket)


async def test_keys_are_changed_and_the_old_ones_end_with_the_first_use_of_the_new(
    house: Any, portal: Call, hand: Any
) -> None:
    keys = await pair(house, portal)
    old = hand(keys)
    ticket = (await old.join()).ticket
    changed = await rotate(poster(house.url, None), keys)
    assert changed.device == keys.device and changed.key != keys.key and changed.seed != keys.seed
    await old.handset.drop()
    await old.join()
    new = hand(changed, old.ticket)
    await new.join()
    assert house.accounts.device("kitchen").key == changed.key.hex() and ticket
    late = hand(keys, new.ticket)
    await late.handset.connect()
    assert await late.ended() is CloseCode.BAD_PROOF
    with pytest.raises(PairingError, match="prove its key"):
        await rotate(poster(house.url, None), keys)


async def test_revoking_puts_a_connected_device_out_and_stops_its_work(house: Any, portal: Call, hand: Any) -> None:
    keys = await pair(house, portal)
    device = hand(keys)
    await device.join()
    await portal("/api/devices/kitchen", "DELETE")
    assert await device.ended() is CloseCode.UNPAIRED
    await until(lambda: house.halted == ["kitchen"])


async def test_what_is_no_pairing_is_refused_in_words(house: Any, portal: Call) -> None:
    ask = poster(house.url, None)
    with pytest.raises(PairingError, match="let the device show a new code"):
        await ask("/pairing/poll", b'{"pairing":"none"}')
    with pytest.raises(PairingError):
        await ask("/pairing", b"{}")
    introduction = Introduction(ask)
    code = await introduction.begin()
    offer = await portal("/api/pairing", code=code.code)
    await portal(f"/api/pairing/{offer['pairing']}", "DELETE")
    with pytest.raises(PairingError, match="the portal said no"):
        await introduction.look()


async def test_a_device_that_sees_another_certificate_than_ours_is_not_paired(house: Any, portal: Call) -> None:
    for ours, seen, goes_on in (("ab" * 32, "cd" * 32, False), ("ab" * 32, "ab" * 32, True), ("", "cd" * 32, True)):
        house.certificate = ours
        introduction = Introduction(poster(house.url, None), certificate=seen)
        code = await introduction.begin()
        if goes_on:
            assert (await portal("/api/pairing", code=code.code))["certificate"] == ("" if ours else seen)
            continue
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            await portal("/api/pairing", code=code.code)
        with pytest.raises(PairingError, match="the portal said no"):
            await introduction.look()


@pytest.mark.parametrize(("age_s", "changes"), [(AGE_S, True), (AGE_S - 60, False)])
async def test_old_keys_are_changed_once_the_device_is_let_in(
    house: Any, portal: Call, hand: Any, tmp_path: Path, age_s: float, changes: bool
) -> None:
    keys = await pair(house, portal)
    path, now_s = tmp_path / "device.key", 1_800_000_000.0
    old = Key(keys.device, keys.key, keys.seed, house.url, "", int(now_s - age_s))
    write_key(path, old)
    noted: list[str] = []
    told: list[Key] = []
    rekeying = Rekeying(
        old, path, changed=told.append, note=lambda what, **more: noted.append(what), now_s=lambda: now_s
    )
    await rekeying.look()
    await rekeying.look()
    assert noted == (["keys_changed"] if changes else []) and (read_key(path) != old) is changes
    if changes:
        assert told == [read_key(path)]
        await hand(Keys(device=told[0].device, key=told[0].key, seed=told[0].seed)).join()
        assert house.accounts.device("kitchen").key == told[0].key.hex()


def test_keys_are_not_changed_by_a_clock_that_was_never_set() -> None:
    key = Key("hare", bytes(32), bytes(32), "wss://x/device", "", 1)
    assert not is_due(key, AGE_S + 100.0) and is_due(key, 1_800_000_000.0)
    assert not is_due(Key("hare", bytes(32)), 1_800_000_000.0), "a device with a key file by hand has none to change"


async def test_a_check_of_the_device_is_let_in_and_takes_it_for_no_copy(house: Any, portal: Call, hand: Any) -> None:
    keys = await pair(house, portal)
    device = hand(keys)
    ticket = (await device.join()).ticket
    await until(lambda: house.gateway.tickets.known("kitchen").kept == ticket)
    key = Key(keys.device, keys.key, keys.seed, house.url)
    for _ in range(2):
        assert not (seen := await visit(house.url, key, ticket=ticket)).failed, seen
    await device.handset.drop()
    assert (await device.join()).ticket not in ("", ticket)
    assert not house.accounts.device("kitchen").frozen
