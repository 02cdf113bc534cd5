"""Importers against files of nonsense: a valid skill or a refusal by name, whatever comes."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teach_mode.errors import ImportRefused
from teach_mode.formats.registry import FORMATS, import_skill, recognise
from tests.teach_mode.formats.fuzzing import HEAVY_BYTES, Came, Case, cases, read

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
CASES = 10_000 if SOAK else 300


def test_changed_files_become_skills_or_are_refused_by_name() -> None:
    came = Came()
    for case in cases(1, CASES):
        read(case, came)
    assert came.cases == CASES and came.skills > CASES / 20 and came.refused > CASES / 20


@given(data=st.binary(max_size=200), name=st.sampled_from(sorted(FORMATS)))
def test_no_bytes_whatever_raise_anything_but_a_refusal(data: bytes, name: str) -> None:
    read(Case(data, name, "x"), Came())


@given(text=st.text(max_size=200), name=st.sampled_from(sorted(FORMATS)))
def test_no_text_whatever_raises_anything_but_a_refusal(text: str, name: str) -> None:
    read(Case(text.encode("utf-8", "surrogatepass"), name, "x"), Came())


def zipped(size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("flow.json", b" " * size)
    return file.getvalue()


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)
HUGE = {
    "a zip": zipped(30_000_000),
    "50 MB of spaces": b" " * 50_000_000,
    "50 MB of JSON": b'{"title":"' + b"x" * 50_000_000 + b'"}',
    "deep lists": b"[" * 900_000,
    "deep objects": b'{"a":' * 300_000,
    "deep YAML": b"- " * 200_000,
    "deep brackets in YAML": b"[" * 200_000,
    "deep Python": b"(" * 300_000,
    "deep Python calls": b"f(" * 90_000 + b")" * 90_000,
    "deep attributes": b"a" + b".b" * 300_000,
    "long sums": b"a = 1" + b"+1" * 300_000,
    "many small objects": b'{"title":"x","steps":[' + b"{}," * 600_000 + b"{}]}",
    "aliases": BOMB.encode(),
    "one long line": b"x = '" + b"y" * 1_900_000 + b"'",
    "one long word": b'{"title":"x","steps":[{"type":"navigate","url":"https://a.example/' + b"y" * 1_900_000 + b'"}]}',
    "long selector": b'{"title":"x","steps":[{"type":"click","selectors":[["aria/' + b"[" * 1_900_000 + b'"]]}]}',
    "many lines": b"\n" * 1_900_000,
    "many comments": b"#\n" * 900_000,
}


# Whose reader each is meant for; with the long figures everything meets everyone, as in `benchmarks.importing`.
MEANT_FOR = {"YAML": "workflow-use-yaml", "aliases": "workflow-use-yaml", "Python": "playwright-python"}
MEANT_FOR |= dict.fromkeys(("deep attributes", "long sums", "many comments", "one long line"), "playwright-python")


def readers(what: str) -> list[str]:
    meant = next((name for word, name in MEANT_FOR.items() if word in what), "chrome-recorder")
    return sorted(FORMATS) if SOAK else [meant]


@pytest.mark.parametrize(("what", "name"), [(what, name) for what in HUGE for name in readers(what)])
def test_a_huge_or_deep_file_takes_little_memory(what: str, name: str) -> None:
    tracemalloc.start()
    try:
        read(Case(HUGE[what], name, what), Came())
        assert tracemalloc.get_traced_memory()[1] < HEAVY_BYTES
    finally:
        tracemalloc.stop()


def test_an_archive_is_refused_by_its_name() -> None:
    with pytest.raises(ImportRefused, match="zip archive"):
        recognise(HUGE["a zip"], "flow.zip")


def test_aliases_are_refused() -> None:
    with pytest.raises(ImportRefused, match=r"(?i)alias|anchor"):
        import_skill(HUGE["aliases"], "flow.yaml", "workflow-use-yaml")
