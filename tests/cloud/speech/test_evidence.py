from collections.abc import Sequence

import numpy as np
import pytest

from cloud.speech.evidence import Hearings
from cloud.speech.sound import Floats

LIKELIHOODS = (
    {"five": -2.0, "nine": -3.0, "a fox": -30.0},
    {"five": -9.0, "nine": -4.0, "a fox": -1.0},
    {"five": -8.0, "nine": -4.0, "a fox": -1.0},
)


class Words:
    def __init__(self, text: str) -> None:
        self.text = text


class FakeEngine:
    """Hears the sound that has a number, and knows how likely each sentence is for it."""

    is_quick = True

    def __init__(self) -> None:
        self.heard = 0
        self.drafts: list[tuple[int, ...]] = []
        self.asked: list[list[str]] = [[], [], []]

    async def hear(self, samples: Floats, draft: Sequence[int] = ()) -> tuple[Words, int]:
        self.heard += 1
        self.drafts.append(tuple(draft))
        return Words(f"hearing {self.heard}"), self.heard

    async def weigh(self, sound: int, sentences: Sequence[str]) -> list[float]:
        self.asked[sound].extend(sentences)
        return [LIKELIHOODS[sound][each] for each in sentences]


def hearings(engine: FakeEngine) -> Hearings[int]:
    return Hearings(engine, np.zeros(1600, np.float32), 0, (7, 8))


async def test_one_hearing_says_what_the_engine_says() -> None:
    assert await hearings(FakeEngine()).weigh(["nine", "five", "nine"]) == [-3.0, -2.0, -3.0]


async def test_several_hearings_are_asked_once_about_what_has_a_chance() -> None:
    engine = FakeEngine()
    evidence = hearings(engine)
    await evidence.weigh(["five", "nine", "a fox"])
    others, wider = await evidence.again()
    assert others == ("hearing 1", "hearing 2")
    assert engine.drafts == [(7, 8), (7, 8)]
    five, nine, fox = await wider.weigh(["five", "nine", "a fox"])
    assert (five, nine) == ((-2 - 9 - 8) / 3, (-3 - 4 - 4) / 3)
    assert engine.asked == [["five", "nine", "a fox"], ["five", "nine"], ["nine", "five"]]
    # It was 27 behind what leads now when it was last asked about.
    assert fox == pytest.approx(nine - 27)
    assert await evidence.weigh(["five"]) == [-2.0]


async def test_what_is_far_behind_is_so_even_when_it_is_asked_about_alone() -> None:
    engine = FakeEngine()
    evidence = hearings(engine)
    await evidence.weigh(["five", "nine"])
    _, wider = await evidence.again()
    assert await wider.weigh(["a fox"]) < await wider.weigh(["five"])
    assert await wider.weigh([]) == []
