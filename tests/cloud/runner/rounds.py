"""A runner with a tool that is called for each item of a list, whose work is written down in a file, as a site would.

python -m tests.cloud.runner.rounds FOLDER ITEM before|after

says the sentence and answers every question with yes, until the process kills itself at that item, before or after its
work is written down.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from cloud.commands import AnswerAsk
from cloud.lam.carrying import READ
from cloud.lam.toolbox import Effect, Outcome, Run
from language.entities import Slot, Value
from teach_mode.skill import Call
from tests.cloud.runner.conftest import Act, House, Person

SAID = "send every letter"
LETTERS = ("to Bea", "to Carl", "to Dora")
SUBJECT = Slot(name="subject", kind="text", question="Which letter?")


class Caller(Struct, frozen=True, kw_only=True):
    """A tool that does nothing but call others."""

    name: str
    utterances: tuple[str, ...]
    calls: tuple[Call, ...]
    effect: Effect = "irreversible"
    slots: tuple[Slot, ...] = ()
    description: str = "calls others"
    acts: bool = False
    gives: tuple[str, ...] = ()

    async def run(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        raise AssertionError("what calls others does nothing itself")


class Listing(Act, frozen=True, kw_only=True):
    """A tool that reads a list."""

    acts: bool = True
    calls: tuple[Call, ...] = ()
    gives: tuple[str, ...] = ("letters",)


class Post:
    """Sends letters: each is a line of the ledger. `kill` is where the power goes."""

    def __init__(self, ledger: Path, kill: tuple[str, str] = ("", ""), effect: Effect = "irreversible") -> None:
        self.ledger = ledger
        self.kill = kill
        self.effect = effect
        self.letters = LETTERS

    def into(self, house: House) -> None:
        send = Act(
            name="send",
            utterances=("send the letter {subject}",),
            work=self._send,
            slots=(SUBJECT,),
            effect=self.effect,
            description="send the letter",
        )
        house.toolbox.add(Listing(name="letters", utterances=("which letters",), work=self._list, effect="read"))
        house.toolbox.add(send)
        calls = (
            Call(id="list", skill="letters", keeps={"letters": "letters"}),
            Call(id="send", skill="send", for_each="letters", values={"subject": "{item}"}),
        )
        house.toolbox.add(Caller(name="send_all", utterances=(SAID,), calls=calls))

    @property
    def sent(self) -> list[str]:
        return self.ledger.read_text().splitlines() if self.ledger.exists() else []

    async def _list(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        return Outcome(status="done", sentence="", data={READ: {"letters": self.letters}})

    async def _send(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        letter = str(arguments["subject"])
        self._die(letter, "before")
        with self.ledger.open("a") as file:
            file.write(f"{letter}\n")
        self._die(letter, "after")
        return Outcome(status="done", sentence=f"Sent {letter}.")

    def _die(self, letter: str, when: str) -> None:
        if (letter, when) == self.kill:
            os.kill(os.getpid(), signal.SIGKILL)


async def answer_all(ada: Person, task: str) -> tuple[str, str]:
    """The task's end, with a yes to every question on the way."""
    async for event in ada.log.tail("ada", task=task):
        if event.kind == "asked":
            ask, digest = event.data["ask"], event.data["digest"]
            await ada.runner.submit(AnswerAsk(ask=ask, digest=digest, answer="yes", person="ada", surface="dev"))
        if event.kind == "task_done":
            return event.data["status"], event.data["sentence"]
    raise AssertionError("a tail has no end")


async def main(folder: Path, item: str, when: str) -> None:
    house = House(folder)
    Post(folder / "ledger", (item, when)).into(house)
    async with house.open() as ada:
        await answer_all(ada, await ada.say(SAID, key="dev:1"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
