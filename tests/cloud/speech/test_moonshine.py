import numpy as np
import pytest

from cloud.speech.errors import SpeechError
from cloud.speech.espeak import espeak
from cloud.speech.moonshine import Moonshine, Sound, Tokens, weights_path
from cloud.speech.sound import SAMPLE_RATE_HZ, from_pcm, resample


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens((weights_path() / "tokenizer.bin").read_bytes())


@pytest.mark.parametrize("text", ["Set a timer for 15 minutes.", "Café, naïve — 14.50?", "x"])
def test_text_survives_its_numbers(tokens: Tokens, text: str) -> None:
    assert tokens.decode(tokens.encode(text)) == text


def test_common_words_are_one_piece(tokens: Tokens) -> None:
    assert [tokens.pieces[number].decode() for number in tokens.encode("a timer for")] == ["▁a", "▁timer", "▁for"]


@pytest.fixture(scope="module")
def network() -> Moonshine:
    return Moonshine()


@pytest.fixture(scope="module")
def sound(network: Moonshine) -> Sound:
    voice = espeak()
    said = from_pcm(voice.say("We are going to the market on Saturday morning.", words_a_minute=140))
    quiet = np.zeros(SAMPLE_RATE_HZ // 2, np.float32)
    return network.listen(np.concatenate([quiet, resample(said, voice.sample_rate_hz, SAMPLE_RATE_HZ), quiet]))


@pytest.mark.parametrize("kept", [0, 1, 5, 100])
@pytest.mark.parametrize("wrong", [(), (7, 8, 9)])
def test_a_draft_changes_how_fast_a_text_is_found_and_not_which(
    network: Moonshine, sound: Sound, kept: int, wrong: tuple[int, ...]
) -> None:
    alone = network.guess(sound)
    drafted = network.guess(sound, (*alone.tokens[:kept], *wrong))
    assert drafted.text == alone.text
    assert drafted.tokens == alone.tokens
    # The weights are int8, scaled by all tokens that are looked at together: of eleven tokens 0.05 either way is usual,
    # and the voice never says it twice alike.
    assert drafted.log_likelihood == pytest.approx(alone.log_likelihood, abs=0.3)


def test_a_guess_that_nobody_wants_ends_at_its_next_step(network: Moonshine, sound: Sound) -> None:
    asked: list[bool] = []

    def given_up() -> bool:
        asked.append(len(asked) > 2)
        return asked[-1]

    with pytest.raises(SpeechError):
        network.guess(sound, (), given_up)
    assert asked == [False, False, False, True]
