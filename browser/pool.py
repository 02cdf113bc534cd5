"""One warm Chromium for many tasks: unprivileged, sandboxed, with no way out but each context's egress port."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from browser import launch
from browser.context import TaskContext
from browser.dialogs import DialogPolicy, dismiss
from browser.egress import Egress, EgressPolicy, Resolve, system_resolve
from browser.errors import LaunchError
from browser.faults import is_gone
from browser.hosts import parse_patterns
from browser.live import pointing
from browser.processes import PidNote, clear, read_process, reap
from browser.scripts import ENGINE_NAME, engine_script

LAUNCH_MS = 30_000


class PoolConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How the pool's Chromium runs.

    `state_dir` keeps PID files between runs; `user` is who Chromium runs as when we are root (empty:
    `leveret-browser`, else `nobody`); `chromium` a path (empty: Playwright's own, else the system's); `allow_local` the
    loopback hosts that the owner opened, such as "*.localhost:8123"; `width_px`, `height_px` the viewport.
    """

    state_dir: Path
    user: str = ""
    chromium: str = ""
    allow_local: tuple[str, ...] = ()
    width_px: int = 1280
    height_px: int = 800
    locale: str = "en-US"


class Pool:
    """`async with Pool(config) as pool: async with pool.context(navigate=["shop.example"]) as task: …`"""

    def __init__(self, config: PoolConfig, *, resolve: Resolve = system_resolve) -> None:
        self._config = config
        self._resolve = resolve
        self.allow_local = parse_patterns(config.allow_local)
        self._lock = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._nest: Path | None = None
        self._home: Path | None = None
        self._wall: Egress | None = None

    async def __aenter__(self) -> Pool:
        """Reap what earlier runs left, and launch. Raises LaunchError."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Reap what earlier runs left, and launch. Raises LaunchError."""
        launch.linux_only()
        self._config.state_dir.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(reap, self._config.state_dir)
        try:
            await self._running()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close the browser and remove what it left on disk; again is harmless."""
        async with self._lock:
            await self._drop_browser()
            playwright, self._playwright = self._playwright, None
            if playwright is not None:
                await playwright.stop()
            wall, self._wall = self._wall, None
            if wall is not None:
                await wall.close()

    @property
    def pid(self) -> int | None:
        """Chromium's process, for a watchdog."""
        note = PidNote.read(self._nest.with_suffix(".pid")) if self._nest else None
        return note.pid if note else None

    async def _running(self) -> Browser:
        async with self._lock:
            if self._browser is not None and self._browser.is_connected():
                return self._browser
            await self._drop_browser()
            if self._playwright is None:
                self._playwright = await async_playwright().start()
                selectors = self._playwright.selectors
                # A document knows the engines of the moment when it came: a page is handed over as it stands, so all of
                # them are there from the start.
                await selectors.register(ENGINE_NAME, engine_script(), content_script=True)
                await selectors.register(pointing.NAME, pointing.script(), content_script=True)
            if self._wall is None:
                # Chromium's own traffic belongs to no context: it meets a proxy that lets nothing out.
                self._wall = Egress(EgressPolicy(navigate=()))
                await self._wall.start()
            self._browser = await self._launch(self._playwright, self._wall)
            return self._browser

    async def _launch(self, playwright: Playwright, wall: Egress) -> Browser:
        config = self._config
        who = launch.account(config.user)
        chromium = launch.find_chromium(config.chromium, playwright.chromium.executable_path, who)
        home = self._home = launch.make_home(who)
        self._nest = config.state_dir.resolve() / f"{secrets.token_hex(8)}.nest"
        me = read_process(os.getpid())
        note = launch.Nest(home=str(home), owner_pid=os.getpid(), owner_start=me.start if me else 0)
        self._nest.write_bytes(msgspec.json.encode(note))
        script = self._nest.with_suffix(".sh")
        script.write_text(launch.wrapper_script(chromium, who, self._nest.with_suffix(".pid")), encoding="utf-8")
        script.chmod(0o700)
        try:
            return await playwright.chromium.launch(
                executable_path=script,
                chromium_sandbox=True,
                args=[*launch.QUIET_FLAGS, *launch.CLOSED_FLAGS],
                env=launch.environment(home),
                artifacts_dir=home,
                proxy={"server": f"http://127.0.0.1:{wall.port}", "bypass": "<-loopback>"},
                timeout=LAUNCH_MS,
            )
        except PlaywrightError as error:
            await self._drop_browser()
            raise LaunchError(f"{chromium} did not start: {_first_telling(error.message)}") from error

    async def _drop_browser(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None:
            try:
                await browser.close()
            except PlaywrightError as error:
                if not is_gone(error):
                    raise
        nest, self._nest = self._nest, None
        if nest is not None:
            await asyncio.to_thread(clear, nest)

    @contextlib.asynccontextmanager
    async def context(
        self,
        *,
        navigate: Sequence[str],
        load: Sequence[str] = (),
        dialogs: DialogPolicy = dismiss,
        storage_state: dict[str, Any] | None = None,
    ) -> AsyncIterator[TaskContext]:
        """A task's own context: hosts it may show, hosts its pages may load from, cookies to begin with.

        Raises BadHost, LaunchError. A browser that crashed is started again.
        """
        policy = EgressPolicy(parse_patterns(navigate), parse_patterns(load), self.allow_local)
        browser = await self._running()
        egress = Egress(policy, resolve=self._resolve)
        await egress.start()
        try:
            context = await browser.new_context(
                proxy={"server": f"http://127.0.0.1:{egress.port}", "bypass": "<-loopback>"},
                viewport={"width": self._config.width_px, "height": self._config.height_px},
                locale=self._config.locale,
                accept_downloads=False,
                storage_state=storage_state,  # type: ignore[arg-type]
            )
            task = TaskContext(context, egress, policy.navigate, dialogs, home=self._home)
            try:
                await context.grant_permissions([])  # Chromium then denies every permission unasked.
                yield task
            finally:
                await task.close()
        finally:
            await egress.close()


def _first_telling(message: str) -> str:
    lines = [line for line in message.splitlines() if "[err]" in line or "error" in line.lower()]
    return (lines or message.splitlines() or ["no reason given"])[0]
