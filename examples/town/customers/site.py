"""The customer list's pages."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from examples.town.customers.book import COLUMNS, EDITABLE, PAGE, STAGES, Book, Customer
from examples.town.identity import Guarded, Identity
from examples.town.pages import redirect
from examples.town.site import Setting


class CustomerSite(Guarded):
    """Routes over the `Book`, behind a password."""

    name = "customers"
    with_code = False

    def __init__(self, book: Book, identity: Identity, setting: Setting) -> None:
        self.book = book
        self.identity = identity
        super().__init__(setting)
        self.pages.globals.update(columns=COLUMNS, editable=EDITABLE, stages=STAGES)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            *self.door(),
            Route("/", self.customers),
            Route("/rows", self.rows),
            Route("/export.csv", self.export),
            Route("/board", self.board),
            Route("/customers/{number}", self.customer, methods=["GET", "POST"]),
            Route("/customers/{number}/archive", self.archive, methods=["POST"]),
            Route("/customers/{number}/move", self.move, methods=["POST"]),
        )

    def _list(self, request: Request, status: int = 200, **context: object) -> Response:
        query = self.pages.query(request)
        words, order, at = query.get("q", ""), query.get("sort", ""), query.get("page", "1")
        found = self.book.search(words, order)
        last = max(1, -(-len(found) // PAGE))
        page = min(int(at), last) if at.isdigit() and at != "0" else 1
        shown = found[(page - 1) * PAGE : page * PAGE]
        given: dict[str, object] = {"editing": None, "fields": {}, "errors": {}, "done": query.get("done", "")}
        given |= {"found": found, "shown": shown, "words": words, "order": order, "page": page, "last": last}
        return self.view(request, "customers", status, **(given | context))

    async def customers(self, request: Request) -> Response:
        return self.closed(request) or self._list(request)

    async def rows(self, request: Request) -> Response:
        """A piece of the list as JSON, for releases that draw rows as they come into sight."""
        if (closed := self.closed(request)) is not None:
            return closed
        query = request.query_params
        found = self.book.search(query.get("q", ""), query.get("sort", ""))
        start = int(query["from"]) if query.get("from", "").isdigit() else 0
        piece = [
            {
                "number": each.number,
                "name": each.name,
                "city": each.city,
                "stage": STAGES[each.stage],
                "spent": each.spent,
            }
            for each in found[start : start + 40]
        ]
        return JSONResponse({"count": len(found), "rows": piece})

    async def export(self, request: Request) -> Response:
        if (closed := self.closed(request)) is not None:
            return closed
        found = self.book.search(request.query_params.get("q", ""))
        lines = [";".join(("number", *COLUMNS))]
        lines += [";".join(str(getattr(each, name)) for name in ("number", *COLUMNS)) for each in found]
        headers = {"content-disposition": 'attachment; filename="customers.csv"'}
        return Response("\n".join(lines) + "\n", media_type="text/csv", headers=headers)

    async def board(self, request: Request) -> Response:
        return self.closed(request) or self.view(request, "board", board=self.book.board())

    def _customer(self, request: Request) -> Customer | None:
        return self.book.customers.get(request.path_params["number"])

    async def customer(self, request: Request) -> Response:
        customer = self._customer(request)
        if (closed := self.closed(request)) is not None or customer is None:
            return closed or self.missing(request, "There is no such customer.")
        now = {name: getattr(customer, name) for name in EDITABLE}
        if request.method == "GET":
            return self.view(request, "customer", editing=customer, fields=now, errors={})
        fields, errors = self.book.read(await self.fields(request))
        if errors and self.pages.query(request).get("from") == "list":
            return self._list(request, 422, editing=customer, fields=fields, errors=errors)
        if errors:
            return self.view(request, "customer", 422, editing=customer, fields=fields, errors=errors)
        if self.refused(request, "save"):
            return Response()
        for name, value in fields.items():
            self.book.change(customer, name, value)
        return redirect(request, f"/?q={customer.number}&done={customer.number}")

    async def archive(self, request: Request) -> Response:
        customer = self._customer(request)
        if (closed := self.closed(request)) is not None or customer is None:
            return closed or self.missing(request, "There is no such customer.")
        self.book.archive(customer)
        return redirect(request, "/")

    async def move(self, request: Request) -> Response:
        customer = self._customer(request)
        form = await self.fields(request)
        place = form.get("place", "")
        if self.closed(request) is not None or customer is None or form.get("stage") not in STAGES:
            return JSONResponse({"problem": "This cannot be moved there."}, 400)
        self.book.move(customer, form["stage"], int(place) if place.isdigit() else 0)
        return JSONResponse({"stage": customer.stage})
