"""workflow-use over all cases: its recorded click steps, done by its own semantic executor without a model.

Usage: python workflow_use_steps.py TASKS.json, in the peer's own environment; prints one JSON line a case. A step holds
what its deterministic builder writes: the element's text and the selector strategies of its generator. The pages
themselves tell what was clicked.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from sessions import Case, evaluated, opened, over_pages, say, seen  # before browser_use: it reads the environment

from browser_use import BrowserSession  # isort: skip
from workflow_use.healing.selector_generator import SelectorGenerator  # isort: skip
from workflow_use.schema.views import ClickStep  # isort: skip
from workflow_use.workflow.semantic_executor import SemanticWorkflowExecutor  # isort: skip

STEP_S = 10.0
# A frozen page does not change any more, so that its executor need not wait 5 s for an element: it looks once.
WAIT_MS = 100
FRESH = "window.pressed = ''; window.scrollTo(0, 0); if (document.activeElement) document.activeElement.blur();"
PRESSED = "window.pressed"
# Kept until something was pressed.
PRESS = """new Promise((done) => { const look = () => window.pressed ? done(window.pressed) : setTimeout(look, 20);
  look(); })"""


class Executor(SemanticWorkflowExecutor):  # type: ignore[misc]
    """Its executor, that waits less for an element."""

    async def _wait_for_element(
        self, selector: str, timeout_ms: int = WAIT_MS, fallback_selectors: list[str] | None = None
    ) -> Any:
        return await super()._wait_for_element(selector, timeout_ms, fallback_selectors)


def step_of(element: Any, generator: SelectorGenerator) -> ClickStep | None:
    """The click step that its deterministic builder would write."""
    attributes = element.attributes or {}
    text = (element.get_all_children_text() or "").strip()
    named = ("aria-label", "title", "alt", "placeholder", "value", "name")
    text = text or next((attributes[name] for name in named if attributes.get(name)), "")
    about = {
        "index": 0, "tag_name": element.tag_name, "text": text, "xpath": element.xpath, "css_selector": "",
        "attributes": attributes,
    }  # fmt: skip
    strategies = generator.generate_strategies_dict(about)
    if not text and not strategies:
        return None
    return ClickStep(type="click", description=text, target_text=text or None, selectorStrategies=strategies)


async def record(places: str, session: BrowserSession, url: str, cases: list[Case]) -> dict[str, Any]:
    """Steps for the elements sought on one page before."""
    generator = SelectorGenerator()
    elements = await seen(session, url, cases, places)
    return {case: element and step_of(element, generator) for case, element in elements.items()}


async def replay(session: BrowserSession, url: str, cases: list[Case], steps: dict[str, Any]) -> None:
    """Every step on one page after, each by an executor of its own: one gives up after a few steps that failed."""
    await opened(session, url)
    reader = Executor(session)
    await reader._refresh_semantic_mapping()
    for case in cases:
        if steps[case["id"]] is None:
            say(case["id"], "", "nothing was recorded")
            continue
        await evaluated(session, FRESH)
        executor = Executor(session, max_retries=0)
        executor.current_mapping = reader.current_mapping
        error = await pressed_or_failed(session, executor, steps[case["id"]])
        say(case["id"], await evaluated(session, PRESSED), error)


async def pressed_or_failed(session: BrowserSession, executor: Executor, step: ClickStep) -> str:
    """Do a step until something is pressed, or it ends; why it failed. What it does after a press is not waited for."""
    doing = asyncio.ensure_future(executor.execute_click_step(step))
    pressing = asyncio.ensure_future(evaluated(session, PRESS))
    await asyncio.wait((doing, pressing), timeout=STEP_S, return_when=asyncio.FIRST_COMPLETED)
    error = ""
    if doing.done() and doing.exception():
        error = repr(doing.exception())[:100]
    for task in (doing, pressing):
        task.cancel()
        with contextlib.suppress(BaseException):
            await task
    return error


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    script = Path(given["places"]).read_text(encoding="utf-8")
    asyncio.run(over_pages(given, partial(record, script), replay))
