import threading

import numpy as np
import pytest

from cloud.speech.errors import VoiceFailed
from cloud.speech.espeak import espeak
from cloud.speech.sound import from_pcm
from cloud.speech.tts import CHUNK_BYTES, EspeakVoice, SentenceVoice, sentences


async def test_a_sentence_becomes_audible_pcm_in_short_pieces() -> None:
    voice = EspeakVoice()
    pieces = [piece async for piece in voice.speak("Your timer is set. It rings at noon.")]
    await voice.close()
    assert all(0 < len(piece) <= CHUNK_BYTES for piece in pieces)
    samples = from_pcm(b"".join(pieces))
    assert 1.5 < len(samples) / 16_000 < 5
    assert np.abs(samples).max() > 0.1


async def test_the_same_sentence_sounds_the_same_again() -> None:
    voice = EspeakVoice()
    once = b"".join([piece async for piece in voice.speak("Done.")])
    again = b"".join([piece async for piece in voice.speak("Done.")])
    await voice.close()
    assert once == again


async def test_what_was_prepared_is_not_made_again() -> None:
    made: list[str] = []

    class Counting(SentenceVoice[None]):
        name = "counting"

        def make(self, model: None, sentence: str) -> bytes:
            made.append(sentence)
            return sentence.encode()

    voice = Counting(lambda: None, kept=2)
    await voice.prepare(["One. Two."])
    assert b"".join([piece async for piece in voice.speak("Two. One.")]) == b"Two.One."
    assert made == ["One.", "Two."]
    await voice.prepare(["Three."])
    assert b"".join([piece async for piece in voice.speak("One. Two.")]) == b"One.Two."
    assert made == ["One.", "Two.", "Three.", "Two."]
    await voice.close()


async def test_nothing_to_say_makes_no_sound() -> None:
    voice = EspeakVoice()
    assert [piece async for piece in voice.speak("  ")] == []
    await voice.close()


def test_text_is_split_where_a_speaker_would_pause() -> None:
    assert sentences("Large pepperoni, 14.50. Order it? Yes!") == ["Large pepperoni, 14.50.", "Order it?", "Yes!"]


def test_phonemes_are_ipa_and_homophones_sound_the_same() -> None:
    assert espeak().phonemes("two") == espeak().phonemes("too")
    assert "p" in espeak().phonemes("pizza")
    assert espeak().phonemes("") == ""


def test_an_unknown_voice_is_named() -> None:
    with pytest.raises(VoiceFailed, match="klingon-x"):
        espeak().say("hello", voice="klingon-x")


def test_threads_do_not_mix_their_words() -> None:
    alone = {text: len(espeak().say(text)) for text in ("one", "eleven hundred")}
    found: list[bool] = []

    def speak(text: str) -> None:
        found.extend(abs(len(espeak().say(text)) - alone[text]) < 2000 for _ in range(20))

    threads = [threading.Thread(target=speak, args=(text,)) for text in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 40
