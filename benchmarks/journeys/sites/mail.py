"""Plain Mail, behind a password and a one-time code: a letter is read, another is answered in dictated words."""

from __future__ import annotations

from typing import Any

from benchmarks.journeys.doors import sign_in
from benchmarks.journeys.journey import Asked, Journey
from examples.demo.teacher import Teacher
from examples.town.identity import ADA
from examples.town.town import Town


async def enter(teacher: Teacher, town: Town) -> None:
    """Through both doors. What is typed there is known to the vault alone."""
    await sign_in(teacher, town.addresses.mail, code="One-time code")
    await teacher.remote.get_by_role("link", name="Write").wait_for()


async def keep(teacher: Teacher) -> None:
    """Gives what was typed at the doors its names in the vault."""
    await teacher.keep("Password", "mail_password", ADA.password)
    await teacher.keep("One-time code", "mail_codes", ADA.seed)


async def read(teacher: Teacher, town: Town) -> None:
    """Opens a letter, and has it read."""
    await enter(teacher, town)
    page = teacher.remote
    await teacher.click(page.get_by_role("link", name="Your book is ready"), says="Your book is ready")
    await teacher.pick("Read this back", page.get_by_test_id("body"))
    await keep(teacher)


async def answer(teacher: Teacher, town: Town) -> None:
    """Opens a letter and answers it."""
    await enter(teacher, town)
    page = teacher.remote
    await teacher.click(page.get_by_role("link", name="Your invoice"), says="Your invoice")
    await teacher.click(page.get_by_role("link", name="Reply"), says="Reply")
    await teacher.type(page.get_by_role("textbox", name="Message"), "thank you, I will pay tomorrow")
    await teacher.click(page.get_by_role("button", name="Send"), says="Send")
    await teacher.pick("Read this back", page.get_by_test_id("to"))
    await keep(teacher)


def dictated(words: str) -> Any:
    """A test of a text that was dictated: most of its words, in their order, stand there."""
    wanted = words.lower().split()

    def holds(text: str) -> bool:
        heard = [word.strip(".,?!") for word in text.lower().split()]
        return len(heard) <= len(wanted) + 2 and sum(word in heard for word in wanted) >= len(wanted) - 1

    return holds


JOURNEYS = (
    Journey(
        name="mail-read",
        site="mail",
        sentence="read me the letter your book is ready",
        show=read,
        spoken=Asked(text="read me the letter photos from the lake", says="the one with the boat is the best"),
        redrawn=Asked(text="read me the letter lunch on friday", typed=True, says="the bistro has trout again"),
    ),
    Journey(
        name="mail-answer",
        site="mail",
        sentence="respond to your invoice saying thank you, I will pay tomorrow",
        show=answer,
        spoken=Asked(
            text="respond to lunch on friday saying i would like to come",
            row={
                "site": "mail",
                "to": "carl@leveret.example",
                "subject": "Re: Lunch on Friday?",
                "body": dictated("i would like to come"),
            },
            shown=("body", "to"),
        ),
        redrawn=Asked(
            text="respond to photos from the lake saying thank you very much",
            row={
                "site": "mail",
                "to": "dora@leveret.example",
                "subject": "Re: Photos from the lake",
                "body": dictated("thank you very much"),
            },
            shown=("body", "to"),
        ),
    ),
)
