"""The shell of the single page, and what its script asks for."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from examples.town.chores.todo import LONGEST, Todo
from examples.town.site import Setting, Site

PIECE = 60


class ChoreSite(Site):
    """The same shell at every address; data as JSON below /api."""

    name = "chores"

    def __init__(self, todo: Todo, setting: Setting) -> None:
        self.todo = todo
        super().__init__(setting)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route("/", self.shell),
            Route("/api/chores", self.some),
            Route("/api/chores", self.add, methods=["POST"]),
            Route("/api/chores/{id:int}", self.one, methods=["GET", "POST", "DELETE"]),
            Route("/new", self.shell),
            Route("/chore/{id:int}", self.shell),
        )

    async def shell(self, request: Request) -> Response:
        return self.pages.render(request, "site.html")

    async def some(self, request: Request) -> Response:
        query = request.query_params
        found = self.todo.some(query.get("show", "all"), query.get("q", ""))
        start = int(query["from"]) if query.get("from", "").isdigit() else 0
        chores = msgspec.to_builtins(found[start : start + PIECE])
        return JSONResponse({"count": len(found), "chores": chores})

    async def add(self, request: Request) -> Response:
        if self.refused(request, "add"):
            return Response()
        chore = self.todo.add((await self.fields(request)).get("title", ""))
        if chore is None:
            return JSONResponse({"problem": f"A chore needs a title of at most {LONGEST} letters."}, 422)
        return JSONResponse(msgspec.to_builtins(chore), 201)

    async def one(self, request: Request) -> Response:
        chore = self.todo.chores.get(request.path_params["id"])
        if chore is None:
            return JSONResponse({"problem": "There is no such chore."}, 404)
        if request.method == "DELETE":
            self.todo.remove(chore)
        elif request.method == "POST":
            self.todo.tick(chore, (await self.fields(request)).get("done") == "yes")
        return JSONResponse(msgspec.to_builtins(chore))
