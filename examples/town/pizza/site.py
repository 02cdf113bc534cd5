"""The pizza shop's pages."""

from __future__ import annotations

from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from examples.town.faults import Faults
from examples.town.pages import Edition, Pages, redirect, session_of
from examples.town.pizza.art import pizza_svg
from examples.town.pizza.menu import KINDS, SIZES, TOPPINGS
from examples.town.pizza.shop import MOST_OF_ONE, PAYMENTS, Details, Line, Shop, Visit


class PizzaSite:
    """Routes over a `Shop`. Forms post, then redirect; the cart lives on the server, by cookie."""

    def __init__(self, shop: Shop, faults: Faults, edition: Edition | None = None) -> None:
        self.shop = shop
        self._faults = faults
        self._pages = Pages("pizza", edition)
        self._pages.globals.update(
            kinds=KINDS,
            sizes=SIZES,
            toppings=TOPPINGS,
            art=pizza_svg,
            price=shop.price,
            total=shop.total,
            payments=PAYMENTS,
        )
        self._pages.filters["arrival"] = lambda at: at + timedelta(minutes=30)
        self.app = Starlette(
            routes=[
                Route("/", self.menu),
                Route("/pizza/{kind}", self.pizza),
                Route("/cart", self.cart),
                Route("/cart/add", self.add, methods=["POST"]),
                Route("/cart/remove", self.remove, methods=["POST"]),
                Route("/checkout", self.checkout, methods=["GET", "POST"]),
                Route("/review", self.review),
                Route("/pay", self.pay, methods=["POST"]),
                Route("/orders", self.orders),
                Route("/orders/{number}", self.order),
                Mount("/static", self._pages.static()),
            ]
        )

    def _render(self, request: Request, page: str, status: int = 200, **context: object) -> Response:
        visit = self.shop.visit(session_of(request))
        count = sum(line.quantity for line in visit.lines)
        return self._pages.render(request, page, status, visit=visit, cart_count=count, **context)

    def _missing(self, request: Request, what: str) -> Response:
        return self._render(request, "missing.html", 404, what=what)

    async def menu(self, request: Request) -> Response:
        return self._render(request, "menu.html", sold_out=self.shop.sold_out)

    async def pizza(self, request: Request) -> Response:
        kind = request.path_params["kind"]
        if kind not in KINDS:
            return self._missing(request, "We do not bake that pizza.")
        return self._pizza(request, kind, {}, {})

    def _pizza(self, request: Request, kind: str, given: dict[str, object], errors: dict[str, str]) -> Response:
        def price_of(size: str) -> object:
            return self.shop.price(Line(kind, size, (), 1))

        context = {"kind": KINDS[kind], "gone": kind in self.shop.sold_out, "price_of": price_of, "most": MOST_OF_ONE}
        return self._render(request, "pizza.html", 422 if errors else 200, given=given, errors=errors, **context)

    async def add(self, request: Request) -> Response:
        form = await self._pages.form(request)
        kind, size, quantity = (str(form.get(name, "")) for name in ("kind", "size", "quantity"))
        toppings = [str(topping) for topping in form.getlist("topping")]
        if kind not in KINDS:
            return self._missing(request, "We do not bake that pizza.")
        line, errors = self.shop.read_line(kind, size, toppings, quantity)
        if line is None:
            return self._pizza(request, kind, {"size": size, "toppings": toppings, "quantity": quantity}, errors)
        self.shop.visit(session_of(request)).lines.append(line)
        return redirect(request, "/cart")

    async def cart(self, request: Request) -> Response:
        return self._render(request, "cart.html")

    async def remove(self, request: Request) -> Response:
        form = await self._pages.form(request)
        lines = self.shop.visit(session_of(request)).lines
        place = str(form.get("line", ""))
        if place.isdigit() and int(place) < len(lines):
            del lines[int(place)]
        return redirect(request, "/cart")

    async def checkout(self, request: Request) -> Response:
        visit = self.shop.visit(session_of(request))
        if not visit.lines:
            return redirect(request, "/cart")
        if request.method == "GET":
            return self._render(request, "checkout.html", details=visit.details or Details(), errors={})
        form = {name: str(value) for name, value in (await self._pages.form(request)).items()}
        details, errors = self.shop.read_details(form)
        if errors:
            return self._render(request, "checkout.html", 422, details=details, errors=errors)
        visit.details = details
        return redirect(request, "/review")

    async def review(self, request: Request) -> Response:
        visit = self.shop.visit(session_of(request))
        if not visit.lines or visit.details is None:
            return redirect(request, "/cart")
        return self._review(request, visit, self.shop.unavailable(visit.lines))

    def _review(self, request: Request, visit: Visit, problem: str) -> Response:
        return self._render(request, "review.html", 422 if problem else 200, details=visit.details, problem=problem)

    async def pay(self, request: Request) -> Response:
        form = await self._pages.form(request)
        visit = self.shop.visit(session_of(request))
        if not visit.lines or visit.details is None:
            return redirect(request, "/cart")
        problem = self.shop.unavailable(visit.lines)
        total = f"{self.shop.total(visit.lines):.2f}"
        if not problem and form.get("total") != total:
            problem = f"The price has changed: it is {total} now. Please look again."
        if self._faults.strike(request, "pizza.pay"):
            return Response()
        if problem:
            return self._review(request, visit, problem)
        order = self.shop.pay(visit, visit.details)
        return redirect(request, f"/orders/{order.number}")

    async def orders(self, request: Request) -> Response:
        phone = self._pages.query(request).get("phone", "")
        return self._render(request, "orders.html", phone=phone, orders=self.shop.orders_of(phone))

    async def order(self, request: Request) -> Response:
        number = request.path_params["number"]
        order = next((order for order in self.shop.orders if order.number == number), None)
        if order is None:
            return self._missing(request, f"There is no order {number}.")
        return self._render(request, "order.html", order=order)
