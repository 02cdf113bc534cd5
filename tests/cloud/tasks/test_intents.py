from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.events import EventLog
from cloud.store import Store
from cloud.tasks.errors import ActBarred, LeaseLost
from cloud.tasks.intents import Draft, Intent, Intents, bars
from cloud.tasks.leases import Lease, Leases
from cloud.tasks.records import Task

PAY = Draft(task="t1", person="ada", step=1, name="pay", digest="d1", words="order a pizza")


@pytest.fixture
def intents(log: EventLog, task: Task) -> Intents:
    return Intents(log)


async def test_an_act_is_on_record_before_it_is_made(intents: Intents, log: EventLog, lease: Lease) -> None:
    written = await intents.write(PAY, lease)
    assert await intents.of_step("t1", 1) == [written]
    assert written.result is None
    assert [event.kind for event in await log.read("ada", task="t1")] == ["heard", "intent"]


async def test_an_act_is_settled_once(intents: Intents, lease: Lease) -> None:
    written = await intents.write(PAY, lease)
    assert await intents.settle(written.id, "done", lease, evidence=["order 7"])
    assert not await intents.settle(written.id, "failed", lease)
    (kept,) = await intents.of_step("t1", 1)
    assert (kept.result, kept.evidence) == ("done", ("order 7",))


async def test_an_act_without_a_result_bars_every_other_of_its_step(intents: Intents, lease: Lease) -> None:
    await intents.write(PAY, lease)
    with pytest.raises(ActBarred, match="may have happened"):
        await intents.write(msgspec.structs.replace(PAY, digest="another price"), lease)


async def test_an_unknown_act_stays_barred_until_evidence_clears_it_up(intents: Intents, lease: Lease) -> None:
    written = await intents.write(PAY, lease)
    await intents.settle(written.id, "unknown", lease)
    with pytest.raises(ActBarred):
        await intents.write(PAY, lease)
    assert await intents.settle(written.id, "not_acted", lease)
    await intents.write(PAY, lease)


async def test_what_was_done_is_not_done_again_but_the_next_act_of_the_step_is(intents: Intents, lease: Lease) -> None:
    first = await intents.write(PAY, lease)
    await intents.settle(first.id, "done", lease)
    with pytest.raises(ActBarred):
        await intents.write(PAY, lease)
    second = await intents.write(msgspec.structs.replace(PAY, digest="d2"), lease)
    assert second.id != first.id


async def test_of_two_writers_at_once_one_may_act(intents: Intents, lease: Lease) -> None:
    tried = await asyncio.gather(*(intents.write(PAY, lease) for _ in range(5)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in tried) == ["ActBarred"] * 4 + ["Intent"]


async def test_a_runner_that_lost_its_lease_can_neither_act_nor_settle(
    intents: Intents, store: Store, clock: Any, lease: Lease
) -> None:
    leases = Leases(store, clock, ttl_s=30)
    written = await intents.write(PAY, lease)
    clock.now += 31
    newer = await leases.acquire("task:t1", "runner-2")
    with pytest.raises(LeaseLost):
        await intents.settle(written.id, "done", lease)
    await intents.settle(written.id, "not_acted", newer)
    with pytest.raises(LeaseLost):
        await intents.write(PAY, lease)


results = st.sampled_from([None, "done", "failed", "unknown", "not_acted"])


@given(st.lists(st.tuples(results, st.sampled_from(["d1", "d2"])), max_size=6), st.sampled_from(["d1", "d2"]))
def test_whatever_came_before_no_act_that_may_have_happened_is_repeated(earlier: list[Any], digest: str) -> None:
    draft = msgspec.structs.replace(PAY, digest=digest)
    acts = [
        Intent(id=str(n), task="t1", person="ada", step=1, name="pay", digest=d, words="", written_at=0, result=r)
        for n, (r, d) in enumerate(earlier)
    ]
    if not any(bars(act, draft) for act in acts):
        assert all(act.result in ("not_acted", "done", "failed") for act in acts)
        assert all(act.result == "not_acted" for act in acts if act.digest == digest)
