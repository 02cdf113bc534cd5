"""However a tool ends, the person hears a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from cloud.lam.errors import BadArguments, ToolError
from cloud.lam.execution import TOO_LONG, WENT_WRONG, execute
from cloud.lam.planning import Step
from cloud.lam.toolbox import Effect, Outcome, Run
from cloud.tools.spoken import SpokenTool
from language.entities import Value

STEP = Step(number=1, tool="try", arguments={"a": 1}, effect="read", words="try")


def tool(work: Any, effect: Effect = "read") -> SpokenTool:
    return SpokenTool(name="try", description="try", utterances=("try",), work=work, effect=effect)


def raising(error: BaseException) -> Any:
    async def work(arguments: Mapping[str, Value], run: Run) -> Outcome:
        raise error

    return work


async def hanging(arguments: Mapping[str, Value], run: Run) -> Outcome:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


async def test_what_a_tool_answers_is_passed_on(house: Any) -> None:
    async def work(arguments: Mapping[str, Value], run: Run) -> Outcome:
        return Outcome(status="done", sentence=f"{arguments['a']} for {run.person}")

    assert (await execute(tool(work), STEP, house.run())).sentence == "1 for ada"


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (ToolError("The shop is closed."), "failed", "The shop is closed."),
        (ToolError("I may have ordered.", unknown=True), "unknown", "I may have ordered."),
        (BadArguments("Not that."), "refused", "Not that."),
        (ValueError("index 3"), "failed", WENT_WRONG),
    ],
)
async def test_an_error_becomes_a_sentence(house: Any, error: Exception, status: str, sentence: str) -> None:
    outcome = await execute(tool(raising(error)), STEP, house.run())
    assert (outcome.status, outcome.sentence) == (status, sentence)


@pytest.mark.parametrize(
    ("effect", "status"), [("read", "failed"), ("reversible", "failed"), ("irreversible", "unknown")]
)
async def test_a_tool_that_breaks_may_have_acted_only_if_it_can_act(house: Any, effect: Effect, status: str) -> None:
    assert (await execute(tool(raising(RuntimeError("x")), effect), STEP, house.run())).status == status


async def test_the_deadline_ends_a_tool_that_hangs(house: Any) -> None:
    outcome = await execute(tool(hanging), STEP, house.run(left_s=0.01))
    assert (outcome.status, outcome.sentence) == ("failed", TOO_LONG)


async def test_nothing_starts_after_the_deadline(house: Any) -> None:
    outcome = await execute(tool(raising(AssertionError("it ran"))), STEP, house.run(left_s=0))
    assert outcome.sentence == TOO_LONG


async def test_a_cancel_passes_through_at_once(house: Any) -> None:
    running = asyncio.create_task(execute(tool(hanging), STEP, house.run()))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
