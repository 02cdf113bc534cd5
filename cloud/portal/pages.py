"""The page and its files: static, the same for everybody, so that nothing private is in them."""

from __future__ import annotations

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
STATIC = {path.name: path.read_bytes() for path in files("cloud.portal").joinpath("static").iterdir() if path.is_file()}


async def page(request: Request) -> Response:
    """The one page there is."""
    return _file("index.html")


async def static(request: Request) -> Response:
    """A script or a style of the page."""
    name = request.path_params["name"]
    return _file(name) if name in STATIC and name != "index.html" else Response("no such file", 404)


def _file(name: str) -> Response:
    kind = KINDS.get("." + name.rpartition(".")[2], "application/octet-stream")
    return Response(STATIC[name], media_type=kind, headers=HEADERS)
