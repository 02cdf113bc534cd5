"""The wizard's pages. A release says which questions stand on which step."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from examples.town.pages import redirect, session_of
from examples.town.site import Setting, Site
from examples.town.townhall.permits import MONTHS, ZONES, Permits

STEPS = {
    "1": (("name", "email"), ("plate", "zone"), ("start", "months", "agree")),
    "2": (("plate", "zone", "start", "months"), ("name", "email", "agree")),
    "3": (("zone",), ("months", "start"), ("plate",), ("name",), ("email", "agree")),
}


class TownhallSite(Site):
    """Routes over the `Permits`. Every step is a form of its own; what is wrong is said on its step."""

    name = "townhall"

    def __init__(self, permits: Permits, setting: Setting) -> None:
        self.permits = permits
        super().__init__(setting)
        self.steps = STEPS[self.pages.edition.release]
        self.pages.globals.update(zones=ZONES, lengths=MONTHS, steps=self.steps, fee=permits.fee)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route("/", self.start),
            Route("/permit/{step:int}", self.step, methods=["GET", "POST"]),
            Route("/permit/check", self.check, methods=["GET", "POST"]),
            Route("/permits", self.applied),
            Route("/permits/{number}", self.permit),
        )

    async def start(self, request: Request) -> Response:
        return self.view(request, "start", at=0)

    async def step(self, request: Request) -> Response:
        at = request.path_params["step"]
        answers = self.permits.answers.setdefault(session_of(request), {})
        missing = self._first_missing(answers)
        if not 1 <= at <= len(self.steps) or at > missing:
            return redirect(request, f"/permit/{min(missing, len(self.steps))}")
        fields = self.steps[at - 1]
        if request.method == "GET":
            return self.view(request, "step", at=at, fields=fields, answers=answers, errors={})
        form = await self.fields(request)
        answers |= {field: form.get(field, "") for field in fields}
        errors = {field: why for field in fields if (why := self.permits.wrong(field, answers[field]))}
        if errors:
            return self.view(request, "step", 422, at=at, fields=fields, answers=answers, errors=errors)
        return redirect(request, f"/permit/{at + 1}" if at < len(self.steps) else "/permit/check")

    def _first_missing(self, answers: dict[str, str]) -> int:
        """The number of the first step that is not answered well; one more than there are when all are."""
        for at, fields in enumerate(self.steps, 1):
            if any(self.permits.wrong(field, answers.get(field, "")) for field in fields):
                return at
        return len(self.steps) + 1

    async def check(self, request: Request) -> Response:
        session = session_of(request)
        answers = self.permits.answers.get(session, {})
        missing = self._first_missing(answers)
        if missing <= len(self.steps):
            return redirect(request, f"/permit/{missing}")
        if request.method == "GET":
            return self.view(request, "check", at=len(self.steps) + 1, answers=answers)
        if self.refused(request, "apply"):
            return Response()
        return redirect(request, f"/permits/{self.permits.apply(session).number}")

    async def applied(self, request: Request) -> Response:
        email = self.pages.query(request).get("email", "").strip().lower()
        mine = [permit for permit in self.permits.permits if permit.answers["email"].lower() == email]
        return self.view(request, "applied", at=0, email=email, mine=mine)

    async def permit(self, request: Request) -> Response:
        number = request.path_params["number"]
        permit = next((permit for permit in self.permits.permits if permit.number == number), None)
        if permit is None:
            return self.missing(request, f"There is no permit {number}.")
        return self.view(request, "permit", at=len(self.steps) + 2, permit=permit)
