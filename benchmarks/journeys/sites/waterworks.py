"""The waterworks: a meter's reading, in a form of a page of frames."""

from __future__ import annotations

from benchmarks.journeys.journey import Asked, Journey
from benchmarks.journeys.moments import in_days
from benchmarks.journeys.school import FACTS
from examples.demo.teacher import Teacher
from examples.town.town import Town

METER = "W-4472"


async def report(teacher: Teacher, town: Town) -> None:
    """From the menu in one frame to the form in another."""
    await teacher.go(town.addresses.waterworks)
    menu, form = (teacher.remote.frame_locator(f"[name={name}]") for name in ("menu", "main"))
    await teacher.click(menu.get_by_role("link", name="Report a reading"), says="Report a reading")
    await teacher.type(form.locator("[name=meter]"), METER)
    await teacher.type(form.locator("[name=reading]"), "905")
    await teacher.type(form.locator("[name=read_on]"), in_days(-1).isoformat())
    await teacher.type(form.locator("[name=email]"), FACTS["email"])
    await teacher.click(form.get_by_role("button", name="Send reading"), says="Send reading")
    await teacher.pick("Read this back", form.get_by_text("stands at"))


JOURNEYS = (
    Journey(
        name="waterworks",
        site="waterworks",
        sentence="report for yesterday a reading of nine hundred and five",
        show=report,
        spoken=Asked(
            text="report for today a reading of nine hundred and thirty",
            row={"site": "waterworks", "meter": METER, "reading": 930, "read_on": in_days(0).isoformat()},
            says="25",
            typed=True,
        ),
        redrawn=Asked(
            text="report for yesterday a reading of nine hundred and forty",
            row={"site": "waterworks", "meter": METER, "reading": 940, "read_on": in_days(-1).isoformat()},
            typed=True,
        ),
    ),
)
