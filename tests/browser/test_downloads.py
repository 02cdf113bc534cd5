"""Names that sites give their files. The files themselves: `tests/teach_mode/test_outcomes.py`."""

from __future__ import annotations

import pytest

from browser.downloads import NAME_CHARS, plain_name


@pytest.mark.parametrize(
    ("suggested", "name"),
    [
        ("Invoice 7 (copy).pdf", "Invoice 7 (copy).pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\list.csv", "list.csv"),
        (".bashrc", "bashrc"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("Übersicht.xlsx", "Übersicht.xlsx"),
        ("..", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * (NAME_CHARS - 4) + ".pdf"),
        ("x." + "y" * 300, "x." + "y" * (NAME_CHARS - 2)),
    ],
)
def test_what_a_site_calls_a_file_becomes_a_plain_name(suggested: str, name: str) -> None:
    assert plain_name(suggested) == name
