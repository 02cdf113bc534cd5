"""The stages together, from words to what would be done."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from cloud.lam.execution import execute
from cloud.lam.goals import Answer, Goal
from cloud.lam.judgement import World
from cloud.lam.learning import Result, Trajectory
from cloud.lam.perception import Utterance
from language import templates


@pytest.fixture
async def at_home(house: Any) -> Any:
    await house.memory.remember(house.person, {"address": "Elm Street 5", "name": "Ada"})
    return house


async def test_a_whole_order_is_understood_and_let_go_to_its_own_ask(at_home: Any) -> None:
    percept = await at_home.percept("order a large pepperoni pizza")
    goal = await at_home.mind.infer(percept, person=at_home.person)
    assert goal.question is None
    assert goal.intents[0].values == {"size": "large", "kind": "pepperoni", "address": "Elm Street 5"}
    assert goal.intents[0].origins == {"size": "said", "kind": "said", "address": "profile"}
    request = await at_home.mind.request(goal, percept, person=at_home.person)
    verdict = at_home.mind.judge(at_home.mind.plan(goal).steps[0], World(request=request))
    assert (verdict.decision, verdict.rule) == ("go", "asks_at_the_act")


async def test_two_intents_in_one_sentence_make_two_steps_and_the_timer_starts_first(at_home: Any) -> None:
    goal = await at_home.goal("order a large pepperoni pizza and set a timer for twenty minutes")
    assert [intent.tool for intent in goal.intents] == ["order_pizza", "set_timer"]
    assert [(step.number, step.tool) for step in at_home.mind.plan(goal).steps] == [
        (1, "set_timer"),
        (2, "order_pizza"),
    ]


async def test_what_is_said_to_come_after_waits(at_home: Any) -> None:
    goal = await at_home.goal("order a large pepperoni pizza and then set a timer for twenty minutes")
    steps = at_home.mind.plan(goal).steps
    assert [step.tool for step in steps] == ["order_pizza", "set_timer"]
    assert steps[1].after == (1,)


async def test_a_missing_slot_is_asked_for_and_the_answer_continues(at_home: Any) -> None:
    goal = await at_home.goal("order a pepperoni pizza")
    assert goal.question is not None
    assert (goal.question.text, goal.question.choices) == ("What size?", ("small", "medium", "large"))
    goal = await at_home.answer(goal, "a big one please")
    assert goal.question is None
    assert goal.intents[0].values["size"] == "large"


async def test_questions_come_one_at_a_time(house: Any) -> None:
    goal = await house.goal("order a pizza")
    asked = []
    for answer in ("small", "funghi", "Elm Street 5, second floor"):
        asked.append(goal.question.text)
        goal = await house.answer(goal, answer)
    assert asked == ["What size?", "Which?", "To which address?"]
    assert goal.question is None
    assert goal.intents[0].values == {"size": "small", "kind": "funghi", "address": "Elm Street 5, second floor"}


@pytest.mark.parametrize("no", ["no", "cancel", "never mind", "forget it, thanks"])
async def test_a_no_to_a_question_leaves_nothing_to_do(at_home: Any, no: str) -> None:
    goal = await at_home.answer(await at_home.goal("order a pizza"), no)
    assert (goal.intents, goal.question, goal.refusal) == ((), None, "")


async def test_what_answers_no_question_is_a_new_request(at_home: Any) -> None:
    goal = await at_home.goal("order a pizza")
    said = Utterance(text="set a timer for ten minutes", spoken=True)
    assert await at_home.mind.settle(goal.question, said, now=at_home.now) is None


async def test_without_a_question_only_yes_and_no_are_answers(house: Any) -> None:
    found = [
        await house.mind.settle(None, Utterance(text=text, spoken=True), now=house.now)
        for text in ("yes please", "no", "a large pizza")
    ]
    assert found == [Answer(kind="yes"), Answer(kind="no"), None]


async def test_a_pressed_choice_answers_by_value_or_by_words(at_home: Any) -> None:
    goal = await at_home.goal("order a pizza")
    assert at_home.mind.press(goal.question, "medium") == Answer(kind="value", value="medium")
    assert at_home.mind.press(goal.question, "no") == Answer(kind="no")
    assert at_home.mind.press(goal.question, "gigantic") is None


async def test_an_answer_that_cannot_be_had_is_asked_again_with_what_can(at_home: Any) -> None:
    goal = await at_home.goal("book a table at seven tonight")
    again = at_home.mind.resume(goal, Answer(kind="value", value=12))
    assert again.question.text == "For how many? It can be one to eight."
    assert again.intents == goal.intents


async def test_last_time_is_suggested_and_never_filled_in(at_home: Any) -> None:
    goal = await at_home.goal("order a large pepperoni pizza")
    done = Result(number=1, tool="order_pizza", status="done", took_ms=9000.0)
    plan = at_home.mind.plan(goal)
    await at_home.mind.learn(Trajectory(task="t", person=at_home.person, goal=goal, plan=plan, results=(done,)))
    goal = await at_home.goal("order a funghi pizza")
    assert goal.question.text == "What size? Last time it was large."
    assert goal.question.choices[0] == "large"
    assert "size" not in goal.intents[0].values


async def test_what_a_person_had_to_tell_once_is_known_the_next_time(house: Any) -> None:
    goal = await house.goal("order a large funghi pizza")
    assert goal.question.text == "To which address?"
    goal = await house.answer(goal, "Oak Lane 1")
    done = Result(number=1, tool="order_pizza", status="done", took_ms=9000.0)
    plan = house.mind.plan(goal)
    await house.mind.learn(Trajectory(task="t", person=house.person, goal=goal, plan=plan, results=(done,)))
    again = await house.goal("order a small funghi pizza")
    assert again.question is None
    assert again.intents[0].values["address"] == "Oak Lane 1"
    assert again.intents[0].origins["address"] == "profile"


async def test_a_goal_survives_being_stored(at_home: Any) -> None:
    goal = await at_home.goal("order a pizza and set a timer for ten minutes")
    assert msgspec.json.decode(msgspec.json.encode(goal), type=Goal) == goal


@pytest.mark.parametrize("text", ["sing me a song", "the weather is nice", "tell my brother that i am late"])
async def test_what_it_cannot_do_is_said_with_what_it_can(house: Any, text: str) -> None:
    goal = await house.goal(text)
    assert goal.intents == ()
    assert goal.refusal.startswith("Sorry, I can't do that. I can order a pizza, book a table")


@pytest.mark.parametrize(
    "text", ["who is the king of Norway", "What's the capital of France?", "how tall is a giraffe"]
)
async def test_a_question_about_the_world_has_no_source(house: Any, text: str) -> None:
    assert (await house.goal(text)).refusal == "I have no source for that."


@pytest.mark.parametrize("text", ["what is my blood type", "how many friends do you have", "when did it break"])
async def test_a_question_about_oneself_is_told_what_can_be_done(house: Any, text: str) -> None:
    assert (await house.goal(text)).refusal.startswith("Sorry, I can't do that.")


async def test_silence_is_told_apart_from_what_is_not_understood(house: Any) -> None:
    assert "heard nothing" in (await house.goal(" ... ")).refusal


async def test_every_template_of_every_tool_fits_its_slots(house: Any) -> None:
    for tool in house.toolbox:
        for utterance in tool.utterances:
            templates.check(templates.parse(utterance), tool.slots)


async def test_every_example_that_help_shows_is_understood(house: Any) -> None:
    tool = house.toolbox.get("help")
    goal = await house.goal("what can you do")
    outcome = await execute(tool, house.mind.plan(goal).steps[0], house.run())
    for row in outcome.card.rows:
        heard = await house.goal(row.value)
        assert heard.refusal == "", row.value


async def test_a_note_keeps_the_capitals_and_marks_of_the_transcript(house: Any) -> None:
    goal = await house.goal("Take a note: call Zoë, Bob and Ann at 5 p.m. on Friday.")
    assert goal.intents[0].values["text"] == "call Zoë, Bob and Ann at 5 p.m. on Friday"


async def test_a_tool_that_went_away_is_named_when_planning(at_home: Any) -> None:
    goal = await at_home.goal("order a large pepperoni pizza")
    at_home.toolbox.remove("order_pizza")
    with pytest.raises(LookupError, match="no longer"):
        at_home.mind.plan(goal)


async def test_the_cap_of_the_request_comes_from_the_person(at_home: Any) -> None:
    await at_home.memory.remember(at_home.person, {"spending_cap": "30.00"})
    percept = await at_home.percept("order a large pepperoni pizza")
    goal = await at_home.mind.infer(percept, person=at_home.person)
    request = await at_home.mind.request(goal, percept, person=at_home.person)
    assert (request.cap, request.tools) == ("30.00", ("order_pizza",))
