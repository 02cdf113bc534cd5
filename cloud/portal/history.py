"""The history: what was done in a person's name, found by words and by what it is, told run by run, and forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.clock import Clock
from cloud.config import History as Kept
from cloud.history.archive import Archive
from cloud.history.exporting import Wanted
from cloud.history.sending import Parcel, parcel_of
from cloud.history.story import RunStory
from cloud.history.trace import MEDIA_TYPE, MOST_BYTES, read_trace
from cloud.history.words import Search
from cloud.people.accounts import Accounts
from cloud.people.vault import Vault
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body, whole

MOST_CHARS = 400


class ForgetAll(Struct, frozen=True, forbid_unknown_fields=True):
    """Says that everything is meant."""

    everything: bool


class TakeBack(Struct, frozen=True, forbid_unknown_fields=True):
    """The run to tell of again; "": all that can still be taken back."""

    run: str = ""


class History(Struct, frozen=True, kw_only=True):
    """`kept` are the settings; `wake` is called when something was forgotten; `hide` takes known secrets out of what
    leaves the house; `clock` is UTC seconds."""

    doors: Doors
    archive: Archive
    accounts: Accounts
    vault: Vault
    kept: Kept
    wake: Callable[[], None]
    hide: Callable[[Any], Any]
    clock: Clock

    def table(self) -> Table:
        """Path, method and handler of each address."""
        one = "/api/history/{run}"
        return (
            ("/api/history", "GET", self.runs),
            ("/api/history/forget", "POST", self.forget_all),
            ("/api/history/take-back", "POST", self.take_back),
            ("/api/history/open", "POST", self.open),
            (one, "GET", self.run),
            (one + "/forget", "POST", self.forget),
            (one + "/trace", "GET", self.trace),
            (one + "/trace/about", "GET", self.about),
            (one + "/pictures/{number:int}", "GET", self.picture),
            (one + "/healed/{picture}", "GET", self.healing),
        )

    async def runs(self, request: Request) -> Response:
        """The newest runs that fit the search, by pages; on the first one also those that are being done."""
        person = self.doors.person(request)
        wanted = search_of(request)
        page = await self.archive.search(person, wanted)
        told = msgspec.to_builtins(page)
        if not wanted.before:
            told["under_way"] = [_brief(story) for story in await self.archive.under_way(person)]
            told["hidden"] = await self.archive.hidden(person)
            told["kept"] = msgspec.to_builtins(self.kept) | {"used_bytes": await self.archive.used_bytes()}
        return answer(told | {"devices": self._devices(person)})

    async def run(self, request: Request) -> Response:
        """All that is told of a run."""
        person = self.doors.person(request)
        story = await self.archive.story(person, request.path_params["run"])
        extra = {"took_ms": story.took_ms, "sites": story.sites, "devices": self._devices(person)}
        return answer(msgspec.to_builtins(story) | extra)

    async def picture(self, request: Request) -> Response:
        """A picture of its filmstrip."""
        person = self.doors.person(request)
        run, number = request.path_params["run"], request.path_params["number"]
        return _jpeg(await self.archive.picture(person, run, number))

    async def healing(self, request: Request) -> Response:
        """An element that was found elsewhere, before or after."""
        person = self.doors.person(request)
        run, name = request.path_params["run"], request.path_params["picture"]
        return _jpeg(await self.archive.healing(person, run, name))

    async def forget(self, request: Request) -> Response:
        """Tells no more of a run; until the time that is answered it can be taken back."""
        person = self.doors.person(request)
        until = await self.archive.forget(person, request.path_params["run"])
        self.wake()
        return answer({"until": until})

    async def forget_all(self, request: Request) -> Response:
        """The same for every run that has ended."""
        person = self.doors.person(request)
        given = await body(request, ForgetAll)
        if not given.everything:
            raise HTTPException(422, "say that everything is meant, or forget one run")
        count, until = await self.archive.forget_all(person)
        self.wake()
        return answer({"count": count, "until": until})

    async def take_back(self, request: Request) -> Response:
        """Tells again of what was to be forgotten."""
        person = self.doors.person(request)
        given = await body(request, TakeBack)
        return answer({"count": await self.archive.take_back(person, given.run)})

    async def trace(self, request: Request) -> Response:
        """The run as a file that can be opened elsewhere."""
        parcel = await self._parcel(request)
        headers = {"content-disposition": f'attachment; filename="{parcel.name}"', "cache-control": "no-store"}
        return Response(parcel.data, media_type=MEDIA_TYPE, headers=headers)

    async def about(self, request: Request) -> Response:
        """What would be in that file, in words, and how large it is."""
        parcel = await self._parcel(request)
        return answer({"words": parcel.words, "name": parcel.name, "bytes": len(parcel.data)})

    async def open(self, request: Request) -> Response:
        """What a trace file tells, and where in it each picture lies. Nothing of it is kept."""
        self.doors.person(request)
        data = await whole(request, MOST_BYTES)
        trace = await asyncio.to_thread(read_trace, data)
        story = msgspec.to_builtins(trace.story) | {"took_ms": trace.story.took_ms, "sites": trace.story.sites}
        manifest = trace.manifest
        told = {"made": manifest.made, "by": manifest.by, "words": manifest.words, "places": trace.places}
        return answer(told | {"story": story})

    async def _parcel(self, request: Request) -> Parcel:
        person = self.doors.person(request)
        await self.vault.watch_all(person)
        wanted = Wanted(**{name: request.query_params.get(name) != "no" for name in Wanted.__struct_fields__})
        return await parcel_of(
            self.archive,
            person,
            request.path_params["run"],
            wanted,
            hide=self.hide,
            devices=self._devices(person),
            now=self.clock(),
        )

    def _devices(self, person: str) -> dict[str, str]:
        """The names of the devices."""
        return {one.id: one.name for one in self.accounts.devices() if one.person == person}


def search_of(request: Request) -> Search:
    """What an address asks for. Raises HTTPException 422."""
    given: dict[str, Any] = {name: value for name, value in request.query_params.items() if value}
    for name, value in given.items():
        if len(value) > MOST_CHARS:
            raise HTTPException(422, f"{name} has {len(value)} letters; at most {MOST_CHARS} are taken")
    try:
        return msgspec.convert(given, Search, strict=False)
    except msgspec.ValidationError as error:
        raise HTTPException(422, str(error)) from error


def _brief(story: RunStory) -> dict[str, Any]:
    shown = {"task": story.run, "text": story.text, "status": story.status, "began": story.began, "now": story.now}
    words = ", ".join(part.words for part in story.parts if part.words)
    return shown | {"words": words, "tool": story.tool, "began_by": story.by, "device": story.device}


def _jpeg(picture: bytes | None) -> Response:
    if picture is None:
        raise HTTPException(404, "there is no such picture any more")
    return Response(picture, media_type="image/jpeg", headers={"cache-control": "private, max-age=86400"})
