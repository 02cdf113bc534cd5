"""The plant shop's pages. Numbers and days are chosen in custom elements with open shadow roots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from examples.town.garden.nursery import DAYS_AHEAD, MOST_OF_ONE, PLANTS, Nursery
from examples.town.pages import redirect, session_of
from examples.town.site import Setting, Site


class GardenSite(Site):
    """Routes over the `Nursery`."""

    name = "garden"

    def __init__(self, nursery: Nursery, setting: Setting) -> None:
        self.nursery = nursery
        super().__init__(setting)
        self.pages.globals.update(plants=PLANTS, most=MOST_OF_ONE, total=nursery.total)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route("/", self.shop),
            Route("/consent", self.consent, methods=["POST"]),
            Route("/basket", self.basket),
            Route("/basket/add", self.add, methods=["POST"]),
            Route("/basket/remove", self.remove, methods=["POST"]),
            Route("/order", self.order, methods=["POST"]),
            Route("/orders", self.orders),
            Route("/orders/{number}", self.ordered),
        )

    def _show(self, request: Request, view: str, status: int = 200, /, **context: object) -> Response:
        basket = self.nursery.basket(session_of(request))
        return self.view(request, view, status, basket=basket, **context)

    async def shop(self, request: Request) -> Response:
        return self._show(request, "shop", problem="")

    async def consent(self, request: Request) -> Response:
        answer = (await self.fields(request)).get("answer", "")
        self.nursery.basket(session_of(request)).consent = "all" if answer == "all" else "needed"
        return Response(status_code=204)

    async def add(self, request: Request) -> Response:
        form = await self.fields(request)
        problem = self.nursery.add(session_of(request), form.get("plant", ""), form.get("quantity", ""))
        return self._show(request, "shop", 422, problem=problem) if problem else redirect(request, "/basket")

    async def remove(self, request: Request) -> Response:
        self.nursery.basket(session_of(request)).lines.pop((await self.fields(request)).get("plant", ""), None)
        return redirect(request, "/basket")

    async def basket(self, request: Request) -> Response:
        return self._basket(request, 200, {}, {})

    def _basket(self, request: Request, status: int, given: dict[str, str], errors: dict[str, str]) -> Response:
        first = self.nursery.now().date() + timedelta(days=1)
        last = self.nursery.now().date() + timedelta(days=DAYS_AHEAD)
        return self._show(request, "basket", status, given=given, errors=errors, first=first, last=last)

    async def order(self, request: Request) -> Response:
        form = dict(await self.fields(request))
        if self.refused(request, "order"):
            return Response()
        order, errors = self.nursery.order(session_of(request), form)
        if order is None:
            return self._basket(request, 422, form, errors)
        return redirect(request, f"/orders/{order.number}")

    async def orders(self, request: Request) -> Response:
        name = self.pages.query(request).get("name", "").strip()
        mine = [order for order in reversed(self.nursery.orders) if order.name.lower() == name.lower()]
        return self._show(request, "orders", name=name, orders=mine)

    async def ordered(self, request: Request) -> Response:
        number = request.path_params["number"]
        order = next((order for order in self.nursery.orders if order.number == number), None)
        return self._show(request, "ordered", order=order) if order else self._show(request, "missing", 404)
