from __future__ import annotations

from pathlib import Path

import pytest

from device.errors import ScenarioError
from device.person import choice_in
from device.scenario import After, Network, OnAsk, Step, clicks_of, read_scenario, scenario_of
from wire.parts import AskChoice

FULL = """
steps:
  - say: order.wav
    see: flyer.png
  - after: {event: first_audio, delay_ms: 300}
    press: single
  - hold_ms: 2000
  - text: cancel
  - wheel: -2
  - network: {refuse_ms: 3000}
    after: {event: turn_began, delay_ms: 800}
on_ask: {press: double, delay_ms: 200}
answers: [margherita, seven.wav]
"""


def test_a_scenario_is_read_from_yaml_and_its_paths_count_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FULL)
    scenario = read_scenario(tmp_path / "a.yaml")
    assert scenario.steps == (
        Step(say=tmp_path / "order.wav", see=tmp_path / "flyer.png"),
        Step(after=After("first_audio", 300), press=1),
        Step(hold_ms=2000),
        Step(text="cancel"),
        Step(wheel=-2),
        Step(network=Network(refuse_ms=3000), after=After("turn_began", 800)),
    )
    assert scenario.on_ask == OnAsk(2, 200)
    assert scenario.answers == ("margherita", str(tmp_path / "seven.wav"))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"steps": [{"sya": "a.wav"}]}, "did you mean 'say'"),
        ({"stpes": []}, "did you mean 'steps'"),
        ({"steps": [{"press": "twice"}]}, "none of"),
        ({"steps": [{"hold_ms": "long"}]}, "hold_ms"),
        ({"steps": "say"}, "scenario"),
        (["say"], "mapping"),
        ({"steps": [{}] * 201}, "at most 200"),
    ],
)
def test_what_is_wrong_in_a_scenario_is_told(told: object, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        scenario_of(told, Path())


def test_a_file_that_is_no_scenario_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("steps: [")
    with pytest.raises(ScenarioError, match="no YAML"):
        read_scenario(tmp_path / "a.yaml")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_scenario(tmp_path / "b.yaml")


@pytest.mark.parametrize(
    ("word", "clicks"), [("double", 2), ("double-after-ask", 2), ("none", 0), ("single", 1), ("triple", 3), (4, 4)]
)
def test_presses_have_names(word: str | int, clicks: int) -> None:
    assert clicks_of(word) == clicks


CHOICES = (AskChoice("2", "two people"), AskChoice("10", "ten people"), AskChoice("large", "Large"))


@pytest.mark.parametrize(
    ("answer", "index"),
    [
        ("10", 1),
        ("Ten People", 1),
        ("a table for ten people, please", 1),
        ("LARGE!", 2),
        ("a large one", 2),
        ("enlarge", -1),
        ("", -1),
        ("nothing of that", -1),
    ],
)
def test_a_choice_is_found_by_name_alone_or_in_a_sentence(answer: str, index: int) -> None:
    assert choice_in(answer, CHOICES) == index
