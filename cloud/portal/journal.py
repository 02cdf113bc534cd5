"""The journal over HTTP: by day, searched, written, edited, deleted, and as a plain file. No log has a word of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import Any

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.clock import Ids
from cloud.people.journal import MOST_LETTERS, Entry, Journal
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body


class Written(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of an entry."""

    text: str

    def __repr__(self) -> str:
        return "Written(…)"


class JournalRoom(Struct, frozen=True, kw_only=True):
    """The owner's journal. `now` is the time in the person's zone."""

    doors: Doors
    journal: Journal
    now: Callable[[], datetime]
    fresh_id: Ids

    def table(self) -> Table:
        """Path, method and handler of each address."""
        one = "/api/journal/entries/{entry}"
        return (
            ("/api/journal", "GET", self.days),
            ("/api/journal", "POST", self.write),
            ("/api/journal/file", "GET", self.file),
            (one, "POST", self.edit),
            (one, "DELETE", self.remove),
            (one + "/picture", "GET", self.picture),
        )

    async def days(self, request: Request) -> Response:
        """The newest days first: those before `before`, or the entries that have the words of `q`."""
        person, words = self.doors.person(request), request.query_params.get("q", "").strip()
        before = request.query_params.get("before", "")
        entries = await (self.journal.search(person, words) if words else self.journal.newest(person, before=before))
        first = entries[-1].day if entries and not words else ""
        earlier = first and await self.journal.newest(person, before=first, most=1)
        return answer({"days": _by_day(entries), "earlier": first if earlier else None})

    async def write(self, request: Request) -> Response:
        """Writes an entry of today."""
        person = self.doors.person(request)
        await self.journal.write(person, await _text(request), self.fresh_id(), day=self.now().date())
        return answer({"ok": True}, 201)

    async def edit(self, request: Request) -> Response:
        """Words an entry otherwise."""
        person = self.doors.person(request)
        await self.journal.edit(person, request.path_params["entry"], await _text(request), self.fresh_id())
        return answer({"ok": True})

    async def remove(self, request: Request) -> Response:
        """Deletes an entry."""
        await self.journal.remove(self.doors.person(request), request.path_params["entry"], self.fresh_id())
        return answer({"ok": True})

    async def picture(self, request: Request) -> Response:
        """The picture of an entry."""
        found = await self.journal.picture(self.doors.person(request), request.path_params["entry"])
        if found is None:
            raise HTTPException(404, "there is no such picture")
        return Response(found, media_type="image/jpeg", headers={"cache-control": "private, max-age=86400"})

    async def file(self, request: Request) -> Response:
        """All of it as plain text."""
        text = await self.journal.export(self.doors.person(request))
        name = f"journal-{self.now().date()}.txt"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(text, media_type="text/plain; charset=utf-8", headers=headers)


async def _text(request: Request) -> str:
    text = (await body(request, Written)).text.strip()
    if not 0 < len(text) <= MOST_LETTERS:
        raise HTTPException(422, f"an entry has from 1 to {MOST_LETTERS} letters")
    return text


def _by_day(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    return [
        {
            "day": day,
            "entries": [
                {
                    "id": entry.id,
                    "text": entry.text,
                    "at": entry.at,
                    "edited": entry.edited_at is not None,
                    "picture": bool(entry.picture),
                }
                for entry in found
            ],
        }
        for day, found in groupby(entries, key=lambda entry: entry.day)
    ]
