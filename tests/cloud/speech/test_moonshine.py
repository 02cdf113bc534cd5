import pytest

from cloud.speech.moonshine import Tokens, weights_path


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens((weights_path() / "tokenizer.bin").read_bytes())


@pytest.mark.parametrize("text", ["Set a timer for 15 minutes.", "Café, naïve — 14.50?", "x"])
def test_text_survives_its_numbers(tokens: Tokens, text: str) -> None:
    assert tokens.decode(tokens.encode(text)) == text


def test_common_words_are_one_piece(tokens: Tokens) -> None:
    assert [tokens.pieces[number].decode() for number in tokens.encode("a timer for")] == ["▁a", "▁timer", "▁for"]
