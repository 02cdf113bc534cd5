"""Sentences that speak of what was said before them: "it", "for each of them", "if it costs less"."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from cloud.lam.carrying import READ
from cloud.lam.compounds import Compounds
from cloud.lam.goals import Answer
from cloud.lam.inference import Known, infer, resume
from cloud.lam.judgement import Act, ReadBack, Request, judge_act
from cloud.lam.perception import Percept, Reading, Utterance
from cloud.lam.planning import make_plan
from cloud.lam.referring import NO_PRICE, NOT_READ
from cloud.lam.toolbox import Outcome, Toolbox
from cloud.lam.turns import turn_of
from cloud.speech.correction import PhoneticCorrector
from language.comparisons import Comparison
from language.entities import Slot
from tests.cloud.exact import ExactCorrector
from tests.cloud.lam.test_expansion import Errand

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
NOBODY = Known(profile={}, suggestions={})
PIZZA = "order a large pepperoni pizza"


class Lister(Errand, frozen=True, kw_only=True):
    """A tool that reads a list."""

    lists: tuple[str, ...] = ()


UNREAD = Lister(name="unread_mails", utterances=("which mails are unread",), gives=("mails",), lists=("mails",))
FROM = Lister(
    name="mails_from",
    utterances=("mails from {sender}",),
    gives=("mails",),
    lists=("mails",),
    slots=(Slot(name="sender", kind="text"),),
)
STAR = Errand(
    name="star_mail",
    utterances=("star {subject}",),
    slots=(Slot(name="subject", kind="text", question="Which?"),),
    effect="reversible",
)
NEWEST = Errand(name="newest_order", utterances=("what is my newest order",), gives=("number", "total"))
TRACK = Errand(
    name="track_order", utterances=("track {number}",), slots=(Slot(name="number", kind="text", question="Which?"),)
)


BUY = Errand(
    name="buy_thing",
    utterances=("buy {thing}",),
    slots=(Slot(name="thing", kind="text", question="What?"),),
    effect="irreversible",
    navigates=("http://shop.example",),
)


@pytest.fixture(scope="module")
def toolbox(sites: Any) -> Toolbox:
    return Toolbox((*sites.values(), UNREAD, FROM, STAR, NEWEST, TRACK, BUY))


@pytest.fixture(params=[ExactCorrector, PhoneticCorrector], scope="module")
def understand(toolbox: Toolbox, request: Any) -> Any:
    corrector, book = Compounds(request.param(), toolbox), toolbox.phrasebook()

    def goal(text: str) -> Any:
        heard = corrector.correct(text, (), book, NOW, spoken=True)
        said = Utterance(text=text, spoken=True)
        return infer(Percept(utterance=said, text=heard.text, at=NOW, readings=heard.readings), toolbox, NOBODY)

    return goal


def test_it_is_what_the_request_before_reads(understand: Any, toolbox: Toolbox) -> None:
    goal = understand("what is my newest order and then track it")
    assert [intent.tool for intent in goal.intents] == ["newest_order", "track_order"]
    assert goal.question is None and goal.intents[1].carried == {"number": "{of0_number}"}
    first, second = make_plan(goal, toolbox, tuple).steps
    assert (first.keeps["of0_number"], second.fills, second.after) == ("number", {"number": "{of0_number}"}, (1,))


@pytest.mark.parametrize(
    "said", ["for each unread mail, star it", "for every unread mail star it", "star all unread mails"]
)
def test_something_is_done_for_each_of_a_list_that_a_tool_reads(understand: Any, toolbox: Toolbox, said: str) -> None:
    goal = understand(said)
    assert [intent.tool for intent in goal.intents] == ["unread_mails", "star_mail"], goal
    step = make_plan(goal, toolbox, tuple).steps[1]
    assert (step.each, step.fills) == ("of0_mails", {"subject": "{item}"})


def test_the_list_may_have_a_value_of_its_own(understand: Any) -> None:
    goal = understand("star all mails from Carl")
    assert [(intent.tool, intent.values) for intent in goal.intents] == [
        ("mails_from", {"sender": "Carl"}),
        ("star_mail", {}),
    ]


def test_what_was_read_decides_whether_the_next_is_done(understand: Any, toolbox: Toolbox) -> None:
    goal = understand("what is my newest order, and if the total is over twenty, track it")
    plan = make_plan(goal, toolbox, tuple)
    seen = {1: Outcome(status="done", sentence="", data={READ: {"number": "P-1", "total": "14.50"}})}
    turn = turn_of(plan.steps[1], plan, seen, {})
    assert turn.step is None and "the total is 14.50, not more than 20" in turn.sentence


@pytest.mark.parametrize(
    "said", [f"{PIZZA}, but only if it costs less than ten euros", f"if it costs less than ten euros {PIZZA}"]
)
def test_a_price_is_held_against_what_the_site_says_before_the_act(understand: Any, said: str) -> None:
    (intent,) = understand(said).intents
    assert (intent.tool, intent.only_if) == ("order_pizza", Comparison("below", "10", "EUR"))


def test_a_price_in_open_words_is_a_condition_of_what_cannot_be_undone_and_else_dictated(understand: Any) -> None:
    (buy,) = understand("buy the blue lamp but only if it costs less than ten euros").intents
    assert (buy.values, buy.only_if) == ({"thing": "the blue lamp"}, Comparison("below", "10", "EUR"))
    (track,) = understand("track P-1 if it costs less than ten euros").intents
    assert track.only_if is None and track.values == {"number": "P-1 if it costs less than ten euros"}


def test_a_price_is_kept_whichever_of_two_readings_is_chosen(toolbox: Toolbox) -> None:
    rival = Reading(tool="buy_thing", values={"thing": "a lamp"}, text="buy a lamp", distance=0.1, margin=0.0)
    below = Comparison("below", "10")
    heard = Reading(
        tool="buy_thing",
        values={"thing": "a lamb"},
        text="buy a lamb",
        distance=0.1,
        margin=0.0,
        rivals=(rival,),
        only_if=below,
        of_itself=True,
    )
    said = Utterance(text="buy a lamp if it costs less than ten", spoken=True)
    goal = infer(Percept(utterance=said, text=said.text, at=NOW, readings=(heard,)), toolbox, NOBODY)
    assert goal.question is not None and len(goal.question.choices) == 2
    for place in range(2):
        (chosen,) = resume(goal, Answer(kind="value", value=goal.question.values[place]), toolbox).intents
        assert chosen.only_if == below


def test_what_nothing_reads_cannot_be_compared(understand: Any) -> None:
    assert understand("set a timer for ten minutes if it costs less than ten euros").intents == ()
    assert understand("what is my newest order if it costs less than ten euros").refusal == NO_PRICE
    assert understand(f"what is my newest order and if the weight is over ten {PIZZA}").refusal == NOT_READ


@pytest.mark.parametrize(
    ("says", "rule"),
    [("9.50 €", "irreversible_is_asked"), ("14.50 €", "price_is_as_asked"), ("$ 9.50", "price_is_as_asked"), ("", "")],
)
def test_an_act_that_costs_otherwise_is_refused_unasked(sites: Any, says: str, rule: str) -> None:
    act = Act(
        tool="order_pizza",
        effect="irreversible",
        origin="http://pizza.example:8100",
        navigates=("http://pizza.example:8100",),
        read_backs=(ReadBack(name="total", label="Total", value=says, kind="amount"),) if says else (),
        only_if=Comparison("below", "10", "EUR"),
    )
    request = Request(person="ada", text=PIZZA, tools=("order_pizza",))
    verdict = judge_act(act, sites["order_pizza"], request)
    assert verdict.rule == (rule or "price_is_as_asked")
    plain = msgspec.structs.replace(act, only_if=None)
    assert judge_act(plain, sites["order_pizza"], request).decision == "ask"
