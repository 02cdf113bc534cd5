"""What both sides of a pairing compute of what was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wire.pairing import CODE_LETTERS, WORDS, Begin, Begun, commit, paired, shared_key, shown, transcript, typed, words

BEGIN = Begin(public_key="1" * 64, exchange="2" * 64, commitment="3" * 64)
BEGUN = Begun(pairing="p", exchange="4" * 64, nonce="5" * 32)
NONCE = "6" * 32


def test_the_words_are_many_short_and_different() -> None:
    assert len(set(WORDS)) == 256 and max(map(len, WORDS)) <= 10
    assert set(CODE_LETTERS).isdisjoint("AEIOUY0123456789") and len(CODE_LETTERS) == 20


@pytest.mark.parametrize("changed", ["public_key", "exchange", "commitment", "certificate"])
def test_whatever_somebody_in_between_changes_of_the_device_changes_all_that_is_compared(changed: str) -> None:
    ours = transcript(BEGIN, BEGUN, NONCE)
    theirs = transcript(replace(BEGIN, **{changed: "9" * 64}), BEGUN, NONCE)
    assert ours != theirs and words(ours) != words(theirs)
    assert shared_key(ours, b"x") != shared_key(theirs, b"x")


@pytest.mark.parametrize("changed", [{"pairing": "q"}, {"exchange": "9" * 64}, {"nonce": "9" * 32}])
def test_so_it_does_of_the_cloud(changed: dict[str, str]) -> None:
    assert words(transcript(BEGIN, BEGUN, NONCE)) != words(transcript(BEGIN, replace(BEGUN, **changed), NONCE))


def test_a_nonce_is_bound_before_it_is_shown() -> None:
    assert commit(bytes(16)) != commit(bytes(15) + b"\1") and len(commit(bytes(16))) == 64


def test_the_clouds_proof_belongs_to_one_key_one_pairing_and_one_device() -> None:
    proofs = {paired(bytes(32), "p", "d"), paired(bytes(31) + b"\1", "p", "d"), paired(bytes(32), "q", "d")}
    assert len(proofs | {paired(bytes(32), "p", "e")}) == 4


@given(st.text(alphabet=CODE_LETTERS, min_size=8, max_size=8))
def test_a_code_is_read_and_typed_in_any_way(code: str) -> None:
    assert typed(shown(code)) == typed(f"  {shown(code).lower()} ") == typed(" ".join(code)) == code
