"""What the demo makes of what it saw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cloud.events import Event
from examples.demo import film
from examples.demo.person import choice_in
from examples.demo.result import result_of
from examples.demo.run import Request, Run
from wire.parts import AskChoice

SIZES = (AskChoice("small", "a small one"), AskChoice("large", "a large one"))
PEOPLE = (AskChoice("2", "for two"), AskChoice("10", "for ten"))


@pytest.mark.parametrize(
    ("sentence", "choices", "said"),
    [
        ("order a large pepperoni pizza", SIZES, "a large one"),
        ("book a table for two", PEOPLE, "for two"),
        ("book a table, 10 people", PEOPLE, "for ten"),
        ("order a pepperoni pizza", SIZES, None),
        ("anything", (), None),
    ],
)
def test_the_choice_that_stands_in_the_sentence_is_named(
    sentence: str, choices: tuple[AskChoice, ...], said: str | None
) -> None:
    assert choice_in(sentence, choices) == said


def events(*kinds: tuple[str, dict[str, Any]]) -> list[Event]:
    return [
        Event(cursor=n, task="t", number=n, kind=kind, person="owner", at=float(n), data=data)  # type: ignore[arg-type]
        for n, (kind, data) in enumerate(kinds, 1)
    ]


STEP = {"number": 1, "tool": "order_pizza", "arguments": {"size": "large"}, "effect": "irreversible", "words": "order"}
ASKED = {"ask": "a", "kind": "irreversible", "text": "Order it?"}
SEEN = events(
    ("heard", {"text": "order pizza", "engine": "moonshine"}),
    ("corrected", {"text": "order a pizza"}),
    ("planned", {"steps": [STEP]}),
    ("asked", ASKED),
    ("ask_closed", {"ask": "a", "outcome": "yes"}),
    ("step_done", {"number": 1, "status": "done", "sentence": "Done."}),
    ("task_done", {"status": "done", "sentence": "Done."}),
)
JOURNAL = [
    {"at_ms": 1000, "event": "released", "turn": 1},
    {"at_ms": 1100, "event": "cloud", "type": "transcript", "text": "order", "final": False},
    {"at_ms": 1250, "event": "cloud", "type": "transcript", "text": "order pizza", "final": True},
    {"at_ms": 1300, "event": "committed", "turn": 1},
    {"at_ms": 1400, "event": "first_audio", "say": 1},
]


def test_the_result_says_what_was_measured() -> None:
    run = Run(request=Request(text="order a pizza"), events=SEEN, journal=JOURNAL, ledger=[{"site": "pizza"}])
    result = result_of(run)
    assert result["transcript"] == "order pizza"
    assert result["corrected"] == "order a pizza"
    assert result["goal"] == {"intents": [{"tool": "order_pizza", "values": {"size": "large"}}], "done": True}
    assert result["ledger"] == [{"site": "pizza"}]
    timings = result["timings_ms"]
    assert (timings["release_to_transcript"], timings["release_to_first_audio"]) == (250, 400)
    assert (timings["task"], timings["waited_for_person"], timings["work"]) == (6000, 1000, 5000)


def test_the_result_has_every_key_even_when_nothing_was_understood() -> None:
    result = result_of(Run(request=Request(text="hm")))
    keys = {"utterance", "transcript", "corrected", "goal", "steps", "questions", "approval", "ledger", "reply"}
    assert keys | {"engines", "timings_ms"} <= result.keys()
    assert result["goal"]["done"] is False


def test_an_order_that_is_not_in_the_ledger_is_not_done() -> None:
    assert not Run(request=Request(text="x"), events=SEEN).is_done
    assert Run(request=Request(text="x"), events=SEEN, ledger=[{}]).is_done


def test_the_frames_of_a_run_are_gathered_on_one_sheet(tmp_path: Path) -> None:
    frames = tmp_path / "tasks" / "t" / "frames"
    frames.mkdir(parents=True)
    for number in range(4):
        Image.new("RGB", (640, 400), (number * 60, 0, 0)).save(frames / f"{number:04d}.jpg")
    found = film.collect(tmp_path / "tasks", tmp_path / "film")
    film.sheet(found, tmp_path / "film.png")
    with Image.open(tmp_path / "film.png") as sheet:
        assert sheet.width == film.COLUMNS * (film.WIDTH_PX + film.GAP_PX) + film.GAP_PX
    assert [path.name for path in found] == ["001.jpg", "002.jpg", "003.jpg", "004.jpg"]


def test_a_run_without_a_browser_has_no_sheet(tmp_path: Path) -> None:
    film.sheet([], tmp_path / "film.png")
    assert not (tmp_path / "film.png").exists()
