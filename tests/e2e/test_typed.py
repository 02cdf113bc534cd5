"""Everything that can be said can be typed: on the device, and in a terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from cloud.talking import Address, Talk, Unreachable, address_of
from wire.outcomes import Outcome

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


async def test_an_order_typed_on_the_device(enter: Any) -> None:
    scene = await enter()
    scene.person.type("order a medium margherita pizza")
    await scene.question()
    await scene.person.click(2)
    assert (await scene.event("task_done"))["status"] == "done"
    (row,) = scene.ordered
    assert (row["size"], row["kind"]) == ("medium", "margherita")
    assert (await scene.told("turn_done"))["outcome"] in (Outcome.STARTED, Outcome.ASKED)


async def test_a_request_typed_in_a_terminal_is_followed_to_its_end(theatre: Any) -> None:
    words = io.StringIO()
    talk = Talk(address_of(theatre.stage.data_dir), theatre.stage.token, Console(file=words, width=200))
    assert await talk.request("set a timer for forty minutes") == 0
    assert "forty minutes" in words.getvalue()
    assert await talk.request("dance with the moon") == 1


async def test_a_terminal_without_a_cloud_says_what_to_do(theatre: Any, tmp_path: Any) -> None:
    with pytest.raises(Unreachable, match="leveret serve"):
        address_of(tmp_path)
    with pytest.raises(Unreachable, match="does not answer"):
        await Talk(Address("http://127.0.0.1:9"), "x", Console(file=io.StringIO())).request("what time is it")
