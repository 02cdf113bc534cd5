"""Rendering: Jinja2 templates of a site, one folder a release, and the session cookie."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import PathLike, StaticFiles

HERE = Path(__file__).parent
COOKIE = "visit"
FIRST = "1"
# Lets the scripts of a page mark what they draw: `window.truth?.(element, "day", iso)`.
MARKING = "<script>window.truth=(made,...parts)=>{made.dataset.truth=parts.join(':');return made}</script>"


class Edition(Struct, frozen=True):
    """How a site is drawn: which release, and whether what is meaningful carries `data-truth`, its meaning in a word
    that is the same in every release (for benchmarks; contestants must not see it)."""

    release: str = FIRST
    marks: bool = False


def releases_of(site: str) -> tuple[str, ...]:
    """The releases of a site, oldest first."""
    drawn = {folder.name for folder in (HERE / site).iterdir() if folder.is_dir() and folder.name.isdigit()}
    return tuple(sorted({FIRST, *drawn}, key=int))


def session_of(request: Request) -> str:
    """The visitor's session: from the cookie, else a new one for this request."""
    state = request.scope.setdefault("state", {})
    if "session" not in state:
        state["session"] = request.cookies.get(COOKIE) or secrets.token_urlsafe(12)
    return str(state["session"])


def redirect(request: Request, path: str) -> Response:
    """On to another page of the site, after a form."""
    return _remembering(request, RedirectResponse(path, 303))


def _remembering(request: Request, response: Response) -> Response:
    if request.cookies.get(COOKIE) != session_of(request):
        response.set_cookie(COOKIE, session_of(request), httponly=True, samesite="lax")
    return response


class _Files(StaticFiles):
    """Static files of several folders; the first that has one serves it."""

    def __init__(self, folders: list[Path]) -> None:
        super().__init__(check_dir=False)
        self.all_directories: list[PathLike] = [folder for folder in folders if folder.is_dir()]


class Pages:
    """Templates of one site in one release. The release's folder comes before the site's own, so that it redraws only
    what it changes; its `names.json` may rename the fields of forms (`{"phone": "tel_no"}`)."""

    def __init__(self, site: str, edition: Edition | None = None) -> None:
        self.edition = edition or Edition()
        self._folders = [HERE / site / self.edition.release, HERE / site]
        self._environment = Environment(
            loader=FileSystemLoader([*self._folders, HERE]), autoescape=True, undefined=StrictUndefined
        )
        names = self._folders[0] / "names.json"
        self._names = msgspec.json.decode(names.read_bytes(), type=dict[str, str]) if names.is_file() else {}
        self._fields = {called: name for name, called in self._names.items()}
        self.globals = self._environment.globals
        self.globals.update(truth=self.truth, called=lambda name: self._names.get(name, name))
        self.filters = self._environment.filters
        self.filters["money"] = lambda amount: f"{amount:.2f}"

    def truth(self, *parts: object) -> Markup:
        """The attribute that says what an element means; nothing unless the edition has marks."""
        if not self.edition.marks:
            return Markup("")
        return Markup('data-truth="{}"').format(":".join(str(part) for part in parts))

    def static(self) -> StaticFiles:
        """The release's static files before the site's own."""
        return _Files([folder / "static" for folder in self._folders])

    async def form(self, request: Request) -> FormData:
        """What was submitted, under the names that the site's code knows."""
        given = (await request.form()).multi_items()
        return FormData([(self._fields.get(name, name), value) for name, value in given])

    def query(self, request: Request) -> QueryParams:
        """The same for what stands in the address."""
        given = request.query_params.multi_items()
        return QueryParams([(self._fields.get(name, name), value) for name, value in given])

    def render(self, request: Request, page: str, status: int = 200, /, **context: object) -> Response:
        """The page as HTML, with the session cookie set when it is new."""
        text = self._environment.get_template(page).render(path=request.url.path, **context)
        if self.edition.marks:
            text = text.replace("<head>", f"<head>{MARKING}", 1)
        return _remembering(request, HTMLResponse(text, status))
