"""A price that holds for a minute, and a person who says yes too late: they hear that it has expired, and are asked
again about the new one. Nothing is ever paid that nobody said yes to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from msgspec.structs import replace

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.locators import Locator, LocatorKind
from browser.pool import Pool
from examples.town import Town
from teach_mode.generalize import Proposal, generalize
from teach_mode.interfaces import Act, Permit
from teach_mode.replay import Replay, Replayed
from teach_mode.skill import Evidence
from tests.teach_mode.conftest import MONDAY, ScriptedGate
from tests.teach_mode.lessons import Lesson, lesson

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SENTENCE = "book a hop electric from market hall to central station"
# The stand's prices change every five minutes, and are the same again after fifteen.
DEARER, THE_SAME = timedelta(minutes=5), timedelta(minutes=15)


class Late(ScriptedGate):
    """A person who answers only when it is later than the price holds, and says yes to at most `yes` questions."""

    def __init__(self, town: Town, later: timedelta, yes: int = 9) -> None:
        super().__init__()
        self._town = town
        self._later = later
        self._yes = yes

    async def judge(self, act: Act) -> Permit:
        permit = await super().judge(act)
        if len(self.asked) == 1 and act.effect == "irreversible":
            self._town.stand.now = clock(self._later)
        if act.effect == "irreversible" and len(self.asked) > self._yes:
            return Permit(go=False, rule="person_said_no", sentence="You said no.")
        return permit

    @property
    def prices(self) -> list[str]:
        """What was asked about, in turn."""
        return [back.text for act in self.asked for back in act.read_backs if back.kind == "amount"]


def clock(later: timedelta) -> Callable[[], datetime]:
    return lambda: MONDAY + later


HISTORY = Evidence(
    url="{site}/rides?phone={phone}",
    ready=Condition(visible=(Locator(kind=LocatorKind.TESTID, value="ride-count"),)),
    items=(Locator(kind=LocatorKind.TESTID, value="ride"),),
)


@pytest_asyncio.fixture(loop_scope="module")
async def ride(town: Town, pool: Pool) -> Proposal:
    """A ride as it was shown."""
    async with lesson(pool, (f"rides.localhost:{town.port}",)) as at:
        await at.page.goto(town.addresses.rides, deadline=Deadline.after_ms(20_000))
        await at.recorder.settled()
        for field, place in (("pick_up", "Market Hall"), ("drop_off", "Central Station")):
            await typed(at, f"#{field}", place)
            await at.click(f"#{field}-list li:has-text('{place}')")
        await at.click("text=See prices")
        await at.click("a[href*=electric]")
        await typed(at, "[name=phone]", "555 0100 22")
        await at.click("text=Book ride")
        await at.tab.wait_for_selector("text=Your car is coming")
        await at.at_rest()
    return generalize([at.recorder.demonstration(SENTENCE)])


def with_history(proposal: Proposal) -> Proposal:
    """The same, when it is known where the stand lists its rides."""
    steps = (replace(one, evidence=HISTORY) if one.effect == "irreversible" else one for one in proposal.skill.steps)
    return replace(proposal, skill=replace(proposal.skill, steps=tuple(steps)))


async def typed(at: Lesson, selector: str, text: str) -> None:
    await at.tab.locator(selector).click()
    await at.tab.keyboard.insert_text(text)  # in one go: the list that a field shows is then the last one
    await at.until(lambda steps: bool(steps) and steps[-1].value == text)


async def booked(
    proposal: Proposal, pool: Pool, town: Town, gate: ScriptedGate
) -> tuple[Replayed, list[dict[str, Any]]]:
    """How the same ride went, asked for once more, and what was booked."""
    rows = len(town.ledger.rows())
    skill, [values] = proposal.skill.at(town.addresses.rides), proposal.values
    async with pool.context(navigate=skill.navigates) as task:
        replay = Replay(await task.new_page(), gate, open_page=task.new_page)
        ended = await replay.run(skill, values, Deadline.after_ms(90_000))
    return ended, [dict(row) for row in msgspec.to_builtins(town.ledger.rows())[rows:]]


@pytest.mark.parametrize("known", [lambda ride: ride, with_history])
async def test_a_price_that_expired_before_the_yes_is_asked_again_and_only_the_new_one_is_paid(
    known: Callable[[Proposal], Proposal], ride: Proposal, town: Town, pool: Pool
) -> None:
    ended, rows = await booked(known(ride), pool, town, gate := Late(town, DEARER))
    assert (ended.outcome, ended.error) == ("done", None)
    old, new = gate.prices
    assert Decimal(new) > Decimal(old) and [row["total"] for row in rows] == [new]
    assert "has expired" not in gate.asked[0].question
    assert gate.asked[1].question.startswith("The site says: The price has expired.") and new in gate.asked[1].question
    assert [one.result for one in gate.settlements] == ["failed", "done"]


async def test_a_no_to_the_new_price_books_nothing(ride: Proposal, town: Town, pool: Pool) -> None:
    ended, rows = await booked(ride, pool, town, gate := Late(town, DEARER, yes=1))
    assert (ended.outcome, len(gate.prices), rows) == ("failed", 2, [])


async def test_a_price_that_expired_and_came_out_the_same_is_told_and_not_paid_for_the_old_yes(
    ride: Proposal, town: Town, pool: Pool
) -> None:
    ended, rows = await booked(ride, pool, town, gate := Late(town, THE_SAME))
    assert (ended.outcome, len(gate.prices), rows) == ("failed", 1, [])
    assert "The price has expired" in str(ended.error)
