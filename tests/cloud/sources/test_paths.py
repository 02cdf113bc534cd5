from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.sources.paths import MOST_LETTERS, clean, parse_path, values_at

DATA = {"a": {"b": [{"c": 1}, {"c": "two"}, {"d": None}]}, "t": True, "list": [1, 2.5]}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("a.b[0].c", (1.0,)),
        ("a.b[*].c", (1.0, "two")),
        ("a.b[9].c", ()),
        ("a.x.y", ()),
        ("list[*]", (1.0, 2.5)),
        ("t", ("yes",)),
        ("a.b[2].d", ()),
    ],
)
def test_values_are_found_by_their_path(path: str, values: tuple[Any, ...]) -> None:
    assert values_at(DATA, path) == values


@pytest.mark.parametrize("path", ["", "a..b", "a[x]", "a[-1]", "[", "a.]"])
def test_a_path_that_cannot_be_read_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"path|read"):
        parse_path(path)


@pytest.mark.parametrize("path", ["a", "list", "a.b[0]"])
def test_what_is_no_plain_value_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not a value"):
        values_at(DATA, path)


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=20,
)


@given(JSON, st.sampled_from(("a", "a.b", "a[*].b", "[*]", "a[0].c[*]")))
def test_any_answer_has_plain_values_or_is_refused(data: Any, path: str) -> None:
    try:
        values = values_at(data, path)
    except ValueError:
        return
    assert all(isinstance(value, str | float) for value in values)


@given(st.text(max_size=1000))
def test_words_of_a_source_are_one_line_that_can_be_said(text: str) -> None:
    line = clean(text)
    assert len(line) <= MOST_LETTERS
    assert line.isprintable()
