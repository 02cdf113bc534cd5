"""A lesson: a person shows a task in a browser that is theirs alone, until they leave."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

from browser.context import TaskContext
from browser.live.dialogs import LiveDialogs
from browser.live.view import LiveView
from browser.pool import Pool


class Lesson:
    """Owns a browser context of its own and the view of it. `folder` is removed with it."""

    def __init__(self, task: TaskContext, view: LiveView, folder: Path, stack: AsyncExitStack) -> None:
        self.task = task
        self.view = view
        self._folder = folder
        self._stack = stack

    @classmethod
    async def open(cls, pool: Pool, folder: Path) -> Lesson:
        """A lesson with one empty tab. It may go nowhere until an address is typed; what pages load is not bound, as
        nobody can know yet which hosts a site needs. Raises LaunchError."""
        async with AsyncExitStack() as stack:
            dialogs = LiveDialogs()
            local = tuple(f"{one.host}:{one.port}" if one.port else one.host for one in pool.allow_local)
            task = await stack.enter_async_context(pool.context(navigate=(), load=("*", *local), dialogs=dialogs))
            view = LiveView(task, dialogs, folder=folder / "files", roam=True, local=pool.allow_local)
            stack.push_async_callback(view.close)
            await task.new_page()
            return cls(task, view, folder, stack.pop_all())

    async def close(self) -> None:
        """Closes the browser context and forgets what was uploaded; again is harmless."""
        await self._stack.aclose()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
