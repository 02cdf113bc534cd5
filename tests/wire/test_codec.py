from __future__ import annotations

import contextlib
from typing import get_args

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import example, given

from tests.wire.conftest import Pair
from wire import limits
from wire.codec import Ignored, decode_from_cloud, decode_from_device, encode, types_of
from wire.errors import BadMessage, LimitExceeded, ProtocolError, UnknownMessage
from wire.messages import (
    Answer,
    Ask,
    Card,
    FromCloud,
    FromDevice,
    Hello,
    Message,
    Numbered,
    SayStart,
    TurnEnd,
    TurnStart,
    Welcome,
)
from wire.outcomes import CloseCode, Outcome
from wire.parts import OPUS, PCM, AskChoice, Kept, Resume, Row

HELLO = '{{"type":"hello","version_min":1,"version_max":1,"device":"hare","boot":"{}","nonce":"{}"}}'.format(
    "0" * 32,
    "a" * 32,
)

# Written once and never changed: what older devices and clouds really send.
GOLDEN: dict[str, Message] = {
    HELLO: Hello(version_min=1, version_max=1, device="hare", boot="0" * 32, nonce="a" * 32),
    '{{"type":"hello","version_min":1,"version_max":1,"device":"hare","boot":"{}","nonce":"{}","resume":'
    '{{"token":"t1","received":9}},"kept":[{{"turn":0,"first":1,"last":0}},{{"turn":3,"first":1,"last":70}}]}}'.format(
        "0" * 32, "a" * 32
    ): Hello(
        version_min=1,
        version_max=1,
        device="hare",
        boot="0" * 32,
        nonce="a" * 32,
        resume=Resume("t1", 9),
        kept=(Kept(0, 1, 0), Kept(3, 1, 70)),
    ),
    '{"type":"turn_start","turn":3,"number":1,"mode":"voice","picture":true,"said_at_ms":5}': TurnStart(
        turn=3, number=1, mode="voice", picture=True, said_at_ms=5
    ),
    '{{"type":"hello","version_min":1,"version_max":1,"device":"hare","boot":"{}","nonce":"{}",'
    '"records":["opus_16000","pcm_s16le_16000"],"plays":["opus_16000","pcm_s16le_16000"]}}'.format(
        "0" * 32, "a" * 32
    ): Hello(
        version_min=1,
        version_max=1,
        device="hare",
        boot="0" * 32,
        nonce="a" * 32,
        records=(OPUS, PCM),
        plays=(OPUS, PCM),
    ),
    '{{"type":"welcome","session":"s1","version":1,"token":"t1","mac":"{}","now_ms":5,'
    '"records":"opus_16000","plays":"opus_16000"}}'.format("b" * 64): Welcome(
        session="s1", version=1, token="t1", mac="b" * 64, now_ms=5, records=OPUS, plays=OPUS
    ),
    '{"type":"turn_start","turn":4,"number":1,"mode":"voice","format":"opus_16000"}': TurnStart(
        turn=4, number=1, mode="voice", format=OPUS
    ),
    '{"type":"say_start","turn":4,"number":2,"say":1,"text":"Noon.","format":"opus_16000"}': SayStart(
        turn=4, number=2, say=1, text="Noon.", format=OPUS
    ),
    '{"type":"turn_end","turn":3,"number":52,"frames":50,"samples":16000}': TurnEnd(
        turn=3, number=52, frames=50, samples=16000
    ),
    '{"type":"answer","number":1,"ask":"q1","digest":"d1","answer":"choice","choice":"2"}': Answer(
        number=1, ask="q1", digest="d1", answer="choice", choice="2"
    ),
    '{"type":"ask","turn":3,"number":7,"ask":"q1","task":"t1","kind":"confirm","text":"Order it?","rows":'
    '[{"label":"Total","value":"14.50","source":"site"}],"digest":"d1","expires_at_ms":1700000060000}': Ask(
        turn=3,
        number=7,
        ask="q1",
        task="t1",
        kind="confirm",
        text="Order it?",
        rows=(Row("Total", "14.50", "site"),),
        digest="d1",
        expires_at_ms=1_700_000_060_000,
    ),
    '{"type":"card","number":8,"title":"Ordered","body":"On its way."}': Card(
        number=8, title="Ordered", body="On its way."
    ),
}


def decode(text: str) -> object:
    """Read by whichever end reads this type."""
    kind = msgspec.json.decode(text)["type"]
    return decode_from_device(text) if kind in types_of(FromDevice) else decode_from_cloud(text)


@pytest.mark.parametrize("text", list(GOLDEN))
def test_what_was_written_once_is_still_written_and_read_the_same(text: str) -> None:
    assert encode(GOLDEN[text]) == text
    assert decode(text) == GOLDEN[text]


def test_types_have_one_name_each_and_no_name_twice_with_another_meaning() -> None:
    for name, kind in types_of(FromDevice).items():
        assert types_of(FromCloud).get(name, kind) is kind
    assert len(types_of(FromDevice)) == len(get_args(FromDevice))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", BadMessage),
        ("nonsense", BadMessage),
        ("[]", BadMessage),
        ("{}", BadMessage),
        ('{"type":5}', BadMessage),
        ('{"type":"turn_start"}', BadMessage),
        ('{"type":"turn_start","turn":1,"mode":"voice"}', BadMessage),
        ('{"type":"turn_start","turn":-1,"number":1,"mode":"voice"}', LimitExceeded),
        ('{"type":"turn_start","turn":1,"number":1,"mode":"sung"}', BadMessage),
        ('{"type":"turn_end","turn":1,"number":1,"samples":960001}', LimitExceeded),
        ('{"type":"turn_text","turn":1,"number":2,"text":"%s"}' % ("x" * 4001), LimitExceeded),
        ('{"type":"turn_text","turn":1,"number":2,"text":""}', LimitExceeded),
        ('{"type":"prove","mac":"zz"}', BadMessage),
        ('{"type":"cancel_task","number":1,"task":"a b"}', BadMessage),
        ('{"type":"cancel_task","number":1,"task":"a\\n"}', BadMessage),
        ('{"type":"welcome"}', UnknownMessage),
        ('{"type":"teleport","turn":1,"number":2}', UnknownMessage),
        ('{"type":"teleport","optional":true,"number":-2}', LimitExceeded),
        ('{"type":"ping","at_ms":0,"pad":"%s"}' % ("x" * 65_536), LimitExceeded),
        ('{{"type":"ping","at_ms":{}1{}}}'.format("[" * 5000, "]" * 5000), BadMessage),
        ("\ud800", BadMessage),
    ],
)
def test_what_is_wrong_is_told_apart(text: str, error: type[ProtocolError]) -> None:
    with pytest.raises(error):
        decode_from_device(text)


def test_an_unknown_message_marked_optional_only_counts(pair: Pair) -> None:
    assert decode_from_device('{"type":"mood","optional":true,"turn":0,"number":1}') == Ignored("mood", 0, 1)
    pair.up('{"type":"mood","optional":true,"turn":0,"number":1}')
    pair.device.tell(Answer(ask="lost", digest="d", answer="no"))
    pair.device.tell(Answer(ask="q", digest="d", answer="no"))
    pair.carry()
    assert [event.ask for event in pair.at_cloud if isinstance(event, Answer)] == ["q"], "number 1 was taken"
    assert pair.cloud.ended is None


def test_an_unknown_message_that_is_not_optional_ends_the_link_with_its_own_code(pair: Pair) -> None:
    pair.up('{"type":"teleport"}')
    assert pair.ended_cloud().code is CloseCode.UNKNOWN_MESSAGE
    pair.down('{"type":"teleport"}')
    assert pair.device.ended is not None and pair.device.ended.code is CloseCode.UNKNOWN_MESSAGE


def test_fields_that_this_version_does_not_know_are_ignored() -> None:
    assert decode_from_device('{"type":"ping","at_ms":1,"mood":"fine"}') == decode_from_device(
        '{"type":"ping","at_ms":1}'
    )


def _values(kind: object) -> st.SearchStrategy[object]:
    return st.from_type(kind)  # type: ignore[arg-type]


MESSAGES = st.one_of(
    st.builds(Card, number=st.integers(1, 2**32 - 1), title=st.text(max_size=80), body=st.text(max_size=300)),
    st.builds(
        Ask,
        number=st.integers(1, 99),
        ask=st.from_regex(r"\A[A-Za-z0-9._:-]{1,64}\Z"),
        kind=st.sampled_from(["confirm", "choice", "slot"]),
        text=st.text(max_size=200),
        rows=st.lists(st.builds(Row, st.text(max_size=80), st.text(max_size=80)), max_size=12).map(tuple),
        choices=st.lists(st.builds(AskChoice, st.text(max_size=80), st.text(max_size=80)), max_size=12).map(tuple),
        digest=st.just("d"),
        expires_at_ms=st.integers(0, 2**53 - 1),
    ),
)


@given(MESSAGES)
def test_whatever_is_written_is_read_back_the_same(message: Message) -> None:
    try:
        text = encode(message)
    except UnicodeEncodeError:
        return
    assert decode_from_cloud(text) == message


@given(st.text(max_size=400))
@example('{"type":')
def test_no_text_whatever_raises_anything_but_a_protocol_error(text: str) -> None:
    for read in (decode_from_device, decode_from_cloud):
        with contextlib.suppress(ProtocolError):
            read(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(sorted({*types_of(FromDevice), *types_of(FromCloud), "teleport"}))
FIELDS = sorted({name for kind in (*get_args(FromDevice), *get_args(FromCloud)) for name in kind.__struct_fields__})


@given(NAMES, st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6))
def test_known_types_with_any_fields_give_a_message_or_a_protocol_error(name: str, fields: dict[str, object]) -> None:
    text = msgspec.json.encode({**fields, "type": name}).decode()
    for read in (decode_from_device, decode_from_cloud):
        try:
            message = read(text)
        except ProtocolError:
            continue
        if isinstance(message, Numbered):
            assert 1 <= message.number <= limits.NUMBER_MAX


@given(st.data())
def test_a_joined_link_fed_with_garbage_ends_or_goes_on_but_never_raises(data: st.DataObject) -> None:
    pair = Pair().connect()
    turn = pair.device.start_turn(picture=True)
    pair.device.send_audio(turn, bytes(3200))
    pair.device.send_picture(turn, bytes(20_000))
    pair.device.end_turn(turn)
    pair.session.send(Card(title="x"))
    say = pair.session.start_saying(0, "y")
    pair.session.say(say, bytes(3200))
    pair.session.end_saying(say)
    up, down = pair.device.data_to_send(), pair.cloud.data_to_send()
    for piece in _mutated(data, up):
        pair.up(piece)
    for piece in _mutated(data, down):
        pair.down(piece)
    for ended in (pair.cloud.ended, pair.device.ended):
        assert ended is None or ended.code in CloseCode
    pair.cloud.data_to_send()
    pair.device.data_to_send()


def _mutated(data: st.DataObject, pieces: list[str | bytes]) -> list[str | bytes]:
    """Valid frames with one thing changed: a byte, the length, the order, or garbage put in."""
    pieces = list(pieces)
    at = data.draw(st.integers(0, len(pieces) - 1))
    piece = pieces[at]
    match data.draw(st.sampled_from(["byte", "cut", "swap", "again", "garbage", "kind"])):
        case "byte":
            raw = bytearray(piece.encode() if isinstance(piece, str) else piece)
            raw[data.draw(st.integers(0, min(len(raw), 64) - 1))] ^= data.draw(st.integers(1, 255))
            pieces[at] = bytes(raw).decode(errors="replace") if isinstance(piece, str) else bytes(raw)
        case "cut":
            pieces[at] = piece[: data.draw(st.integers(0, len(piece)))]
        case "swap":
            pieces[at], pieces[0] = pieces[0], pieces[at]
        case "again":
            pieces.insert(at, piece)
        case "garbage":
            pieces.insert(at, data.draw(st.binary(max_size=60) | st.text(max_size=60)))
        case "kind":
            pieces[at] = piece.encode() if isinstance(piece, str) else piece.decode("latin-1")
    return pieces


def test_every_outcome_and_close_code_can_go_over_the_wire() -> None:
    for outcome in Outcome:
        text = encode(Welcome(session="s", version=1, token="t", mac="0" * 64, now_ms=0))
        assert isinstance(decode_from_cloud(text), Welcome)
        decode_from_cloud(f'{{"type":"turn_done","turn":1,"number":1,"outcome":"{outcome}"}}')
    for code in CloseCode:
        decode_from_cloud(f'{{"type":"refused","code":"{code}"}}')
