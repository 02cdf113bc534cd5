"""browser-use over all cases: the cascade by which `rerun_history` finds an element again, on its own DOM service.

Usage: python browser_use_rerun.py TASKS.json, in the peer's own environment; prints one JSON line a case. An element is
recorded as its agent records it (`DOMInteractedElement`). Told is where a click in the middle of the match would land.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ |= {
    "ANONYMIZED_TELEMETRY": "false",
    "BROWSER_USE_LOGGING_LEVEL": "result",
    "BROWSER_USE_CLOUD_SYNC": "false",
}

from browser_use import BrowserProfile, BrowserSession
from browser_use.agent.service import Agent
from browser_use.dom.views import DOMInteractedElement

AT_ONCE = 3
SETTLE_S = 0.6
PAGE_S = 40
PLACE = """function() { %s
  const at = places.placeOf(this); return at; }"""
HIT = """function() { %s
  this.scrollIntoView({ block: "center", inline: "center" });
  const box = this.getBoundingClientRect();
  const hit = this.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return places.placeOf(hit && this.contains(hit) ? hit : this); }"""


class Action:
    """The part of an action that the cascade touches: its index."""

    def __init__(self) -> None:
        self.index: int | None = None

    def get_index(self) -> int | None:
        return self.index

    def set_index(self, index: int) -> None:
        self.index = index


class Eyes:
    """One browser of the peer's own."""

    def __init__(self, session: BrowserSession, places: str) -> None:
        self.session = session
        self._place, self._hit = PLACE % places, HIT % places
        self._agent = SimpleNamespace(logger=logging.getLogger("quiet"))
        self._agent.logger.disabled = True

    async def state(self, url: str) -> Any:
        await self.session.navigate_to(url)
        await asyncio.sleep(SETTLE_S)
        return await self.session.get_browser_state_summary(include_screenshot=False)

    async def ask(self, element: Any, function: str) -> str:
        cdp = await self.session.get_or_create_cdp_session(target_id=element.target_id, focus=False)
        found = await cdp.cdp_client.send.DOM.resolveNode(
            params={"backendNodeId": element.backend_node_id}, session_id=cdp.session_id
        )
        called = await cdp.cdp_client.send.Runtime.callFunctionOn(
            params={"functionDeclaration": function, "objectId": found["object"]["objectId"], "returnByValue": True},
            session_id=cdp.session_id,
        )
        return str(called["result"].get("value", ""))

    async def places(self, state: Any) -> dict[str, Any]:
        elements = list(state.dom_state.selector_map.values())
        found = await asyncio.gather(*(self.ask(element, self._place) for element in elements), return_exceptions=True)
        return {place: element for place, element in zip(found, elements, strict=True) if isinstance(place, str)}

    async def rerun(self, historical: DOMInteractedElement, state: Any) -> str:
        action = await Agent._update_action_indices(self._agent, historical, Action(), state)  # type: ignore[arg-type]
        if action is None or action.get_index() is None:
            return ""
        return await self.ask(state.dom_state.selector_map[action.get_index()], self._hit)


def recorded(places: dict[str, Any], sought: str) -> Any | None:
    """The element that its agent would have taken: the one sought, else the nearest around it that it numbers."""
    at = sought
    while at:
        if at in places:
            return places[at]
        at = at.rpartition(".")[0]
    return None


async def lane(
    eyes: Eyes, groups: list[tuple[str, list[dict[str, str]]]], history: dict[str, Any], replay: bool
) -> None:
    while groups:
        url, cases = groups.pop()
        try:
            async with asyncio.timeout(PAGE_S):
                state = await eyes.state(url)
                places = {} if replay else await eyes.places(state)
                for case in cases:
                    if not replay:
                        element = recorded(places, case["sought"])
                        history[case["id"]] = element and DOMInteractedElement.load_from_enhanced_dom_tree(element)
                    elif history.get(case["id"]):
                        print(
                            json.dumps({"id": case["id"], "used": await eyes.rerun(history[case["id"]], state)}),
                            flush=True,
                        )
                    else:
                        print(json.dumps({"id": case["id"], "used": "", "error": "nothing was recorded"}), flush=True)
        except Exception as error:  # noqa: BLE001 - the peer loses the page, not the run
            print(f"{url}: {error!r}", file=sys.stderr)


def grouped(cases: list[dict[str, str]], key: str) -> list[tuple[str, list[dict[str, str]]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for case in cases:
        found.setdefault(case[key].partition("&case=")[0], []).append(case)
    return list(found.items())


async def main(tasks: dict[str, Any], places: str) -> None:
    sessions = []
    for _ in range(AT_ONCE):
        profile = BrowserProfile(
            executable_path=tasks["chromium"], headless=True, chromium_sandbox=False, enable_default_extensions=False,
            viewport={"width": 1280, "height": 900}, user_data_dir=None,
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )  # fmt: skip
        session = BrowserSession(browser_profile=profile)
        await session.start()
        sessions.append(session)
    history: dict[str, Any] = {}
    for key, replay in (("before", False), ("after", True)):
        groups = grouped(tasks["cases"], key)
        await asyncio.gather(*(lane(Eyes(session, places), groups, history, replay) for session in sessions))
    for session in sessions:
        await session.kill()


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    asyncio.run(main(given, Path(given["places"]).read_text(encoding="utf-8")))
