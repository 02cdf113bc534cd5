from __future__ import annotations

import pytest

from tests.wire.conftest import BOOT, KEY, NONCE_DEVICE, Pair
from wire import limits
from wire.codec import encode
from wire.errors import MisuseError
from wire.events import Joined, Proven
from wire.link import CloudLink, DeviceLink, Identity, Session, Snapshot
from wire.liveness import Liveness
from wire.messages import Answer, Ask, Card, Challenge, Hello, Ping, Pong, Prove, Welcome
from wire.outcomes import CloseCode, Retry
from wire.parts import TaskState
from wire.proof import proof

HELLO = Hello(version_min=1, version_max=1, device="hare", boot=BOOT, nonce="0" * 32)


def test_both_ends_prove_that_they_hold_the_key_before_anything_else(pair: Pair) -> None:
    assert isinstance(pair.at_device[0], Joined)
    assert pair.cloud.ended is None and pair.device.ended is None
    assert [type(data) for data in pair.sent_up] == [str, str]


def test_a_device_of_which_no_key_is_known_is_refused_as_unpaired() -> None:
    pair = Pair()
    pair.cloud_key = None
    pair.connect()
    assert pair.ended_cloud().code is CloseCode.UNPAIRED
    assert pair.device.ended is not None and pair.device.ended.retry is Retry.SLOWLY


def test_a_device_with_another_key_is_refused() -> None:
    pair = Pair()
    pair.cloud_key = bytes(32)
    pair.connect()
    assert pair.ended_cloud().code is CloseCode.BAD_PROOF and not pair.ended_cloud().by_peer
    assert not [event for event in pair.at_cloud if isinstance(event, Proven)]


def test_a_cloud_that_does_not_hold_the_key_hears_nothing(pair: Pair) -> None:
    device = DeviceLink(Identity(device="hare", key=KEY, boot=BOOT))
    device.start_turn()
    device.send_audio(1, bytes(640))
    device.connect(nonce=NONCE_DEVICE, now_ms=0)
    device.data_to_send()
    device.receive_text(encode(Challenge(version=1, nonce="1" * 32)), 0)
    device.data_to_send()
    welcome = Welcome(session="s", version=1, token="t", mac="0" * 64, now_ms=0)
    device.receive_text(encode(welcome), 0)
    assert device.ended is not None and device.ended.code is CloseCode.BAD_PROOF
    assert all("pcm" not in str(data) and isinstance(data, str) for data in device.data_to_send())


def test_the_proof_of_one_side_is_not_that_of_the_other_nor_of_other_nonces() -> None:
    def mac(side: str, nonces: tuple[str, str] = ("a", "b"), **more: object) -> str:
        told = {"version": 1, "device": "hare", "boot": BOOT} | more
        return proof(KEY, side, nonces=nonces, **told)  # type: ignore[arg-type]

    macs = [mac("device"), mac("cloud"), mac("device", ("b", "a")), mac("device", version=2), mac("device", boot="c")]
    assert len(set(macs)) == len(macs)


def test_a_key_of_another_length_is_our_own_mistake() -> None:
    with pytest.raises(MisuseError, match="32 bytes"):
        proof(b"short", "device", version=1, device="d", boot="b", nonces=("a", "b"))


def test_versions_with_nothing_in_common_are_refused_with_the_upgrade_code() -> None:
    link = CloudLink(now_ms=0)
    hello = Hello(version_min=7, version_max=9, device="hare", boot=BOOT, nonce="0" * 32)
    link.receive_text(encode(hello), 0)
    assert link.ended is not None and link.ended.code is CloseCode.UPGRADE_REQUIRED
    assert '"refused"' in str(link.data_to_send()[0])


def test_a_newer_device_that_still_speaks_ours_is_let_in() -> None:
    link = CloudLink(now_ms=0)
    hello = Hello(version_min=1, version_max=9, device="hare", boot=BOOT, nonce="0" * 32)
    link.receive_text(encode(hello), 0)
    link.challenge(key=KEY, nonce=bytes(16))
    assert '"version":1' in str(link.data_to_send()[0])


def test_a_cloud_that_chooses_a_version_that_was_not_offered_is_left() -> None:
    device = DeviceLink(Identity(device="hare", key=KEY, boot=BOOT))
    device.connect(nonce=NONCE_DEVICE, now_ms=0)
    device.receive_text(encode(Challenge(version=2, nonce="1" * 32)), 0)
    assert device.ended is not None and device.ended.code is CloseCode.UPGRADE_REQUIRED


@pytest.mark.parametrize(
    "message",
    [Prove(mac="0" * 64), Answer(turn=0, number=1, ask="a", digest="d", answer="yes")],
    ids=["prove", "answer"],
)
def test_nothing_counts_before_the_handshake(message: Prove | Answer) -> None:
    link = CloudLink(now_ms=0)
    link.receive_text(encode(message), 0)
    assert link.ended is not None and link.ended.code is CloseCode.OUT_OF_ORDER


def test_a_second_hello_is_out_of_order() -> None:
    link = CloudLink(now_ms=0)
    link.receive_text(encode(HELLO), 0)
    link.receive_text(encode(HELLO), 0)
    assert link.ended is not None and link.ended.code is CloseCode.OUT_OF_ORDER


def test_sound_before_the_handshake_ends_the_link() -> None:
    link = CloudLink(now_ms=0)
    device = DeviceLink(Identity(device="hare", key=KEY, boot=BOOT))
    device.start_turn()
    assert device.data_to_send() == []
    link.receive_bytes(b"\x01" * 24, 0)
    assert link.ended is not None and link.ended.code is CloseCode.BAD_FRAME


def test_a_device_that_lost_its_session_gets_the_snapshot() -> None:
    ask = Ask(turn=0, number=0, ask="q", kind="confirm", text="Sure?", digest="d", expires_at_ms=5)
    pair = Pair()
    pair.snapshot = Snapshot(person="Ada", asks=(ask,), tasks=(TaskState("t", "Ordering", 1, 3),))
    pair.connect()
    welcome = pair.joined().welcome
    assert not welcome.resumed and welcome.person == "Ada"
    assert [one.ask for one in welcome.asks] == ["q"] and welcome.tasks[0].text == "Ordering"


def test_a_session_of_another_boot_is_not_given_away() -> None:
    pair = Pair()
    pair.session = Session(session="s", token="t", device="hare", boot="f" * 32)
    with pytest.raises(MisuseError, match="another device or boot"):
        pair.connect()


def test_what_was_told_while_away_follows_the_welcome(pair: Pair) -> None:
    pair.drop()
    pair.session.send(Card(title="while you were away"))
    pair.connect()
    assert pair.joined().welcome.resumed
    assert [event.title for event in pair.at_device if isinstance(event, Card)] == ["while you were away"]


def test_a_ping_is_answered_and_many_pings_at_once_are_answered_once(pair: Pair) -> None:
    for at_ms in range(1000):
        pair.cloud.receive_text(encode(Ping(at_ms=at_ms)), 0)
    assert pair.cloud.data_to_send() == ['{"type":"pong","at_ms":999}']


def test_a_quiet_link_is_pinged_and_then_given_up(pair: Pair) -> None:
    assert pair.device.tick(9_999) == [] and pair.device.data_to_send() == []
    pair.device.tick(10_000)
    assert '"ping"' in str(pair.device.data_to_send())
    events = pair.device.tick(25_000)
    assert pair.device.ended is not None and events == [pair.device.ended]
    assert pair.device.ended.code is CloseCode.TIMEOUT and pair.device.ended.retry is Retry.RECONNECT


def test_a_link_that_somebody_waits_for_is_asked_at_once_and_is_dead_when_it_says_nothing(pair: Pair) -> None:
    pair.device.tick(4_000)
    pair.device.probe(4_000)
    pair.device.probe(4_100)
    assert pair.device.data_to_send() == ['{"type":"ping","at_ms":4000}'], "one that is on its way is enough"
    assert pair.device.next_tick_ms() == 5_500
    assert pair.device.tick(5_499) == []
    assert pair.device.tick(5_500) == [pair.device.ended]
    assert pair.device.ended is not None and pair.device.ended.code is CloseCode.TIMEOUT


def test_a_link_that_answers_lives_on_as_ever(pair: Pair) -> None:
    pair.device.probe(4_000)
    pair.device.receive_text(encode(Pong(at_ms=4_000)), 4_900)
    assert pair.device.tick(14_899) == [] and pair.device.next_tick_ms() == 14_900
    pair.device.probe(14_000)
    assert pair.device.next_tick_ms() == 14_900 + 1_800, "three times as long as the last answer took"


def test_a_link_on_which_only_one_way_works_is_dead_though_it_is_heard(pair: Pair) -> None:
    pair.device.probe(1_000)
    for at_ms in range(1_500, 7_000, 500):
        pair.device.receive_text(encode(Ping(at_ms=at_ms)), at_ms)
        assert pair.device.tick(at_ms) == []
    assert pair.device.tick(7_000) == [pair.device.ended]


def test_a_handshake_that_somebody_waits_for_is_given_up_sooner_but_has_its_time(pair: Pair) -> None:
    away = DeviceLink(pair.device.identity)
    away.probe(0)
    away.connect(nonce=NONCE_DEVICE, now_ms=0)
    assert away.next_tick_ms() == limits.HANDSHAKE_MS
    away.probe(2_000)
    assert away.next_tick_ms() == 3_500, "one and a half seconds from now"
    away.connect(nonce=NONCE_DEVICE, now_ms=0)
    away.probe(0)
    away.probe(2_900)
    assert away.next_tick_ms() == 3_000, "who presses again and again is not made to wait for longer"


def test_a_pong_that_is_older_than_the_question_is_no_answer(pair: Pair) -> None:
    pair.device.tick(10_000)
    pair.device.probe(11_000)
    pair.device.receive_text(encode(Pong(at_ms=10_000)), 11_001)
    assert pair.device.next_tick_ms() == 11_001 + 3_003


def test_a_handshake_that_drags_on_is_given_up_however_much_is_said() -> None:
    link = CloudLink(now_ms=0)
    for at_ms in range(0, 7_000, 500):
        link.receive_text(encode(Ping(at_ms=at_ms)), at_ms)
    assert link.tick(limits.HANDSHAKE_MS - 1) == [] and link.tick(limits.HANDSHAKE_MS) == [link.ended]


def test_a_clock_that_jumps_back_does_not_kill_the_link() -> None:
    liveness = Liveness(1_000_000)
    liveness.joined(1_000_000, ping_every_ms=10_000, dead_after_ms=25_000)
    assert liveness.tick(5) == "fine"
    assert liveness.tick(10_005) == "ping"
    assert liveness.tick(25_005) == "dead"


def test_the_limits_that_the_cloud_tells_are_kept_by_the_device() -> None:
    from wire.parts import Limits

    pair = Pair()
    pair.limits = Limits(ping_every_ms=1000, dead_after_ms=3000, redial_most_ms=4000)
    assert pair.device.redial_most_ms == 15_000
    pair.connect()
    assert pair.device.next_tick_ms() == 1000
    pair.drop()
    assert pair.device.redial_most_ms == 4000


def test_a_snapshot_that_got_lost_on_its_way_is_given_again(pair: Pair) -> None:
    pair.session.send(Card(title="seen"))
    pair.carry()
    pair.drop()
    pair.session.overflowed = True
    pair.session.send(Card(title="only in the snapshot"))
    pair.device.connect(nonce=NONCE_DEVICE, now_ms=0)
    pair.cloud = CloudLink(now_ms=0)
    for _ in range(2):
        for data in pair.device.data_to_send():
            pair.up(data)
        down = pair.cloud.data_to_send()
        if "welcome" not in str(down[-1]):
            pair.down(down[0])
    pair.drop()
    pair.connect()
    assert not pair.joined().welcome.resumed
    pair.session.send(Card(title="after"))
    pair.carry()
    assert [event.title for event in pair.at_device if isinstance(event, Card)] == ["seen", "after"]


def test_goodbye_ends_both_ends_for_good(pair: Pair) -> None:
    pair.device.bye("switched off")
    pair.carry()
    assert pair.ended_cloud().code is CloseCode.GOODBYE and pair.ended_cloud().by_peer
