"""Trace files: what is packed is read again, and whatever else is read is refused in words, soon and within bounds."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.history.errors import TraceRefused
from cloud.history.schema import schema_text
from cloud.history.story import Asked, Did, Part, Picture, RunStory, Verdict
from cloud.history.trace import MANIFEST, MOST_BYTES, MOST_JSON_BYTES, RUN, Manifest, Sum, pack, read_trace
from tests.cloud.history.conftest import JPEG

DOCS = Path(__file__).parents[3] / "docs"
STORY = RunStory(
    run="t1",
    text="order a pizza",
    status="done",
    began=100.0,
    ended=109.0,
    parts=(
        Part(
            number=1,
            tool="order_pizza",
            values={"size": "large", "toppings": ["olives"]},
            did=(
                Did(
                    step="add", words="Click “Add”", at=100.4, verdicts=(Verdict(decision="go", rule="harmless"),)
                ),
            ),
        ),
    ),
    asks=(Asked(ask="a", kind="irreversible", text="Order it?", at=101.0, rows=(("Total", "14.50", "site"),)),),
    pictures=(Picture(number=1, at=101.0),),
)  # fmt: skip
PICTURES = {"pictures/0001.jpg": JPEG, "healed/add-before.jpg": JPEG + b"2"}


def packed(**changes: object) -> bytes:
    given = {"words": "It holds a run.", "values": True, "made": 200.0, "by": "Leveret 1"} | changes
    return pack(STORY, PICTURES, **given)  # type: ignore[arg-type]


def zipped(files: dict[str, bytes], *, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip as anybody makes one; pictures stored, as they should be."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in files.items():
            made.writestr(name, data, zipfile.ZIP_STORED if name.endswith(".jpg") else kind)
    return file.getvalue()


def by_hand(run: bytes, **files: bytes) -> bytes:
    """A trace whose sums fit, with that run."""
    contents = {RUN: run} | {name.replace("__", "/") + ".jpg": data for name, data in files.items()}
    sums = {name: Sum(bytes=len(data), sha256=_sha(data)) for name, data in contents.items()}
    manifest = Manifest(kind="leveret-trace", format=1, made=1.0, by="x", words="", pictures=0, values=True, files=sums)
    return zipped({MANIFEST: msgspec.json.encode(manifest), **contents})


def _sha(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def test_what_was_packed_is_read_again() -> None:
    data = packed()
    trace = read_trace(data)
    assert trace.story == STORY
    assert (trace.manifest.words, trace.manifest.made, trace.manifest.by) == ("It holds a run.", 200.0, "Leveret 1")
    assert {name: data[at : at + size] for name, (at, size) in trace.places.items()} == PICTURES


def test_the_schema_in_the_documentation_is_the_one_of_the_code() -> None:
    assert (DOCS / "trace.schema.json").read_text() == schema_text(), (
        "run `python -m cloud.history.schema > docs/trace.schema.json`"
    )


def test_what_is_added_by_a_later_version_of_the_format_is_passed_over() -> None:
    run = msgspec.json.encode({**msgspec.to_builtins(STORY), "new": [1, 2]})
    assert read_trace(by_hand(run)).story == STORY


RUN_JSON = msgspec.json.encode(STORY)
BAD = {
    "nothing": b"",
    "no zip": b"hello",
    "a zip of something else": zipped({"a.txt": b"hello"}),
    "a path upwards": by_hand(RUN_JSON, **{"pictures__..__0001": JPEG}),
    "an absolute path": zipped({"/etc/passwd": b"x"}),
    "no run": zipped({MANIFEST: b"{}"}),
    "no manifest": zipped({RUN: RUN_JSON}),
    "a bomb": by_hand(b" " * (MOST_JSON_BYTES + 1)),
    "a picture that is none": by_hand(RUN_JSON, pictures__0001=b"<svg onload=alert(1)>"),
    "deep nesting": by_hand(b'{"values":' * 100_000),
    "another kind of thing": by_hand(b'{"run": 3}'),
    "a time that there is not": by_hand(msgspec.json.encode(msgspec.structs.replace(STORY, began=1e300))),
    "more than a trace": bytes(MOST_BYTES + 1),
    "something behind it": packed() + b"x",
    "something before it": b"x" + packed(),
    "a picture that was changed": packed().replace(JPEG, JPEG[:-2] + b"!!", 1),
    "an end that is cut off": packed()[:-30],
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_trace_is_refused_in_words(name: str) -> None:
    with pytest.raises(TraceRefused, match=r"\w+ \w+ \w+"):
        read_trace(BAD[name])


def test_a_name_that_stands_in_it_twice_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made, pytest.warns(UserWarning):
        for _ in range(2):
            made.writestr(MANIFEST, b"{}", zipfile.ZIP_DEFLATED)
    with pytest.raises(TraceRefused, match="twice"):
        read_trace(file.getvalue())


def test_a_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(by_hand(RUN_JSON))
    deflated = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = deflated.compress(bytes(50_000_000)) + deflated.flush()
    at = data.index(RUN.encode()) + len(RUN)
    data[at : at + 0] = bomb  # the sizes in both headers stay those of the small one
    with pytest.raises(TraceRefused):
        read_trace(bytes(data))


PACKED = packed()


def mutated(data: bytes, random: Random) -> bytes:
    """A trace with something done to it: bits, bytes, pieces."""
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        at = random.randrange(len(made))
        match random.randrange(5):
            case 0:
                made[at] ^= 1 << random.randrange(8)
            case 1:
                made[at] = random.choice((0, 0xFF, 0x7F, random.randrange(256)))
            case 2:
                del made[at : at + random.randrange(1, 200)]
            case 3:
                made[at:at] = random.randbytes(random.randrange(1, 50))
            case _:
                other = random.randrange(len(made))
                made[at : at + 40] = made[other : other + 40]
        if not made:
            break
    return bytes(made)


@given(st.integers(0, 2**32))
def test_whatever_is_done_to_a_trace_it_is_read_or_refused(seed: int) -> None:
    random = Random(seed)
    for data in (PACKED, by_hand(mutated(RUN_JSON, random))):
        for _ in range(4):
            try:
                read_trace(mutated(data, random))
            except TraceRefused as refused:
                assert str(refused)
