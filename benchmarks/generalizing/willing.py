"""Who stands at the gate of a replay: a person who agrees to everything, and types what the key calls a secret."""

from __future__ import annotations

from typing import Any

from browser.page import Page
from teach_mode.interfaces import Act, Permit, Settled


class Willing:
    """Agrees to everything."""

    async def judge(self, act: Act) -> Permit:
        return Permit(go=True)

    async def intend(self, act: Act, before: int | None) -> None: ...

    async def withdraw(self, act: Act) -> None: ...

    async def settled(self, act: Act, settled: Settled) -> None: ...


class Typed:
    """Types what the key calls a secret."""

    async def type_into(self, page: Page, at: Any, name: str, **more: Any) -> None:
        await page.fill(at, "AU", deadline=more["deadline"])
