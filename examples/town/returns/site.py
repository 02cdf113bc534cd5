"""The return desk's pages."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from examples.town.pages import redirect, session_of
from examples.town.returns.desk import REASONS, Desk, Order, Return
from examples.town.returns.pdf import page_of
from examples.town.site import Setting, Site


class ReturnSite(Site):
    """Routes over the `Desk`. Who found an order in this session may send things of it back."""

    name = "returns"

    def __init__(self, desk: Desk, setting: Setting) -> None:
        self.desk = desk
        super().__init__(setting)
        self.pages.globals.update(reasons=REASONS, left=desk.left)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route("/", self.find, methods=["GET", "POST"]),
            Route("/orders/{number}", self.choose, methods=["GET", "POST"]),
            Route("/review", self.review, methods=["GET", "POST"]),
            Route("/returns", self.filed),
            Route("/returns/{number}", self.done),
            Route("/returns/{number}/label.pdf", self.label),
            Route("/returns/{number}/print", self.print_view),
        )

    async def find(self, request: Request) -> Response:
        if request.method == "GET":
            return self.view(request, "find", given={}, errors={})
        given = await self.fields(request)
        order, errors = self.desk.find(given)
        if order is None:
            return self.view(request, "find", 422, given=given, errors=errors)
        self.desk.found.setdefault(session_of(request), set()).add(order.number)
        return redirect(request, f"/orders/{order.number}")

    def _order(self, request: Request) -> Order | None:
        number = request.path_params["number"]
        return self.desk.orders.get(number) if number in self.desk.found.get(session_of(request), set()) else None

    async def choose(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return redirect(request, "/")
        if request.method == "GET":
            return self.view(request, "choose", order=order, keys=[], given={}, errors={})
        given = await self.fields(request)
        keys = [str(key) for key in (await self.pages.form(request)).getlist("item")]
        photos = await self.files(request, "photo")
        wish, errors = self.desk.read_wish(order, keys, given, photos[0] if photos else None)
        if wish is None:
            return self.view(request, "choose", 422, order=order, keys=keys, given=given, errors=errors)
        self.desk.wishes[session_of(request)] = wish
        return redirect(request, "/review")

    async def review(self, request: Request) -> Response:
        session = session_of(request)
        wish = self.desk.wishes.get(session)
        if wish is None:
            return redirect(request, "/")
        if request.method == "GET":
            return self.view(request, "review", wish=wish)
        if self.refused(request, "file"):
            return Response()
        return redirect(request, f"/returns/{self.desk.file(session).number}")

    async def filed(self, request: Request) -> Response:
        number = self.pages.query(request).get("order", "").strip().upper()
        return self.view(request, "filed", number=number, filed=self.desk.of_order(number))

    def _return(self, request: Request) -> Return | None:
        number = request.path_params["number"]
        return next((back for back in self.desk.returns if back.number == number), None)

    async def done(self, request: Request) -> Response:
        back = self._return(request)
        return self.view(request, "done", back=back) if back else self.missing(request, "There is no such return.")

    async def print_view(self, request: Request) -> Response:
        back = self._return(request)
        return self.view(request, "print", back=back) if back else self.missing(request, "There is no such return.")

    async def label(self, request: Request) -> Response:
        back = self._return(request)
        if back is None:
            return self.missing(request, "There is no such return.")
        lines = (f"Return {back.number}", "To: Return Desk, Harbour Street 20", f"Order {back.wish.order.number}")
        headers = {"content-disposition": f'attachment; filename="label-{back.number}.pdf"'}
        return Response(page_of((*lines, *(item.title for item in back.wish.items))), 200, headers, "application/pdf")
