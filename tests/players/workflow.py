"""Plays workflows of workflow-use by its own player, without any model. Run by a Python that has its wheel:

    python workflow.py CHROMIUM HOST... < jobs     one JSON line a job: {"file": "…", "inputs": {…}}

It prints one JSON line a job: {"steps": 7}, or {"error": "…"}.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from typing import Any

os.environ["ANONYMIZED_TELEMETRY"] = "false"
logging.disable(logging.CRITICAL)
STARTED_S = 60.0


async def started(chromium: str, hosts: list[str]) -> Any:
    """A browser with a page to act on, which the player takes for granted; its own start then has nothing to do."""
    from browser_use import Browser

    async def already() -> None:
        return None

    browser = Browser(
        executable_path=chromium,
        headless=True,
        chromium_sandbox=False,
        allowed_domains=hosts,
        enable_default_extensions=False,
    )
    await browser.start()
    async with asyncio.timeout(STARTED_S):
        while await browser.get_current_page() is None:
            await asyncio.sleep(0.1)
    object.__setattr__(browser, "start", already)
    return browser


async def play(job: dict[str, Any], chromium: str, hosts: list[str]) -> dict[str, Any]:
    from workflow_use import Workflow, WorkflowDefinitionSchema

    schema = WorkflowDefinitionSchema.load_from_file(job["file"])
    workflow = Workflow(schema, llm=None, browser=await started(chromium, hosts))
    result = await workflow.run_with_no_ai(job["inputs"])
    return {"steps": len(result.step_results)}


async def main(chromium: str, hosts: list[str]) -> None:
    for line in sys.stdin:
        try:
            said = await play(json.loads(line), chromium, hosts)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is told
            said = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
