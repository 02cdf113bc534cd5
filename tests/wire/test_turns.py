from __future__ import annotations

import pytest

from tests.wire.conftest import Pair
from wire import limits
from wire.errors import MisuseError, ProtocolError
from wire.events import Audio, Picture, SayAudio, TurnKept, TurnLost
from wire.frames import Frame, Kind, encode_frame
from wire.lane import Lane
from wire.link import TurnMemory
from wire.messages import Answer, Card, SayEnd, SayStart, TurnAbort, TurnEnd, TurnStart, TurnText
from wire.outcomes import CloseCode


def heard(pair: Pair, turn: int) -> bytes:
    return b"".join(event.pcm for event in pair.at_cloud if isinstance(event, Audio) and event.turn == turn)


def talk(pair: Pair, samples: int = 3200) -> bytes:
    pcm = bytes(range(256)) * (samples * 2 // 256 + 1)
    pcm = pcm[: samples * 2]
    turn = pair.device.start_turn()
    pair.device.send_audio(turn, pcm)
    pair.device.end_turn(turn)
    return pcm


def test_a_turn_arrives_whole_and_is_forgotten_by_the_device_once_it_is_durable(pair: Pair) -> None:
    pcm = talk(pair)
    pair.carry()
    assert heard(pair, 1) == pcm
    assert not pair.device.idle, "received is not durable"
    pair.cloud.commit(1)
    pair.carry()
    assert pair.device.idle and TurnKept(1) in pair.at_device


@pytest.mark.parametrize("samples", [0, 1, 319, 320, 321, 959, 960, 961, 16_000])
def test_any_length_of_sound_arrives_to_the_sample(pair: Pair, samples: int) -> None:
    pcm = talk(pair, samples)
    pair.carry()
    assert heard(pair, 1) == pcm
    end = next(event for event in pair.at_cloud if isinstance(event, TurnEnd))
    assert end.samples == samples


def test_sound_beyond_sixty_seconds_is_not_sent(pair: Pair) -> None:
    turn = pair.device.start_turn()
    for _ in range(61):
        pair.device.send_audio(turn, bytes(32_000))
    pair.device.end_turn(turn, truncated=True)
    pair.carry()
    end = next(event for event in pair.at_cloud if isinstance(event, TurnEnd))
    assert end.samples == limits.TURN_SAMPLES and end.truncated


def test_a_turn_that_began_before_there_was_a_socket_is_sent_when_there_is_one() -> None:
    pair = Pair()
    pcm = talk(pair)
    pair.connect()
    assert heard(pair, 1) == pcm


def test_the_same_gateway_goes_on_where_it_stopped(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.device.send_audio(turn, bytes(6400))
    pair.carry()
    pair.drop()
    pair.device.send_audio(turn, b"\1\0" * 3200)
    pair.sent_up.clear()
    pair.connect()
    assert heard(pair, 1) == bytes(6400) + b"\1\0" * 3200
    assert sum(len(data) for data in pair.sent_up if isinstance(data, bytes)) < 6400 + 10 * 24


def test_another_gateway_that_knows_nothing_gets_the_turn_from_frame_one(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.device.send_audio(turn, b"\1\0" * 3200)
    pair.carry()
    pair.new_gateway()
    pair.at_cloud.clear()
    pair.connect()
    pair.device.end_turn(turn)
    pair.carry()
    assert heard(pair, 1) == b"\1\0" * 3200
    assert isinstance(pair.at_cloud[2], TurnStart)


def test_another_gateway_goes_on_from_what_was_made_durable(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.device.send_audio(turn, b"\1\0" * 3200)
    pair.carry()
    memory = pair.cloud.commit(turn)
    assert memory == TurnMemory(turn=1, number=memory.number, samples=3200, frames=memory.frames)
    pair.carry()
    pair.new_gateway()
    pair.memories = (memory,)
    pair.at_cloud.clear()
    pair.device.send_audio(turn, b"\2\0" * 320)
    pair.device.end_turn(turn)
    pair.connect()
    assert heard(pair, 1) == b"\2\0" * 320, "the first 3200 samples are in the store"
    assert any(isinstance(event, TurnEnd) and event.samples == 3520 for event in pair.at_cloud)


def test_a_gateway_that_lost_what_it_called_durable_makes_the_device_say_so(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.device.send_audio(turn, bytes(6400))
    pair.carry()
    pair.cloud.commit(turn)
    pair.carry()
    pair.new_gateway()
    pair.connect()
    assert TurnLost(1, "lost") in pair.at_device
    assert any(isinstance(event, TurnAbort) and event.reason == "lost" for event in pair.at_cloud)
    talk(pair)
    pair.carry()
    assert any(isinstance(event, TurnEnd) and event.turn == 2 for event in pair.at_cloud)


def test_an_aborted_turn_leaves_nothing_behind(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.device.send_audio(turn, bytes(64_000))
    pair.device.data_to_send(5_000)
    pair.device.abort_turn(turn)
    pair.at_cloud.clear()
    talk(pair)
    pair.carry()
    assert heard(pair, 1) == b""
    assert [event.turn for event in pair.at_cloud if isinstance(event, TurnAbort)] == [1]
    assert len(heard(pair, 2)) == 6400


def test_a_turn_aborted_before_it_was_sent_is_never_mentioned() -> None:
    pair = Pair()
    turn = pair.device.start_turn()
    pair.device.abort_turn(turn)
    pair.connect()
    assert pair.device.idle and not [event for event in pair.at_cloud if isinstance(event, TurnAbort)]


def test_late_frames_of_an_aborted_turn_are_dropped(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.device.send_audio(turn, bytes(6400))
    late = [data for data in pair.device.data_to_send() if isinstance(data, bytes)]
    pair.device.abort_turn(turn)
    pair.carry()
    pair.at_cloud.clear()
    for data in late:
        pair.up(data)
    assert pair.at_cloud == [] and pair.cloud.ended is None


def test_a_frame_numbered_after_the_abort_of_its_turn_is_dropped_too(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.carry()
    pair.device.abort_turn(turn)
    pair.carry()
    pair.up(encode_frame(Frame(kind=Kind.AUDIO_UP, turn=turn, number=3, offset=0, payload=bytes(640))))
    assert pair.cloud.ended is None and heard(pair, turn) == b""


def test_what_is_durable_is_not_sent_again_although_it_was_asked_for() -> None:
    lane = Lane(1)
    for number in range(1, 6):
        lane.add(f"{number}")
    while lane.next_to_send():
        pass
    assert lane.go_back(2)
    lane.discard(4)
    assert lane.next_to_send() == "5" and lane.next_to_send() is None


def test_an_answer_reaches_a_gateway_that_knows_nothing_of_the_answers_before_it(pair: Pair) -> None:
    pair.device.tell(Answer(ask="q1", digest="d", answer="yes"))
    pair.carry()
    pair.cloud.commit(0)
    pair.carry()
    pair.new_gateway()
    pair.device.tell(Answer(ask="q2", digest="d", answer="no"))
    pair.connect()
    assert [event.ask for event in pair.at_cloud if isinstance(event, Answer)] == ["q1", "q2"]


def test_a_picture_arrives_whole(pair: Pair) -> None:
    jpeg = bytes(range(256)) * 300
    turn = pair.device.start_turn(picture=True)
    pair.device.send_picture(turn, jpeg)
    pair.device.end_turn(turn)
    pair.carry()
    picture = next(event for event in pair.at_cloud if isinstance(event, Picture))
    assert picture.jpeg == jpeg and picture.intact


def test_a_picture_whose_bytes_changed_on_the_way_is_not_intact(pair: Pair) -> None:
    turn = pair.device.start_turn(picture=True)
    pair.device.send_picture(turn, bytes(100))
    for data in pair.device.data_to_send():
        pair.up(data[:-1] + b"\1" if isinstance(data, bytes) else data)
    assert [event.intact for event in pair.at_cloud if isinstance(event, Picture)] == [False]


def test_a_commit_in_mid_picture_goes_only_up_to_before_it(pair: Pair) -> None:
    turn = pair.device.start_turn(picture=True)
    pair.device.send_audio(turn, bytes(640))
    pair.device.send_picture(turn, bytes(40_000))
    for data in pair.device.data_to_send()[:4]:
        pair.up(data)
    memory = pair.cloud.commit(turn)
    assert memory.number == 2 and memory.samples == 320 and not memory.pictured


@pytest.mark.parametrize("size", [0, limits.PICTURE_BYTES + 1])
def test_a_picture_over_the_limit_is_refused_on_the_device(pair: Pair, size: int) -> None:
    turn = pair.device.start_turn()
    with pytest.raises(MisuseError, match="picture"):
        pair.device.send_picture(turn, bytes(size))


def test_what_is_typed_arrives(pair: Pair) -> None:
    turn = pair.device.start_turn("text", ask="q1", said_at_ms=5)
    pair.device.send_text(turn, "order a pizza")
    pair.device.end_turn(turn)
    pair.carry()
    start = next(event for event in pair.at_cloud if isinstance(event, TurnStart))
    assert (start.mode, start.ask, start.said_at_ms) == ("text", "q1", 5)
    assert [event.text for event in pair.at_cloud if isinstance(event, TurnText)] == ["order a pizza"]


def test_an_answer_pressed_while_away_still_arrives_once(pair: Pair) -> None:
    pair.drop()
    pair.device.tell(Answer(ask="q", digest="d", answer="yes"))
    pair.connect()
    pair.drop()
    pair.connect()
    assert len([event for event in pair.at_cloud if isinstance(event, Answer)]) == 1
    pair.cloud.commit(0)
    pair.carry()
    assert pair.device.idle


def test_the_oldest_turn_that_waits_gives_way_when_a_minute_of_sound_is_kept() -> None:
    pair = Pair()
    first = pair.device.start_turn()
    pair.device.send_audio(first, bytes(40 * 32_000))
    pair.device.end_turn(first)
    second = pair.device.start_turn()
    pair.device.send_audio(second, bytes(30 * 32_000))
    pair.device.end_turn(second)
    assert pair.device.events() == [TurnLost(first, "buffer_full")]
    pair.connect()
    assert heard(pair, first) == b"" and len(heard(pair, second)) == 30 * 32_000


def test_what_is_said_of_an_older_turn_is_silenced_by_a_new_one(pair: Pair) -> None:
    talk(pair)
    pair.carry()
    say = pair.session.start_saying(1, "hello")
    pair.session.say(say, bytes(6400))
    talk(pair)
    pair.carry()
    pair.session.say(say, bytes(6400))
    pair.session.end_saying(say)
    pair.carry()
    assert not [data for data in pair.sent_down if isinstance(data, bytes)], "the cloud does not even send it"
    assert not [event for event in pair.at_device if isinstance(event, SayAudio)]
    assert pair.cloud.ended is None and pair.device.ended is None


def test_an_aborted_turn_is_no_longer_answered(pair: Pair) -> None:
    talk(pair)
    pair.carry()
    pair.device.abort_turn(1)
    pair.carry()
    say = pair.session.start_saying(1, "hello")
    assert pair.session.say(say, bytes(6400)) is False
    pair.carry()
    assert not [data for data in pair.sent_down if isinstance(data, bytes)]


def test_sound_of_an_older_turn_that_is_on_its_way_when_a_new_turn_begins_is_not_heard(pair: Pair) -> None:
    talk(pair)
    pair.carry()
    say = pair.session.start_saying(1, "hello")
    pair.session.say(say, bytes(6400))
    on_their_way = pair.cloud.data_to_send()
    pair.device.start_turn()
    for data in on_their_way:
        pair.down(data)
    assert not [event for event in pair.at_device if isinstance(event, SayAudio | SayStart)]
    assert pair.device.ended is None


def test_what_no_turn_asked_for_is_still_heard_after_a_new_turn(pair: Pair) -> None:
    talk(pair)
    pair.carry()
    say = pair.session.start_saying(0, "your pizza is ordered")
    pair.session.say(say, bytes(6401))
    pair.session.end_saying(say)
    pair.carry()
    sound = b"".join(event.pcm for event in pair.at_device if isinstance(event, SayAudio))
    assert sound == bytes(6400), "half a sample is dropped"
    kinds = [type(event) for event in pair.at_device if isinstance(event, SayStart | SayEnd)]
    assert kinds == [SayStart, SayEnd]


def test_the_person_silences_an_utterance_on_both_ends(pair: Pair) -> None:
    say = pair.session.start_saying(0, "a long story")
    pair.session.say(say, bytes(64_000))
    pair.device.silence(say)
    for data in pair.device.data_to_send():
        pair.up(data)
    assert pair.session.say(say, bytes(640)) is False
    pair.carry()
    assert not [event for event in pair.at_device if isinstance(event, SayAudio)]


def test_an_utterance_of_over_a_minute_is_cut_at_a_minute(pair: Pair) -> None:
    say = pair.session.start_saying(0, "x")
    heard_all = [pair.session.say(say, bytes(32_000)) for _ in range(61)]
    assert heard_all[-1] is False and heard_all[0] is True


def test_a_device_that_is_away_for_long_misses_sound_first_and_words_last(pair: Pair) -> None:
    pair.drop()
    for at in range(10):
        say = pair.session.start_saying(0, f"story {at}")
        pair.session.say(say, bytes(50 * 32_000))
        pair.session.end_saying(say)
        pair.session.send(Card(title=f"card {at}"))
    pair.connect()
    assert pair.joined().welcome.resumed
    cards = [event.title for event in pair.at_device if isinstance(event, Card)]
    assert cards == [f"card {at}" for at in range(10)]
    spoken = {event.say for event in pair.at_device if isinstance(event, SayAudio)}
    assert 10 in spoken and 1 not in spoken


def test_a_device_that_is_away_for_too_long_gets_a_snapshot_instead(pair: Pair) -> None:
    pair.drop()
    for at in range(limits.OUTBOX_MESSAGES + 1):
        pair.session.send(Card(title=str(at)))
    assert pair.session.overflowed
    pair.connect()
    assert not pair.joined().welcome.resumed
    pair.session.send(Card(title="after"))
    pair.carry()
    assert [event.title for event in pair.at_device if isinstance(event, Card)] == ["after"]


def test_a_turn_with_one_message_more_than_is_allowed_ends_the_link(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.carry()
    for number in range(2, limits.TURN_NUMBERS + 2):
        frame = Frame(kind=Kind.AUDIO_UP, turn=turn, number=number, offset=0, last=True, payload=b"")
        pair.up(encode_frame(frame))
    assert pair.ended_cloud().code is CloseCode.LIMIT


def test_sound_that_skips_a_sample_ends_the_link(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.carry()
    pair.up(encode_frame(Frame(kind=Kind.AUDIO_UP, turn=turn, number=2, offset=1, payload=bytes(640))))
    assert pair.ended_cloud().code is CloseCode.BAD_FRAME


def test_a_missing_frame_is_asked_for_again(pair: Pair) -> None:
    turn = pair.device.start_turn()
    pair.device.send_audio(turn, bytes(19_200))
    data = pair.device.data_to_send()
    for piece in [*data[:3], *data[4:]]:
        pair.up(piece)
    pair.device.end_turn(turn)
    pair.carry()
    assert len(heard(pair, turn)) == 19_200


def test_a_message_that_breaks_the_link_costs_its_turn_but_not_the_next(pair: Pair) -> None:
    talk(pair)
    for data in pair.device.data_to_send():
        pair.up(data)
    pair.up('{"type":"turn_end","turn":1,"number":"x"}')
    assert pair.ended_cloud().code is CloseCode.BAD_MESSAGE
    for data in pair.cloud.data_to_send():
        pair.down(data)
    assert TurnLost(1, "lost") in pair.at_device
    pair.connect()
    talk(pair)
    pair.carry()
    assert any(isinstance(event, TurnEnd) and event.turn == 2 for event in pair.at_cloud)


def test_sound_for_a_turn_that_is_over_falls_away_and_for_one_that_never_was_is_a_mistake(pair: Pair) -> None:
    talk(pair)
    pair.device.send_audio(1, bytes(640))
    pair.device.end_turn(1)
    with pytest.raises(MisuseError, match="never started"):
        pair.device.send_audio(2, bytes(640))


def test_a_turn_that_waited_begins_again_as_another_one_with_all_that_was_in_it() -> None:
    earlier = Pair().device
    turn = earlier.start_turn(picture=True, note=True)
    earlier.send_audio(turn, bytes(range(256)) * 100)
    earlier.send_picture(turn, b"\xff\xd8" + bytes(40_000))
    assert earlier.whole(turn) == (), "it has not ended"
    earlier.end_turn(turn)
    whole = earlier.whole(turn)
    assert earlier.let_go(turn) and earlier.idle and earlier.whole(turn) == ()
    pair = Pair()
    talk(pair)
    assert pair.device.begin_again(whole, said_at_ms=7, again="0123456789abcdef:1") == 2
    pair.connect()
    start = next(event for event in pair.at_cloud if isinstance(event, TurnStart) and event.turn == 2)
    assert (start.said_at_ms, start.again, start.picture, start.note) == (7, "0123456789abcdef:1", True, True)
    assert heard(pair, 2) == bytes(range(256)) * 100
    assert [len(event.jpeg) for event in pair.at_cloud if isinstance(event, Picture)] == [40_002]
    assert pair.cloud.ended is None


def test_a_turn_of_which_some_was_sent_is_not_let_go(pair: Pair) -> None:
    talk(pair)
    pair.carry()
    assert not pair.device.let_go(1)
    assert pair.device.whole(1) != ()


@pytest.mark.parametrize("whole", [(), ("nonsense",), ('{"type":"bye"}',), (b"\x01",)])
def test_a_turn_that_is_not_whole_does_not_begin_again(pair: Pair, whole: tuple[str | bytes, ...]) -> None:
    with pytest.raises(ProtocolError):
        pair.device.begin_again(whole)
    talk(pair)
    pair.carry()
    assert pair.cloud.ended is None
