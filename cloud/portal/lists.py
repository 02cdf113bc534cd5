"""Lists over HTTP: what is on each, adding, ticking, moving, taking off, and undoing what was done last."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.clock import Ids
from cloud.people.changes import Changes
from cloud.people.lists import TO_DO, ItemList, Lists
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body
from language.items import Item, amount_words, item_words, items_in

MOST_NAME = 60


class ListNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A new list."""

    name: str


class ThingsGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """What to put on a list, as one would say it: several things, with their amounts."""

    text: str


class LineChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """What is otherwise with a line: ticked or not, worded otherwise, or at another place (from 0)."""

    done: bool | None = None
    text: str | None = None
    to: int | None = None


class Cleared(Struct, frozen=True, forbid_unknown_fields=True):
    """`done_only`: what is not ticked off stays."""

    done_only: bool = False


class ListRoom(Struct, frozen=True, kw_only=True):
    """The owner's lists."""

    doors: Doors
    lists: Lists
    changes: Changes
    fresh_id: Ids

    def table(self) -> Table:
        """Path, method and handler of each address."""
        one = "/api/lists/{list}"
        line = one + "/lines/{line}"
        return (
            ("/api/lists", "GET", self.all),
            ("/api/lists", "POST", self.create),
            (one, "DELETE", self.remove),
            (one + "/lines", "POST", self.add),
            (one + "/clear", "POST", self.clear),
            (line, "POST", self.change),
            (line, "DELETE", self.drop),
            ("/api/undo", "POST", self.undo),
        )

    async def all(self, request: Request) -> Response:
        """Every list with its lines, the one used last first."""
        person = self.doors.person(request)
        return answer({"lists": [_shown(each) for each in await self.lists.all(person)]})

    async def create(self, request: Request) -> Response:
        """Begins a list."""
        person = self.doors.person(request)
        name = " ".join((await body(request, ListNamed)).name.lower().split()).removesuffix(" list")
        if not 0 < len(name) <= MOST_NAME:
            raise HTTPException(422, f"a list's name has from 1 to {MOST_NAME} letters")
        if not await self.lists.create(person, name, self.fresh_id()):
            raise HTTPException(409, f"there is a {name} list already")
        return answer({"ok": True}, 201)

    async def remove(self, request: Request) -> Response:
        """Takes a list away."""
        await self.lists.remove(self.doors.person(request), request.path_params["list"], self.fresh_id())
        return answer({"ok": True})

    async def add(self, request: Request) -> Response:
        """Puts things on a list."""
        person, known = await self._list(request)
        items = items_in((await body(request, ThingsGiven)).text, whole=known.name == TO_DO)
        if not items:
            raise HTTPException(422, "write what to put on the list")
        added = await self.lists.add(person, known.name, items, self.fresh_id())
        return answer({"new": added.new, "there": added.there}, 201)

    async def clear(self, request: Request) -> Response:
        """Empties a list."""
        place = (self.doors.person(request), request.path_params["list"], self.fresh_id())
        given = await body(request, Cleared)
        return answer({"gone": await self.lists.clear(*place, done_only=given.done_only)})

    async def change(self, request: Request) -> Response:
        """Ticks a line, words it otherwise, or moves it."""
        person, known = await self._list(request)
        given = await body(request, LineChanged)
        place = (person, known.id, request.path_params["line"])
        if given.to is not None:
            await self.lists.move(*place, given.to, self.fresh_id())
        if given.done is not None or given.text is not None:
            item = _item(given.text, whole=known.name == TO_DO) if given.text is not None else None
            await self.lists.set_line(*place, self.fresh_id(), done=given.done, item=item)
        return answer({"ok": True})

    async def drop(self, request: Request) -> Response:
        """Takes one line off."""
        place = (self.doors.person(request), request.path_params["list"], request.path_params["line"])
        await self.lists.drop(*place, self.fresh_id())
        return answer({"ok": True})

    async def undo(self, request: Request) -> Response:
        """Takes back the last change of a list or of the journal; `undone` says which, null when there is none."""
        return answer({"undone": await self.changes.undo(self.doors.person(request), self.fresh_id())})

    async def _list(self, request: Request) -> tuple[str, ItemList]:
        person, wanted = self.doors.person(request), request.path_params["list"]
        for each in await self.lists.all(person):
            if each.id == wanted:
                return person, each
        raise HTTPException(404, "there is no such list any more; load the page again")


def _item(text: str, *, whole: bool) -> Item:
    items = items_in(text, whole=whole)
    if len(items) != 1:
        raise HTTPException(422, "write one thing")
    return items[0]


def _shown(each: ItemList) -> dict[str, Any]:
    lines = [
        {
            "id": line.id,
            "thing": line.item.thing,
            "amount": amount_words(line.item),
            "text": item_words(line.item),
            "done": line.done,
        }
        for line in each.lines
    ]
    return {"id": each.id, "name": each.name, "lines": lines}
