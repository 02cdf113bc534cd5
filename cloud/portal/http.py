"""What all rooms of the portal share: routes behind one door, JSON answers, request bodies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol, TypeVar

import msgspec
import structlog
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from cloud.errors import (
    AccountError,
    CloudError,
    DeviceNameTaken,
    DeviceUnknown,
    EntryUnknown,
    ListFull,
    ListUnknown,
    PairingBusy,
    PairingUnknown,
    SecretUnknown,
    TokenRefused,
)
from cloud.history.errors import HistoryError, RunBusy, RunUnknown, TraceRefused
from cloud.portal.doors import Doors
from cloud.schedules.errors import SchedulesFull, ScheduleUnfit, ScheduleUnknown
from cloud.tools.errors import ShelfError, SkillNameTaken, SkillOfFile, SkillUnknown, VersionUnknown
from cloud.tools.versions import Surface
from teach_mode.errors import TeachError

log = structlog.get_logger()
BODY_BYTES = 64 << 10
Handle = Callable[[Request], Awaitable[Response]]
Table = Iterable[tuple[str, str, Callable[..., Awaitable[Any]]]]  # path, method, what answers
T = TypeVar("T", bound=Struct)
# What an error of ours is over HTTP; the first that fits.
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (TokenRefused, 401),
    (DeviceUnknown, 404),
    (SecretUnknown, 404),
    (SkillUnknown, 404),
    (VersionUnknown, 404),
    (PairingUnknown, 404),
    (ListUnknown, 404),
    (EntryUnknown, 404),
    (ListFull, 409),
    (ScheduleUnknown, 404),
    (SchedulesFull, 409),
    (ScheduleUnfit, 422),
    (PairingBusy, 429),
    (RunUnknown, 404),
    (DeviceNameTaken, 409),
    (RunBusy, 409),
    (SkillNameTaken, 409),
    (SkillOfFile, 409),
    (AccountError, 400),
    (CloudError, 400),
    (ShelfError, 400),
    (TeachError, 422),
    (TraceRefused, 422),
    (HistoryError, 400),
)


class Room(Protocol):
    """One noun of the portal: what it answers, behind the door."""

    def table(self) -> Table:
        """Path, method and handler of each address. A `WEBSOCKET` checks the door itself."""
        ...


def routes(doors: Doors, rooms: Iterable[Room]) -> list[BaseRoute]:
    """All addresses of the rooms."""
    rows = [row for room in rooms for row in room.table()]
    return [
        WebSocketRoute(path, handle) if method == "WEBSOCKET" else Route(path, guarded(doors, handle), methods=[method])
        for path, method, handle in rows
    ]


def guarded(doors: Doors, handle: Handle) -> Handle:
    """Behind the door: foreign host names stay out."""

    async def at_the_door(request: Request) -> Response:
        doors.check_host(request)
        return await handle(request)

    return answered(at_the_door)


def answered(handle: Handle) -> Handle:
    """Each error of ours becomes an answer."""

    async def guard(request: Request) -> Response:
        try:
            return await handle(request)
        except tuple(kind for kind, _ in STATUS) as error:
            status = next(status for kind, status in STATUS if isinstance(error, kind))
            if status == 401:
                log.warning("portal_refused", path=request.url.path, reason=str(error))
            return answer({"code": getattr(error, "code", "error"), "error": str(error)}, status)
        except HTTPException as error:
            return answer({"code": "request", "error": error.detail}, error.status_code)

    return guard


def answer(value: Any, status: int = 200) -> Response:
    """A JSON answer that no cache keeps."""
    return Response(
        msgspec.json.encode(value), status, media_type="application/json", headers={"cache-control": "no-store"}
    )


def surface_of(request: Request) -> Surface:
    """Whether a page or a program asks: a page has the cookie, a program shows the token."""
    return "command line" if "authorization" in request.headers else "portal"


async def body(request: Request, kind: type[T], most: int = BODY_BYTES) -> T:
    """The request's JSON as `kind`, of at most `most` bytes. Raises HTTPException 400, 413 or 422."""
    try:
        return msgspec.json.decode(await whole(request, most), type=kind)
    except msgspec.ValidationError as error:
        raise HTTPException(422, str(error)) from error
    except msgspec.DecodeError as error:
        raise HTTPException(400, f"this is no JSON: {error}") from error


async def whole(request: Request, most: int) -> bytes:
    """The bytes of a request. Raises HTTPException 413 for more than `most`."""
    given = bytearray()
    async for piece in request.stream():
        given += piece
        if len(given) > most:
            raise HTTPException(413, f"a request may have {most:,} bytes here")
    return bytes(given)
