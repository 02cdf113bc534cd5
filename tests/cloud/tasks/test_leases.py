from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cloud.store import Store
from cloud.tasks.errors import LeaseLost
from cloud.tasks.leases import Lease, Leases, check


@pytest.fixture
def leases(store: Store, clock: Any) -> Leases:
    return Leases(store, clock, ttl_s=30)


async def holds(store: Store, lease: Lease) -> bool:
    async with store.read() as connection:
        try:
            await check(connection, lease)
        except LeaseLost:
            return False
    return True


async def test_one_of_many_gets_a_free_lease(leases: Leases) -> None:
    tried = await asyncio.gather(*(leases.acquire("t", f"r{n}") for n in range(6)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in tried) == ["Lease"] + ["LeaseLost"] * 5


async def test_a_lease_that_ran_out_passes_on_and_fences_the_old_holder(
    leases: Leases, store: Store, clock: Any
) -> None:
    old = await leases.acquire("t", "r1")
    clock.now += 31
    new = await leases.acquire("t", "r2")
    assert new.epoch > old.epoch
    assert not await holds(store, old)
    with pytest.raises(LeaseLost, match="has passed to r2"):
        await leases.renew(old)
    await leases.release(old)  # what is not ours is not released
    assert await holds(store, new)


async def test_renewing_keeps_others_away(leases: Leases, clock: Any) -> None:
    lease = await leases.acquire("t", "r1")
    clock.now += 29
    await leases.renew(lease)
    clock.now += 29
    with pytest.raises(LeaseLost, match="held by r1"):
        await leases.acquire("t", "r2")


async def test_the_holder_gets_its_own_lease_again_at_the_same_epoch(leases: Leases) -> None:
    assert await leases.acquire("t", "r1") == await leases.acquire("t", "r1")


async def test_a_dead_holder_is_replaced_at_once_and_fenced(leases: Leases, store: Store) -> None:
    dead = await leases.acquire("t", "r1")
    new = await leases.acquire("t", "r2", seize=True)
    assert new.epoch == dead.epoch + 1
    assert not await holds(store, dead)


async def test_a_released_lease_is_free_and_its_epoch_never_comes_back(leases: Leases, store: Store) -> None:
    first = await leases.acquire("t", "r1")
    await leases.release(first)
    assert not await holds(store, first)
    second = await leases.acquire("t", "r1")
    assert second.epoch > first.epoch
