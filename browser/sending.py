"""What pages send beyond asking for more: forms, calls that write, messages over a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.async_api import Page as PlaywrightPage
from playwright.async_api import Request, WebSocket

from browser.context import TaskContext

# Methods that change nothing (RFC 9110, section 9.2.1).
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# What a page sends about itself, not for whoever uses it.
_OF_ITS_OWN = frozenset({"ping", "cspreport", "preflight"})


@contextmanager
def sending(context: TaskContext, sent: Callable[[str], None]) -> Iterator[None]:
    """While the block runs, `sent` is called with the address that any tab of the context sends something to."""

    def on_request(request: Request) -> None:
        if request.method not in _SAFE and request.resource_type not in _OF_ITS_OWN:
            sent(request.url)

    def on_socket(socket: WebSocket) -> None:
        socket.on("framesent", lambda _: sent(socket.url))

    def on_page(page: PlaywrightPage) -> None:
        page.on("websocket", on_socket)

    inner = context.playwright
    inner.on("request", on_request)
    inner.on("page", on_page)
    for page in inner.pages:
        on_page(page)
    try:
        yield
    finally:
        inner.remove_listener("request", on_request)
        inner.remove_listener("page", on_page)
        for page in inner.pages:
            page.remove_listener("websocket", on_socket)
