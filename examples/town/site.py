"""What the sites have in common, and what each is made with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from examples.town.faults import Faults
from examples.town.ledger import Ledger
from examples.town.pages import Edition, Pages


class Setting(Struct, frozen=True):
    """The town around a site. `edition` and `address` (an origin without a slash at its end) are asked by name."""

    ledger: Ledger
    now: Callable[[], datetime]
    faults: Faults
    edition: Callable[[str], Edition]
    address: Callable[[str], str]


class File(Struct, frozen=True):
    """Something that was uploaded, or can be downloaded."""

    name: str
    data: bytes


class Site:
    """Routes over the rules of a site. A release draws all its views in one template, `site.html`."""

    name: str

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.pages = Pages(self.name, setting.edition(self.name))
        self.app = Starlette(routes=[*self.routes(), Mount("/static", self.pages.static())])

    def routes(self) -> Sequence[BaseRoute]:
        """The site's own pages."""
        raise NotImplementedError

    def view(self, request: Request, view: str, status: int = 200, /, **context: object) -> Response:
        """One view of the site."""
        return self.pages.render(request, "site.html", status, view=view, **context)

    def missing(self, request: Request, what: str) -> Response:
        """There is no such page; `what` is a sentence."""
        return self.view(request, "missing", 404, what=what)

    def refused(self, request: Request, act: str) -> bool:
        """Takes the fault that is armed for "NAME.act"; true when nothing may be done."""
        return self.setting.faults.strike(request, f"{self.name}.{act}")

    async def fields(self, request: Request) -> Mapping[str, str]:
        """The texts of a submitted form, trimmed and bounded."""
        form = await self.pages.form(request)
        return {name: value.strip()[:2000] for name, value in form.items() if isinstance(value, str)}

    async def files(self, request: Request, field: str) -> tuple[File, ...]:
        """The files of a submitted form."""
        uploads = [each for each in (await self.pages.form(request)).getlist(field) if isinstance(each, UploadFile)]
        given = tuple([File(upload.filename, await upload.read()) for upload in uploads if upload.filename])
        for upload in uploads:
            await upload.close()
        return given
