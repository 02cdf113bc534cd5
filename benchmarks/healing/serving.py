"""The loopback server: packages as they are, and frozen pages in their place.

`/p/NAME@VERSION/path` is a file of a package; with `?as=ID` it is the frozen page ID instead, so that all that it names
beside itself is found.
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from benchmarks.healing.store import PACKAGES, PAGES

HEAD = b'<script src="/report.js"></script>'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        path = unquote(parts.path)
        if path == "/report.js":
            self._send(200, (Path(__file__).parent / "report.js").read_bytes(), "text/javascript")
        elif "as" in query and (frozen := _inside(PAGES, f"{query['as'][0]}.html")):
            self._send(200, frozen.read_bytes(), "text/html; charset=utf-8")
        elif path.startswith("/p/") and (file := _inside(PACKAGES, path[3:])):
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self._send(200, file.read_bytes(), kind)
        else:
            self._send(404, b"", "text/plain")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "no-store" if kind.startswith("text/html") else "max-age=3600")
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Nothing is logged."""


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes a connection early is no error of ours."""


def _inside(folder: Path, name: str) -> Path | None:
    path = (folder / name).resolve()
    if path.is_dir():
        path = path / "index.html"
    return path if path.is_file() and path.is_relative_to(folder.resolve()) else None


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server on a free port, until the block ends."""
    http = _Http(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_address[1]}"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
