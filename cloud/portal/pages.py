"""The pages and their files: static, the same for everybody, so that nothing private is in them.

A page is a fragment in `static/pages`: its title in the first line, then what goes into the layout. `home.html` is at
`/`, any other at its name. The module of the same name in `static` is its script, the style sheet of that name, if
there is one, its own style. The layout's navigation links to the pages that there are.
"""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

from cloud.portal.http import Table

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# Pages that no link of the navigation leads to, and the one that they belong to.
PART_OF = {"run": "history", "journal": "lists"}
LINK = re.compile(r' *<li><a href="([^"]+)">.*</li>\n')
TITLE = re.compile(r"<!-- (.+) -->\n")


def _read(folder: Traversable, inside: str = "") -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in folder.iterdir():
        found |= _read(path, f"{inside}{path.name}/") if path.is_dir() else {inside + path.name: path.read_bytes()}
    return found


def _whole(name: str, layout: str, fragment: str) -> bytes:
    """A page in the layout; the link to it is marked as the place where one is."""
    title = TITLE.match(fragment)
    if title is None:
        raise ValueError(f"{name}.html begins with no <!-- title -->")
    link = f'<li><a href="{_path(PART_OF.get(name, name))}"'
    page = LINK.sub(lambda found: found[0] if found[1] in PATHS else "", layout)
    page = page.replace(link, f'{link} aria-current="page"').replace("{{script}}", f"/static/{name}.js")
    style = f'<link rel="stylesheet" href="/static/{name}.css">' if f"{name}.css" in ALL else ""
    page = page.replace("{{style}}\n", style and style + "\n")
    return page.replace("{{title}}", title[1]).replace("{{main}}", fragment[title.end() :].rstrip()).encode()


def _path(name: str) -> str:
    return "/" if name == "home" else f"/{name}"


ALL = _read(files("cloud.portal").joinpath("static"))
FRAGMENTS = {name[6:-5]: data.decode() for name, data in ALL.items() if name.startswith("pages/")}
PATHS = frozenset(map(_path, FRAGMENTS))
PAGES = {_path(name): _whole(name, ALL["layout.html"].decode(), text) for name, text in FRAGMENTS.items()}
STATIC = {name: data for name, data in ALL.items() if not name.endswith(".html")}


class Pages:
    """Open to all, telling nothing."""

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (*((path, "GET", self.page) for path in PAGES), ("/static/{name:path}", "GET", self.static))

    async def page(self, request: Request) -> Response:
        """A page, empty of anything private."""
        return Response(PAGES[request.url.path], media_type="text/html", headers=HEADERS)

    async def static(self, request: Request) -> Response:
        """A script, a style or a picture of the pages."""
        name = request.path_params["name"]
        if name not in STATIC:
            return Response("no such file", 404)
        kind = KINDS.get("." + name.rpartition(".")[2], "application/octet-stream")
        return Response(STATIC[name], media_type=kind, headers=HEADERS)
