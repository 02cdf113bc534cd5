"""The API of the portal: everything that can be said to a device can be typed here, and the same command does it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cloud.clock import Ids
from cloud.commands import AnswerAsk, CancelTask, Command, HandleUtterance
from cloud.events import Event, EventLog
from cloud.lam.toolbox import Toolbox
from cloud.metrics import Metrics
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body
from cloud.portal.reading import Reading
from cloud.tasks.asks import shown
from wire.limits import TEXT_CHARS

SURFACE: Literal["portal"] = "portal"
KEEP_ALIVE_S = 15.0


class Say(Struct, frozen=True, forbid_unknown_fields=True):
    """A typed request. The same `key` again is the same request. `ask`: the question that it may answer; `surface`:
    where it was typed."""

    text: str
    key: str = ""
    ask: str = ""
    surface: Literal["portal", "cli"] = SURFACE


class AnswerGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer to a question. `digest` is the one that was shown with it."""

    digest: str
    answer: str


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The owner's token."""

    token: str


class Portal(Struct, frozen=True, kw_only=True):
    """What the API works with. `ready` answers /health; `closing` ends the streams when the cloud stops."""

    doors: Doors
    events: EventLog
    reading: Reading
    toolbox: Toolbox
    metrics: Metrics
    submit: Callable[[Command], Awaitable[object]]
    ready: Callable[[], bool]
    closing: asyncio.Event
    fresh_id: Ids

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (
            ("/health", "GET", self.health),
            ("/metrics", "GET", self.exposition),
            ("/api/sign-in", "POST", self.sign_in),
            ("/api/sign-out", "POST", self.sign_out),
            ("/api/me", "GET", self.me),
            ("/api/say", "POST", self.say),
            ("/api/tools", "GET", self.tools),
            ("/api/events", "GET", self.all_events),
            ("/api/tasks", "GET", self.tasks),
            ("/api/tasks/{task}/events", "GET", self.task_events),
            ("/api/tasks/{task}/cancel", "POST", self.cancel),
            ("/api/tasks/{task}/frames/{number:int}", "GET", self.frame),
            ("/api/asks", "GET", self.asks),
            ("/api/asks/{ask}", "POST", self.answer),
        )

    # Open to all, telling nothing ---------------------------------------------------------------------------------

    async def health(self, request: Request) -> Response:
        """Whether the cloud can take requests."""
        ready = self.ready()
        return answer({"ready": ready}, 200 if ready else 503)

    async def sign_in(self, request: Request) -> Response:
        """The token against a cookie."""
        response = answer({"ok": True})
        given = await body(request, SignIn)
        self.doors.sign_in(given.token, response, secure=request.url.scheme == "https")
        return response

    # The owner's --------------------------------------------------------------------------------------------------

    async def sign_out(self, request: Request) -> Response:
        self.doors.person(request)
        response = answer({"ok": True})
        self.doors.sign_out(response)
        return response

    async def me(self, request: Request) -> Response:
        """Who is signed in."""
        return answer({"person": self.doors.person(request)})

    async def exposition(self, request: Request) -> Response:
        """Figures for Prometheus."""
        self.doors.person(request)
        return Response(self.metrics.exposition(), media_type="text/plain; version=0.0.4")

    async def say(self, request: Request) -> Response:
        """A typed request; answers with its task as soon as it is stored."""
        person = self.doors.person(request)
        given = await body(request, Say)
        text = given.text.strip()
        if not 0 < len(text) <= TEXT_CHARS:
            raise HTTPException(422, f"text has {len(text)} letters; from 1 to {TEXT_CHARS} can be taken")
        key = f"{given.surface}:{given.key or self.fresh_id()}"
        await self.submit(
            HandleUtterance(key=key, person=person, text=text, spoken=False, engine="typed", ask=given.ask)
        )
        return answer({"key": key, "task": await self.reading.task_of_key(person, key)}, 202)

    async def tools(self, request: Request) -> Response:
        """What can be done, and how it is asked for."""
        self.doors.person(request)
        listed = [
            {
                "name": tool.name,
                "description": tool.description,
                "effect": tool.effect,
                "utterances": list(tool.utterances),
                "slots": [msgspec.to_builtins(slot) for slot in tool.slots],
            }
            for tool in self.toolbox
        ]
        return answer({"tools": listed})

    async def tasks(self, request: Request) -> Response:
        """The newest tasks first."""
        person = self.doors.person(request)
        return answer({"tasks": await self.reading.tasks(person), "cursor": await self.events.cursor()})

    async def all_events(self, request: Request) -> Response:
        """Everything of this person past the cursor."""
        return await self._events(request, self.doors.person(request), None)

    async def task_events(self, request: Request) -> Response:
        """Everything of one task past the cursor."""
        return await self._events(request, self.doors.person(request), request.path_params["task"])

    async def cancel(self, request: Request) -> Response:
        """Stops a task, browser and all."""
        person = self.doors.person(request)
        await self.submit(CancelTask(person=person, task=request.path_params["task"]))
        return answer({"ok": True}, 202)

    async def frame(self, request: Request) -> Response:
        """One picture of a task's filmstrip."""
        person = self.doors.person(request)
        picture = await self.reading.frame(person, request.path_params["task"], request.path_params["number"])
        if picture is None:
            raise HTTPException(404, "there is no such picture")
        return Response(picture, media_type="image/jpeg", headers={"cache-control": "private, max-age=86400"})

    async def asks(self, request: Request) -> Response:
        """Questions that wait for an answer."""
        person = self.doors.person(request)
        return answer({"asks": [shown(ask) | {"task": ask.task} for ask in await self.reading.asks(person)]})

    async def answer(self, request: Request) -> Response:
        """Answers a question. Whether the answer still counts is told by the events."""
        person = self.doors.person(request)
        given = await body(request, AnswerGiven)
        ask = request.path_params["ask"]
        await self.submit(AnswerAsk(ask=ask, digest=given.digest, answer=given.answer, person=person, surface=SURFACE))
        closed = await self.reading.ask(person, ask)
        return answer({"closed": closed.closed if closed else None}, 202 if closed else 404)

    # ---------------------------------------------------------------------------------------------------------------

    async def _events(self, request: Request, person: str, task: str | None) -> Response:
        after = cursor_of(request)
        if "text/event-stream" in request.headers.get("accept", ""):
            headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
            return StreamingResponse(self._stream(person, task, after), media_type="text/event-stream", headers=headers)
        found = await self.events.read(person, after, task=task)
        return answer({"events": [msgspec.to_builtins(event) for event in found]})

    async def _stream(self, person: str, task: str | None, after: int) -> AsyncIterator[bytes]:
        tail = self.events.tail(person, after, task=task)
        closing = asyncio.ensure_future(self.closing.wait())
        following: asyncio.Future[Event] | None = None
        try:
            while not self.closing.is_set():
                following = following or asyncio.ensure_future(anext(tail))
                either: set[asyncio.Future[Any]] = {following, closing}
                await asyncio.wait(either, timeout=KEEP_ALIVE_S, return_when=asyncio.FIRST_COMPLETED)
                if not following.done():
                    yield b": still here\n\n"
                    continue
                event, following = following.result(), None
                yield b"id: %d\ndata: %s\n\n" % (event.cursor, msgspec.json.encode(event))
        finally:
            closing.cancel()
            if following is not None:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
            await tail.aclose()  # type: ignore[attr-defined]


def cursor_of(request: Request) -> int:
    """Where to read on: `after` in the address, or what an EventSource heard last."""
    given = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise HTTPException(422, f"after={given!r} is no cursor")
    return int(given)
