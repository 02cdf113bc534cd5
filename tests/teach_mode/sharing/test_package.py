"""A shared file is taken whole, or refused with the reason."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teach_mode.checks import check, read_skill
from teach_mode.errors import SharedRefused
from teach_mode.formats.source import MOST_BYTES, Source
from teach_mode.sharing import package
from teach_mode.sharing.signing import fingerprint, new_key, signed
from teach_mode.skill import Skill

PIZZA = read_skill(Path(__file__).parents[3] / "examples" / "skills" / "pizza.json")
KEY = "11" * 32
Change = Callable[[dict[str, Any]], object]


def file(skill: Skill = PIZZA, **more: Any) -> bytes:
    return package.write(skill, author="Ada Example", made_at=1000.0, key=KEY, **more)


def read(data: bytes) -> package.Shared:
    return package.read(Source(data, "pizza.leveret.json"))


def forged(change: Change, *, sign: bool = True) -> bytes:
    """A shared file that somebody changed, and signed with a key of their own."""
    raw = json.loads(file())
    change(raw)
    if sign:
        raw["digest"] = package._digest({name: raw[name] for name in raw if name not in ("digest", "key", "signature")})
        raw["key"], raw["signature"] = signed(new_key(), raw["digest"])
    return json.dumps(raw).encode()


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    picture = b"\x89PNG picture"
    data = file(pictures={"pay-after.png": picture})
    assert package.is_shared(Source(data))
    shared = read(data)
    assert (shared.skill, shared.author, shared.pictures) == (PIZZA, "Ada Example", {"pay-after.png": picture})
    assert shared.maker == fingerprint(signed(KEY, "")[0])
    assert (shared.listing.acts[0].capped, shared.listing.facts) == (("Total",), ("name", "phone", "address"))


def test_how_the_file_is_laid_out_is_no_change() -> None:
    assert read(json.dumps(json.loads(file())).encode()).skill == PIZZA


def step(raw: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in raw["skill"]["steps"] if one["id"] == name)
    return found


def harmless(raw: dict[str, Any]) -> None:
    """The paying click is called harmless, and so is all that the file says of it."""
    pay = step(raw, "pay")
    for name in ("effect", "confirms", "question", "evidence"):
        pay.pop(name)
    raw["skill"]["effect"] = "reversible"
    raw["skill"].pop("read_back")
    raw["listing"] |= {"effect": "reversible", "acts": []}


CHANGED: list[tuple[Change, bool, str]] = [
    (lambda raw: raw["skill"].update(description="other"), False, "its digest is another one"),
    (lambda raw: raw.update(signature="00" * 64), False, "its signature does not fit"),
    (lambda raw: raw.update(key="zz"), False, "its signature does not fit"),
    (lambda raw: raw["listing"].update(navigate=["harmless.example"]), True, "lists other things"),
    (lambda raw: raw["listing"].update(secrets="none"), True, "what it lists cannot be read"),
    (harmless, True, "presses “Order and pay”, which cannot be undone, and does not ask"),
    (lambda raw: step(raw, "pay").update(question=""), True, "an irreversible step needs"),
    (lambda raw: raw["skill"]["entry"].update(url="https://evil.example/"), True, "navigate does not name"),
    (lambda raw: raw["skill"]["origins"].update(navigate=["*.example"]), True, "is no host name"),
    (
        lambda raw: step(raw, "choose-kind")["target"]["fingerprint"]["attributes"].update(
            href="https://evil.example/"
        ),
        True,
        "follows a link to evil.example",
    ),
    (
        lambda raw: raw["skill"].update(calls=[{"id": "mail", "skill": "newest_mail"}]),
        True,
        "calls 'newest_mail'; what is shared may not use skills of yours",
    ),
    (lambda raw: raw["pictures"].update({"../x.png": "iVBORw=="}), True, "is no picture of one of its steps"),
    (lambda raw: raw["pictures"].update({"pay.png": "PHN2Zz4="}), True, "is no picture of one of its steps"),
    (lambda raw: raw["files"].update({"run.sh": "aGk="}), True, "none of its steps gives"),
    (lambda raw: raw.update(files=3), True, "what it brings along cannot be read"),
    (lambda raw: raw.update(author="a\u202eb"), True, "its author is no name"),
    (lambda raw: raw.update(more=1), True, "'more' is missing or does not belong there"),
    (lambda raw: raw.pop("listing"), True, "'listing' is missing"),
    (lambda raw: raw.update(leveret_share=2), True, "this version takes format 1"),
    (lambda raw: raw.update(made_at=True), True, "is no time"),
    (lambda raw: raw.update(made_at=10**40), True, "is no time"),
]


@pytest.mark.parametrize(("change", "sign", "why"), CHANGED)
def test_what_was_changed_or_does_more_than_it_says_is_refused(change: Change, sign: bool, why: str) -> None:
    with pytest.raises(SharedRefused, match=why):
        read(forged(change, sign=sign))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"leveret_share": 1, "skill": "' + b"x" * MOST_BYTES + b'"}', "are the most"),
        (b'{"leveret_share": 1, "skill": ' + b"[" * 500 + b"]" * 500 + b"}", "nested"),
        (b'{"leveret_share": 1', "not JSON"),
        (b"[]", "format"),
    ],
)
def test_what_is_too_big_or_no_file_of_ours_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(SharedRefused, match=why):
        read(data)


def test_every_byte_counts() -> None:
    """A change anywhere is a refusal, or was no change of the content."""
    data = file()
    for at in range(40, len(data), 397):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            assert read(changed) == read(data)
        except SharedRefused:
            continue


@given(st.data())
def test_nonsense_is_refused_by_name(data: st.DataObject) -> None:
    raw = json.loads(file())
    places = [(raw, key) for key in raw] + [(raw["skill"], key) for key in raw["skill"]]
    place, key = data.draw(st.sampled_from(places))
    place[key] = data.draw(JUNK)
    content = {name: raw[name] for name in raw if name not in ("digest", "key", "signature")}
    if data.draw(st.booleans()):
        raw["digest"] = package._digest(content)
        raw["key"], raw["signature"] = signed(KEY, raw["digest"])
    with contextlib.suppress(SharedRefused):
        check(read(json.dumps(raw).encode()).skill)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def test_a_skill_says_which_files_it_lacks() -> None:
    upload = msgspec.structs.replace(PIZZA.steps[2], id="give", action="upload", value="cv.pdf", when=None)
    skill = msgspec.structs.replace(PIZZA, steps=(*PIZZA.steps, upload))
    assert read(file(skill)).lacks == ("cv.pdf",)
    assert read(file(skill, files={"cv.pdf": b"mine"})).lacks == ()
