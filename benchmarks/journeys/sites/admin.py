"""The members' page, behind a password and a one-time code: somebody gets a role, somebody is shut out."""

from __future__ import annotations

from typing import Any

from benchmarks.journeys.doors import sign_in
from benchmarks.journeys.journey import Asked, Journey
from examples.demo.teacher import Teacher
from examples.town.identity import ADA
from examples.town.town import Town


async def find(teacher: Teacher, town: Town, member: str) -> None:
    """Signs in, and searches a member."""
    await sign_in(teacher, town.addresses.admin, code="Code")
    page = teacher.remote
    await teacher.type(page.get_by_label("Search members"), member)
    await teacher.press("Enter", says="Enter")
    await page.get_by_text("1 members").wait_for()


async def keep(teacher: Teacher) -> None:
    """Gives what was typed at the doors its names in the vault."""
    await teacher.keep("Password", "members_password", ADA.password)
    await teacher.keep("Code", "members_codes", ADA.seed)


async def give_role(teacher: Teacher, town: Town) -> None:
    """Another role, in a list that submits itself."""
    await find(teacher, town, "heron")
    await teacher.choose(teacher.remote.get_by_label("Role of heron"), "Editor")
    await keep(teacher)


async def suspend(teacher: Teacher, town: Town) -> None:
    """Shut out, which the page asks about."""
    await find(teacher, town, "heron")
    await teacher.click(teacher.remote.get_by_role("button", name="Suspend heron"))
    await teacher.answer("Suspend heron?")
    await teacher.pick("Read this back", teacher.remote.get_by_text("Suspended", exact=True))
    await keep(teacher)


def member(handle: str, what: str, **more: Any) -> dict[str, Any]:
    """A row of the ledger."""
    return {"site": "admin", "what": what, "email": f"{handle}@town.example", **more}


JOURNEYS = (
    Journey(
        name="admin-role",
        site="admin",
        sentence="make heron an editor",
        show=give_role,
        spoken=Asked(text="make merlin a member", row=member("merlin", "role", role="member")),
        redrawn=Asked(text="make robin an owner", row=member("robin", "role", role="owner")),
    ),
    Journey(
        name="admin-suspend",
        site="admin",
        sentence="suspend the account of heron",
        show=suspend,
        spoken=Asked(text="suspend the account of robin", row=member("robin", "suspended"), says="suspended"),
        redrawn=Asked(text="suspend the account of merlin", row=member("merlin", "suspended"), typed=True),
    ),
)
