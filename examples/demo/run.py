"""One request from the button to the ledger, watched from outside: through the device and the portal alone."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import msgspec
from msgspec import Struct, field

from cloud.events import Event
from examples.demo.person import Person, choice_in
from examples.demo.stage import Stage
from examples.demo.timeline import Timeline

DEVICE = "demo"
MOST_S = 240.0
ENDED = "task_done"


class Request(Struct, frozen=True, kw_only=True):
    """What the person wants: said, or typed; perhaps with a picture."""

    text: str
    typed: bool = False


class Run(Struct, kw_only=True):
    """What was seen of one request. Times of `events` are the cloud's, of `journal` the device's, in ms."""

    request: Request
    events: list[Event] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    approvals: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    engines: dict[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The data of all events of a kind."""
        return [event.data for event in self.events if event.kind == kind]

    @property
    def is_done(self) -> bool:
        """Every task of the request ended, and ended well; what was to be ordered stands in the ledger."""
        ends = self.of(ENDED)
        wanted = [step for plan in self.of("planned") for step in plan["steps"] if step["effect"] == "irreversible"]
        return bool(ends) and all(end["status"] == "done" for end in ends) and len(self.ledger) >= len(wanted)


class Attempt:
    """Says or types a request, answers what is asked, and watches until it is over."""

    def __init__(self, stage: Stage, person: Person, timeline: Timeline) -> None:
        self._stage = stage
        self._person = person
        self._timeline = timeline
        self._open: set[str] = set()
        self._begun = False
        self._news = asyncio.Event()

    async def make(self, request: Request) -> Run:
        """The whole of it. Raises TimeoutError when it does not end."""
        run = Run(request=request, engines=engines_of(self._stage))
        before = await ledger(self._stage)
        headers = {"authorization": f"Bearer {self._stage.token}"}
        async with httpx.AsyncClient(base_url=self._stage.cloud, headers=headers, timeout=MOST_S) as client:
            after = (await client.get("/api/tasks")).json()["cursor"]
            following = asyncio.create_task(self._follow(client, after, run))
            answering = asyncio.create_task(self._answer_all(run))
            try:
                async with asyncio.timeout(MOST_S):
                    await self._ask(request)
                    await self._over()
            finally:
                for task in (following, answering):
                    task.cancel()
                await asyncio.gather(following, answering, return_exceptions=True)
        run.ledger = [row for row in await ledger(self._stage) if row not in before]
        run.journal = [
            {**entry.data, "at_ms": entry.at_ms, "event": entry.event}
            for entry in self._person.handheld.journal.since(0)
        ]
        return run

    async def _ask(self, request: Request) -> None:
        if request.typed:
            self._timeline.line("typed", f"“{request.text}”")
            self._person.type(request.text)
        else:
            self._timeline.line("speaking", f"“{request.text}”")
            await self._person.say(request.text)
        await self._person.handheld.journal.wait("released")

    async def _over(self) -> None:
        """The task has ended and the device has said so; or it was answered at once, without a task."""
        handheld = self._person.handheld
        while True:
            answered = handheld.journal.first("committed") is not None and _turn_is_done(handheld)
            if answered and not self._open and handheld.settled and (self._begun or _refused(handheld)):
                return
            changed = asyncio.ensure_future(handheld.journal.changed())
            news = asyncio.ensure_future(self._news.wait())
            await asyncio.wait({changed, news}, return_when=asyncio.FIRST_COMPLETED, timeout=0.5)
            self._news.clear()
            changed.cancel()
            news.cancel()

    async def _follow(self, client: httpx.AsyncClient, after: int, run: Run) -> None:
        async with contextlib.aclosing(events_of(client, after)) as events:
            async for event in events:
                run.events.append(event)
                self._timeline.event(event.kind, event.data)
                if event.kind == "heard":
                    self._open.add(event.task)
                    self._begun = True
                elif event.kind == ENDED:
                    self._open.discard(event.task)
                self._news.set()

    async def _answer_all(self, run: Run) -> None:
        position = 0
        while True:
            ask, position = await self._person.question(position)
            began = time.monotonic()
            if ask.kind == "confirm":
                self._timeline.line("pressed", "double click: yes")
                await self._person.click(2)
                rows = {row.label: row.value for row in ask.rows}
                approval = {"text": ask.text, "rows": rows, "answer": "yes", "pressed": "double click"}
                run.approvals.append(approval | {"took_ms": round((time.monotonic() - began) * 1000)})
                continue
            offered = [choice.label for choice in ask.choices]
            said = choice_in(run.request.text, ask.choices) or "no"
            run.questions.append({"text": ask.text, "choices": offered, "said": said})
            self._timeline.line("speaking", f"“{said}”")
            await self._person.say(said)


def _turn_is_done(handheld: Any) -> bool:
    return any(entry.data.get("type") == "turn_done" for entry in handheld.journal.since(0))


def _refused(handheld: Any) -> bool:
    """The turn came to nothing: silence, noise, too long."""
    return any(entry.data.get("type") == "error" for entry in handheld.journal.since(0))


async def events_of(client: httpx.AsyncClient, after: int) -> AsyncGenerator[Event, None]:
    """What happens in the cloud, as it happens."""
    async with client.stream("GET", f"/api/events?after={after}", headers={"accept": "text/event-stream"}) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                yield msgspec.json.decode(line[6:], type=Event)


async def ledger(stage: Stage) -> list[dict[str, Any]]:
    """What was really ordered in the town, as the town tells it."""
    async with httpx.AsyncClient() as client:
        rows: list[dict[str, Any]] = (await client.get(stage.town.ledger)).json()
    return rows


def engines_of(stage: Stage) -> dict[str, str]:
    """The engines that the cloud named when it was ready; nothing when it is no process with a log of its own."""
    log = stage.data_dir.parent / "cloud.log"
    for line in log.read_text().splitlines() if log.is_file() else ():
        with contextlib.suppress(msgspec.DecodeError):
            words = msgspec.json.decode(line)
            if isinstance(words, dict) and words.get("event") == "ready":
                return {"stt": words["stt"], "tts": words["tts"]}
    return {}


def pair(stage: Stage) -> tuple[str, str]:
    """Pairs the demo's device: its id and its key."""
    device = stage.accounts.pair(DEVICE)
    return device.id, device.key


def frames_of(stage: Stage) -> Path:
    """Where the cloud keeps the files of its tasks."""
    return stage.data_dir / "tasks"
