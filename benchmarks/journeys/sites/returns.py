"""Return Desk: an item of an order goes back for a reason, and the label is kept."""

from __future__ import annotations

from benchmarks.journeys.journey import Asked, Journey
from benchmarks.journeys.school import FACTS
from examples.demo.teacher import Teacher
from examples.town.town import Town


async def send_back(teacher: Teacher, town: Town) -> None:
    """Finds the order, chooses the item and the reason, and takes the label along."""
    await teacher.go(town.addresses.returns)
    page = teacher.remote
    await teacher.type(page.get_by_label("Order number"), "A-2207")
    await teacher.type(page.get_by_label("Email"), FACTS["email"])
    await teacher.click(page.get_by_role("button", name="Find order"), says="Find order")
    await teacher.click(page.get_by_role("checkbox", name="Scarf, mustard"), says="Scarf")
    await teacher.choose(page.get_by_label("Reason"), "Too small")
    await teacher.click(page.get_by_role("button", name="Continue"), says="Continue")
    await teacher.click(page.get_by_role("button", name="Submit return"), says="Submit return")
    await teacher.pick("Read this back", page.get_by_role("heading", name="is registered"))
    await teacher.click(page.get_by_role("link", name="Download label"), says="Download label")


JOURNEYS = (
    Journey(
        name="returns",
        site="returns",
        sentence="send back the scarf because it is too small",
        show=send_back,
        spoken=Asked(
            text="send back the wool coat because it is too large",
            row={"site": "returns", "order": "A-2207", "items": ["Wool coat, grey, M"], "reason": "Too large"},
            says="is registered",
        ),
        redrawn=Asked(
            text="send back the rain boots because I changed my mind",
            row={"site": "returns", "order": "A-2207", "items": ["Rain boots, green, 39"], "reason": "Changed my mind"},
        ),
    ),
)
