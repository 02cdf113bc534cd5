"""The catalogue's pages."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from examples.town.library.catalogue import BOOKS, BRANCHES, SHELVES, Catalogue
from examples.town.pages import redirect
from examples.town.site import Setting, Site


class LibrarySite(Site):
    """Routes over the `Catalogue`."""

    name = "library"

    def __init__(self, catalogue: Catalogue, setting: Setting) -> None:
        self.catalogue = catalogue
        super().__init__(setting)
        self.pages.globals.update(shelves=SHELVES, branches=BRANCHES, left=catalogue.left)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route("/", self.search),
            Route("/book/{key}", self.book, methods=["GET", "POST"]),
            Route("/card", self.card),
            Route("/reserved/{number}", self.reserved),
        )

    async def search(self, request: Request) -> Response:
        query = self.pages.query(request)
        words, shelf = query.get("words", ""), query.get("shelf", "")
        found = self.catalogue.search(words, shelf) if "words" in query else None
        return self.view(request, "search", words=words, shelf=shelf, found=found)

    async def book(self, request: Request) -> Response:
        book = BOOKS.get(request.path_params["key"])
        if book is None:
            return self.missing(request, "This book is not in the catalogue.")
        if request.method == "GET":
            return self.view(request, "book", book=book, given={}, problem="")
        given = await self.fields(request)
        if self.refused(request, "reserve"):
            return Response()
        reservation, problem = self.catalogue.reserve(book, given)
        if reservation is None:
            return self.view(request, "book", 422, book=book, given=given, problem=problem)
        return redirect(request, f"/reserved/{reservation.number}")

    async def reserved(self, request: Request) -> Response:
        number = request.path_params["number"]
        found = next((each for each in self.catalogue.reservations if each.number == number), None)
        if found is None:
            return self.missing(request, "There is no such reservation.")
        return self.view(request, "reserved", reservation=found)

    async def card(self, request: Request) -> Response:
        card = self.pages.query(request).get("card", "").upper()
        mine = [each for each in self.catalogue.reservations if each.card == card]
        return self.view(request, "card", card=card, mine=mine)
