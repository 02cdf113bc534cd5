"""The rules of a setup, with a clock in the hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device import away
from device.faces import draw
from device.provisioning import state as s
from device.provisioning import steps
from device.provisioning.introduction import Code, Keys
from device.provisioning.radio import Hotspot, Seen, Why, Wish
from device.provisioning.state import Effect, Input, Purpose, Stage, State
from device.provisioning.view import face_of
from device.trust import Certificate
from device.words import languages
from wire.qr import CloudCode, WifiCode

CLOUD = "wss://hare.example/device"
WISH = Wish("Vogelweide", "correct horse")
WIFI = WifiCode("Vogelweide", "correct horse")
HOTSPOT = Hotspot("Leveret-4F2A", "bcdfghjk", "10.42.0.1")
CODE = Code(code="BCDF-GHJK", words=("amber", "violin"), expires_in_ms=600_000)
KEYS = Keys(device="hare", key=bytes(32), seed=bytes(32))
HOME_MADE = Certificate("pem", "ab" * 32, vouched=False)


class Run:
    """A setup that is told things one after the other."""

    def __init__(self, **known: Any) -> None:
        self.state, self.last = steps.begin(State(**known))
        self.now_ms = 0
        self.all: list[Effect] = list(self.last)

    def told(self, *inputs: Input) -> Run:
        for one in inputs:
            self.state, self.last = steps.step(self.state, one, self.now_ms)
            self.all += self.last
        return self

    def later(self, ms: int) -> Run:
        self.now_ms += ms
        return self.told(s.Tick())


def hotspot(**known: Any) -> Run:
    return Run(**known).told(s.Looked(False), s.Scanned((Seen("Vogelweide", 80),)), s.Opened(HOTSPOT))


def reaching(**known: Any) -> Run:
    return hotspot(**known).told(s.Submitted(WISH, CLOUD, "DE"), s.Joined())


def pairing(**known: Any) -> Run:
    return reaching(**known).told(s.Reached(None), s.Coded(CODE))


def test_from_nothing_to_a_paired_device() -> None:
    run = hotspot()
    assert run.state.stage is Stage.HOTSPOT and s.Open() in run.all
    run.told(s.Submitted(WISH, CLOUD, "DE"))
    assert run.last == [s.Close(), s.Join(Wish("Vogelweide", "correct horse", country="DE"))]
    assert run.told(s.Joined()).last == [s.Reach(CLOUD)]
    assert run.told(s.Reached(None)).last == [s.Begin(CLOUD, None)]
    assert run.told(s.Coded(CODE)).state.stage is Stage.PAIRING
    assert run.later(2_000).last == [s.Poll()]
    assert run.told(s.Paired(KEYS)).last == [s.Keep(KEYS, CLOUD, None), s.Finish()]
    assert run.told(s.Held(), s.Tick()).state.stage is Stage.DONE


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        (Why.PASSWORD, steps.REFUSED),
        (Why.ABSENT, steps.NO_SUCH),
        (Why.ADDRESS, steps.NO_ADDRESS),
        (Why.SLOW, steps.NOT_JOINED),
        (Why.OTHER, steps.NOT_JOINED),
    ],
)
def test_a_network_that_cannot_be_joined_is_said_and_the_hotspot_comes_back(why: Why, sentence: str) -> None:
    run = hotspot().told(s.Submitted(WISH, CLOUD), s.NotJoined(why))
    assert (run.state.stage, run.state.trouble, run.last) == (Stage.HOTSPOT, sentence, [s.Open()])
    assert run.state.cloud == CLOUD and run.state.wish is not None, "so that only the password is typed again"


def test_a_join_that_hangs_is_over_within_a_minute() -> None:
    run = hotspot().told(s.Submitted(WISH, CLOUD)).later(steps.JOIN_MS + steps.AGAIN_MS)
    assert (run.state.stage, run.state.trouble) == (Stage.HOTSPOT, steps.NOT_JOINED)
    assert run.now_ms < 60_000


@pytest.mark.parametrize("sentence", [away.SIGN_IN, away.TOO_EARLY, away.NO_NETWORK, away.NO_CLOUD, away.IMPOSTOR])
def test_a_cloud_out_of_reach_is_said_tried_again_and_can_be_left(sentence: str) -> None:
    run = reaching().told(s.Unreached(sentence))
    assert run.state.trouble == sentence
    assert run.later(steps.AGAIN_MS).last == [s.Reach(CLOUD)] and run.state.trouble == sentence
    assert run.told(s.Reached(None)).state.stage is Stage.CODE, "it came right by itself"
    back = reaching().told(s.Unreached(sentence), s.Held())
    assert back.state.stage is Stage.HOTSPOT and back.last == [s.Open()]


@pytest.mark.parametrize(
    ("cloud", "sentence"),
    [("", steps.NEEDS_CLOUD), ("ws://hare.example/device", steps.NOT_ENCRYPTED), ("ftp://x", steps.NO_CLOUD_ADDRESS)],
)
def test_an_address_that_is_none_is_said_before_the_hotspot_goes_away(cloud: str, sentence: str) -> None:
    run = hotspot().told(s.Submitted(WISH, cloud))
    assert (run.state.stage, run.state.trouble, run.last) == (Stage.HOTSPOT, sentence, [])


def test_a_certificate_that_nobody_vouches_for_is_pinned_and_one_of_the_code_is_held_to_it() -> None:
    run = reaching().told(s.Reached(HOME_MADE))
    assert run.last == [s.Begin(CLOUD, HOME_MADE)]
    run.told(s.Coded(CODE), s.Paired(KEYS))
    assert run.last[0] == s.Keep(KEYS, CLOUD, HOME_MADE)
    known = hotspot(has_camera=True).told(s.Held(), s.Read(CloudCode(CLOUD, "ab" * 32)), s.Read(WIFI), s.Joined())
    assert known.told(s.Reached(HOME_MADE)).state.stage is Stage.CODE
    other = hotspot(has_camera=True).told(s.Held(), s.Read(CloudCode(CLOUD, "cd" * 32)), s.Read(WIFI), s.Joined())
    other.told(s.Reached(HOME_MADE))
    assert (other.state.stage, other.state.trouble, other.last) == (Stage.REACHING, steps.OTHER_CERTIFICATE, [])
    plain = hotspot(has_camera=True, plain=True).told(s.Held(), s.Read(CloudCode("ws://x/device", "cd" * 32)))
    plain.told(s.Read(WIFI), s.Joined(), s.Reached(None))
    assert plain.state.trouble == steps.OTHER_CERTIFICATE, "a code with a certificate is no code for less"


def test_two_codes_are_shown_to_the_camera_in_either_order() -> None:
    for codes in ((WIFI, CloudCode(CLOUD)), (CloudCode(CLOUD), WIFI)):
        run = hotspot(has_camera=True).told(s.Held())
        assert run.state.stage is Stage.SEEING and run.last == [s.See()]
        assert run.told(s.Read(None)).last == [s.See()]
        assert run.told(s.Read(codes[0])).last == [s.See()]
        assert run.told(s.Read(codes[1])).last == [s.Close(), s.Join(WISH)]


def test_codes_that_are_shown_again_replace_what_the_first_ones_said() -> None:
    run = hotspot(has_camera=True, known="").told(
        s.Held(), s.Read(CloudCode("wss://typo.example/device")), s.Read(WIFI)
    )
    run.told(s.Joined(), s.Unreached(away.NO_NAME), s.Held(), s.Opened(HOTSPOT), s.Held())
    assert run.told(s.Read(WIFI)).state.stage is Stage.SEEING, "the cloud of before is not taken"
    assert run.told(s.Read(CloudCode(CLOUD))).last == [s.Close(), s.Join(WISH)] and run.state.cloud == CLOUD


def test_a_code_that_does_not_come_or_is_another_leads_back_to_the_page() -> None:
    run = hotspot(has_camera=True).told(s.Held())
    assert run.later(steps.SEEING_MS).state.trouble == steps.NO_CODE
    run = hotspot(has_camera=True).told(s.Held(), s.Read(None, steps.NOT_READ))
    assert (run.state.stage, run.state.trouble) == (Stage.HOTSPOT, steps.NOT_READ)
    assert run.state.hotspot == HOTSPOT, "it was open all the while"


def test_a_pairing_that_ends_shows_why_and_then_a_new_code() -> None:
    run = pairing().told(s.Ended("I was not paired: the portal said no."))
    assert run.state.stage is Stage.CODE and run.state.code is None and run.last == []
    assert run.told(s.Clicked(1)).last == [s.Begin(CLOUD, None)]
    by_itself = pairing().told(s.Ended("x")).later(steps.AGAIN_MS)
    assert by_itself.last == [s.Begin(CLOUD, None)]


def test_another_wifi_asks_for_no_cloud_and_pairs_nothing() -> None:
    run = Run(purpose=Purpose.WIFI, cloud=CLOUD).told(
        s.Looked(True), s.Opened(HOTSPOT), s.Submitted(WISH, ""), s.Joined()
    )
    assert run.last == [s.Finish()] and not any(isinstance(one, s.Keep) for one in run.all)


def test_a_setup_that_was_begun_from_the_menu_is_left_with_two_clicks_and_the_first_one_is_not() -> None:
    run = Run(purpose=Purpose.PAIR, cloud=CLOUD).told(s.Looked(True))
    assert run.last == [s.Reach(CLOUD)]
    assert run.told(s.Clicked(2)).last == [s.Close(), s.Finish()]
    assert hotspot().told(s.Clicked(2)).state.stage is Stage.HOTSPOT


def test_without_wifi_it_is_said_and_tried_again() -> None:
    run = Run().told(s.Looked(False), s.Failed("This device has no Wi-Fi."))
    assert run.state.trouble == "This device has no Wi-Fi."
    assert run.later(steps.AGAIN_MS).last == [s.Open()]


def test_a_hotspot_that_opens_too_late_is_closed_again() -> None:
    run = Run(cloud=CLOUD).told(s.Looked(True))
    assert run.told(s.Opened(HOTSPOT)).last == [s.Close()] and run.state.stage is Stage.REACHING


INPUTS: list[Input] = [
    *(s.Looked(True), s.Looked(False), s.Scanned(()), s.Opened(HOTSPOT), s.Submitted(WISH, CLOUD)),
    *(s.Submitted(None, ""), s.Read(WIFI), s.Read(CloudCode(CLOUD)), s.Read(None), s.Joined()),
    *(s.NotJoined(Why.PASSWORD), s.Reached(None), s.Reached(HOME_MADE), s.Unreached(away.SIGN_IN), s.Coded(CODE)),
    *(s.Ended("over."), s.Failed("no."), s.Clicked(1), s.Clicked(2), s.Held(), s.Tick()),
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(INPUTS), max_size=30),
    st.sampled_from(list(Purpose)),
    st.sampled_from(languages()),
    st.booleans(),
)
def test_whatever_happens_there_is_a_screen_and_a_way_back(
    happened: list[Input], purpose: Purpose, language: str, camera: bool
) -> None:
    run = Run(purpose=purpose, language=language, has_camera=camera)
    for one in happened:
        run.told(one)
        run.now_ms += 700
    assert draw(face_of(run.state)).size == (240, 280)
    if run.state.stage is Stage.DONE:
        return
    for _ in range(3):
        run.told(s.Held(), s.Opened(HOTSPOT))
        if run.state.stage is Stage.HOTSPOT:
            break
    assert run.state.stage is Stage.HOTSPOT
    assert not any(isinstance(one, s.Keep) for one in run.all), "nobody said that it is paired"
