"""Letters, folders, and what was sent. No I/O but the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from examples.town.ledger import Ledger, MailRow
from examples.town.site import File

MOST_ATTACHED_BYTES = 2_000_000


class Letter(Struct):
    """One mail. `folder` is inbox, sent or bin. Mutable."""

    number: str
    folder: str
    sender: str
    address: str
    to: str
    subject: str
    body: str
    at: datetime
    files: tuple[File, ...] = ()
    read: bool = False
    starred: bool = False

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.body.split("\n\n") if part.strip()]


class Draft(Struct, frozen=True):
    to: str = ""
    subject: str = ""
    body: str = ""


INVOICE = b"position;amount\nfence paint, 5 l;38.90\nbrush;6.50\ntotal;45.40\n"
NOTES = b"Choir, Thursday:\n- bring the blue folders\n- tenors at seven, all others at half past\n"
# Sender, address, subject, hours ago, text, files.
ARRIVED = (
    (
        "Bea Example",
        "bea@garden.example",
        "Your invoice",
        1,
        "Dear Ada,\n\nplease find the invoice for the fence paint attached. There is no hurry.\n\nBea",
        (File("invoice-2291.csv", INVOICE),),
    ),
    (
        "Town Choir",
        "choir@town.example",
        "Thursday rehearsal",
        3,
        "Hello everyone,\n\nthe notes for Thursday are attached. Could you tell me whether you come?",
        (File("rehearsal.txt", NOTES),),
    ),
    (
        "Carl Example",
        "carl@leveret.example",
        "Lunch on Friday?",
        5,
        "I am in town on Friday. Shall we have lunch at one? The bistro has trout again.",
        (),
    ),
    (
        "Library",
        "desk@library.example",
        "Your book is ready",
        9,
        "The Bees of the High Street is kept for you at the desk until Saturday.",
        (),
    ),
    (
        "Forno Pizza",
        "hello@pizza.example",
        "A new oven",
        26,
        "We have a new oven. It is hotter, so we are faster. Come and look at it.",
        (),
    ),
    (
        "Dora Example",
        "dora@leveret.example",
        "Photos from the lake",
        30,
        "The one with the boat is the best. I will print it for you.",
        (),
    ),
    (
        "Waterworks",
        "office@waterworks.example",
        "Time to read your meter",
        50,
        "Please send us the reading of meter W-4471 before the end of the month.",
        (),
    ),
    (
        "Town Hall",
        "permits@townhall.example",
        "Your parking permit ends soon",
        74,
        "Your permit for zone B ends in four weeks. You can apply for another one on our pages.",
        (),
    ),
    (
        "Carl Example",
        "carl@leveret.example",
        "The ladder",
        98,
        "I still have your ladder. Do you need it before the weekend?",
        (),
    ),
    (
        "Cinema Lumen",
        "news@lumen.example",
        "This week",
        120,
        "Three films this week, and the late show on Saturday is back.",
        (),
    ),
)


class Post:
    """The mailbox of one person."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self.letters = [
            Letter(
                f"M-{101 + place}",
                "inbox",
                sender,
                address,
                "ada@leveret.example",
                subject,
                body,
                now() - timedelta(hours=hours),
                files,
                read=hours > 24,
            )
            for place, (sender, address, subject, hours, body, files) in enumerate(ARRIVED)
        ]

    def folder(self, name: str, words: str = "") -> list[Letter]:
        """The letters of a folder, newest first; with `words`, those that hold them all."""
        wanted = words.lower().split()

        def fits(letter: Letter) -> bool:
            text = f"{letter.sender} {letter.to} {letter.subject} {letter.body}".lower()
            return letter.folder == name and all(word in text for word in wanted)

        return sorted(filter(fits, self.letters), key=lambda letter: letter.at, reverse=True)

    def unread(self) -> int:
        return sum(not letter.read for letter in self.letters if letter.folder == "inbox")

    def letter(self, number: str) -> Letter | None:
        return next((letter for letter in self.letters if letter.number == number), None)

    def answer_to(self, letter: Letter) -> Draft:
        """An empty answer."""
        subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
        return Draft(letter.address, subject)

    def read_draft(self, form: Mapping[str, str], files: tuple[File, ...]) -> tuple[Draft, dict[str, str]]:
        """What is to be sent, and errors by field."""
        body = re.sub(r"\n{3,}", "\n\n", form.get("body", "").replace("\r\n", "\n").replace("\xa0", " ")).strip()
        draft = Draft(form.get("to", ""), form.get("subject", ""), body)
        errors: dict[str, str] = {}
        if not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[a-z]+", draft.to, re.IGNORECASE):
            errors["to"] = "Please give one address, such as name@place.example."
        if not draft.subject:
            errors["subject"] = "Please give a subject."
        if not draft.body:
            errors["body"] = "Your message is empty."
        if sum(len(file.data) for file in files) > MOST_ATTACHED_BYTES:
            errors["files"] = "The attachments are larger than 2 MB."
        return draft, errors

    def send(self, draft: Draft, files: tuple[File, ...]) -> Letter:
        """Send it: it stands in the ledger and in the folder of sent mail when this returns."""
        sent = self.folder("sent")
        letter = Letter(
            f"S-{1 + len(sent)}",
            "sent",
            "Ada Example",
            "ada@leveret.example",
            draft.to,
            draft.subject,
            draft.body,
            self._now(),
            files,
            read=True,
        )
        names = tuple(file.name for file in files)
        self._ledger.write(
            MailRow(
                number=letter.number,
                to=draft.to,
                subject=draft.subject,
                body=draft.body,
                attachments=names,
                at=letter.at.isoformat(timespec="seconds"),
            )
        )
        self.letters.append(letter)
        return letter
