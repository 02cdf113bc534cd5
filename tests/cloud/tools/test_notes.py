from __future__ import annotations

from typing import Any

import pytest

from cloud.lam.errors import ToolError


async def test_a_note_is_kept_word_for_word_and_read_back(bench: Any) -> None:
    text = "Call Zoë at 5, and don't forget: 2 eggs & milk"
    assert (await bench.use("take_note", text=text)).sentence == f"Noted: {text}."
    assert (await bench.use("read_notes")).sentence == f"You have one note. Today: {text}."


async def test_the_newest_notes_are_read_first_and_not_all_of_them(bench: Any) -> None:
    for number in range(7):
        await bench.use("take_note", text=f"note {number}")
        bench.clock.now += 60
    outcome = await bench.use("read_notes")
    assert outcome.sentence.startswith("You have seven notes. The newest are: Today: note 6. Today: note 5.")
    assert [row.value for row in outcome.card.rows] == [f"note {number}" for number in (6, 5, 4, 3, 2)]


async def test_a_note_that_waited_for_a_network_is_of_the_day_it_was_said(bench: Any) -> None:
    await bench.use("take_note", text="buy milk", waited_s=86_400)
    assert (await bench.use("read_notes")).sentence == "You have one note. Yesterday: buy milk."


async def test_a_note_without_words_is_refused(bench: Any) -> None:
    with pytest.raises(ToolError, match="no words"):
        await bench.use("take_note", text="  ")


async def test_a_note_is_not_taken_twice_when_its_step_runs_again(bench: Any) -> None:
    for _ in range(2):
        await bench.use("take_note", task="same", text="milk")
    assert (await bench.use("read_notes")).sentence.startswith("You have one note.")


async def test_notes_belong_to_their_person(bench: Any) -> None:
    await bench.use("take_note", person="bob", text="secret")
    assert (await bench.use("read_notes")).sentence == "You have no notes."
