"""A request with a recurrence is understood, kept, told, changed, and done when it is due."""

from __future__ import annotations

from cloud.lam.goals import Call
from tests.cloud.schedules.conftest import Home


async def test_a_request_with_a_recurrence_is_kept_and_done_when_it_is_due(home: Home) -> None:
    async with home.open() as plan:
        status, sentence = await plan.ask("Every weekday at eight, brew a large tea.")
        assert status == "done"
        assert sentence == ("Every weekday at eight a m: brew a large tea. The first time is tomorrow at eight a m.")
        assert home.house.did == []
        (kept,) = await plan.schedules()
        assert kept.call == Call(tool="brew", arguments={"size": "large"}, origins={"size": "said"})
        assert (kept.device, kept.effect, kept.overlap) == ("dev", "reversible", "skip")
        home.clock.set(2026, 11, 27, 8, 0)
        assert await plan.fire() == ["Done: large."]
        assert await plan.fire() == []
        home.clock.set(2026, 11, 28, 8, 0)  # a Saturday
        assert await plan.fire() == []
    assert home.house.did == ["large"]


async def test_what_is_missing_is_asked_when_it_is_scheduled_and_kept(home: Home) -> None:
    async with home.open() as plan:
        task = await plan.ada.say("every weekday brew a tea")
        size = await plan.ada.see("asked", task)
        assert size.data["text"] == "What size?"
        await plan.ada.say("small", ask=size.data["ask"])
        time = await plan.ada.see("asked", task, after=size.cursor)
        assert time.data["text"] == "At what time?"
        await plan.ada.say("half past seven in the morning", ask=time.data["ask"])
        assert (await plan.ada.end(task))[1].startswith("Every weekday at seven thirty a m: brew a tea.")
        await plan.firings.fire_due()
        home.clock.set(2026, 11, 27, 7, 30)
        assert await plan.fire() == ["Done: small."]


async def test_schedules_are_told_left_out_paused_resumed_run_and_cancelled_by_voice(home: Home) -> None:
    async with home.open() as plan:
        assert await plan.ask("what is scheduled") == ("done", "Nothing is scheduled.")
        await plan.ask("every weekday at eight brew a large tea")
        await plan.ask("every day at noon say hello")
        assert (await plan.ask("what is scheduled"))[1] == (
            "Two schedules: every weekday at eight a m: brew a large tea and every day at noon: say hello."
        )
        said = {
            "when is the next tea": "“brew a large tea” is next tomorrow at eight a m.",
            "skip tomorrow's large tea schedule": (
                "I leave out “brew a large tea” tomorrow at eight a m; then it is on Monday at eight a m."
            ),
            "skip the next hello": "I leave out “say hello” tomorrow at noon; then it is on Saturday at noon.",
            "skip today's hello": "“say hello” is not due today.",
            "pause the tea schedule": "“brew a large tea” is paused until you resume it.",
            "when is the next tea schedule": "“brew a large tea” is paused.",
            "resume the brew schedule": "“brew a large tea” goes on on Monday at eight a m.",
            "cancel the hello schedule": "“say hello” is not scheduled any more.",
        }
        for request, answer in said.items():
            assert await plan.ask(request) == ("done", answer), request
        assert await plan.ask("run the tea schedule now") == ("done", "I begin: brew a large tea.")
        await plan.fire()
        (kept,) = await plan.schedules()
        (past,) = await plan.records.history("ada", kept.id)
        assert past.firing.by_hand and (await plan.ada.end(past.firing.task))[0] == "done"
        task = await plan.ada.say("cancel the schedule")
        asked = await plan.ada.see("asked", task)
        assert asked.data["text"] == "Which one?"
        await plan.ada.say("tea", ask=asked.data["ask"])
        assert (await plan.ada.end(task))[1] == "“brew a large tea” is not scheduled any more."
        await plan.fire()
        assert (await plan.ask("cancel the tea schedule"))[0] == "not_understood"


async def test_several_wishes_are_read_anew_each_time_and_what_needs_somebody_is_not_scheduled(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every day at eight say hello and brew a large tea")
        (kept,) = await plan.schedules()
        assert (kept.call, kept.tools, kept.effect) == (None, ("greet", "brew"), "reversible")
        home.clock.set(2026, 11, 27, 8, 0)
        assert await plan.fire() == ["Hello. Done: large."]
        refused = await plan.ask("every day at eight cancel the hello schedule")
        assert refused == ("not_understood", "I cannot schedule that. Say it when you want it.")
        half = await plan.ada.say("every day at eight brew a tea and say hello")
        asked = await plan.ada.see("asked", half)
        await plan.ada.say("small", ask=asked.data["ask"])
        assert await plan.ada.end(half) == (
            "failed",
            "I can schedule one thing at a time, or several that you say in full.",
        )
        assert len(await plan.schedules()) == 1


async def test_a_request_in_a_queue_for_a_network_counts_from_when_it_was_said(home: Home) -> None:
    async with home.open() as plan:
        task = await plan.ada.say("once tomorrow at eight brew a large tea", age_s=20 * 3600)
        assert (await plan.ada.end(task))[0] == "done"
        (kept,) = await plan.schedules()
        assert kept.rule.start == "2026-11-26", "tomorrow, said on the evening before"
        await plan.fire()
        assert await plan.told() == ["While I was away I missed “brew a large tea”."]
