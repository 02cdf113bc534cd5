"""Skills that call others, made of a sentence."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from cloud.lam.chaining import chain, prolonged
from cloud.lam.compounds import Compounds
from cloud.lam.goals import Goal, Intent
from cloud.lam.inference import infer
from cloud.lam.perception import Percept, Utterance
from cloud.lam.toolbox import Toolbox
from cloud.tools.callees import problems
from teach_mode.checks import parse_skill, write_skill
from teach_mode.errors import SkillContradictory
from teach_mode.skill import Call, Skill
from tests.cloud.exact import ExactCorrector
from tests.cloud.lam.test_referring import NEWEST, NOBODY, NOW, PIZZA, STAR, TRACK, UNREAD

TABLE = "book a table for two at seven"


@pytest.fixture(scope="module")
def toolbox(sites: Any) -> Toolbox:
    return Toolbox((*sites.values(), UNREAD, STAR, NEWEST, TRACK))


def understood(text: str, toolbox: Toolbox, before: tuple[Intent, ...] = ()) -> Goal:
    heard = Compounds(ExactCorrector(), toolbox).correct(text, (), toolbox.phrasebook(), NOW, spoken=False)
    said = Utterance(text=text, spoken=False)
    percept = Percept(utterance=said, text=heard.text, at=NOW, readings=heard.readings)
    return infer(percept, toolbox, NOBODY, None, before)


def made(does: str, toolbox: Toolbox) -> Skill:
    skill = chain("do my thing", does, understood(does, toolbox), toolbox)
    assert parse_skill(write_skill(skill)) == skill and list(problems(skill, toolbox)) == []
    return skill


def test_a_sentence_becomes_a_skill_that_carries_what_is_read(toolbox: Toolbox) -> None:
    skill = made("what is my newest order and then track it", toolbox)
    assert (skill.name, skill.utterances, skill.effect) == ("do_my_thing", ("do my thing",), "read")
    assert skill.calls == (
        Call(id="newest-order", skill="newest_order", keeps={"number": "number"}),
        Call(id="track-order", skill="track_order", values={"number": "{number}"}),
    )


def test_a_list_and_a_condition_are_kept(toolbox: Toolbox) -> None:
    skill = made("star all unread mails", toolbox)
    assert (skill.calls[1].for_each, skill.calls[1].values) == ("mails", {"subject": "{item}"})
    skill = made("what is my newest order, and if the total is over twenty, track it", toolbox)
    assert skill.calls[1].when is not None and skill.calls[1].when.value == "total"


def test_a_time_is_asked_for_anew_and_what_is_missing_too(toolbox: Toolbox) -> None:
    skill = made(f"{TABLE}, otherwise {PIZZA}", toolbox)
    table, pizza = skill.calls
    assert table.values == {"people": "2", "when": "{when}"}
    assert (pizza.instead_of, pizza.strict, pizza.values["size"]) == ("book-table", False, "large")
    assert [parameter.name for parameter in skill.parameters] == ["when", "address"] and skill.effect == "irreversible"


def test_a_price_is_no_part_of_a_chain(toolbox: Toolbox) -> None:
    does = f"{PIZZA} if it costs less than ten"
    with pytest.raises(SkillContradictory, match="compared when it is said"):
        chain("do my thing", does, understood(does, toolbox), toolbox)


def test_something_comes_after_a_skill_and_takes_what_that_reads(toolbox: Toolbox) -> None:
    skill = made("what is my newest order and then track it", toolbox)
    itself = Intent(tool=skill.name, values={}, text=skill.description)
    kept = msgspec.structs.replace(NEWEST, name=skill.name, gives=("number",))
    box = Toolbox((*toolbox, kept))
    longer = prolonged(skill, understood("star it", box, (itself,)), box)
    assert longer.calls[-1] == Call(id="star-mail", skill="star_mail", values={"subject": "{number}"})
    assert longer.effect == "reversible" and list(problems(longer, toolbox)) == []
