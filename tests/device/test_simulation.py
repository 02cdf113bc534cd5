"""A whole simulated device against a small cloud on a real socket."""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

import pytest
from PIL import Image

from device.config import Config, Key
from device.scenario import After, Network, OnAsk, Scenario, Step
from device.simulation import simulate
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from wire.events import CloudEvent
from wire.messages import Answer, Ask, AskClosed, Progress, TaskDone, Transcript, TurnDone, TurnEnd, Understood
from wire.outcomes import Outcome
from wire.parts import AskChoice


def tone(seconds: float, hz: int = 440) -> bytes:
    return array(
        "h", (int(9000 * math.sin(2 * math.pi * hz * at / 16000)) for at in range(int(seconds * 16000)))
    ).tobytes()


def wav(path: Path, pcm: bytes, *, rate: int = 16000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


def config(cloud: Cloud, deadline_s: float = 12) -> Config:
    return Config(cloud=cloud.address, deadline_s=deadline_s)


WHO = Key(DEVICE, KEY)


async def answer_with_words(cloud: Cloud, event: CloudEvent) -> None:
    """Says half a second of sound as the answer to every turn."""
    if not isinstance(event, TurnEnd) or cloud.session is None:
        return
    session, turn = cloud.session, event.turn
    session.send(Transcript(turn=turn, text="what time is it", final=True))
    say = session.start_saying(turn, "It is five.")
    session.say(say, tone(0.5, 300))
    session.end_saying(say)
    session.send(TurnDone(turn=turn, outcome=Outcome.ANSWERED, sentence="It is five."))


async def test_what_is_said_arrives_whole_and_the_answer_is_heard_and_seen(tmp_path: Path) -> None:
    spoken = tone(1.0)
    async with Cloud(answer_with_words).open() as cloud:
        scenario = Scenario(steps=(Step(say=wav(tmp_path / "a.wav", spoken), after=After("joined")),))
        result, journal = await simulate(config(cloud), WHO, scenario, out=tmp_path / "out", fast=True)
    assert cloud.turns[1].pcm.startswith(spoken)
    assert result.outcome == "answered" and result.exit_code == 0
    assert result.transcript == "what time is it"
    assert result.sentences == ("It is five.",)
    assert result.heard_samples >= 8000
    assert [face.split()[0] for face in result.faces][:2] == ["idle", "listening"]
    assert "page" in {face.split()[0] for face in result.faces}
    released = journal.first("released")
    first = journal.first("first_audio")
    assert released and first and first.at_ms >= released.at_ms
    assert (tmp_path / "out" / "reply.wav").exists() and (tmp_path / "out" / "journal.jsonl").exists()
    assert len(list((tmp_path / "out" / "screens").glob("*.png"))) == len(result.faces)


def asking(session_turn: int, kind: str = "confirm", choices: tuple[AskChoice, ...] = ()) -> Ask:
    return Ask(
        turn=session_turn,
        ask="q1",
        task="t1",
        kind=kind,  # type: ignore[arg-type]
        text="Order it?",
        choices=choices,
        digest="abc",
        expires_at_ms=4_000_000_000_000,
    )


class Shop:
    """Asks before it orders, and does what the answer says."""

    def __init__(self, ask: Ask, *, speak: float = 0.0) -> None:
        self.ask = ask
        self.speak = speak
        self.answers: list[Answer] = []

    async def __call__(self, cloud: Cloud, event: CloudEvent) -> None:
        session = cloud.session
        if session is None:
            return
        if isinstance(event, TurnEnd):
            session.send(Understood(turn=event.turn, text="Order a pizza", task="t1"))
            session.send(Progress(turn=event.turn, task="t1", text="Filling the cart", step=1, of=2))
            session.send(self.ask)
            session.send(TurnDone(turn=event.turn, outcome=Outcome.ASKED))
            if self.speak:
                say = session.start_saying(event.turn, "Order it?")
                session.say(say, tone(self.speak, 300))
                session.end_saying(say)
        if isinstance(event, Answer):
            self.answers.append(event)
            outcome = Outcome.DECLINED if event.answer == "no" else Outcome.DONE
            session.send(AskClosed(turn=0, ask=event.ask, outcome=outcome))
            session.send(TaskDone(turn=0, task="t1", outcome=outcome, sentence="All done."))


@pytest.mark.parametrize(("clicks", "answer", "code"), [(2, "yes", 0), (1, "no", 4)])
async def test_the_person_answers_a_question_with_the_button(
    tmp_path: Path, clicks: int, answer: str, code: int
) -> None:
    shop = Shop(asking(1), speak=0.4)
    async with Cloud(shop).open() as cloud:
        scenario = Scenario(steps=(Step(text="order a pizza"),), on_ask=OnAsk(clicks))
        result, _ = await simulate(config(cloud), WHO, scenario)
    assert [(one.answer, one.digest) for one in shop.answers] == [(answer, "abc")]
    assert result.exit_code == code


async def test_three_clicks_order_nothing() -> None:
    shop = Shop(asking(1))
    async with Cloud(shop).open() as cloud:
        scenario = Scenario(steps=(Step(text="order a pizza"),), on_ask=OnAsk(3))
        result, _ = await simulate(config(cloud, deadline_s=4), WHO, scenario)
    assert shop.answers == [] and result.exit_code == 7


async def test_a_choice_is_answered_by_naming_it() -> None:
    shop = Shop(asking(1, "choice", (AskChoice("margherita", "Margherita"), AskChoice("pepperoni", "Pepperoni"))))
    async with Cloud(shop).open() as cloud:
        scenario = Scenario(steps=(Step(text="order a pizza"),), answers=("a large pepperoni, please",))
        await simulate(config(cloud), WHO, scenario)
    assert [one.choice for one in shop.answers] == ["pepperoni"]


async def test_a_drop_in_mid_utterance_loses_nothing_also_when_the_gateway_forgets_all(tmp_path: Path) -> None:
    spoken = tone(2.0)
    dropped = []

    async def forgetful(cloud: Cloud, event: CloudEvent) -> None:
        if 1 in cloud.turns and len(cloud.turns[1].pcm) > 16_000 and not dropped:
            dropped.append(True)
            await cloud.forget()
        await answer_with_words(cloud, event)

    async with Cloud(forgetful).open() as cloud:
        scenario = Scenario(steps=(Step(say=wav(tmp_path / "a.wav", spoken), after=After("joined")),))
        result, _journal = await simulate(config(cloud), WHO, scenario)
        assert cloud.sockets == 2
    assert cloud.turns[1].pcm.startswith(spoken)
    assert cloud.turns[1].end is not None and cloud.turns[1].end.samples * 2 == len(cloud.turns[1].pcm)
    assert result.outcome == "answered"


async def test_what_is_said_before_the_link_is_up_is_not_lost(tmp_path: Path) -> None:
    spoken = tone(0.6)
    async with Cloud(answer_with_words).open() as cloud:
        scenario = Scenario(
            steps=(
                Step(network=Network(refuse_ms=700)),
                Step(say=wav(tmp_path / "a.wav", spoken)),
            )
        )
        result, _journal = await simulate(config(cloud), WHO, scenario)
    assert cloud.turns[1].pcm.startswith(spoken) and result.outcome == "answered"


async def test_a_barge_in_cuts_the_answer_and_nothing_of_it_is_heard_in_the_next_turn(tmp_path: Path) -> None:
    async def talkative(cloud: Cloud, event: CloudEvent) -> None:
        if isinstance(event, TurnEnd) and cloud.session is not None:
            say = cloud.session.start_saying(event.turn, f"answer {event.turn}")
            cloud.session.say(say, tone(20 if event.turn == 1 else 0.3, 300))
            cloud.session.end_saying(say)
            cloud.session.send(TurnDone(turn=event.turn, outcome=Outcome.ANSWERED))

    async with Cloud(talkative).open() as cloud:
        path = wav(tmp_path / "a.wav", tone(0.4))
        scenario = Scenario(steps=(Step(say=path), Step(say=path, after=After("first_audio", 300))))
        result, journal = await simulate(config(cloud), WHO, scenario)
    hushed, begun = journal.first("hushed"), [one for one in journal.since(0) if one.event == "first_audio"]
    assert hushed is not None and [one.data["say"] for one in begun] == [1, 2]
    assert result.heard_samples < 15 * 16_000, "twenty seconds were said, they must not have been heard"
    assert len(cloud.turns[2].pcm) >= len(tone(0.4))


async def test_a_picture_goes_with_what_is_said(tmp_path: Path) -> None:
    Image.new("RGB", (320, 200), (200, 30, 30)).save(tmp_path / "flyer.png")
    async with Cloud(answer_with_words).open() as cloud:
        steps = (Step(say=wav(tmp_path / "a.wav", tone(0.4)), see=tmp_path / "flyer.png"),)
        await simulate(config(cloud), WHO, Scenario(steps=steps), fast=True)
    picture = cloud.turns[1].picture
    assert cloud.turns[1].start.picture and picture is not None and picture.intact
    assert picture.jpeg.startswith(b"\xff\xd8")


async def test_a_torn_picture_is_said_and_the_turn_goes_on_without_it(tmp_path: Path) -> None:
    Image.effect_noise((640, 480), 90).convert("RGB").save(tmp_path / "torn.jpg")
    data = (tmp_path / "torn.jpg").read_bytes()
    (tmp_path / "torn.jpg").write_bytes(data[: len(data) // 2])
    async with Cloud(answer_with_words).open() as cloud:
        steps = (Step(say=wav(tmp_path / "a.wav", tone(0.4)), see=tmp_path / "torn.jpg"),)
        result, journal = await simulate(config(cloud), WHO, Scenario(steps=steps))
    failed = journal.first("part_failed")
    assert failed is not None and "torn" in str(failed.data["sentence"])
    assert any("torn" in face for face in result.faces)
    assert cloud.turns[1].picture is None and result.outcome == "answered"


@pytest.mark.parametrize(
    ("name", "words"), [("stereo", "2 channel"), ("rate", "44100 Hz"), ("broken", "broken"), ("missing", "no file")]
)
async def test_a_wav_that_cannot_be_spoken_is_said_and_the_next_turn_works(
    tmp_path: Path, name: str, words: str
) -> None:
    path = tmp_path / "bad.wav"
    if name == "stereo":
        wav(path, tone(0.5), channels=2)
    elif name == "rate":
        wav(path, tone(0.5), rate=44100)
    elif name == "broken":
        path.write_bytes(b"RIFF\x10\x00\x00\x00WAVEjunk")
    async with Cloud(answer_with_words).open() as cloud:
        steps = (Step(say=path), Step(say=wav(tmp_path / "good.wav", tone(0.4))))
        result, journal = await simulate(config(cloud), WHO, Scenario(steps=steps), fast=True)
    failed = journal.first("part_failed")
    assert failed is not None and words in str(failed.data["sentence"])
    assert result.outcome == "answered"


async def test_a_hold_of_over_a_minute_is_cut_at_a_minute_and_said(tmp_path: Path) -> None:
    async with Cloud(answer_with_words).open() as cloud:
        steps = (Step(say=wav(tmp_path / "long.wav", b"\0\0\1\0" * (61 * 8_000))),)
        result, _journal = await simulate(config(cloud), WHO, Scenario(steps=steps), fast=True)
    end = cloud.turns[1].end
    assert end is not None and end.truncated and end.samples == 960_000
    assert result.exit_code == 0
    assert any("minute" in face for face in result.faces)


async def test_a_device_that_is_not_paired_says_so_and_exits_with_its_code(tmp_path: Path) -> None:
    async with Cloud(key=None).open() as cloud:
        steps = (Step(text="hello"),)
        result, journal = await simulate(config(cloud, deadline_s=5), WHO, Scenario(steps=steps))
    ended = journal.first("link_ended")
    assert ended is not None and ended.data["code"] == "unpaired"
    assert any("paired" in face for face in result.faces)
    assert result.exit_code == 3


async def test_a_cloud_with_another_key_is_not_told_a_word(tmp_path: Path) -> None:
    async with Cloud(key=bytes(32)).open() as cloud:
        result, _ = await simulate(config(cloud, deadline_s=1), WHO, Scenario(steps=(Step(text="secret"),)))
    assert cloud.turns == {} and result.exit_code == 3
