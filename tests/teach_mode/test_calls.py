"""Skills that call skills: what the files may say, and what may be called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from language.entities import Slot
from teach_mode.calls import MOST_DEPTH, Callee, problems_beside
from teach_mode.checks import parse_skill, write_skill
from teach_mode.errors import SkillError
from teach_mode.skill import Call, Skill

FIRST = {"id": "newest", "skill": "newest_order", "keeps": {"number": "order"}}
SECOND = {"id": "track", "skill": "track_order", "values": {"number": "{number}"}}
NEWEST = Callee(name="newest_order", effect="read", slots=(), gives=frozenset({"order"}))
TRACK = Callee(name="track_order", effect="read", slots=(Slot(name="number", kind="text"),))


def chain(*calls: dict[str, Any], **more: Any) -> dict[str, Any]:
    raw = {"format": 1, "name": "both", "description": "both", "utterances": ["do both"], "effect": "read"}
    return raw | {"calls": list(calls)} | more


def parsed(raw: dict[str, Any]) -> Skill:
    return parse_skill(msgspec.json.encode(raw))


def find(*callees: Callee) -> Callable[[str, int], Callee | None]:
    known = {callee.name: callee for callee in callees}
    return lambda name, version: known.get(name)


def test_a_skill_may_do_nothing_but_call_others_and_reads_back_as_it_was_written() -> None:
    skill = parsed(chain(FIRST, SECOND))
    assert [call.skill for call in skill.calls] == ["newest_order", "track_order"] and skill.navigates == ()
    assert parse_skill(write_skill(skill)) == skill
    assert list(problems_beside(skill, find(NEWEST, TRACK))) == []


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (chain(SECOND), "there is no value 'number' before it"),
        (chain(FIRST, {**SECOND, "id": "newest"}), "its id must be a lower-case word of its own"),
        (chain(FIRST, {**SECOND, "values": {"number": "{number"}}), "brace"),
        (chain({**FIRST, "keeps": {"site": "order"}}), "taken or cannot be used"),
        (chain(FIRST, {**SECOND, "instead_of": "nowhere"}), "there is nothing called 'nowhere' before it"),
        (chain(FIRST, {**SECOND, "strict": True}), "strict says how `instead_of` is meant"),
        (chain(FIRST, {**SECOND, "for_each": "mails"}), "for_each"),
        (chain(FIRST, {**SECOND, "most": 0}), "most: it is 1 to"),
        (chain(FIRST, {**SECOND, "when": {"value": "price", "relation": "below", "than": "20"}}), "no value 'price'"),
        (chain(FIRST, {**SECOND, "when": {"value": "number", "relation": "below", "than": "x"}}), "nothing to compare"),
        (chain(FIRST, base="http://shop.example"), "no page and no host"),
        (chain(FIRST, read_back="Done."), "nothing to read back"),
        (chain(), "Object missing required field `base`"),
        (chain({**FIRST, "kepes": {}}), "did you mean 'keeps'"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(SkillError, match=says):
        parsed(raw)


def beside(raw: dict[str, Any], *callees: Callee) -> str:
    return "; ".join(problems_beside(parsed(raw), find(*callees)))


def test_what_is_called_must_be_there_and_fit() -> None:
    assert "there is no skill 'track_order'" in beside(chain(FIRST, SECOND), NEWEST)
    assert "track_order needs a value for 'number'" in beside(chain({**SECOND, "values": {}}), TRACK)
    asked = chain(FIRST, {**SECOND, "values": {"nummer": "7"}})
    assert "has no parameter 'nummer'; it has number" in beside(asked, NEWEST, TRACK)
    assert "reads no 'price'; it reads order" in beside(chain({**FIRST, "keeps": {"price": "price"}}), NEWEST)


def test_a_caller_is_at_least_what_it_calls() -> None:
    buying = msgspec.structs.replace(NEWEST, effect="irreversible")
    assert "both says read, but newest_order is irreversible" in beside(chain(FIRST), buying)
    assert beside(chain(FIRST, effect="irreversible"), buying) == ""


def test_a_circle_and_a_tower_are_refused() -> None:
    back = msgspec.structs.replace(NEWEST, calls=(Call(id="back", skill="both"),))
    assert "both calls newest_order calls both: that never ends" in beside(chain(FIRST), back)
    tower = [
        Callee(name=f"floor_{number}", effect="read", slots=(), calls=(Call(id="up", skill=f"floor_{number + 1}"),))
        for number in range(MOST_DEPTH + 1)
    ]
    assert f"{MOST_DEPTH} deep" in beside(chain({"id": "up", "skill": "floor_0"}), *tower, NEWEST)


def test_what_calls_others_itself_is_called_plainly() -> None:
    calling = msgspec.structs.replace(TRACK, calls=(Call(id="one", skill="newest_order"),))
    once = {**SECOND, "when": {"value": "number", "relation": "above", "than": "1"}}
    assert "are for a skill that calls none" in beside(chain(FIRST, once), NEWEST, calling)
