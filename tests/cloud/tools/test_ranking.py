from __future__ import annotations

from collections.abc import Sequence

from browser.fingerprint import Fingerprint
from cloud.models.errors import ModelUnreachable
from cloud.tools.ranking import ModelRanker, in_words

PAY = Fingerprint(role="button", name="Pay", tag="button", attributes={"type": "submit", "value": "typed words"})
HELP = Fingerprint(role="link", name="Help", tag="a", neighbours=("Total 14.50",))


class Backwards:
    """A fake model: what is last is meant."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def rank(self, sought: str, candidates: Sequence[str]) -> tuple[int, ...]:
        self.told = [sought, *candidates]
        return tuple(reversed(range(len(candidates))))


class Gone:
    """A fake model that does not answer."""

    async def rank(self, sought: str, candidates: Sequence[str]) -> tuple[int, ...]:
        raise ModelUnreachable("gone")


async def test_the_model_orders_what_it_is_told_in_words() -> None:
    model = Backwards()
    assert await ModelRanker(model).rank(PAY, [PAY, HELP]) == (1, 0)
    assert model.told[0] == "button 'Pay' type=submit" and "near 'Total 14.50'" in model.told[2]


async def test_a_model_that_fails_has_no_opinion() -> None:
    assert list(await ModelRanker(Gone()).rank(PAY, [HELP, PAY])) == [0, 1]


def test_nothing_that_was_typed_is_told() -> None:
    assert "typed words" not in in_words(PAY)
