"""Ledgerline, behind a password: a customer of five hundred is found, and moves to another town."""

from __future__ import annotations

from benchmarks.journeys.doors import sign_in
from benchmarks.journeys.journey import Asked, Journey
from examples.demo.teacher import Teacher
from examples.town.identity import ADA
from examples.town.town import Town


async def change(teacher: Teacher, town: Town) -> None:
    """Searches, opens what shows under the mouse, types another city."""
    await sign_in(teacher, town.addresses.customers)
    page = teacher.remote
    await teacher.type(page.get_by_label("Search customers"), "Willow Books")
    await teacher.click(page.get_by_role("button", name="Search"), says="Search")
    row = page.get_by_role("row").filter(has_text="Willow Books")
    await teacher.hover(row.get_by_text("Willow Books").first)
    await teacher.click(row.get_by_role("button", name="Edit Willow Books"), says="Edit Willow Books")
    await teacher.type(page.get_by_label("City"), "Northport", anew=True)
    await teacher.click(page.get_by_role("button", name="Save"), says="Save")
    await teacher.pick("Read this back", page.get_by_role("status"))
    await teacher.keep("Password", "ledgerline", ADA.password)


JOURNEYS = (
    Journey(
        name="customers",
        site="customers",
        sentence="move the customer willow books to northport",
        show=change,
        spoken=Asked(
            text="move the customer maple lamps to lakeside",
            typed=True,
            row={"site": "customers", "customer": "C-0122", "field": "city", "after": "Lakeside"},
            says="is saved",
        ),
        redrawn=Asked(
            text="move the customer ivy radio to hillbrook",
            typed=True,
            row={"site": "customers", "customer": "C-0398", "field": "city", "after": "Hillbrook"},
        ),
    ),
)
