"""The pages of the taxi stand."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from examples.town.pages import redirect, session_of
from examples.town.pizza.shop import just_digits
from examples.town.rides.stand import CARS, Stand
from examples.town.site import Setting, Site


class RideSite(Site):
    """Routes over the `Stand`."""

    name = "rides"

    def __init__(self, stand: Stand, setting: Setting) -> None:
        self.stand = stand
        super().__init__(setting)
        self.pages.globals.update(cars=CARS)
        self.pages.filters["moment"] = lambda when: "now" if when == "now" else when.replace("T", " ")

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route("/", self.start, methods=["GET", "POST"]),
            Route("/places", self.places),
            Route("/offers", self.offers),
            Route("/book", self.book, methods=["GET", "POST"]),
            Route("/rides", self.rides),
            Route("/rides/{number}", self.ride),
        )

    async def start(self, request: Request) -> Response:
        if request.method == "GET":
            return self.view(request, "start", given={}, errors={})
        given = await self.fields(request)
        quote, errors = self.stand.ask(session_of(request), given)
        if quote is None:
            return self.view(request, "start", 422, given=given, errors=errors)
        return redirect(request, "/offers")

    async def places(self, request: Request) -> Response:
        found = self.stand.places(request.query_params.get("q", ""))
        return JSONResponse([{"key": place.key, "title": place.title, "street": place.street} for place in found])

    async def offers(self, request: Request) -> Response:
        quote = self.stand.quotes.get(session_of(request))
        if quote is None:
            return redirect(request, "/")
        return self.view(request, "offers", quote=quote)

    async def book(self, request: Request) -> Response:
        session = session_of(request)
        quote = self.stand.quotes.get(session)
        given = await self.fields(request) if request.method == "POST" else self.pages.query(request)
        car = CARS.get(given.get("car", ""))
        if quote is None or car is None:
            return redirect(request, "/" if quote is None else "/offers")
        problem = ""
        if quote.expires <= self.stand.now():
            quote = self.stand.renew(session)
            problem = f"The price has expired. It is {quote.prices[car.key]:.2f} now; please look again."
        left_s = round((quote.expires - self.stand.now()).total_seconds())
        phone = given.get("phone", "")
        shown = {"quote": quote, "car": car, "left_s": left_s, "phone": phone}
        if request.method == "POST" and not problem:
            if given.get("quote") != str(quote.number):
                problem = "You have asked for another ride meanwhile; please look again."
            elif len(just_digits(phone)) < 6:
                problem = "Please give a telephone number with at least six digits."
            elif self.refused(request, "book"):
                return Response()
            else:
                return redirect(request, f"/rides/{self.stand.book(session, car, phone).number}")
        return self.view(request, "book", 422 if problem else 200, problem=problem, **shown)

    async def rides(self, request: Request) -> Response:
        phone = self.pages.query(request).get("phone", "")
        return self.view(request, "rides", phone=phone, rides=self.stand.rides_of(phone))

    async def ride(self, request: Request) -> Response:
        number = request.path_params["number"]
        ride = next((ride for ride in self.stand.rides if ride.number == number), None)
        if ride is None:
            return self.missing(request, f"There is no ride {number}.")
        return self.view(request, "ride", ride=ride)
