"""Plays workflows of workflow-use by its own player, without any model. Run by a Python that has its wheel:

    python workflow.py CHROMIUM < jobs     one JSON line a job: {"file": "…", "inputs": {…}}

It prints one JSON line a job: {"steps": 7}, or {"error": "…"}. The browser reaches names below localhost alone.
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


async def play(job: dict[str, Any], chromium: str) -> dict[str, Any]:
    from browser_use import Browser
    from workflow_use import Workflow, WorkflowDefinitionSchema

    browser = Browser(
        executable_path=chromium,
        headless=True,
        chromium_sandbox=False,
        enable_default_extensions=False,
        args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost"],
    )
    workflow = Workflow(WorkflowDefinitionSchema.load_from_file(job["file"]), llm=None, browser=browser)
    result = await workflow.run_with_no_ai(job["inputs"])
    return {"steps": len(result.step_results)}


async def main(chromium: str) -> None:
    for line in sys.stdin:
        try:
            said = await play(json.loads(line), chromium)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is told
            said = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
