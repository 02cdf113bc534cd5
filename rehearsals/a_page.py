"""Opens a page in the cloud's own browser, as the cloud does, says so, and keeps it until it is told to end."""

from __future__ import annotations

import asyncio
from pathlib import Path

from browser.pool import Pool, PoolConfig


async def main() -> None:
    async with Pool(PoolConfig(state_dir=Path("probe-browser"))) as pool:
        async with pool.context(navigate=["page.invalid"]) as task:
            await task.new_page()
            print("a page is open", flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
