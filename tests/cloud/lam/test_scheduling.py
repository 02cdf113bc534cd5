"""What is kept of a request that is to be done again and again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.lam import scheduling
from cloud.lam.errors import ToolUnknown
from cloud.lam.goals import Call, Goal, Intent
from cloud.lam.toolbox import Toolbox
from language.comparisons import Comparison
from tests.cloud.lam.conftest import BISTRO, PIZZA

TOOLBOX = Toolbox((PIZZA, BISTRO))
ORDER = Intent(
    tool=PIZZA.name, values={"size": "large", "address": "Elm 5"}, origins={"size": "said", "address": "profile"}
)
KEEPER = Intent(
    tool=scheduling.ADD, values={"when": "every friday at seven", "request": "order a large pizza", "asked": ""}
)


def test_a_request_is_kept_as_a_call_without_what_the_profile_knows() -> None:
    assert scheduling.call_of([ORDER], (), TOOLBOX) == Call(
        tool=PIZZA.name, arguments={"size": "large"}, origins={"size": "said"}
    )


CHEAP = Comparison(relation="below", than="15")


@pytest.mark.parametrize(
    "condition", [{"only_if": CHEAP}, {"each": "mails"}, {"carried": {"size": "{x}"}}, {"instead_of": 0}]
)
def test_what_a_call_cannot_say_is_read_from_its_words_each_time(condition: dict[str, object]) -> None:
    assert scheduling.call_of([replace(ORDER, **condition)], (), TOOLBOX) is None


def test_what_was_asked_for_beside_a_condition_cannot_be_kept() -> None:
    asked = replace(KEEPER, values={**KEEPER.values, "asked": "size"})
    goal = Goal(intents=(replace(ORDER, each="mails"), asked), confidence=1.0)
    with pytest.raises(ToolUnknown, match="one thing at a time"):
        scheduling.plan_of(goal, TOOLBOX)


def test_days_in_words_are_read_anew_and_days_that_were_answered_move_along() -> None:
    table = Intent(tool=BISTRO.name, values={"people": 2, "when": "2026-12-01T19:00"}, origins={})
    assert scheduling.call_of([table], (), TOOLBOX) is None
    assert scheduling.call_of([table], ("when",), TOOLBOX) == Call(tool=BISTRO.name, arguments=table.values)
