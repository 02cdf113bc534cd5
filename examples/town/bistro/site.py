"""The bistro's pages."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from examples.town.bistro.tables import DAYS_AHEAD, MOST_PEOPLE, Tables
from examples.town.faults import Faults
from examples.town.pages import Edition, Pages, redirect, session_of


class BistroSite:
    """Routes over the `Tables`. The calendar is a widget of the page; availability comes from /times."""

    def __init__(self, tables: Tables, faults: Faults, edition: Edition | None = None) -> None:
        self.tables = tables
        self._faults = faults
        self._pages = Pages("bistro", edition)
        self._pages.globals.update(most=MOST_PEOPLE)
        self._pages.filters["day"] = lambda day: f"{day:%-d %B %Y}"
        self.app = Starlette(
            routes=[
                Route("/", self.home),
                Route("/book", self.book, methods=["GET", "POST"]),
                Route("/times", self.times),
                Route("/confirm", self.confirm, methods=["GET", "POST"]),
                Route("/bookings", self.bookings),
                Route("/bookings/{number}", self.booking),
                Mount("/static", self._pages.static()),
            ]
        )

    async def home(self, request: Request) -> Response:
        return self._pages.render(request, "home.html")

    async def book(self, request: Request) -> Response:
        given: dict[str, str] = {}
        errors: dict[str, str] = {}
        if request.method == "POST":
            given = {name: str(value) for name, value in (await self._pages.form(request)).items()}
            wish, errors = self.tables.read_wish(given)
            if wish is not None:
                self.tables.wishes[session_of(request)] = wish
                return redirect(request, "/confirm")
        today = self.tables.now().date()
        span = {"first": today, "last": today + timedelta(days=DAYS_AHEAD)}
        return self._pages.render(request, "book.html", 422 if errors else 200, given=given, errors=errors, **span)

    async def times(self, request: Request) -> Response:
        try:
            day = date.fromisoformat(request.query_params.get("date", ""))
            people = int(request.query_params.get("people", ""))
        except ValueError:
            return JSONResponse({"problem": "date and people are needed"}, 400)
        return JSONResponse([{"time": at, "why_not": why} for at, why in self.tables.times(day, people)])

    async def confirm(self, request: Request) -> Response:
        session = session_of(request)
        wish = self.tables.wishes.get(session)
        if wish is None:
            return redirect(request, "/book")
        why = self.tables.why_not(wish.people, wish.when)
        if request.method == "GET" or why:
            problem = f"Sorry, {wish.when:%A %-d %B at %H:%M} is {why} now." if why else ""
            return self._pages.render(request, "confirm.html", 422 if why else 200, wish=wish, problem=problem)
        if self._faults.strike(request, "bistro.book"):
            return Response()
        booking = self.tables.book(session, wish)
        return redirect(request, f"/bookings/{booking.number}")

    async def bookings(self, request: Request) -> Response:
        phone = self._pages.query(request).get("phone", "")
        return self._pages.render(request, "bookings.html", phone=phone, bookings=self.tables.bookings_of(phone))

    async def booking(self, request: Request) -> Response:
        number = request.path_params["number"]
        booking = next((booking for booking in self.tables.bookings if booking.number == number), None)
        if booking is None:
            return self._pages.render(request, "missing.html", 404, what=f"There is no booking {number}.")
        return self._pages.render(request, "booking.html", booking=booking)
