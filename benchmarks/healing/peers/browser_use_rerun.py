"""browser-use over all cases: the cascade by which `rerun_history` finds an element again, on its own DOM service.

Usage: python browser_use_rerun.py TASKS.json, in the peer's own environment; prints one JSON line a case. An element is
recorded as its agent records it (`DOMInteractedElement`). Told is where a click in the middle of the match would land.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sessions import Case, asked, opened, over_pages, say, seen  # before browser_use: it reads the environment

from browser_use import BrowserSession  # isort: skip
from browser_use.agent.service import Agent  # isort: skip
from browser_use.dom.views import DOMInteractedElement  # isort: skip

HIT = """function() { %s
  this.scrollIntoView({ block: "center", inline: "center" });
  const box = this.getBoundingClientRect();
  const hit = this.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return places.placeOf(hit && this.contains(hit) ? hit : this); }"""
# The part of its agent that the cascade touches.
AGENT: Any = SimpleNamespace(logger=logging.getLogger("quiet"))


class Action:
    """The part of an action that the cascade touches: its index."""

    def __init__(self) -> None:
        self.index: int | None = None

    def get_index(self) -> int | None:
        return self.index

    def set_index(self, index: int) -> None:
        self.index = index


async def record(places: str, session: BrowserSession, url: str, cases: list[Case]) -> dict[str, Any]:
    """What its history would hold of the elements sought on one page before."""
    elements = await seen(session, url, cases, places)
    return {
        case: element and DOMInteractedElement.load_from_enhanced_dom_tree(element)
        for case, element in elements.items()
    }


async def replay(places: str, session: BrowserSession, url: str, cases: list[Case], history: dict[str, Any]) -> None:
    """What the cascade finds on one page after."""
    state = await opened(session, url)
    for case in cases:
        if history[case["id"]] is None:
            say(case["id"], "", "nothing was recorded")
            continue
        action: Any = await Agent._update_action_indices(AGENT, history[case["id"]], Action(), state)  # type: ignore[arg-type]
        index = action.get_index() if action else None
        say(
            case["id"], "" if index is None else await asked(session, state.dom_state.selector_map[index], HIT % places)
        )


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    script = Path(given["places"]).read_text(encoding="utf-8")
    asyncio.run(over_pages(given, partial(record, script), partial(replay, script)))
