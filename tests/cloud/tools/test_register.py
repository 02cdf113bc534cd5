"""What is saved is understood at once; what runs goes on with the version it was planned with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cloud.lam.goals import Goal, Intent
from cloud.lam.perception import Heard
from cloud.lam.planning import make_plan
from cloud.lam.toolbox import Toolbox
from cloud.speech.correction import PhoneticCorrector
from cloud.tools.clocks import CLOCK_TOOLS
from cloud.tools.register import Register
from cloud.tools.shelf import Shelf
from cloud.tools.skills import SkillTool
from teach_mode.checks import read_skill
from teach_mode.skill import Skill

PIZZA = Path(__file__).parents[3] / "examples" / "skills" / "pizza.json"
NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
NOBODY: Any = None  # no browser and no desk: nothing is run here


@pytest.fixture
def pizza() -> Skill:
    return read_skill(PIZZA)


class Shop:
    """A toolbox, a shelf, and the register between them."""

    def __init__(self, folder: Path, files: list[Skill], sites: dict[str, str] | None = None) -> None:
        self.toolbox = Toolbox(CLOCK_TOOLS)
        register = Register(self.toolbox, sites=sites or {}, pool=NOBODY, desk=NOBODY)
        self.shelf = Shelf(folder, files={skill.name: skill for skill in files}, changed=register.changed)
        register.open(self.shelf)

    def tool(self, name: str, version: int = 0) -> SkillTool:
        tool = self.toolbox.get(name, version)
        assert isinstance(tool, SkillTool)
        return tool


def test_a_saved_skill_is_understood_by_voice_at_once_and_a_removed_one_no_more(tmp_path: Path, pizza: Skill) -> None:
    shop, corrector = Shop(tmp_path, []), PhoneticCorrector()
    words = "summon a large pepperoni pizza"

    def hear() -> Heard:
        return corrector.correct(words, (), shop.toolbox.phrasebook(), NOW, spoken=False)

    assert hear().decision != "accept"
    taught = msgspec.structs.replace(pizza, utterances=("summon a {size} {kind} pizza",))
    shop.shelf.save(taught, why="taught")
    heard = hear()
    assert heard.decision == "accept"
    assert heard.readings[0].tool == pizza.name
    shop.shelf.save(msgspec.structs.replace(taught, utterances=("conjure a {size} {kind} pizza",)), why="edited")
    assert hear().text != words
    shop.shelf.remove(pizza.name)
    assert shop.toolbox.get(pizza.name) is None
    assert hear().decision != "accept"


def test_a_plan_goes_on_with_the_version_that_it_was_made_with(tmp_path: Path, pizza: Skill) -> None:
    shop = Shop(tmp_path, [pizza])
    intent = Intent(tool=pizza.name, values={"size": "large", "kind": "pepperoni"}, text="a pizza")
    step = make_plan(Goal(intents=(intent,), confidence=1.0), shop.toolbox, lambda names: tuple(names)).steps[0]
    assert step.version == pizza.version
    shop.shelf.save(msgspec.structs.replace(pizza, description="new"), why="healed")
    assert shop.tool(pizza.name).description == "new"
    assert shop.tool(pizza.name, step.version).skill == pizza
    assert shop.toolbox.get(pizza.name, 99) is None
    shop.shelf.remove(pizza.name)
    assert shop.tool(pizza.name, step.version).skill == pizza


def test_the_shelf_goes_before_a_configured_file_of_that_name(tmp_path: Path, pizza: Skill) -> None:
    Shelf(tmp_path).save(msgspec.structs.replace(pizza, description="from the shelf"), why="taught")
    assert Shop(tmp_path, [pizza]).tool(pizza.name).description == "from the shelf"


def test_a_skill_on_the_shelf_that_cannot_be_used_keeps_nothing_else_from_starting(
    tmp_path: Path, pizza: Skill
) -> None:
    Shelf(tmp_path).save(pizza, why="taught")
    (tmp_path / pizza.name / "0001" / "skill.json").write_text("{}")
    shop = Shop(tmp_path, [])
    assert shop.toolbox.get(pizza.name) is None
    assert len(shop.toolbox) == len(CLOCK_TOOLS)


def test_an_address_on_a_foreign_host_binds_no_skill_of_the_shelf(tmp_path: Path, pizza: Skill) -> None:
    Shelf(tmp_path).save(pizza, why="taught")
    assert Shop(tmp_path, [], {pizza.site: "http://evil.example"}).toolbox.get(pizza.name) is None
