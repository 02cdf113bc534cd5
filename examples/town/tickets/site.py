"""The box office's pages. The seat map is a document of its own, in a frame; a release may serve it from another
origin (`seats.localhost`), so it is told in its address whose visit it is."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from examples.town.pages import redirect, session_of
from examples.town.site import Setting, Site
from examples.town.tickets.box_office import GENRES, ORDERS, ROWS, SEATS_IN_ROW, BoxOffice, Buyer


class TicketSite(Site):
    """Routes over the `BoxOffice`."""

    name = "tickets"

    def __init__(self, office: BoxOffice, setting: Setting) -> None:
        self.office = office
        super().__init__(setting)
        self.pages.globals.update(
            genres=GENRES,
            orders=ORDERS,
            rows=ROWS,
            numbers=range(1, SEATS_IN_ROW + 1),
            price=office.price,
            total=office.total,
            seats_host=setting.address("seats"),
        )

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route("/", self.programme),
            Route("/events/{key}", self.event),
            *self.map_routes(),
            Route("/checkout", self.checkout, methods=["GET", "POST"]),
            Route("/review", self.review, methods=["GET", "POST"]),
            Route("/tickets", self.tickets),
            Route("/tickets/{number}", self.ticket),
            Route("/tickets/{number}/file", self.file),
        )

    def map_app(self) -> Starlette:
        """The seat map alone, for its own host."""
        return Starlette(routes=[*self.map_routes(), Mount("/static", self.pages.static())])

    def map_routes(self) -> Sequence[Route]:
        """What the frame shows, and what it does."""
        return (
            Route("/events/{key}/seats", self.seats),
            Route("/events/{key}/hold", self.hold, methods=["POST"]),
        )

    async def programme(self, request: Request) -> Response:
        query = self.pages.query(request)
        words, genre, order = (query.get(name, "") for name in ("q", "genre", "sort"))
        found = self.office.search(words, genre, order)
        return self.view(request, "programme", events=found, words=words, genre=genre, order=order or "date")

    async def event(self, request: Request) -> Response:
        event = self.office.events.get(request.path_params["key"])
        if event is None:
            return self.missing(request, "There is no such event.")
        session = session_of(request)
        visit = self.office.visit(session)
        held = visit if visit.event == event.key else None
        return self.view(request, "event", event=event, held=held, session=session)

    async def seats(self, request: Request) -> Response:
        event = self.office.events.get(request.path_params["key"])
        if event is None:
            return self.missing(request, "There is no such event.")
        session = request.query_params.get("visit", "")
        visit = self.office.visit(session)
        mine = set(visit.seats) if visit.event == event.key else set()
        taken = self.office.taken(event, session)
        return self.pages.render(request, "seats.html", event=event, mine=mine, taken=taken, session=session)

    async def hold(self, request: Request) -> Response:
        event = self.office.events.get(request.path_params["key"])
        form = await self.fields(request)
        if event is None:
            return JSONResponse({"problem": "There is no such event."}, 404)
        session = form.get("visit", "")
        problem = self.office.toggle(session, event, form.get("seat", ""))
        visit = self.office.visit(session)
        seats, total = sorted(visit.seats), f"{self.office.total(visit):.2f}"
        return JSONResponse({"seats": seats, "total": total, "problem": problem}, 409 if problem else 200)

    async def checkout(self, request: Request) -> Response:
        visit = self.office.visit(session_of(request))
        if not visit.seats:
            return redirect(request, f"/events/{visit.event}" if visit.event else "/")
        event = self.office.events[visit.event]
        if request.method == "GET":
            return self.view(request, "checkout", event=event, visit=visit, buyer=visit.buyer or Buyer(), errors={})
        buyer, errors = self.office.read_buyer(await self.fields(request))
        if errors:
            return self.view(request, "checkout", 422, event=event, visit=visit, buyer=buyer, errors=errors)
        visit.buyer = buyer
        return redirect(request, "/review")

    async def review(self, request: Request) -> Response:
        session = session_of(request)
        visit = self.office.visit(session)
        if not visit.seats or visit.buyer is None:
            return redirect(request, "/checkout" if visit.seats else "/")
        if request.method == "GET":
            return self.view(request, "review", event=self.office.events[visit.event], visit=visit)
        if self.refused(request, "pay"):
            return Response()
        return redirect(request, f"/tickets/{self.office.buy(session, visit.buyer).number}")

    async def tickets(self, request: Request) -> Response:
        email = self.pages.query(request).get("email", "").strip().lower()
        found = [ticket for ticket in reversed(self.office.tickets) if ticket.buyer.email.lower() == email]
        return self.view(request, "tickets", email=email, tickets=found)

    async def ticket(self, request: Request) -> Response:
        number = request.path_params["number"]
        ticket = next((ticket for ticket in self.office.tickets if ticket.number == number), None)
        if ticket is None:
            return self.missing(request, f"There is no ticket {number}.")
        return self.view(request, "ticket", ticket=ticket)

    async def file(self, request: Request) -> Response:
        number = request.path_params["number"]
        ticket = next((ticket for ticket in self.office.tickets if ticket.number == number), None)
        if ticket is None:
            return self.missing(request, f"There is no ticket {number}.")
        text = (
            f"{ticket.number}\n{ticket.event.title}\n{ticket.event.at:%A %-d %B %Y, %H:%M}\n{' '.join(ticket.seats)}\n"
        )
        headers = {"content-disposition": f'attachment; filename="{ticket.number}.txt"'}
        return Response(text, media_type="text/plain", headers=headers)
