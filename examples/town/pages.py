"""Rendering: Jinja2 templates of a site, one folder a release, and the session cookie."""

from __future__ import annotations

import secrets
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

HERE = Path(__file__).parent
COOKIE = "visit"


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


class Pages:
    """Templates of one site. A release's folder comes before the site's own, so it redraws only what it changes."""

    def __init__(self, site: str, releases: tuple[str, ...] = ()) -> None:
        folders = [HERE / site / release for release in releases]
        self._environment = Environment(
            loader=FileSystemLoader([*folders, HERE / site, HERE]), autoescape=True, undefined=StrictUndefined
        )
        self.globals = self._environment.globals
        self.filters = self._environment.filters
        self.filters["money"] = lambda amount: f"{amount:.2f}"

    def render(self, request: Request, page: str, status: int = 200, **context: object) -> Response:
        """The page as HTML, with the session cookie set when it is new."""
        text = self._environment.get_template(page).render(path=request.url.path, **context)
        return _remembering(request, HTMLResponse(text, status))
