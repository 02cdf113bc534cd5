"""The table of what each format holds is that of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from teach_mode.formats.__main__ import with_table
from teach_mode.formats.holding import FEATURES
from teach_mode.formats.registry import FORMATS

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"


def test_the_page_has_the_table_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == with_table(text), "run: python -m teach_mode.formats docs/formats.md"
    assert all(f"`{name}`" in text for name in FORMATS)


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.write is not None])
def test_a_format_that_can_be_written_says_of_everything_what_becomes_of_it(name: str) -> None:
    assert set(FORMATS[name].holds) == set(FEATURES)
