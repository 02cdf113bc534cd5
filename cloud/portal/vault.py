"""The vault over HTTP, and the sites that skills are signed in to. No address ever tells a value."""

from __future__ import annotations

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.people.connections import Connections
from cloud.people.vault import Kind, Vault
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body


class SecretGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """A secret to keep; `origins` are those that it may be typed on."""

    name: str
    value: str
    kind: Kind
    origins: tuple[str, ...]
    any_field: bool = False

    def __repr__(self) -> str:
        return f"SecretGiven({self.name!r})"


class SiteNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A site that a skill is signed in to, as it is listed."""

    site: str


class Secrets(Struct, frozen=True, kw_only=True):
    """What the owner keeps, by name."""

    doors: Doors
    vault: Vault
    connections: Connections

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (
            ("/api/vault", "GET", self.secrets),
            ("/api/vault", "POST", self.keep),
            ("/api/vault/{name}", "DELETE", self.forget),
            ("/api/connections", "GET", self.sites),
            ("/api/connections/forget", "POST", self.sign_out),
        )

    async def secrets(self, request: Request) -> Response:
        """What the vault keeps, without the values."""
        return answer({"secrets": await self.vault.names(self.doors.person(request))})

    async def keep(self, request: Request) -> Response:
        """Keeps a secret, in place of the one of that name."""
        person = self.doors.person(request)
        given = await body(request, SecretGiven)
        kept = await self.vault.put(
            person, given.name, given.value, kind=given.kind, origins=given.origins, any_field=given.any_field
        )
        return answer(kept, 201)

    async def forget(self, request: Request) -> Response:
        """Forgets a secret."""
        await self.vault.remove(self.doors.person(request), request.path_params["name"])
        return answer({"ok": True})

    async def sites(self, request: Request) -> Response:
        """The sites that skills are signed in to."""
        return answer({"sites": await self.connections.sites(self.doors.person(request))})

    async def sign_out(self, request: Request) -> Response:
        """Forgets the session on a site: the next task signs in anew."""
        person = self.doors.person(request)
        given = await body(request, SiteNamed)
        if not await self.connections.forget(person, given.site):
            raise HTTPException(404, f"no skill is signed in to {given.site}")
        return answer({"ok": True})
