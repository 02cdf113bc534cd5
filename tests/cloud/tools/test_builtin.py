from __future__ import annotations

from typing import Any

from cloud.tools.spoken import SpokenTool


async def _nothing(arguments: Any, run: Any) -> Any:
    raise AssertionError("help runs no other tool")


async def test_help_tells_what_is_there_at_this_moment(bench: Any) -> None:
    before = await bench.use("help")
    bench.toolbox.add(
        SpokenTool(name="sing", description="Sing a song.", utterances=("sing [me] a song",), work=_nothing)
    )
    after = await bench.use("help")
    assert before.sentence.startswith("I can set a timer, set an alarm, take a note, tell the time")
    assert {row.label for row in after.card.rows} - {row.label for row in before.card.rows} == {"sing a song"}
    assert ("sing a song", "sing me a song") in {(row.label, row.value) for row in after.card.rows}


async def test_repeat_says_what_was_said_last_to_this_person(bench: Any) -> None:
    assert (await bench.use("repeat")).sentence == "I have not said anything yet."
    await bench.log.append("ada", "t", "said", {"text": "Your timer is set."})
    await bench.log.append("bob", "t", "said", {"text": "Not for Ada."})
    assert (await bench.use("repeat")).sentence == "Your timer is set."
