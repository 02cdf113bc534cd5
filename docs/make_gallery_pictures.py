"""The picture of the gallery: each of its skills done on the town, as the page was when it had ended."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from pathlib import Path

from browser.deadline import Deadline
from browser.pool import Pool, PoolConfig
from docs.make_pictures import opened, save, sheet
from examples.gallery import FOLDER, MONDAY, TRIES, Keyring
from examples.town import Town
from teach_mode.checks import read_skill
from teach_mode.interfaces import Act, Permit, Settled
from teach_mode.replay import Replay

RUN_MS = 60_000


class Willing:
    """A gate that says yes to all: the town is nobody's."""

    async def judge(self, act: Act) -> Permit:
        return Permit(go=True)

    async def intend(self, act: Act, before: int | None) -> None: ...

    async def withdraw(self, act: Act) -> None: ...

    async def settled(self, act: Act, settled: Settled) -> None: ...


async def main() -> None:
    """Does each skill, and writes docs/pictures/gallery.png."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="leveret-gallery-") as folder:
        config = PoolConfig(state_dir=Path(folder), allow_local=(f"*.localhost:{port}",), width_px=900, height_px=620)
        async with Town(port=port, now=lambda: MONDAY) as town, Pool(config) as pool:
            pages = [await done(name, town, pool) for name in TRIES]
    save("gallery", sheet([opened(page) for page in pages], width_px=440, columns=2))


async def done(name: str, town: Town, pool: Pool) -> bytes:
    """The page at the end of a skill's run, as a PNG."""
    skill = read_skill(FOLDER / f"{name}.json")
    here = skill.at(getattr(town.addresses, skill.site))
    async with pool.context(navigate=here.navigates, load=here.loads) as task:
        page = await task.new_page()
        replay = Replay(page, Willing(), secrets=Keyring(), open_page=task.new_page)
        ended = await replay.run(here, TRIES[name].values, Deadline.after_ms(RUN_MS))
        if ended.error is not None:
            raise SystemExit(f"{name}: {ended.error}")
        return await page.playwright.screenshot()


if __name__ == "__main__":
    asyncio.run(main())
