"""One device and the gateway, over a real socket."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import pytest
import websockets
from msgspec.structs import replace
from PIL import Image

from cloud.admission import WELCOMES_PER_S, redial_most_ms
from cloud.commands import AnswerAsk, CancelTask, HandleUtterance
from cloud.desk import BROKEN
from cloud.ear import NO_EARS
from cloud.gateway import Gateway
from cloud.homes import EVERY_DEVICE, Home, address
from cloud.mouth import NO_VOICE
from cloud.turns import StoredTurn
from wire import limits, messages
from wire.cloud_link import Snapshot
from wire.messages import TurnDone
from wire.outcomes import CloseCode, Outcome, Retry
from wire.parts import AskChoice

SECOND = b"\x01\x02" * limits.SAMPLE_RATE_HZ


def utterances(house: Any) -> list[HandleUtterance]:
    return [command for command in house.commands if isinstance(command, HandleUtterance)]


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "JPEG")
    return out.getvalue()


async def test_what_is_said_is_heard_kept_done_and_answered_aloud(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    turn = await hare.say(SECOND)
    done = await hare.message(TurnDone, turn)
    assert done.outcome is Outcome.DONE
    assert house.stt.heard[0][1] == SECOND
    assert [command.text for command in utterances(house)] == ["what time is it"]
    assert set(hare.sound[turn]) == {ord("I")}
    assert len(hare.sound[turn]) == len(SECOND)
    assert turn in hare.kept
    final = [one for one in hare.told if isinstance(one, messages.Transcript) and one.final]
    assert [one.text for one in final] == ["what time is it"]


async def test_partial_words_come_while_the_button_is_held(gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    turn = hare.link.start_turn("voice")
    hare.link.send_audio(turn, SECOND)
    await hare.flush()
    partial = await hare.message(messages.Transcript, turn)
    assert not partial.final
    assert turn not in hare.kept


async def test_a_gateway_is_at_rest_between_turns_only(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    assert gateway.at_rest
    turn = hare.link.start_turn("voice")
    hare.link.send_audio(turn, SECOND)
    await hare.flush()
    await hare.message(messages.Transcript, turn)
    assert not gateway.at_rest
    hare.link.end_turn(turn)
    await hare.flush()
    await hare.message(TurnDone, turn)
    assert gateway.at_rest


async def test_what_can_be_said_is_got_ready_while_the_button_is_held(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    expected = asyncio.Event()

    async def expect() -> None:
        expected.set()

    gateway.works = replace(gateway.works, expect=expect)
    hare = await handset().joined()
    hare.link.start_turn("voice")
    await hare.flush()
    await expected.wait()


async def test_typed_words_take_the_same_road(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    turn = hare.link.start_turn("text")
    hare.link.send_text(turn, "set a timer for two minutes")
    hare.link.end_turn(turn)
    await hare.flush()
    await hare.message(TurnDone, turn)
    (command,) = utterances(house)
    assert (command.text, command.spoken, command.engine) == ("set a timer for two minutes", False, "typed")


async def test_silence_is_told_in_a_sentence_and_the_next_turn_works(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    hare = await handset().joined()
    turn = await hare.say(bytes(len(SECOND)))
    done = await hare.message(TurnDone, turn)
    assert (done.outcome, done.sentence) == (Outcome.HEARD_NOTHING, "I heard nothing. Hold the button while you speak.")
    assert hare.sound[turn]
    assert not house.commands
    following = await hare.say(SECOND)
    assert (await hare.message(TurnDone, following)).outcome is Outcome.DONE


async def test_a_hold_of_over_a_minute_is_told(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    turn = hare.link.start_turn("voice")
    hare.link.send_audio(turn, SECOND)
    hare.link.end_turn(turn, truncated=True)
    await hare.flush()
    done = await hare.message(TurnDone, turn)
    assert done.outcome is Outcome.TOO_LONG
    assert "minute" in done.sentence
    assert not house.commands


async def test_a_turn_that_was_taken_back_does_nothing(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    turn = hare.link.start_turn("voice")
    hare.link.send_audio(turn, SECOND)
    await hare.flush()
    await hare.message(messages.Transcript, turn)
    hare.link.abort_turn(turn)
    await hare.flush()
    following = await hare.say(SECOND)
    await hare.message(TurnDone, following)
    assert [command.turn for command in utterances(house)] == [following]
    assert house.stt.streams[0].aborted
    assert turn not in hare.sound


async def test_nothing_of_an_interrupted_reply_is_heard_in_the_next_turn(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    hare = await handset().joined()
    house.tts.gate = asyncio.Event()
    house.tts.gate.set()
    first = await hare.say(SECOND)
    await hare.message(messages.SayStart, first)
    house.tts.gate.clear()

    async def other(command: Any) -> None:
        await house.reply(command, "Zebra.")

    house.on_command = other
    second = hare.link.start_turn("voice")
    hare.link.send_audio(second, SECOND)
    hare.link.end_turn(second)
    await hare.flush()
    house.tts.gate.set()
    await hare.message(TurnDone, second)
    assert set(hare.sound[second]) == {ord("Z")}


async def test_a_silenced_reply_stops(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    house.tts.gate = asyncio.Event()
    turn = await hare.say(SECOND)
    start = await hare.message(messages.SayStart, turn)
    hare.link.silence(start.say)
    await hare.flush()
    await hare.until(lambda: hare.link.idle)
    house.tts.gate.set()
    await hare.message(TurnDone, turn)
    assert turn not in hare.sound


async def test_a_connection_dropped_in_mid_utterance_loses_nothing(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    turn = hare.link.start_turn("voice")
    hare.link.send_audio(turn, SECOND)
    await hare.flush()
    await hare.message(messages.Transcript, turn)
    await hare.drop()
    hare.link.send_audio(turn, b"\x03\x04" * 8000)
    await hare.joined()
    assert hare.welcome.resumed
    hare.link.send_audio(turn, b"\x05\x06" * 8000)
    hare.link.end_turn(turn)
    await hare.flush()
    await hare.message(TurnDone, turn)
    assert house.stt.heard[0][1] == SECOND + b"\x03\x04" * 8000 + b"\x05\x06" * 8000


async def test_a_turn_that_becomes_durable_while_its_device_is_let_in_again_is_acknowledged(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    house.stt.gate = asyncio.Event()
    hare = await handset().joined()
    turn = await hare.say(SECOND)
    await hare.until(lambda: turn in gateway.desk(house.accounts.device("hare"))._pending)
    await hare.drop()
    taken = asyncio.Event()

    async def on_command(command: Any) -> None:
        taken.set()
        await house.reply(command, "It is noon.")

    async def snapshot(person: str) -> Snapshot:
        # Between what the store knows of the device's turns and the welcome.
        house.stt.gate.set()
        await taken.wait()
        return house.snapshot

    house.on_command, gateway.snapshot = on_command, snapshot
    await hare.joined()
    await hare.message(TurnDone, turn)
    assert turn in hare.kept and hare.link.idle


async def test_a_gateway_that_dies_in_mid_utterance_loses_nothing(house: Any, restart: Any, handset: Any) -> None:
    async with restart():
        hare = await handset().joined()
        turn = hare.link.start_turn("voice")
        hare.link.send_audio(turn, SECOND)
        await hare.flush()
        await hare.message(messages.Transcript, turn)
        await hare.drop()
    async with restart():
        hare.url = house.url
        await hare.joined()
        assert not hare.welcome.resumed
        hare.link.send_audio(turn, SECOND)
        hare.link.end_turn(turn)
        await hare.flush()
        await hare.message(TurnDone, turn)
    assert house.stt.heard[-1][1] == SECOND * 2
    assert len(utterances(house)) == 1


async def test_a_turn_that_was_stored_before_a_crash_is_acknowledged_and_not_heard_again(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    hare = handset()
    turn = hare.link.start_turn("voice")
    hare.link.send_audio(turn, SECOND)
    hare.link.end_turn(turn)
    identity = hare.link.identity
    device = address(identity.device, identity.boot)
    await house.turns.keep(StoredTurn(device=device, turn=turn, person="owner", key=f"{device}:{turn}", text="x"))
    await hare.joined()
    await hare.until(lambda: hare.link.idle)
    assert not house.commands
    assert not house.stt.streams
    following = await hare.say(SECOND)
    assert (await hare.message(TurnDone, following)).outcome is Outcome.DONE


async def test_the_same_turn_number_after_a_restart_of_the_device_is_another_turn(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    for _ in range(2):
        hare = await handset().joined()
        await hare.message(TurnDone, await hare.say(SECOND))
        await hare.close()
    keys = [command.key for command in utterances(house)]
    assert len(set(keys)) == 2
    assert {command.turn for command in utterances(house)} == {1}


async def test_a_question_is_shown_spoken_and_its_answer_passed_on(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()

    async def ask(command: Any) -> None:
        if isinstance(command, HandleUtterance):
            await house.tell("t", "heard", {"text": "", "device": command.device, "turn": command.turn})
            question = {"ask": "a1", "kind": "irreversible", "text": "Order it?", "digest": "d1", "expires_at": 9e9}
            await house.tell("t", "asked", question | {"rows": [["price", "14.50"]], "choices": []})

    house.on_command = ask
    turn = await hare.say(SECOND)
    shown = await hare.message(messages.Ask)
    assert (shown.kind, shown.text, shown.rows[0].value, shown.digest) == ("confirm", "Order it?", "14.50", "d1")
    assert (await hare.message(TurnDone, turn)).outcome is Outcome.ASKED
    hare.link.tell(messages.Answer(ask="a1", digest="d1", answer="yes"))
    hare.link.tell(messages.CancelTask(task="t"))
    hare.link.tell(messages.StopRinging(timer="egg", snooze_ms=60_000))
    own = messages.SetTimer(timer="local:1", due_at_ms=9_000, kind="alarm", optional=True)
    hare.link.tell(own)
    await hare.flush()
    await hare.until(lambda: hare.link.idle)
    assert house.set_here == [("owner", "local:1", "alarm", 9_000)]
    assert AnswerAsk(ask="a1", digest="d1", answer="yes", person="owner", surface="hare") in house.commands
    assert CancelTask(person="owner", task="t") in house.commands
    assert house.stopped == [("owner", "egg", 60.0)]
    await house.tell("t", "ask_closed", {"ask": "a1", "outcome": "yes"})
    await house.tell("t", "said", {"text": "Ordered."})
    assert (await hare.message(messages.AskClosed)).outcome is Outcome.DONE
    await hare.until(lambda: hare.sound.get(0))
    assert set(hare.sound[0]) == {ord("O")}


async def test_an_answer_that_is_not_stored_yet_is_never_acknowledged(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    """Acknowledgements go up to a number: a later message must not carry an earlier answer along."""
    hare = await handset().joined()
    stored = asyncio.Event()

    async def hold_up(command: Any) -> None:
        if isinstance(command, AnswerAsk):
            await stored.wait()
        if isinstance(command, HandleUtterance):
            await house.tell("t", "heard", {"text": "", "device": command.device, "turn": command.turn})
            await house.tell("t", "task_done", {"status": "done", "sentence": "Yes."})

    house.on_command = hold_up
    hare.link.tell(messages.Answer(ask="a1", digest="d1", answer="no"))
    hare.link.tell(messages.Played(say=1, samples=1, whole=True))
    await hare.flush()
    turn = await hare.say(SECOND)
    await hare.message(TurnDone, turn)
    assert not hare.link.idle
    stored.set()
    await hare.until(lambda: hare.link.idle)


async def test_the_utterance_carries_the_question_that_was_on_the_screen(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    hare = await handset().joined()
    await hare.message(TurnDone, await hare.say(SECOND, ask="a7"))
    assert utterances(house)[0].ask == "a7"


async def test_what_happened_while_the_device_was_away_is_told_when_it_comes(
    house: Any, restart: Any, handset: Any
) -> None:
    async with restart():
        hare = handset()
    async with restart():
        hare.url = house.url
        address = f"{hare.link.identity.device}/{hare.link.identity.boot[:16]}"
        await house.tell("t", "heard", {"text": "", "device": address, "turn": 1})
        await house.tell("t", "said", {"text": "Recovered."})
        await hare.joined()
        await hare.until(lambda: hare.sound.get(0))
    assert set(hare.sound[0]) == {ord("R")}


async def test_what_was_said_just_before_a_crash_is_heard_after_it_and_nothing_twice(
    house: Any, restart: Any, handset: Any
) -> None:
    async with restart():
        hare = await handset().joined()
        await hare.message(TurnDone, await hare.say(SECOND))
        await hare.until(lambda: hare.link.idle)
        await hare.message(messages.TaskDone)
        await hare.flush()
        await hare.drop()
    house.homes["t"] = Home("hare", "earlier", 1)
    await house.tell("t", "progress", {"text": "Looking", "number": 1, "of": 2})
    await house.tell("t", "said", {"text": "Zebra."})
    async with restart():
        again = handset()
        again.url = house.url
        await again.joined()
        await again.until(lambda: again.sound.get(0))
        await again.message(messages.SayEnd)
    assert set(again.sound[0]) == {ord("Z")}
    assert not [one for one in again.told if isinstance(one, messages.Progress)]


async def test_a_task_that_an_earlier_gateway_began_is_told_where_it_came_from(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    hare, other = await handset("hare").joined(), await handset("other").joined()
    house.homes["t"] = Home("hare", "an earlier boot", 7)
    await house.tell("t", "said", {"text": "Recovered."})
    await house.tell("", "ring", {"timer": "egg", "label": ""})
    await hare.until(lambda: hare.sound.get(0))
    await other.message(messages.Ring)
    assert set(hare.sound[0]) == {ord("R")}
    assert not other.sound


async def test_a_question_is_spoken_once_on_the_turn_that_caused_it(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()

    async def ask(command: Any) -> None:
        await house.tell("t", "heard", {"text": "", "device": command.device, "turn": command.turn})
        asked = {"ask": "a", "kind": "slot", "text": "What size?", "digest": "d", "expires_at": 9e9}
        await house.tell("t", "asked", asked | {"choices": [], "rows": []})
        await house.tell("t", "said", {"text": "What size?"})

    house.on_command = ask
    turn = await hare.say(SECOND)
    assert (await hare.message(TurnDone, turn)).outcome is Outcome.ASKED
    assert len(hare.sound[turn]) == len(SECOND)
    assert 0 not in hare.sound

    async def answer(command: Any) -> None:
        await house.tell("t", "said", {"text": "Ordered."})
        await house.tell("t", "task_done", {"status": "done", "sentence": "Ordered."})

    house.on_command = answer
    following = await hare.say(SECOND, ask="a")
    assert (await hare.message(TurnDone, following)).outcome is Outcome.DONE
    assert set(hare.sound[following]) == {ord("O")}


async def test_a_ring_is_heard_by_every_device(house: Any, gateway: Gateway, handset: Any) -> None:
    one, other = await handset("one").joined(), await handset("other").joined()
    await house.tell("", "ring", {"timer": "egg", "label": "eggs"})
    for device in (one, other):
        assert (await device.message(messages.Ring)).label == "eggs"


async def test_what_comes_of_a_task_of_no_device_in_particular_is_told_by_every_one(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    one, other = await handset("one").joined(), await handset("other").joined()
    await house.tell("t", "heard", {"text": "read my mail", "device": EVERY_DEVICE, "turn": 0})
    asked = {"ask": "a", "kind": "irreversible", "text": "Shall I?", "digest": "d", "expires_at": 9e9, "quiet": True}
    await house.tell("t", "asked", asked | {"choices": [], "rows": []})
    await house.tell("t", "said", {"text": "Two mails."})
    await house.tell("t", "task_done", {"status": "done", "sentence": "Two mails."})
    for device in (one, other):
        assert (await device.message(messages.Ask)).quiet
        assert (await device.message(messages.TaskDone)).sentence == "Two mails."
        await device.until(lambda device=device: device.sound.get(0))
        assert set(device.sound[0]) == {ord("T")}, "the question that makes no sound is not spoken"


async def test_a_choice_comes_with_its_values(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    choices = [{"value": "2", "text": "for two"}, {"value": "10", "text": "for ten"}]
    asked = {"ask": "a", "kind": "choice", "text": "For two, or for ten?", "digest": "d", "expires_at": 9e9}
    await house.tell("t", "asked", asked | {"choices": choices, "rows": []})
    shown = await hare.message(messages.Ask)
    assert (shown.kind, shown.choices) == ("choice", (AskChoice("2", "for two"), AskChoice("10", "for ten")))


async def test_a_picture_goes_with_its_turn(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    turn = hare.link.start_turn("voice", picture=True)
    hare.link.send_picture(turn, jpeg())
    hare.link.send_audio(turn, SECOND)
    hare.link.end_turn(turn)
    await hare.flush()
    await hare.message(TurnDone, turn)
    (command,) = utterances(house)
    assert await gateway.works.pictures.read("owner", command.picture) == jpeg()
    assert command.picture_problem == ""


async def test_a_torn_picture_is_a_problem_that_goes_with_its_turn(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    turn = hare.link.start_turn("voice", picture=True)
    hare.link.send_picture(turn, jpeg()[:-400])
    hare.link.send_audio(turn, SECOND)
    hare.link.end_turn(turn)
    await hare.flush()
    await hare.message(TurnDone, turn)
    (command,) = utterances(house)
    assert command.picture == ""
    assert command.picture_problem == "The picture arrived broken. Please take it again."


async def test_the_newest_socket_of_a_device_wins(gateway: Gateway, handset: Any) -> None:
    old = await handset().joined()
    new = handset()
    await new.joined()
    ended = await old.until(lambda: old.ended)
    assert ended.code is CloseCode.REPLACED
    assert (await new.message(TurnDone, await new.say(SECOND))).outcome is Outcome.DONE


async def test_a_revoked_device_is_put_out(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    house.accounts.revoke("hare")
    assert (await hare.until(lambda: hare.ended)).code is CloseCode.UNPAIRED


async def test_a_device_without_the_key_is_not_let_in(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = handset()
    house.accounts.revoke("hare")
    house.accounts.pair("hare")
    await hare.connect()
    assert (await hare.until(lambda: hare.ended)).code is CloseCode.BAD_PROOF


async def test_a_device_that_was_never_paired_is_not_let_in(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = handset()
    house.accounts.revoke("hare")
    await hare.connect()
    assert (await hare.until(lambda: hare.ended)).code is CloseCode.UNPAIRED


HELLO: dict[str, Any] = {
    "type": "hello",
    "version_min": 1,
    "version_max": 1,
    "device": "hare",
    "boot": "0" * 32,
    "nonce": "1" * 32,
}


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("not json", CloseCode.BAD_MESSAGE),
        (json.dumps(HELLO | {"version_min": 7, "version_max": 9}), CloseCode.UPGRADE_REQUIRED),
        (json.dumps({"type": "dance"}), CloseCode.UNKNOWN_MESSAGE),
        (json.dumps(HELLO | {"device": "x" * 65}), CloseCode.LIMIT),
        (b"\x00\x01\x02", CloseCode.BAD_FRAME),
    ],
)
async def test_a_broken_frame_closes_with_code_and_reason(
    house: Any, gateway: Gateway, first: str | bytes, code: CloseCode
) -> None:
    async with websockets.connect(house.url, subprotocols=[limits.SUBPROTOCOL], compression=None) as socket:
        await socket.send(first)
        async with asyncio.timeout(40):
            with pytest.raises(websockets.ConnectionClosed) as closed:
                while True:
                    await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.reason.startswith(code.value)
    assert closed.value.rcvd.code >= 4000


async def test_a_client_of_another_protocol_is_turned_away(house: Any, gateway: Gateway) -> None:
    with pytest.raises(websockets.InvalidStatus):
        await websockets.connect(house.url)


async def test_ears_that_break_are_told_with_what_to_do(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    house.stt.broken = True
    turn = await hare.say(SECOND)
    done = await hare.message(TurnDone, turn)
    assert (done.outcome, done.sentence) == (Outcome.UNAVAILABLE, NO_EARS) and not house.commands


async def test_a_voice_that_breaks_is_told_once_and_does_not_call_what_was_done_undone(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    hare = await handset().joined()
    house.tts.broken = True
    for _ in range(2):
        turn = await hare.say(SECOND)
        assert (await hare.message(TurnDone, turn)).outcome is Outcome.DONE
    house.tts.broken = False
    turn = await hare.say(SECOND)
    await hare.message(TurnDone, turn)
    house.tts.broken = True
    turn = await hare.say(SECOND)
    await hare.message(TurnDone, turn)
    assert [one.sentence for one in hare.told if isinstance(one, messages.Fault)] == [NO_VOICE, NO_VOICE]
    assert sum(isinstance(one, TurnDone) for one in hare.told) == 4, "one end for each turn"


async def test_an_engine_that_breaks_is_told_and_the_next_turn_works(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    hare = await handset().joined()

    async def broken(command: Any) -> None:
        raise OSError("the disk is full")

    house.on_command = broken
    turn = await hare.say(SECOND)
    done = await hare.message(TurnDone, turn)
    assert (done.outcome, done.sentence) == (Outcome.UNAVAILABLE, BROKEN)
    house.on_command = None
    following = await hare.say(SECOND)
    assert (await hare.message(TurnDone, following)).outcome is Outcome.DONE


async def test_a_turn_that_is_said_again_after_a_restart_of_the_device_is_done_once(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    before = await handset(boot="a" * 32).joined()
    turn = before.link.start_turn("voice")
    before.link.send_audio(turn, SECOND)
    before.link.end_turn(turn)
    whole = before.link.whole(turn)
    await before.flush()
    await before.until(lambda: turn in before.kept)
    await before.drop()
    after = await handset(boot="b" * 32).joined()
    again = after.link.begin_again(whole, said_at_ms=1, again="a" * 16 + ":1")
    await after.flush()
    assert (await after.message(TurnDone, again)).outcome is Outcome.STARTED
    assert {command.key for command in utterances(house)} == {f"hare/{'a' * 16}:1"}
    assert again in after.kept


async def test_a_turn_of_the_boot_before_that_ends_late_takes_nothing_from_the_one_with_its_number(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    submitted = asyncio.Event()

    async def on_command(command: Any) -> None:
        await submitted.wait()
        await house.reply(command, "It is noon.")

    house.on_command = on_command
    before = await handset(boot="a" * 32).joined()
    turn = await before.say(SECOND)
    await before.until(lambda: turn in before.kept)
    await before.drop()
    after = await handset(boot="b" * 32).joined()
    same = after.link.start_turn("voice")
    after.link.send_audio(same, SECOND)
    await after.flush()
    await after.message(messages.Transcript, same)
    submitted.set()
    while await house.turns.unsubmitted():  # noqa: ASYNC110  # the store rings no bell
        await asyncio.sleep(0)
    after.link.end_turn(same)
    await after.flush()
    assert same == turn and (await after.message(TurnDone, same)).outcome is Outcome.DONE
    assert len(utterances(house)) == 2


async def test_what_is_said_as_a_note_is_a_note_whatever_it_says(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    house.stt.text = "cancel the alarm"
    await hare.say(SECOND, note=True, said_at_ms=5_000)
    await hare.message(TurnDone)
    (command,) = utterances(house)
    assert (command.text, command.said_at) == ("take a note cancel the alarm", 5.0)


async def test_a_gateway_that_lets_nobody_in_just_now_says_busy_but_takes_whoever_speaks(
    gateway: Gateway, handset: Any
) -> None:
    gateway.welcomes_per_s = 0
    waits, speaks = handset("waits"), handset("speaks")
    await waits.connect()
    ended = await waits.until(lambda: waits.ended)
    assert ended.code is CloseCode.BUSY and ended.retry is Retry.RECONNECT
    speaks.link.start_turn("voice")
    await speaks.joined()


async def test_a_device_is_told_how_long_to_wait_at_most_before_it_dials_again(gateway: Gateway, handset: Any) -> None:
    hare = handset("hare")
    await hare.joined()
    assert hare.welcome.limits.redial_most_ms == limits.REDIAL_LEAST_MS == redial_most_ms(gateway.paired)


async def test_while_letting_in_takes_long_others_are_told_to_come_later(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    gateway.welcomes_at_once = 1
    slow, asked = asyncio.Event(), asyncio.Event()

    async def snapshot(person: str) -> Snapshot:
        asked.set()
        await slow.wait()
        return house.snapshot

    gateway.snapshot = snapshot
    first, second = handset("hare"), handset("rabbit")
    await first.connect()
    await asked.wait()
    await second.connect()
    ended = await second.until(lambda: second.ended)
    assert (ended.code, ended.retry) == (CloseCode.BUSY, Retry.RECONNECT)
    await second.settle()
    slow.set()
    await first.until(lambda: first.welcome)
    await second.joined()


async def test_of_devices_that_come_all_at_once_so_many_are_let_in_each_second(gateway: Gateway) -> None:
    comes = messages.Hello(version_min=1, version_max=1, device="hare", boot="ab" * 16, nonce="cd" * 16)
    for second in range(3):
        assert sum(gateway.lets_in(comes, second + at / 1000) for at in range(900)) == WELCOMES_PER_S
