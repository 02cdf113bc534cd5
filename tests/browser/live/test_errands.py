import asyncio

from browser.errors import PageGone
from browser.live.errands import Errands
from browser.live.shown import Refused


class HouseError(Exception):
    code = "house"


async def fails(error: Exception) -> None:
    raise error


async def test_what_an_errand_could_not_do_is_told_by_its_code() -> None:
    told: list[Refused] = []
    errands = Errands(told.append, HouseError)
    await asyncio.gather(errands.soon(fails(PageGone("the page is closed"))), errands.soon(fails(HouseError("no"))))
    assert told == [Refused(code=PageGone.code, why="the page is closed"), Refused(code="house", why="no")]


async def test_what_still_goes_on_at_the_end_is_cancelled_and_told_to_nobody() -> None:
    told: list[Refused] = []
    errands = Errands(told.append)
    begun = asyncio.Event()

    async def go_on() -> None:
        begun.set()
        await asyncio.Event().wait()

    going = errands.soon(go_on())
    await begun.wait()
    not_begun = errands.soon(fails(PageGone("nobody hears it")))
    await errands.close()
    await errands.close()
    assert going.cancelled() and not_begun.cancelled() and told == []
