"""Chromium's processes: whose they are, how they are caged, and that none outlives its runner."""

# Files and processes are looked at between awaits, when nothing else runs.
# ruff: noqa: ASYNC220, ASYNC240, PTH115

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import pytest

from browser import launch
from browser.conditions import Condition
from browser.deadline import Deadline
from browser.errors import ChromiumMissing, LaunchError, PageGone
from browser.launch import Nest
from browser.locators import Locator, LocatorKind
from browser.page import Page
from browser.pool import Pool, PoolConfig
from browser.processes import PidNote, Process, family, read_process
from tests.browser.conftest import Site
from tests.browser.watching import left_behind, wait_gone

pytestmark = pytest.mark.asyncio(loop_scope="session")


def chromium(pool: Pool) -> list[Process]:
    assert pool.pid is not None
    root = read_process(pool.pid)
    assert root is not None
    return family(root)


def status(process: Process, field: str) -> list[str]:
    text = Path(f"/proc/{process.pid}/status").read_text()
    return next(line.split(":", 1)[1].split() for line in text.splitlines() if line.startswith(field + ":"))


def command_line(process: Process) -> str:
    return Path(f"/proc/{process.pid}/cmdline").read_text().replace("\0", " ")


async def test_every_renderer_is_caged_and_no_process_is_root_or_unsandboxed(
    pool: Pool, site: Site, deadline: Deadline
) -> None:
    site.pages["/"] = "<p>x</p>"
    async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
        page = await task.new_page()
        await page.goto(site.url(), deadline=deadline)
        everyone = chromium(pool)
        renderers = [process for process in everyone if "--type=renderer" in command_line(process)]
        assert renderers
        for process in renderers:
            assert status(process, "Seccomp") == ["2"]
            assert status(process, "NoNewPrivs") == ["1"]
            for kind in ("user", "pid", "net"):
                assert os.readlink(f"/proc/{process.pid}/ns/{kind}") != os.readlink(f"/proc/self/ns/{kind}")
        for process in everyone:
            assert "--no-sandbox" not in command_line(process)
            assert "0" not in status(process, "Uid") and "0" not in status(process, "Gid")


async def test_chromium_sees_none_of_the_runners_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVERET_CANARY", "canary-in-the-environment")
    async with Pool(PoolConfig(state_dir=tmp_path)) as pool:
        for process in chromium(pool):
            assert b"canary-in-the-environment" not in Path(f"/proc/{process.pid}/environ").read_bytes()


async def test_a_pool_that_closes_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    async with Pool(PoolConfig(state_dir=tmp_path)) as pool:
        everyone = chromium(pool)
        nest = msgspec.json.decode(next(tmp_path.glob("*.nest")).read_bytes(), type=Nest)
        note = PidNote.read(next(tmp_path.glob("*.pid")))
        assert note is not None and Path(nest.home).is_dir() and Path(note.profile).is_dir()
        assert Path(nest.home).stat().st_mode & 0o077 == 0
        await pool.close()
        await pool.close()
    for process in everyone:
        wait_gone(process)
    assert left_behind(everyone) == []
    assert list(tmp_path.iterdir()) == []
    assert not Path(nest.home).exists() and not Path(note.profile).exists()


HOLDER = """
import asyncio, sys
from pathlib import Path
from browser.page import Page
from browser.pool import Pool, PoolConfig

async def hold():
    async with Pool(PoolConfig(state_dir=Path(sys.argv[1]))) as pool:
        async with pool.context(navigate=["shop.test"]) as task:
            await task.new_page()
            print(pool.pid, flush=True)
            await asyncio.Event().wait()

asyncio.run(hold())
"""


async def test_a_runner_killed_outright_leaves_no_chromium_and_the_next_start_clears_the_rest(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    root = read_process(int(holder.stdout.readline()))
    assert root is not None
    everyone = family(root)
    nest = msgspec.json.decode(next(tmp_path.glob("*.nest")).read_bytes(), type=Nest)
    note = PidNote.read(next(tmp_path.glob("*.pid")))
    assert note is not None
    holder.kill()
    holder.wait()
    holder.stdout.close()
    async with Pool(PoolConfig(state_dir=tmp_path)) as pool:
        for process in everyone:
            wait_gone(process)
        assert left_behind(everyone) == []
        assert not Path(nest.home).exists() and not Path(note.profile).exists()
        assert len(list(tmp_path.glob("*.nest"))) == 1
        assert pool.pid != root.pid


async def test_a_chromium_killed_in_mid_task_is_a_page_gone_and_the_next_task_gets_a_new_one(
    tmp_path: Path, site: Site, deadline: Deadline
) -> None:
    site.pages["/"] = "<button>Go</button>"
    config = PoolConfig(state_dir=tmp_path, allow_local=(f"*.localhost:{site.port}",))
    async with Pool(config) as pool:
        everyone = chromium(pool)
        async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
            page = await task.new_page()
            await page.goto(site.url(), deadline=deadline)
            assert pool.pid is not None
            waiting = asyncio.create_task(page.wait_for(Condition(text="never"), deadline=deadline))
            await page.holds(Condition(text="Go"), deadline=deadline)
            os.kill(pool.pid, signal.SIGKILL)
            with pytest.raises(PageGone):
                await waiting
            with pytest.raises(PageGone):
                await page.find([Locator(kind=LocatorKind.ROLE, value="button")], deadline=deadline)
        async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
            page = await task.new_page()
            await page.goto(site.url(), deadline=deadline)
        for process in everyone:
            wait_gone(process)
        assert left_behind(everyone) == []
        assert len(list(tmp_path.glob("*.nest"))) == 1


async def test_a_renderer_that_dies_is_a_page_gone(pool: Pool, site: Site, deadline: Deadline) -> None:
    site.pages["/"] = "<button>Go</button>"
    async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
        page = await task.new_page()
        before = {process.pid for process in chromium(pool) if "--type=renderer" in command_line(process)}
        await page.goto(site.url(), deadline=deadline)
        renderers = [process for process in chromium(pool) if "--type=renderer" in command_line(process)]
        fresh = [process for process in renderers if process.pid not in before] or renderers[-1:]
        crashed = asyncio.Event()
        page.playwright.on("crash", lambda _: crashed.set())
        waiting = asyncio.create_task(page.wait_for(Condition(url="*/never"), deadline=deadline))
        for process in fresh:
            os.kill(process.pid, signal.SIGKILL)
        async with asyncio.timeout(deadline.left_ms() / 1000):
            await crashed.wait()
        with pytest.raises(PageGone):
            await page.find([Locator(kind=LocatorKind.ROLE, value="button")], deadline=deadline)
        with pytest.raises(PageGone):
            await waiting


async def test_tasks_share_no_cookies_and_each_has_its_own_way_out(pool: Pool, site: Site, deadline: Deadline) -> None:
    site.pages["/"] = "<script>document.cookie = 'canary=1'; localStorage.canary = 1</script>"
    hosts = [f"*.localhost:{site.port}"]
    async with pool.context(navigate=hosts) as one, pool.context(navigate=hosts) as other:
        assert one.egress.port != other.egress.port
        first, second = await one.new_page(), await other.new_page()
        await first.goto(site.url(), deadline=deadline)
        assert "canary" in str(await one.storage_state())
        site.pages["/"] = "<p>x</p>"
        await second.goto(site.url(), deadline=deadline)
        assert await second.playwright.evaluate("document.cookie + (localStorage.canary || '')") == ""


async def test_cookies_can_be_handed_to_a_later_task(pool: Pool, site: Site, deadline: Deadline) -> None:
    site.pages["/"] = "<script>document.cookie = 'kept=1; max-age=999'</script>"
    hosts = [f"*.localhost:{site.port}"]
    async with pool.context(navigate=hosts) as task:
        await (await task.new_page()).goto(site.url(), deadline=deadline)
        state = await task.storage_state()
    async with pool.context(navigate=hosts, storage_state=state) as task:
        site.pages["/"] = "<p>x</p>"
        page = await task.new_page()
        await page.goto(site.url(), deadline=deadline)
        assert await page.playwright.evaluate("document.cookie") == "kept=1"


async def test_a_cancelled_task_takes_its_context_along(pool: Pool, site: Site, deadline: Deadline) -> None:
    site.pages["/"] = "<p>x</p>"
    opened: asyncio.Future[Page] = asyncio.get_running_loop().create_future()

    async def run() -> None:
        async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
            page = await task.new_page()
            await page.goto(site.url(), deadline=deadline)
            opened.set_result(page)
            await page.wait_for(Condition(text="never"), deadline=deadline)

    running = asyncio.create_task(run())
    page = await opened
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert page.closed


async def test_permissions_and_downloads_are_refused(pool: Pool, site: Site, deadline: Deadline) -> None:
    site.pages["/"] = "<a download href='data:text/plain,x'>Get</a>"
    async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
        page = await task.new_page()
        await page.goto(site.url(), deadline=deadline)
        names = ["geolocation", "notifications", "camera", "microphone", "clipboard-read", "midi"]
        ask = (
            "async (names) => Promise.all(names.map(async (name) => (await navigator.permissions.query({name})).state))"
        )
        assert await page.playwright.evaluate(ask, names) == ["denied"] * len(names)
        async with page.playwright.expect_download() as coming:
            await page.click(
                await page.find([Locator(kind=LocatorKind.ROLE, value="link")], deadline=deadline), deadline=deadline
            )
        assert await (await coming.value).failure()


async def test_a_chromium_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChromiumMissing, match="no Chromium at /nowhere/chromium"):
        async with Pool(PoolConfig(state_dir=tmp_path, chromium="/nowhere/chromium")):
            pass
    assert list(tmp_path.glob("*.nest")) == []


async def test_a_chromium_that_does_not_start_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(LaunchError):
        async with Pool(PoolConfig(state_dir=tmp_path, chromium="/bin/false")):
            pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become another user")
async def test_only_an_unprivileged_user_that_exists_is_taken() -> None:
    assert launch.account("nobody")
    with pytest.raises(LaunchError, match="root"):
        launch.account("root")
    with pytest.raises(LaunchError, match="useradd"):
        launch.account("nobody-of-this-name")
