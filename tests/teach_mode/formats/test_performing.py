"""A skill as it runs with certain values."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from teach_mode.checks import read_skill
from teach_mode.errors import ExportRefused
from teach_mode.formats.performing import perform
from teach_mode.formats.registry import FORMATS, export_skill
from teach_mode.retarget import texts_in
from teach_mode.skill import Call

PIZZA = read_skill(Path(__file__).parents[3] / "examples" / "skills" / "pizza.json")


def test_loops_are_unrolled_and_conditions_on_values_decided() -> None:
    order = {"size": "large", "kind": "quattro-formaggi", "toppings": ("olives", "bacon")}
    found = perform(PIZZA, order)
    assert [plain.step.id for plain in found.steps].count("choose-quantity") == 0
    assert [plain.item for plain in found.steps if plain.item] == ["olives", "bacon"]
    [pay] = [plain.step for plain in found.steps if plain.step.effect == "irreversible"]
    assert pay.question == "{ordered} with olives and bacon, the site says {total}, to {delivered_to}. Order it?"
    assert "{" not in "".join(text for plain in found.steps for text in texts_in((plain.step.target, plain.step.value)))


def test_what_was_not_given_is_an_example_and_said_so() -> None:
    found = perform(PIZZA, {"kind": "funghi"})
    assert found.values["size"] == "small" and found.values["phone"] == "555 0100 22"
    said = " ".join(note.words for note in found.notes)
    assert "size was not given" in said and "kind" not in said
    assert [note.step for note in found.notes if "puts the start right" in note.words]


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.write is not None])
def test_skills_that_a_skill_calls_are_noted_and_alone_are_no_file(name: str) -> None:
    calls = (Call(id="then", skill="tell_friend"),)
    exported = export_skill(msgspec.structs.replace(PIZZA, calls=calls), name)
    assert [note.step for note in exported.notes if "tell_friend" in note.words] == ["then"]
    with pytest.raises(ExportRefused, match="tell_friend"):
        export_skill(msgspec.structs.replace(PIZZA, calls=calls, steps=()), name)
