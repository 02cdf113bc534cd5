"""The Town Hall: a parking permit, asked for in steps on the server."""

from __future__ import annotations

from benchmarks.journeys.journey import Asked, Journey
from benchmarks.journeys.moments import in_days, spoken
from benchmarks.journeys.school import FACTS
from examples.demo.teacher import Teacher
from examples.town.town import Town

PLATE = "LE-AB 123"
SHOWN, ASKED, LATER = 3, 5, 4


async def apply(teacher: Teacher, town: Town) -> None:
    """Answers what each step asks, and hands it in."""
    await teacher.go(town.addresses.townhall)
    page = teacher.remote
    onward = page.get_by_role("button", name="Continue")
    await teacher.click(page.get_by_role("link", name="Start now"), says="Start now")
    await teacher.type(page.get_by_label("Name"), FACTS["name"])
    await teacher.type(page.get_by_label("Email"), FACTS["email"])
    await teacher.click(onward, says="Continue")
    await teacher.type(page.get_by_label("Number plate"), PLATE)
    await teacher.click(page.get_by_label("B, station and mill"), says="B, station and mill")
    await teacher.click(onward)
    await teacher.set_moment(page.get_by_label("First day"), in_days(SHOWN).isoformat())
    await teacher.choose(page.get_by_label("Months"), "3")
    await teacher.click(page.get_by_label("I agree"), says="I agree")
    await teacher.click(onward)
    await teacher.click(page.get_by_role("button", name="Submit application"), says="Submit application")
    await teacher.pick("Read this back", page.get_by_text("Your number is"))


JOURNEYS = (
    Journey(
        name="townhall",
        site="townhall",
        sentence=f"request a parking permit at the station for three months from {spoken(SHOWN)}",
        show=apply,
        spoken=Asked(
            text=f"request a parking permit at the harbour for six months from {spoken(ASKED)}",
            row={
                "site": "townhall",
                "zone": "C",
                "months": 6,
                "start": in_days(ASKED).isoformat(),
                "plate": PLATE,
                "name": FACTS["name"],
            },
            says="your number is",
        ),
        redrawn=Asked(
            text=f"request a parking permit at the harbour for three months from {spoken(LATER)}",
            row={"site": "townhall", "zone": "C", "months": 3, "start": in_days(LATER).isoformat()},
        ),
    ),
)
