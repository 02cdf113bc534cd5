"""What any file is held to before it is understood."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from teach_mode.errors import ImportRefused
from teach_mode.formats.registry import import_skill
from teach_mode.formats.source import MOST_BYTES, Located, Source


def test_every_object_knows_the_line_that_it_begins_on() -> None:
    source = Source(b'{"a":\n {"b": "}{\\"\n"},\r\n"c": [\n{"d": [{}]}]}'.replace(b'"}{\\"\n"', b'"}{\\""'))
    read = source.json
    assert isinstance(read, Located)
    assert (read.line, read["a"].line, read["c"][0].line, read["c"][0]["d"][0].line) == (1, 2, 4, 4)


def test_an_escape_that_is_half_a_character_becomes_one_that_can_be_written() -> None:
    assert Source(b'["\\ud800x", {"\\udc00": "\\ud83d\\ude00"}]').json == ["\ufffdx", {"\ufffd": "😀"}]


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("flow.json", b" " * 50_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(), "zip archive"),
        (gzip.compress(b"{}", mtime=0), "gzip archive"),
        (b" " * (MOST_BYTES + 1), "bytes"),
        (b"\xff\xff\xff", "no text"),
        (b'{"a": "\0"}', "zero byte"),
        (b"[" * 100_000, "nested"),
        (b"[" + b"{}," * 100_000 + b"{}]", "objects and lists"),
        (b'{"a": ' + b"9" * 5000 + b"}", "digits"),
        (b'{"a": nul}', "not JSON"),
    ],
)
def test_what_is_no_recording_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason):
        import_skill(data, "flow.json", "chrome-recorder")


def test_a_file_of_no_known_tool_names_the_formats_that_there_are() -> None:
    with pytest.raises(ImportRefused, match="chrome-recorder"):
        import_skill(b'{"hello": 1}')
