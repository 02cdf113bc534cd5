from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.events import EventLog
from cloud.tasks.asks import Ask, Asks, Choice, Taken, digest_of, judge
from cloud.tasks.leases import Lease
from cloud.tasks.records import Task, Tasks

ORDER = Ask(
    id="t1:1:pay",
    task="t1",
    person="ada",
    step=1,
    kind="irreversible",
    digest=digest_of(price="14.50"),
    text="Order it?",
    rows=(("Price", "14.50", "site"),),
)


@pytest.fixture
def asks(log: EventLog, task: Task) -> Asks:
    return Asks(log, poll_s=0.01)


async def answer(asks: Asks, given: str = "yes", **other: Any) -> Taken:
    fields = {"digest": ORDER.digest, "person": "ada", "surface": "dev"} | other
    return await asks.answer(fields.pop("ask", ORDER.id), answer=given, **fields)


async def test_an_answer_ends_the_wait_and_says_so_in_the_log(asks: Asks, log: EventLog) -> None:
    await asks.open(ORDER)
    waiting = asyncio.create_task(asks.wait(ORDER.id))
    assert await answer(asks) == "taken"
    closed = await asyncio.wait_for(waiting, 40)
    assert (closed.closed, closed.answer, closed.surface) == ("yes", "yes", "dev")
    kinds = [event.kind for event in await log.read("ada", task="t1")]
    assert kinds == ["heard", "said", "asked", "answered", "ask_closed"]


async def test_what_is_asked_carries_all_that_a_surface_needs(asks: Asks, log: EventLog) -> None:
    opened = await asks.open(ORDER, expiry_s=60)
    asked = (await log.read("ada", task="t1"))[-1].data
    assert asked["digest"] == ORDER.digest and asked["rows"] == [["Price", "14.50", "site"]]
    assert asked["expires_at"] == opened.expires_at == opened.created_at + 60


async def test_of_many_answers_at_once_exactly_one_counts(asks: Asks) -> None:
    await asks.open(ORDER)
    taken = await asyncio.gather(*(answer(asks, given, surface=str(n)) for n, given in enumerate(["yes", "no"] * 10)))
    assert sorted(taken) == ["closed"] * 19 + ["taken"]


async def test_a_replayed_answer_counts_for_nothing(asks: Asks) -> None:
    await asks.open(ORDER)
    assert [await answer(asks), await answer(asks)] == ["taken", "closed"]


async def test_an_answer_to_another_price_is_refused(asks: Asks) -> None:
    await asks.open(ORDER)
    assert await answer(asks, digest=digest_of(price="1450.00")) == "other_digest"
    found = await asks.get(ORDER.id)
    assert found is not None and found.closed is None


async def test_another_person_cannot_answer(asks: Asks) -> None:
    await asks.open(ORDER)
    assert await answer(asks, person="bob") == "other_person"


async def test_a_yes_to_one_ask_is_not_a_yes_to_another(asks: Asks) -> None:
    await asks.open(ORDER)
    assert await answer(asks, ask="t1:2:pay") == "unknown"


async def test_a_late_yes_is_refused_and_the_ask_is_closed_as_expired(asks: Asks, clock: Any) -> None:
    await asks.open(ORDER, expiry_s=60)
    waiting = asyncio.create_task(asks.wait(ORDER.id))
    clock.now += 60
    assert (await asyncio.wait_for(waiting, 40)).closed == "expired"
    assert await answer(asks) == "late"


async def test_time_alone_makes_a_yes_late_even_while_nobody_waits(asks: Asks, clock: Any) -> None:
    await asks.open(ORDER, expiry_s=60)
    clock.now += 60.001
    assert await answer(asks) == "late"
    assert await asks.open_ones("ada") == []


async def test_a_choice_takes_only_what_was_offered(asks: Asks) -> None:
    choice = msgspec.structs.replace(ORDER, kind="choice", choices=(Choice("2", "two"), Choice("10", "ten")))
    await asks.open(choice)
    assert await answer(asks, "3") == "no_such_choice"
    assert await answer(asks, "10") == "taken"
    found = await asks.get(ORDER.id)
    assert found is not None and (found.closed, found.answer) == ("chosen", "10")


async def test_a_rerun_finds_the_question_that_it_asked(asks: Asks, clock: Any) -> None:
    first = await asks.open(ORDER, expiry_s=60)
    clock.now += 30
    assert await asks.open(ORDER, expiry_s=60) == first


async def test_a_new_question_of_a_task_takes_the_place_of_the_old(asks: Asks) -> None:
    await asks.open(ORDER)
    await asks.open(msgspec.structs.replace(ORDER, id="t1:1:pay:2"))
    assert [ask.id for ask in await asks.open_ones("ada")] == ["t1:1:pay:2"]
    assert await answer(asks) == "closed"


async def test_a_task_that_ends_takes_its_question_with_it(asks: Asks, log: EventLog, lease: Lease) -> None:
    await asks.open(ORDER)
    await Tasks(log).finish("t1", "cancelled", "Cancelled.", lease)
    assert (await asks.wait(ORDER.id)).closed == "cancelled"
    assert await answer(asks) == "closed"


texts = st.sampled_from(["yes", "no", "2", "ten", ""])


@given(
    kind=st.sampled_from(["irreversible", "choice", "slot"]),
    closed=st.sampled_from([None, "yes", "no", "expired", "cancelled"]),
    given_answer=texts,
    digest=st.sampled_from([ORDER.digest, "other"]),
    person=st.sampled_from(["ada", "bob"]),
    now=st.floats(0, 20),
)
def test_only_an_open_ask_in_time_takes_an_answer_to_exactly_what_was_shown(
    kind: Any, closed: Any, given_answer: str, digest: str, person: str, now: float
) -> None:
    ask = msgspec.structs.replace(ORDER, kind=kind, closed=closed, expires_at=10.0, choices=(Choice("2", "two"),))
    if judge(ask, digest, given_answer, person, now) == "taken":
        assert closed is None and digest == ask.digest and person == ask.person and now < 10.0


def test_a_digest_does_not_depend_on_the_order_of_names() -> None:
    assert digest_of(a=1, b={"x": 1, "y": 2}) == digest_of(b={"y": 2, "x": 1}, a=1)
    assert digest_of(a=1) != digest_of(a="1")
