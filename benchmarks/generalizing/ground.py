"""The pages on which tasks are shown and done: the town, and MiniWoB++ as its package ships it."""

from __future__ import annotations

import functools
import http.server
import re
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from examples.town import Town

MINIWOB = "miniwob==1.1.0"
CACHE = Path(__file__).parents[2] / ".bench-cache" / "miniwob"
MONDAY = datetime(2026, 11, 23, 14, 0)
UNCHANGED = "1"
SITES = ("pizza", "bistro", "returns", "chores")
REDRAWN = ("2",)
MUTATED = ("2", "3", "4")
HERE = Path(__file__).parent
# In front of a path: the episode's seed is so much higher.
FURTHER = re.compile(r"^/further/(\d+)(?=/)")
# An episode without its chrome: no clock, no instruction on the page that a text could be found in. Its cover comes at
# its end, as the page's own answer.
_START = """
<script>
addEventListener("load", () => {
  Object.defineProperty(core, "EPISODE_MAX_TIME", { configurable: true, get: () => 3600000, set: () => {} });
  const css = document.createElement("style");
  css.textContent = "#reward-display,#click-canvas{display:none !important}";
  document.head.appendChild(css);
  Math.seedrandom(SEED);
  core.startEpisodeReal();
  const query = document.getElementById("query");
  if (query) { query.style.height = getComputedStyle(query).height; query.innerHTML = ""; }
  const variant = VARIANT;
  if (variant && globalThis.stampPlaces) (CHANGE)(variant);
});
</script>
"""


def miniwob_pages() -> Path:
    """The folder of the package's HTML, fetched when it is not there."""
    if not (CACHE / "miniwob" / "html").is_dir():
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(CACHE), MINIWOB]
        subprocess.run(command, check=True)
    return CACHE / "miniwob" / "html"


class _Pages(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".html": "text/html; charset=utf-8"}

    def __init__(self, *arguments: Any, variant: int, **more: Any) -> None:
        self.variant = variant
        super().__init__(*arguments, **more)

    def do_GET(self) -> None:
        further = FURTHER.match(self.path)
        self.path = FURTHER.sub("", self.path)
        parts = urlsplit(self.path)
        seed = parse_qs(parts.query).get("seed")
        file = Path(self.translate_path(parts.path))
        if not seed or not file.is_file():
            return super().do_GET()
        drawn = int(seed[0]) + (int(further[1]) if further else 0)
        start = _START.replace("SEED", str(drawn)).replace("VARIANT", str(self.variant))
        change = (HERE / "change.js").read_text()
        body = (file.read_text(encoding="utf-8") + start.replace("CHANGE", change)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, *_: object) -> None:
        pass


class Ground:
    """`async with Ground() as ground`. The town is opened anew for each run, so that no order is left of the last."""

    def __init__(self) -> None:
        self._servers = {
            variant: http.server.ThreadingHTTPServer(
                ("127.0.0.1", 0), functools.partial(_Pages, directory=str(miniwob_pages()), variant=int(variant) - 1)
            )
            for variant in (UNCHANGED, *MUTATED)
        }
        self.towns: dict[str, Town] = {}

    async def __aenter__(self) -> Ground:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, daemon=True).start()
        for release in (UNCHANGED, *REDRAWN):
            releases = dict.fromkeys(SITES, release)
            self.towns[release] = Town(now=lambda: MONDAY, releases=releases, marks=True)
            await self.towns[release].start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for town in self.towns.values():
            await town.stop()
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a pool must be allowed to open."""
        pages = (f"127.0.0.1:{server.server_port}" for server in self._servers.values())
        return (*pages, *(f"*.localhost:{town.port}" for town in self.towns.values()))

    def base(self, where: str, variant: str = UNCHANGED, further: int = 0) -> str:
        """The site's address; `variant` is the town's release, or how the page is mutated ("1": not at all); `further`
        is added to an episode's seed."""
        site = where.partition(":")[0]
        if site in SITES:
            return f"http://{site}.localhost:{self.towns[variant].port}"
        return f"http://127.0.0.1:{self._servers[variant].server_port}" + (f"/further/{further}" if further else "")

    def address(self, where: str, variant: str = UNCHANGED, further: int = 0) -> str:
        """The page on which a task begins."""
        site, _, rest = where.partition(":")
        if site in SITES:
            return self.base(where, variant) + rest
        task, _, seed = rest.partition(":")
        return f"{self.base(where, variant, further)}/miniwob/{task}.html?seed={seed}"

    def variants(self, where: str) -> tuple[str, ...]:
        """The changed pages of a site: its next release, or three mutations."""
        return REDRAWN if where.partition(":")[0] in SITES else MUTATED
