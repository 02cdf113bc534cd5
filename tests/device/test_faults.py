"""A network at its worst, by seed. `python -m benchmarks.faults` takes 200 utterances and 1,000 faults."""

from __future__ import annotations

import pytest

from tests.device.bad_day import Books, Day, bad_days
from tests.device.cloud_of_tests import Cloud
from wire.events import CloudEvent
from wire.messages import TurnEnd


@pytest.mark.parametrize("seed", [1, 2])
async def test_through_sixty_faults_no_sound_is_lost_or_doubled_and_nothing_old_is_heard(seed: int) -> None:
    books = await bad_days(seed, utterances=12, faults=60, devices=4)
    assert books.clean, f"seed {seed}: {books.wrong}"
    assert books.utterances == 12 and books.faults.total() == 60
    assert books.sockets > 4 and books.resumed, "the faults really broke the link"


class Leaky(Day):
    """Its cloud loses the last piece of everything."""

    async def _answer(self, cloud: Cloud, event: CloudEvent) -> None:
        if isinstance(event, TurnEnd):
            cloud.turns[event.turn].pcm = cloud.turns[event.turn].pcm[:-640]
        await super()._answer(cloud, event)


async def test_the_books_notice_a_piece_that_is_missing() -> None:
    books: Books = await Leaky(1, utterances=1, faults=0).live()
    assert books.lost == 1 and not books.clean
