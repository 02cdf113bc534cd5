"""A warm browser for the module, and a town for each test."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page as PlaywrightPage
from playwright.async_api import TimeoutError as PlaywrightTimeout

from browser.context import TaskContext
from browser.deadline import Deadline
from browser.pool import Pool, PoolConfig
from examples.town import Town
from teach_mode.checks import read_skill
from teach_mode.interfaces import Act, Permit, Settled
from teach_mode.skill import Skill
from tests.teach_mode.lessons import School, Show, Shown, lesson, log_of, replayed, skill_of

SKILLS = Path(__file__).parents[2] / "examples" / "skills"
MONDAY = datetime(2026, 11, 23, 14, 0)
OpenTask = Callable[[Skill], AbstractAsyncContextManager[TaskContext]]


async def nothing(act: Act) -> None:
    """What happens while the person thinks, by default."""


class ScriptedGate:
    """A Gate for tests. Says yes to everything, or no to the step `no_to`. `calls` is what was asked of it, in order;
    `while_asked` may meddle with the page while the person thinks."""

    def __init__(self, no_to: str = "", while_asked: Callable[[Act], Awaitable[None]] = nothing) -> None:
        self.calls: list[tuple[str, str]] = []
        self.acts: list[Act] = []
        self.settlements: list[Settled] = []
        self.before: list[int | None] = []
        self._no_to = no_to
        self._while_asked = while_asked

    async def judge(self, act: Act) -> Permit:
        self.calls.append(("judge", act.step))
        self.acts.append(act)
        if act.effect == "irreversible":
            await self._while_asked(act)
        if act.step == self._no_to:
            return Permit(go=False, rule="person_said_no", sentence="You said no.")
        return Permit(go=True)

    async def intend(self, act: Act, before: int | None) -> None:
        self.calls.append(("intend", act.step))
        self.before.append(before)

    async def withdraw(self, act: Act) -> None:
        self.calls.append(("withdraw", act.step))

    async def settled(self, act: Act, settled: Settled) -> None:
        self.calls.append(("settled", act.step))
        self.settlements.append(settled)

    @property
    def asked(self) -> list[Act]:
        """The irreversible acts that were judged."""
        return [act for act in self.acts if act.effect == "irreversible"]

    def after_judging(self) -> list[str]:
        """The calls on irreversible acts, by name."""
        steps = {act.step for act in self.asked}
        return [call for call, step in self.calls if step in steps]


@pytest.fixture(scope="module")
def port() -> int:
    """One port for the module's towns: the pool's owner must name it before the first one opens."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool(tmp_path_factory: pytest.TempPathFactory, port: int) -> AsyncIterator[Pool]:
    config = PoolConfig(state_dir=tmp_path_factory.mktemp("pool"), allow_local=(f"*.localhost:{port}",))
    async with Pool(config) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def town(port: int) -> AsyncIterator[Town]:
    async with Town(port=port, now=lambda: MONDAY) as started:
        yield started


@pytest.fixture
def pizza(town: Town) -> Skill:
    return read_skill(SKILLS / "pizza.json").at(town.addresses.pizza)


@pytest.fixture
def bistro(town: Town) -> Skill:
    return read_skill(SKILLS / "bistro.json").at(town.addresses.bistro)


@pytest.fixture
def open_task(pool: Pool) -> OpenTask:
    @asynccontextmanager
    async def opened(skill: Skill) -> AsyncIterator[TaskContext]:
        async with pool.context(navigate=skill.navigates, load=skill.loads) as task:
            yield task

    return opened


@pytest.fixture
def scripted_gate() -> type[ScriptedGate]:
    return ScriptedGate


@pytest_asyncio.fixture(loop_scope="module")
async def school(port: int) -> AsyncIterator[School]:
    async with School(port=port) as started:
        yield started


@pytest.fixture
def taught(school: School, pool: Pool, scripted_gate: Any, tmp_path: Path) -> Any:
    """Shows something on pages of the test's, records it, and does it again in another context. `less`: the site may
    notice less the second time."""

    async def teach(show: Show, pages: dict[str, str], *, dialogs: Any = None, less: bool = False) -> Shown:
        school.pages = pages
        hosts = tuple(f"{host}.localhost:{school.port}" for host in ("shop", "pay"))
        async with lesson(pool, hosts, **({"dialogs": dialogs} if dialogs else {})) as begun:
            await begun.page.goto(school.url(), deadline=Deadline.after_ms(20_000))
            await begun.recorder.settled()
            await show(begun)
            await begun.at_rest()
            log = await log_of(begun.tab)
        shown = begun.recorder.demonstration("show it")
        skill = skill_of(shown, ("shop.localhost", "pay.localhost"), f"http://shop.localhost:{school.port}")
        logs: list[str] = []

        async def look(tab: PlaywrightPage) -> None:
            with contextlib.suppress(PlaywrightTimeout):  # The test says what is wrong with it then.
                await tab.wait_for_function(
                    "(log) => document.getElementById('log')?.innerText === log",
                    arg=log,
                    timeout=1_000 if less else 15_000,
                )
            logs.append(await log_of(tab))

        result = await replayed(skill, pool, hosts, scripted_gate(), tmp_path / "files", look)
        assert result.error is None, (result.error, shown.steps)
        return Shown(shown, log, logs[0], begun.pictures)

    return teach
