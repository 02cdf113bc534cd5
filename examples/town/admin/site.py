"""The admin panel's pages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from examples.town.admin.members import ROLES, Members
from examples.town.identity import Guarded, Identity
from examples.town.pages import redirect
from examples.town.site import Setting


class AdminSite(Guarded):
    """Routes over the `Members`. Templates name things by `hashed`, another hash in each release, as bundlers do."""

    name = "admin"

    def __init__(self, members: Members, identity: Identity, setting: Setting) -> None:
        self.members = members
        self.identity = identity
        super().__init__(setting)
        release = self.pages.edition.release

        def hashed(name: object) -> str:
            return hashlib.sha256(f"{release}{name}".encode()).hexdigest()[:6]

        self.pages.globals.update(roles=ROLES, hashed=hashed)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            *self.door(),
            Route("/", self.all),
            Route("/invite", self.invite, methods=["POST"]),
            Route("/members/{handle}/role", self.role, methods=["POST"]),
            Route("/members/{handle}/suspend", self.suspend, methods=["POST"]),
        )

    def _list(self, request: Request, status: int = 200, /, **context: object) -> Response:
        words = self.pages.query(request).get("q", "")
        shown: dict[str, object] = {"found": self.members.search(words), "words": words, "given": {}, "problem": ""}
        return self.view(request, "members", status, **(shown | context))

    async def all(self, request: Request) -> Response:
        return self.closed(request) or self._list(request)

    async def invite(self, request: Request) -> Response:
        if (closed := self.closed(request)) is not None:
            return closed
        if self.refused(request, "invite"):
            return Response()
        given = await self.fields(request)
        problem = self.members.invite(given.get("email", ""), given.get("role", ""))
        if problem:
            return self._list(request, 422, given=given, problem=problem)
        return redirect(request, f"/?q={given['email']}")

    async def role(self, request: Request) -> Response:
        member = self.members.members.get(request.path_params["handle"])
        if (closed := self.closed(request)) is not None or member is None:
            return closed or self.missing(request, "There is no such member.")
        self.members.give_role(member, (await self.fields(request)).get("role", ""))
        return redirect(request, f"/?q={member.email}")

    async def suspend(self, request: Request) -> Response:
        member = self.members.members.get(request.path_params["handle"])
        if (closed := self.closed(request)) is not None or member is None:
            return closed or self.missing(request, "There is no such member.")
        form = await self.fields(request)
        if form.get("typed", member.handle) != member.handle:
            return self._list(request, 422, problem=f"You typed {form['typed']!r}; nothing was changed.")
        self.members.suspend(member, not member.suspended)
        return redirect(request, f"/?q={member.email}")
