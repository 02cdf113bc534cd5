"""P1 and P2: codes are guessed in vain, and count once."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from cloud.errors import CodeRefused, PairingBusy, PairingUnknown
from cloud.people.exchange import Exchange
from cloud.people.pairings import GUESSES_A_CODE, GUESSES_AN_HOUR, MOST_OF_ONE, Offer, Pairings
from device.signing import SigningKey
from wire import pairing
from wire.pairing import CODE_CHARS, CODE_LETTERS, PAIRING_MS, Begin, Begun, Reveal, words

# `make soak` guesses a million times.
GUESSES = 1_000_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 3_000


class Stand:
    """Pairings with a clock in the hand, and a device that begins them."""

    def __init__(self) -> None:
        self.now_s = 1_000.0
        self.pairings = Pairings(lambda: self.now_s)
        self.kept: list[tuple[bytes, str]] = []
        self.said = b""

    def device(self, origin: str = "192.168.1.20") -> tuple[str, str]:
        """The secret of a device that shows a code, and the code."""
        signing, nonce = SigningKey.fresh(), random.Random(7).randbytes(16)
        begin = Begin(public_key=signing.public, exchange=Exchange().public, commitment=pairing.commit(nonce))
        begun = self.pairings.begin(begin, origin)
        self.said = pairing.transcript(begin, begun, nonce.hex())
        reveal = Reveal(pairing=begun.pairing, nonce=nonce.hex(), signature=signing.sign(self.said).hex())
        return begun.pairing, self.pairings.reveal(reveal).code

    def keep(self, key: bytes, public_key: str) -> str:
        self.kept.append((key, public_key))
        return "hare"

    def approve(self, offer: Offer, person: str = "owner") -> str:
        return self.pairings.approve(person, offer.pairing, self.keep)


@pytest.fixture
def stand() -> Stand:
    return Stand()


def test_the_code_leads_to_the_words_that_are_on_the_screen_and_a_yes_pairs_the_device(stand: Stand) -> None:
    secret, code = stand.device()
    assert stand.pairings.poll(secret).state == "waiting"
    offer = stand.pairings.type("owner", code.lower())
    assert offer.words == words(stand.said) and offer.origin == "the home network (192.168.1.20)"
    assert stand.pairings.poll(secret).state == "typed"
    assert stand.approve(offer) == "hare"
    polled = stand.pairings.poll(secret)
    assert (polled.state, polled.device) == ("paired", "hare")
    assert polled.mac == pairing.paired(stand.kept[0][0], secret, "hare")


def test_a_million_guesses_find_nothing_and_are_not_even_looked_at(stand: Stand) -> None:
    secret, code = stand.device()
    compared = 0
    dice = random.Random(1)
    for guess in range(GUESSES):
        person = f"account {guess % 1_000}"
        try:
            stand.pairings.type(person, "".join(dice.choices(CODE_LETTERS, k=CODE_CHARS)))
        except CodeRefused:
            compared += stand.pairings.poll(secret).state == "waiting"
    assert compared < GUESSES_A_CODE
    assert stand.pairings.poll(secret).state == "closed"
    with pytest.raises(CodeRefused):
        stand.pairings.type("owner", code)


def test_an_account_types_twenty_codes_an_hour_and_no_more(stand: Stand) -> None:
    for _ in range(GUESSES_AN_HOUR):
        with pytest.raises(CodeRefused, match="on no screen"):
            stand.pairings.type("owner", "BCDFGHJK")
    _, code = stand.device()
    with pytest.raises(CodeRefused, match="within an hour"):
        stand.pairings.type("owner", code)
    assert stand.pairings.type("somebody else", code)
    stand.now_s += 3_600
    _, code = stand.device()
    assert stand.pairings.type("owner", code)


def test_a_code_counts_once_and_only_for_who_typed_it(stand: Stand) -> None:
    _, code = stand.device()
    offer = stand.pairings.type("owner", code)
    with pytest.raises(CodeRefused):
        stand.pairings.type("owner", code)
    with pytest.raises(PairingUnknown):
        stand.approve(offer, "somebody else")
    paired = 0
    for _ in range(100):
        try:
            stand.approve(offer)
            paired += 1
        except PairingUnknown:
            continue
    assert paired == 1 and len(stand.kept) == 1


def test_after_ten_minutes_nothing_counts(stand: Stand) -> None:
    secret, code = stand.device()
    offer = stand.pairings.type("owner", code)
    other, late = stand.device()
    stand.now_s += PAIRING_MS / 1000
    with pytest.raises(PairingUnknown):
        stand.approve(offer)
    assert stand.pairings.poll(secret).state == stand.pairings.poll(other).state == "expired"
    stand.now_s += PAIRING_MS / 1000 + 1
    with pytest.raises(CodeRefused):
        stand.pairings.type("owner", late)
    with pytest.raises(PairingUnknown):
        stand.pairings.poll(secret)


def test_an_expired_code_that_was_not_typed_is_refused(stand: Stand) -> None:
    _, code = stand.device()
    stand.now_s += PAIRING_MS / 1000
    with pytest.raises(CodeRefused):
        stand.pairings.type("owner", code)


def test_a_no_is_told_and_ends_it(stand: Stand) -> None:
    secret, code = stand.device()
    offer = stand.pairings.type("owner", code)
    stand.pairings.refuse("owner", offer.pairing)
    assert stand.pairings.poll(secret).state == "refused"
    with pytest.raises(PairingUnknown):
        stand.approve(offer)


def test_a_name_that_is_taken_leaves_it_open_for_another_name(stand: Stand) -> None:
    _, code = stand.device()
    offer = stand.pairings.type("owner", code)

    def taken(key: bytes, public_key: str) -> str:
        raise CodeRefused("taken")

    with pytest.raises(CodeRefused, match="taken"):
        stand.pairings.approve("owner", offer.pairing, taken)
    assert stand.approve(offer) == "hare"


def test_who_does_not_hold_the_key_or_changes_the_nonce_gets_no_code(stand: Stand) -> None:
    signing, nonce = SigningKey.fresh(), bytes(16)
    begin = Begin(public_key=signing.public, exchange=Exchange().public, commitment=pairing.commit(nonce))
    for change in ("signature", "nonce"):
        begun: Begun = stand.pairings.begin(begin, change)
        shown = bytes(15) + b"\1" if change == "nonce" else nonce
        said = pairing.transcript(begin, begun, shown.hex())
        signer = SigningKey.fresh() if change == "signature" else signing
        told: Any = {"pairing": begun.pairing, "nonce": shown.hex(), "signature": signer.sign(said).hex()}
        with pytest.raises(CodeRefused, match="prove"):
            stand.pairings.reveal(Reveal(**told))
        with pytest.raises(PairingUnknown):
            stand.pairings.reveal(Reveal(**told))


def test_nobody_can_fill_the_house_with_pairings_of_their_own(stand: Stand) -> None:
    for _ in range(MOST_OF_ONE):
        stand.device("203.0.113.9")
    with pytest.raises(PairingBusy):
        stand.device("203.0.113.9")
    assert stand.device("192.168.1.21")
    with pytest.raises(PairingBusy):
        for number in range(100):
            stand.device(f"203.0.113.{number}")
    stand.now_s += 2 * PAIRING_MS / 1000 + 1
    assert stand.device()
