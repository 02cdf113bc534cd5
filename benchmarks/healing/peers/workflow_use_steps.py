"""workflow-use over all cases: its recorded click steps, done by its own semantic executor without a model.

Usage: python workflow_use_steps.py TASKS.json, in the peer's own environment; prints one JSON line a case. A step holds
what its deterministic builder writes: the element's text and the selector strategies of its generator. The pages
themselves report what was clicked.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

os.environ |= {
    "ANONYMIZED_TELEMETRY": "false",
    "BROWSER_USE_LOGGING_LEVEL": "result",
    "BROWSER_USE_CLOUD_SYNC": "false",
}

from browser_use import BrowserProfile, BrowserSession
from workflow_use.healing.selector_generator import SelectorGenerator
from workflow_use.schema.views import ClickStep
from workflow_use.workflow.semantic_executor import SemanticWorkflowExecutor

AT_ONCE = 3
SETTLE_S = 0.6
PAGE_S = 30
STEP_S = 2.0
PLACE = """function() { %s
  return places.placeOf(this); }"""


async def place_of(session: BrowserSession, element: Any, function: str) -> str:
    """Where an element of its DOM service stands in the document."""
    cdp = await session.get_or_create_cdp_session(target_id=element.target_id, focus=False)
    found = await cdp.cdp_client.send.DOM.resolveNode(
        params={"backendNodeId": element.backend_node_id}, session_id=cdp.session_id
    )
    called = await cdp.cdp_client.send.Runtime.callFunctionOn(
        params={"functionDeclaration": function, "objectId": found["object"]["objectId"], "returnByValue": True},
        session_id=cdp.session_id,
    )
    return str(called["result"].get("value", ""))


def step_of(element: Any, generator: SelectorGenerator) -> ClickStep | None:
    """The click step that its deterministic builder would write."""
    attributes = element.attributes or {}
    text = (element.get_all_children_text() or "").strip()
    named = ("aria-label", "title", "alt", "placeholder", "value", "name")
    text = text or next((attributes[name] for name in named if attributes.get(name)), "")
    seen = {
        "index": 0, "tag_name": element.tag_name, "text": text, "xpath": element.xpath, "css_selector": "",
        "attributes": attributes,
    }  # fmt: skip
    strategies = generator.generate_strategies_dict(seen)
    if not text and not strategies:
        return None
    return ClickStep(type="click", description=text, target_text=text or None, selectorStrategies=strategies)


async def open_page(session: BrowserSession, url: str) -> Any:
    """Go there; the state that its DOM service sees."""
    await session.navigate_to(url)
    await asyncio.sleep(SETTLE_S)
    return await session.get_browser_state_summary(include_screenshot=False)


async def record(
    session: BrowserSession, url: str, cases: list[dict[str, str]], places: str, steps: dict[str, Any]
) -> None:
    """Steps for the elements sought on one page before."""
    state = await open_page(session, url)
    elements = list(state.dom_state.selector_map.values())
    asked = (place_of(session, element, PLACE % places) for element in elements)
    found = await asyncio.gather(*asked, return_exceptions=True)
    known = {place: element for place, element in zip(found, elements, strict=True) if isinstance(place, str)}
    generator = SelectorGenerator()
    for case in cases:
        at = case["sought"]
        while at and at not in known:
            at = at.rpartition(".")[0]
        steps[case["id"]] = step_of(known[at], generator) if at else None


async def replay(session: BrowserSession, url: str, cases: list[dict[str, str]], steps: dict[str, Any]) -> None:
    """Every step on one page after; the page's address says which case it is for."""
    await open_page(session, url)
    executor = SemanticWorkflowExecutor(session, max_retries=1)
    await executor._refresh_semantic_mapping()
    page = await session.get_current_page()
    for case in cases:
        error = ""
        if steps.get(case["id"]) is None:
            error = "nothing was recorded"
        else:
            await page.evaluate(f"() => history.replaceState(null, '', {json.dumps(case['after'])})")
            try:
                async with asyncio.timeout(STEP_S):
                    await executor.execute_click_step(steps[case["id"]])
            except Exception as problem:  # noqa: BLE001 - whatever its executor raises is a step not done
                error = repr(problem)[:100]
        print(json.dumps({"id": case["id"], "error": error}), flush=True)


def grouped(cases: list[dict[str, str]], key: str) -> list[tuple[str, list[dict[str, str]]]]:
    """The cases by their page."""
    found: dict[str, list[dict[str, str]]] = {}
    for case in cases:
        found.setdefault(case[key].partition("&case=")[0], []).append(case)
    return list(found.items())


async def main(tasks: dict[str, Any], places: str) -> None:
    """Record all, then replay all, in a few browsers."""
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
    steps: dict[str, Any] = {}

    async def lane(session: BrowserSession, groups: list[tuple[str, list[dict[str, str]]]], again: bool) -> None:
        while groups:
            url, cases = groups.pop()
            try:
                async with asyncio.timeout(PAGE_S + len(cases) * STEP_S):
                    await (replay(session, url, cases, steps) if again else record(session, url, cases, places, steps))
            except Exception as problem:  # noqa: BLE001 - the peer loses the page, not the run
                print(f"{url}: {problem!r}", file=sys.stderr)

    for key, again in (("before", False), ("after", True)):
        groups = grouped(tasks["cases"], key)
        await asyncio.gather(*(lane(session, groups, again) for session in sessions))
    for session in sessions:
        with contextlib.suppress(Exception):
            await session.kill()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    asyncio.run(main(given, Path(given["places"]).read_text(encoding="utf-8")))
