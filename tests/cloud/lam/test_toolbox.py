"""Finding tools by their words, and telling what there is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cloud.lam.toolbox import SiteTool, Toolbox
from cloud.tools.clocks import TIME

NOW = datetime(2026, 11, 23, 14, 30)


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("some pepperoni pizzas", "order_pizza"),
        ("reserve a tabel at the bistro", "book_table"),
        ("remaining time of my timer", "list_timers"),
        ("jot down a note", "take_note"),
    ],
)
async def test_search_finds_a_tool_by_words_that_are_nearly_its_own(house: Any, text: str, tool: str) -> None:
    assert tool in [found.tool.name for found in house.toolbox.search(text, 3)]


async def test_search_sees_a_tool_as_soon_as_it_is_there_and_no_longer(house: Any, sites: Any) -> None:
    def names() -> list[str]:
        return [found.tool.name for found in house.toolbox.search("book at the tavern", 2)]

    assert "book_tavern" not in names()
    house.toolbox.add(sites["book_tavern"])
    assert "book_tavern" in names()
    house.toolbox.remove("book_tavern")
    assert "book_tavern" not in names()


def test_every_change_is_another_version(sites: Any) -> None:
    toolbox = Toolbox([TIME])
    versions = [toolbox.phrasebook().version]
    toolbox.add(sites["order_pizza"])
    versions.append(toolbox.phrasebook().version)
    toolbox.remove("nothing")
    assert toolbox.phrasebook().version == versions[-1]
    toolbox.remove("time")
    versions.append(toolbox.phrasebook().version)
    assert len(set(versions)) == 3


def test_what_there_is_fits_a_breath(sites: Any) -> None:
    assert Toolbox().abilities() == "There is nothing that I can do yet."
    toolbox = Toolbox((TIME, *sites.values()))
    assert toolbox.abilities() == "I can order a pizza, book a table, book at the tavern and tell the time."


def test_a_site_is_told_from_a_tool_without_one(sites: Any) -> None:
    assert isinstance(sites["order_pizza"], SiteTool)
    assert not isinstance(TIME, SiteTool)
