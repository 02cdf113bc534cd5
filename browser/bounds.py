"""Where a tab may be, and how it goes there: only to hosts of its task's list, and never on with another one's page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from browser.deadline import Deadline
from browser.egress import PROXY_NAME
from browser.errors import NavigationFailed, NavigationRefused, PageGone
from browser.faults import is_gone, translated
from browser.hosts import BadHost, HostPattern, allows, host_port

NO_PAGE = "about:blank"
SERVER_ERROR = 500


class Bounds:
    """The hosts that a tab may show; `refusal` tells why a host was not let out lately, if it was not."""

    def __init__(
        self, page: PlaywrightPage, navigate: Sequence[HostPattern], refusal: Callable[[str], str | None]
    ) -> None:
        self._page = page
        self._navigate = navigate
        self._refusal = refusal

    async def goto(self, url: str, deadline: Deadline) -> None:
        """Go to `url`; returns when its DOM is there. Raises NavigationRefused, NavigationFailed, PageGone."""
        host = self._may_show(url)
        try:
            response = await self._page.goto(url, wait_until="domcontentloaded", timeout=deadline.left_ms())
        except PlaywrightError as error:
            if is_gone(error):
                raise PageGone(f"go to {host}: the page is closed; start the task again") from error
            self._raise_if_refused(host)
            reason = error.message.splitlines()[0].removeprefix("Page.goto: ")
            raise NavigationFailed(f"{host}: {reason}; try again later") from error
        if response is not None and response.headers.get("proxy-status", "").startswith(PROXY_NAME.decode()):
            self._raise_if_refused(host)
            raise NavigationFailed(f"{(await response.text()).strip()}; try again later")
        if response is not None and response.status >= SERVER_ERROR:
            raise NavigationFailed(f"{host} answered with an error ({response.status}); try again later")
        await self.stay()

    async def stay(self) -> None:
        """Leave a site that the task may not be on. Raises NavigationRefused, PageGone."""
        if self._page.is_closed():
            raise PageGone("the page is closed; start the task again")
        url = self._page.url
        if url == NO_PAGE:
            return
        try:
            self._may_show(url)
        except NavigationRefused:
            with translated("leave the page"):
                await self._page.goto(NO_PAGE)
            raise

    def _raise_if_refused(self, host: str) -> None:
        reason = self._refusal(host)
        if reason is not None:
            raise NavigationRefused(f"{host}: {reason}")

    def _may_show(self, url: str) -> str:
        try:
            host, port = host_port(url)
        except BadHost as error:
            raise NavigationRefused(str(error)) from error
        if not allows(self._navigate, host, port):
            raise NavigationRefused(
                f"{host}:{port} is not among the hosts that this task may go to; add it to the list"
            )
        return host
