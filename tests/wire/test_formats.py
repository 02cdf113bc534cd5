"""Which format of sound is spoken: what both ends have, chosen by the cloud, and PCM with everybody else."""

from __future__ import annotations

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given

from tests.wire.conftest import BOOT, KEY, Pair
from wire import limits
from wire.codec import encode
from wire.errors import MisuseError
from wire.events import Packet, SayPacket, TurnKept, TurnLost
from wire.frames import HEADER, Frame, Kind, encode_frame
from wire.link import DeviceLink, Identity
from wire.messages import SayStart, TurnEnd, TurnStart
from wire.outcomes import CloseCode
from wire.parts import OPUS, PCM, AudioFormat

PACKET = b"\x58some sixty milliseconds"


def speaking(device: tuple[AudioFormat, ...], cloud: tuple[AudioFormat, ...]) -> Pair:
    pair = Pair()
    pair.device = DeviceLink(Identity(device="hare", key=KEY, boot=BOOT, records=device, plays=device))
    pair.formats = cloud
    return pair.connect()


@pytest.mark.parametrize(
    ("device", "cloud", "chosen"),
    [
        ((OPUS, PCM), (OPUS, PCM), OPUS),
        ((PCM, OPUS), (OPUS, PCM), OPUS),
        ((OPUS, PCM), (PCM, OPUS), PCM),
        ((PCM,), (OPUS, PCM), PCM),
        ((OPUS, PCM), (PCM,), PCM),
        ((OPUS,), (PCM,), PCM),
    ],
)
def test_the_cloud_chooses_the_first_of_its_own_that_the_device_has(
    device: tuple[AudioFormat, ...], cloud: tuple[AudioFormat, ...], chosen: AudioFormat
) -> None:
    pair = speaking(device, cloud)
    assert pair.device.records == pair.session.plays == chosen
    assert (pair.joined().welcome.records, pair.joined().welcome.plays) == (chosen, chosen)


def test_a_device_that_knows_formats_of_which_we_know_nothing_is_understood() -> None:
    pair = Pair()
    hello = {"type": "hello", "version_min": 1, "version_max": 1, "device": "hare", "boot": BOOT, "nonce": "0" * 32}
    pair.up(msgspec.json.encode(hello | {"records": ["flac_48000", OPUS], "plays": ["flac_48000"]}).decode())
    assert pair.cloud.ended is None and pair.cloud.hello is not None
    assert pair.cloud.hello.records == ("flac_48000", OPUS)


def test_a_device_of_before_is_told_nothing_new() -> None:
    pair = speaking((PCM,), (OPUS, PCM))
    assert all("records" not in str(piece) and "plays" not in str(piece) for piece in pair.sent_down)


def test_packets_go_both_ways_once_and_in_order() -> None:
    pair = speaking((OPUS, PCM), (OPUS, PCM))
    turn = pair.device.start_turn(codec=pair.device.records)
    for _ in range(3):
        pair.device.send_packet(turn, PACKET)
    pair.device.end_turn(turn)
    say = pair.session.start_saying(turn, "Noon.", codec=pair.session.plays)
    assert pair.session.say_packet(say, PACKET) and pair.session.say_packet(say, b"\x48")
    pair.session.end_saying(say)
    pair.carry()
    assert [event for event in pair.at_cloud if isinstance(event, Packet)] == [
        Packet(turn, 2 + at, 960 * at, 960, PACKET) for at in range(3)
    ]
    ends = [event for event in pair.at_cloud if isinstance(event, TurnEnd)]
    assert [(end.frames, end.samples) for end in ends] == [(3, 2880)]
    assert [event for event in pair.at_device if isinstance(event, SayPacket)] == [
        SayPacket(turn, say, 0, 960, PACKET),
        SayPacket(turn, say, 960, 320, b"\x48"),
    ]
    assert [event.format for event in pair.at_device if isinstance(event, SayStart)] == [OPUS]


def test_a_turn_before_the_first_welcome_is_pcm_and_one_while_away_is_what_was_chosen() -> None:
    pair = Pair()
    pair.device = DeviceLink(Identity(device="hare", key=KEY, boot=BOOT, records=(OPUS, PCM), plays=(OPUS, PCM)))
    pair.formats = (OPUS, PCM)
    assert pair.device.records == PCM
    pair.connect()
    pair.drop()
    assert pair.device.records == OPUS


def test_a_turn_after_a_drop_goes_on_with_the_very_packets_that_were_kept() -> None:
    pair = speaking((OPUS, PCM), (OPUS, PCM))
    turn = pair.device.start_turn(codec=OPUS)
    packets = [b"\x58" + bytes([at]) for at in range(9)]
    for packet in packets[:4]:
        pair.device.send_packet(turn, packet)
    pair.carry()
    pair.new_gateway()
    pair.at_cloud.clear()
    for packet in packets[4:]:
        pair.device.send_packet(turn, packet)
    pair.device.end_turn(turn)
    pair.connect()
    assert [event.packet for event in pair.at_cloud if isinstance(event, Packet)] == packets


def test_a_gateway_that_has_no_opus_costs_the_turn_that_is_opus_and_no_other() -> None:
    pair = speaking((OPUS, PCM), (OPUS, PCM))
    pair.drop()
    spoken = pair.device.start_turn(codec=OPUS)
    pair.device.send_packet(spoken, PACKET)
    pair.device.end_turn(spoken)
    written = pair.device.start_turn("text")
    pair.device.send_text(written, "what time is it")
    pair.device.end_turn(written)
    pair.new_gateway()
    pair.formats = (PCM,)
    pair.connect()
    assert [event for event in pair.at_device if isinstance(event, TurnLost)] == [TurnLost(spoken, "lost")]
    assert pair.cloud.ended is None and pair.device.records == PCM
    pair.cloud.commit(written)
    pair.carry()
    assert [event for event in pair.at_device if isinstance(event, TurnKept)] == [TurnKept(written)]


def test_a_turn_in_a_format_that_was_not_asked_for_ends_the_link() -> None:
    pair = speaking((OPUS, PCM), (PCM,))
    pair.up(encode(TurnStart(turn=1, number=1, mode="voice", format=OPUS)))
    assert pair.ended_cloud().code is CloseCode.BAD_MESSAGE and "opus_16000" in pair.ended_cloud().reason


@pytest.mark.parametrize(("codec", "kind"), [(OPUS, Kind.AUDIO_UP), (PCM, Kind.OPUS_UP)])
def test_a_frame_that_is_not_of_its_turns_format_ends_the_link(codec: AudioFormat, kind: Kind) -> None:
    pair = speaking((OPUS, PCM), (OPUS, PCM))
    turn = pair.device.start_turn(codec=codec)
    pair.carry()
    payload = PACKET if kind is Kind.OPUS_UP else bytes(640)
    pair.up(encode_frame(Frame(kind=kind, turn=turn, number=2, payload=payload)))
    assert pair.ended_cloud().code is CloseCode.BAD_FRAME


def test_opus_to_play_for_a_device_that_has_none_ends_the_link() -> None:
    pair = speaking((PCM,), (PCM,))
    pair.down(encode_frame(Frame(kind=Kind.OPUS_DOWN, turn=0, number=1, stream=1, payload=PACKET)))
    assert pair.device.ended is not None and pair.device.ended.code is CloseCode.BAD_FRAME


def test_a_minute_is_a_minute_in_packets_too() -> None:
    pair = speaking((OPUS, PCM), (OPUS, PCM))
    turn = pair.device.start_turn(codec=OPUS)
    say = pair.session.start_saying(turn, codec=OPUS)
    for _ in range(limits.TURN_SAMPLES // 960):
        pair.device.send_packet(turn, PACKET)
        assert pair.session.say_packet(say, PACKET)
    pair.device.send_packet(turn, b"\x48")
    assert not pair.session.say_packet(say, b"\x48")
    pair.device.end_turn(turn)
    pair.session.end_saying(say)
    pair.carry()
    ends = [event for event in pair.at_cloud if isinstance(event, TurnEnd)]
    assert [(end.frames, end.samples) for end in ends] == [(1000, 960_000)] and pair.cloud.ended is None


def test_samples_and_packets_are_not_mixed_up_by_our_own_callers() -> None:
    pair = speaking((OPUS, PCM), (OPUS, PCM))
    turn = pair.device.start_turn(codec=OPUS)
    with pytest.raises(MisuseError, match="give packets"):
        pair.device.send_audio(turn, bytes(640))
    say = pair.session.start_saying(turn)
    with pytest.raises(MisuseError, match="not opus_16000"):
        pair.session.say_packet(say, PACKET)
    turn = pair.device.start_turn()
    with pytest.raises(MisuseError, match="give samples"):
        pair.device.send_packet(turn, PACKET)


@given(st.integers(0, 255), st.binary(max_size=80), st.booleans())
def test_a_packet_garbled_on_its_way_costs_its_turn_at_most(first: int, body: bytes, shorter: bool) -> None:
    pair = speaking((OPUS, PCM), (OPUS, PCM))
    turn = pair.device.start_turn(codec=OPUS)
    pair.device.send_packet(turn, PACKET)
    pair.device.end_turn(turn)
    for piece in pair.device.data_to_send():
        if isinstance(piece, bytes):
            header = bytearray(piece[: HEADER.size])
            payload = body if shorter else bytes([first]) + body
            header[20:24] = len(payload).to_bytes(4, "big")
            piece = bytes(header) + payload
        pair.up(piece)
    pair.carry()
    lost = [event for event in pair.at_device if isinstance(event, TurnLost)]
    assert [event.turn for event in lost] == ([turn] if pair.cloud.ended is not None else [])
    pair.connect()
    following = pair.device.start_turn(codec=pair.device.records)
    pair.device.send_packet(following, PACKET)
    pair.device.end_turn(following)
    pair.carry()
    assert pair.cloud.ended is None
    assert [event.packet for event in pair.at_cloud if isinstance(event, Packet)][-1] == PACKET
    assert pair.at_cloud[-1] == TurnEnd(turn=following, number=3, frames=1, samples=960)
