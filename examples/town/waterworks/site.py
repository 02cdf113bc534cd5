"""The waterworks' pages: a frameset, or what a release has made of it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from examples.town.pages import redirect
from examples.town.site import Setting, Site
from examples.town.waterworks.meters import Meters


class WaterSite(Site):
    """Routes over the `Meters`. What stands in frames are views with addresses of their own."""

    name = "waterworks"

    def __init__(self, meters: Meters, setting: Setting) -> None:
        self.meters = meters
        super().__init__(setting)
        self.pages.globals.update(meters=meters.meters)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route("/", self.part),
            Route("/{view:str}.html", self.part),
            Route("/reading", self.reading, methods=["GET", "POST"]),
            Route("/receipts", self.receipts),
            Route("/receipts/{number}", self.receipt),
        )

    async def part(self, request: Request) -> Response:
        view = request.path_params.get("view", "frames")
        if view not in ("frames", "top", "menu", "welcome", "office"):
            return self.missing(request, "There is no such page.")
        return self.view(request, view)

    async def reading(self, request: Request) -> Response:
        if request.method == "GET":
            return self.view(request, "reading", given=dict(self.pages.query(request)), errors={})
        given = await self.fields(request)
        if self.refused(request, "report"):
            return Response()
        receipt, errors = self.meters.report(given)
        if receipt is None:
            return self.view(request, "reading", 422, given=given, errors=errors)
        return redirect(request, f"/receipts/{receipt.number}")

    async def receipts(self, request: Request) -> Response:
        meter = self.pages.query(request).get("meter", "").strip().upper()
        mine = [receipt for receipt in reversed(self.meters.receipts) if receipt.meter == meter]
        return self.view(request, "receipts", meter=meter, mine=mine)

    async def receipt(self, request: Request) -> Response:
        number = request.path_params["number"]
        receipt = next((receipt for receipt in self.meters.receipts if receipt.number == number), None)
        if receipt is None:
            return self.missing(request, f"There is no receipt {number}.")
        return self.view(request, "receipt", receipt=receipt)
