"""What the two peers that stand on browser-use share: its browsers, the pages in turn, elements by their places.

Runs in the peers' own environments, beside their programs.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Any

os.environ |= {
    "ANONYMIZED_TELEMETRY": "false",
    "BROWSER_USE_LOGGING_LEVEL": "result",
    "BROWSER_USE_CLOUD_SYNC": "false",
}

from browser_use import BrowserProfile, BrowserSession
from browser_use.browser.events import NavigateToUrlEvent
from browser_use.browser.watchdogs import dom_watchdog
from browser_use.dom.service import DomService

# By its own parameter the DOM service looks at the whole page, not only at 1000 px around what is in view: an agent
# would have scrolled to the element.
dom_watchdog.DomService = partial(DomService, viewport_threshold=None)

AT_ONCE = 2
PAGE_S = 60.0
# Kept until all is there, what a redesigned page shows late as well: from then on a frozen page never changes. Told is
# which page it was.
ARRIVED = """new Promise((done) => { const look = () =>
  document.readyState !== "complete" || document.querySelector("template[data-lv-late]") ? setTimeout(look, 20)
    : done(location.href); look(); })"""
PLACE = """function() { %s
  return places.placeOf(this); }"""

Case = dict[str, str]


def say(case: str, used: str, error: str = "") -> None:
    """The line that tells what was used in a case."""
    print(json.dumps({"id": case, "used": used, "error": error}), flush=True)


async def evaluated(session: BrowserSession, expression: str) -> Any:
    """What an expression comes to on the page that is open, waited for."""
    cdp = await session.get_or_create_cdp_session()
    found = await cdp.cdp_client.send.Runtime.evaluate(
        params={"expression": expression, "awaitPromise": True, "returnByValue": True}, session_id=cdp.session_id
    )
    return found["result"].get("value")


async def opened(session: BrowserSession, url: str) -> Any:
    """Go there, wait until all is there; the state that its DOM service sees."""
    going = session.event_bus.dispatch(NavigateToUrlEvent(url=url, wait_until="commit"))
    await going
    await going.event_result(raise_if_any=True, raise_if_none=False)
    while await evaluated(session, ARRIVED) != url:
        pass
    return await session.get_browser_state_summary(include_screenshot=False)


async def asked(session: BrowserSession, element: Any, function: str) -> str:
    """What a function of the page says of an element of its DOM service."""
    cdp = await session.get_or_create_cdp_session(target_id=element.target_id, focus=False)
    found = await cdp.cdp_client.send.DOM.resolveNode(
        params={"backendNodeId": element.backend_node_id}, session_id=cdp.session_id
    )
    called = await cdp.cdp_client.send.Runtime.callFunctionOn(
        params={"functionDeclaration": function, "objectId": found["object"]["objectId"], "returnByValue": True},
        session_id=cdp.session_id,
    )
    return str(called["result"].get("value", ""))


async def seen(session: BrowserSession, url: str, cases: Sequence[Case], places: str) -> dict[str, Any]:
    """By a case's id the element that an agent would have taken: the one sought, else the nearest around it that its
    DOM service numbers, else None."""
    state = await opened(session, url)
    elements = list(state.dom_state.selector_map.values())
    told = (asked(session, element, PLACE % places) for element in elements)
    found = await asyncio.gather(*told, return_exceptions=True)
    known = {place: element for place, element in zip(found, elements, strict=True) if isinstance(place, str)}
    return {case["id"]: _nearest(known, case["sought"]) for case in cases}


def _nearest(known: dict[str, Any], place: str) -> Any | None:
    while place and place not in known:
        place = place.rpartition(".")[0]
    return known.get(place) if place else None


@contextlib.asynccontextmanager
async def _browsers(chromium: str) -> AsyncIterator[list[BrowserSession]]:
    sessions = []
    for _ in range(AT_ONCE):
        profile = BrowserProfile(
            executable_path=chromium, headless=True, chromium_sandbox=False, enable_default_extensions=False,
            viewport={"width": 1280, "height": 900}, user_data_dir=None, highlight_elements=False,
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )  # fmt: skip
        session = BrowserSession(browser_profile=profile)
        await session.start()
        sessions.append(session)
    try:
        yield sessions
    finally:
        for session in sessions:
            with contextlib.suppress(Exception):
                await session.kill()


async def over_pages(
    tasks: dict[str, Any],
    record: Callable[[BrowserSession, str, list[Case]], Awaitable[dict[str, Any]]],
    replay: Callable[[BrowserSession, str, list[Case], dict[str, Any]], Awaitable[None]],
) -> None:
    """Every page before in turn, each with its pages after: `record` gives what is known by a case's id, `replay` plays
    it. A page that fails is left unanswered."""
    logging.disable(logging.CRITICAL)
    groups = _grouped(tasks["cases"], "before")

    async def lane(session: BrowserSession) -> None:
        while groups:
            before, cases = groups.pop(0)
            with _complaining(before):
                async with asyncio.timeout(PAGE_S):
                    known = await record(session, before, cases)
                for after, some in _grouped(cases, "after"):
                    with _complaining(after):
                        async with asyncio.timeout(PAGE_S):
                            await replay(session, after, some, known)

    async with _browsers(tasks["chromium"]) as sessions:
        await asyncio.gather(*(lane(session) for session in sessions))


@contextlib.contextmanager
def _complaining(url: str) -> Any:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the peer loses the page, not the run
        print(f"{url}: {error!r}", file=sys.stderr)


def _grouped(cases: Sequence[Case], key: str) -> list[tuple[str, list[Case]]]:
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case[key], []).append(case)
    return list(found.items())
