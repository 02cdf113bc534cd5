"""The real faster-whisper: over random weights, whose words are noise, and over the trained ones of tiny.en."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

from cloud.speech.errors import ModelMissing, SpeechError
from cloud.speech.listening import Decoded
from cloud.speech.sound import SAMPLE_RATE_HZ, Floats, from_pcm
from cloud.speech.stt import Transcript
from cloud.speech.tts import EspeakVoice
from cloud.speech.whisper import Sound, Whisper, WhisperSpeech, circles, look, mended

FRAME_BYTES = 640


class Counted(WhisperSpeech):
    """Knows how long the pieces were that it decoded, in seconds."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.decoded: list[float] = []

    async def decode(self, samples: Floats, before: Decoded | None = None) -> Decoded:
        found = await super().decode(samples, before)
        self.decoded.append(len(samples) / SAMPLE_RATE_HZ)
        return found


@pytest_asyncio.fixture
async def engine(whisper_folder: Path) -> AsyncIterator[WhisperSpeech]:
    engine = WhisperSpeech(whisper_folder)
    yield engine
    await engine.close()


async def spoken(text: str, quiet_ms: int = 0) -> bytes:
    voice = EspeakVoice()
    pcm = b"".join([chunk async for chunk in voice.speak(text)])
    await voice.close()
    return pcm + bytes(SAMPLE_RATE_HZ * quiet_ms // 1000 * 2)


async def test_speech_becomes_text_with_its_engine_and_its_likelihood(engine: WhisperSpeech) -> None:
    stream = engine.open("turn")
    stream.feed(await spoken("We are going to the market."))
    transcript = await stream.finish()
    assert transcript.text
    assert transcript.engine == "whisper-toy.en"
    assert transcript.log_likelihood < 0


async def test_the_same_sound_is_heard_the_same_again(engine: WhisperSpeech) -> None:
    pcm = await spoken("Set a timer.")
    texts = set()
    for turn in ("one", "two"):
        stream = engine.open(turn)
        stream.feed(pcm)
        texts.add((await stream.finish()).text)
    assert len(texts) == 1


async def test_the_sound_can_be_asked_about_sentences_and_says_the_same_of_one_as_of_many(
    engine: WhisperSpeech,
) -> None:
    stream = engine.open("turn")
    stream.feed(await spoken("We visit them on Saturday."))
    evidence = (await stream.finish()).evidence
    assert evidence is not None
    one = (await evidence.weigh(["Saturday."]))[0]
    many = await evidence.weigh(["We visit them on Sunday, and stay.", "Saturday."])
    assert many[1] == pytest.approx(one, abs=0.01)
    assert many[0] < many[1] < 0
    others, _ = await evidence.again()
    assert len(others) == 2


async def test_what_was_heard_is_as_likely_as_it_seemed_when_it_was_heard(tiny_folder: Path) -> None:
    network = Whisper(tiny_folder)
    heard, sound = look(network, from_pcm(await spoken("Set a timer for twenty five minutes.")), lambda: False)
    same, other = network.weigh(sound, [heard.text, heard.text.replace("25", "45")])
    # The end of the text is not weighed.
    assert heard.log_likelihood - 0.5 < same < heard.log_likelihood + 2
    assert other < same - 2


def test_words_that_begin_with_t_are_written_as_the_network_learned_them() -> None:
    """As the files of the models for many languages are: without the merge of a space and "t"."""
    vocabulary = {word: at for at, word in enumerate(("Ġ", "t", "o", "Ġt", "to", "Ġto"))}
    for merges in ([("t", "o")], [("t", "o"), ("Ġt", "o")]):
        torn = Tokenizer(BPE(vocab=vocabulary, merges=merges))
        torn.pre_tokenizer = ByteLevel(add_prefix_space=False)
        whole = mended(torn)
        assert whole.encode(" t").tokens == ["Ġt"]
    assert whole.encode(" to").tokens == ["Ġto"]
    assert mended(whole) is whole


async def test_weighing_that_nobody_waits_for_ends_between_two_batches(whisper_folder: Path) -> None:
    network = Whisper(whisper_folder)
    sound = network.listen(from_pcm(await spoken("Set a timer.")))
    asked = [f"Set a timer for {number} minutes." for number in range(20)]
    answers = iter([False, True])
    with pytest.raises(SpeechError):
        network.weigh(sound, asked, lambda: next(answers))
    assert next(answers, None) is None
    assert network.weigh(sound, asked)[13] == pytest.approx(network.weigh(sound, asked[13:14])[0], abs=0.01)


async def test_words_arrive_while_the_button_is_held(engine: WhisperSpeech) -> None:
    arrived: asyncio.Queue[str] = asyncio.Queue()
    stream = engine.open("turn", arrived.put_nowait)
    pcm = await spoken("We are going to the market on Saturday morning.")
    for start in range(0, len(pcm), FRAME_BYTES):
        stream.feed(pcm[start : start + FRAME_BYTES])
    assert await arrived.get()
    stream.abort()


async def test_silence_is_not_even_decoded(engine: WhisperSpeech) -> None:
    stream = engine.open("turn")
    stream.feed(bytes(SAMPLE_RATE_HZ * 2))
    assert (await stream.finish()).reason == "silence"


async def test_what_was_heard_when_the_speaker_fell_silent_is_not_decoded_again_at_release(tiny_folder: Path) -> None:
    engine = Counted(tiny_folder)
    heard: asyncio.Queue[Transcript | None] = asyncio.Queue()
    stream = engine.open("turn", on_ahead=heard.put_nowait)
    stream.feed(await spoken("Set a timer for twenty five minutes.", quiet_ms=300))
    ahead = await heard.get()
    stream.feed(bytes(SAMPLE_RATE_HZ))
    transcript = await stream.finish()
    assert len(engine.decoded) == 1
    assert ahead is not None
    assert transcript.text == ahead.text
    assert "timer for 25 minutes" in transcript.text
    assert transcript.evidence is ahead.evidence
    await engine.close()


async def test_what_is_short_is_looked_at_through_a_short_window(tiny_folder: Path) -> None:
    engine = WhisperSpeech(tiny_folder)
    heard, sound = await engine.hear(from_pcm(await spoken("Set a timer for twenty five minutes.")))
    assert "timer for 25 minutes" in heard.text
    assert sound.frames.shape[1] == 750
    await engine.close()


class Circling(Whisper):
    """The real network, that comes to no end in a short window."""

    def guess(self, sound: Sound) -> tuple[Decoded, bool]:
        return super().guess(sound)[0], sound.frames.shape[1] == 1500


async def test_what_goes_in_circles_is_looked_at_again_through_the_whole_window(whisper_folder: Path) -> None:
    _, sound = look(Circling(whisper_folder), from_pcm(await spoken("Set a timer.")), lambda: False)
    assert sound.frames.shape[1] == 1500


@pytest.mark.parametrize(
    ("tokens", "wanted"),
    [
        ([], False),
        ([7] * 3, False),
        ([7] * 4, True),
        ([1, 2] * 4, True),
        ([9, 1, 2, 3, 1, 2, 3], False),
        ([1, 2, 3], False),
    ],
)
def test_circles_are_four_times_the_same(tokens: list[int], wanted: bool) -> None:
    assert circles(tokens) is wanted


def refused(folder: Path) -> str:
    engine = WhisperSpeech(folder)
    with pytest.raises(ModelMissing) as error:
        asyncio.run(engine.ready())
    asyncio.run(engine.close())
    return str(error.value)


def test_a_folder_without_a_model_is_named_with_what_is_missing(tmp_path: Path) -> None:
    assert "model.bin" in refused(tmp_path)


def test_a_model_that_is_damaged_is_named(whisper_folder: Path, tmp_path: Path) -> None:
    for file in whisper_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.bin").write_bytes((whisper_folder / "model.bin").read_bytes()[:5000])
    assert "cannot be loaded" in refused(tmp_path)
