"""How the scripted person signs in on a site of the town while teaching, by password and perhaps a one-time code."""

from __future__ import annotations

import time

from examples.demo.teacher import Teacher
from examples.town.identity import ADA, code_at


async def sign_in(teacher: Teacher, address: str, *, code: str = "") -> None:
    """Through the door at the address; `code` is the label of the field for one-time codes, where there is one."""
    await teacher.go(address, lands="/login")
    page = teacher.remote
    await teacher.type(page.get_by_label("Email"), ADA.name)
    await teacher.type(page.get_by_label("Password"), ADA.password, says="Password")
    await teacher.click(page.get_by_role("button", name="Sign in"), says="Sign in")
    if code:
        await teacher.type(page.get_by_label(code), code_at(ADA.seed, time.time()), says=code)
        await teacher.click(page.get_by_role("button", name="Verify"), says="Verify")
