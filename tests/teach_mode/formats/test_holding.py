"""The table of what files of other tools hold of a skill, as docs/formats.md shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from teach_mode.formats.holding import FEATURES, table
from teach_mode.formats.registry import FORMATS

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
WRITTEN = [one for one in FORMATS.values() if one.write is not None]


def test_the_page_shows_the_table_of_the_code() -> None:
    assert table(FORMATS.values()) in PAGE.read_text(encoding="utf-8"), table(FORMATS.values())


@pytest.mark.parametrize("name", [one.name for one in WRITTEN])
def test_each_format_that_is_written_says_what_it_holds_of_everything(name: str) -> None:
    assert FORMATS[name].holds.keys() == FEATURES.keys()
