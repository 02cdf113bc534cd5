"""Names that sites give their files. The files themselves: `tests/teach_mode/test_outcomes.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from browser.deadline import Deadline
from browser.downloads import MOST_BYTES, NAME_CHARS, Download, plain_name
from browser.errors import DownloadFailed


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


class Session:
    """Stands for a CDP session: remembers what it was told."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, str]]] = []

    async def send(self, method: str, given: dict[str, str]) -> None:
        self.sent.append((method, given))


def progress(guid: str, received: int, state: str = "inProgress") -> dict[str, Any]:
    return {"guid": guid, "receivedBytes": received, "totalBytes": 0, "state": state}


async def test_one_file_is_let_in_and_none_that_is_too_large(tmp_path: Path) -> None:
    session = Session()
    coming = Download(cast(Any, session), tmp_path / "in")
    coming.on_begin({"guid": "a", "suggestedFilename": "big.bin"})
    coming.on_begin({"guid": "b", "suggestedFilename": "second.bin"})
    coming.on_progress(progress("b", 5, "completed"))
    coming.on_progress(progress("a", MOST_BYTES + 1))
    with pytest.raises(DownloadFailed, match=r"big\.bin: it has more than 64 MiB"):
        await coming.keep(tmp_path / "out", Deadline.after_ms(1_000))
    assert [given["guid"] for _, given in session.sent] == ["b", "a"]
    assert not (tmp_path / "out").exists()


async def test_what_only_pretends_to_be_the_browsers_file_is_not_kept(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    (tmp_path / "secret").write_text("not yours")
    (inbox / "a").symlink_to(tmp_path / "secret")
    coming = Download(cast(Any, Session()), inbox)
    coming.on_begin({"guid": "a", "suggestedFilename": "x.txt"})
    coming.on_progress(progress("a", 5, "completed"))
    with pytest.raises(DownloadFailed):
        await coming.keep(tmp_path / "out", Deadline.after_ms(1_000))
