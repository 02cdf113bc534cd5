"""What a cloud's event loop does for systemd, without the cloud, which takes seconds to start.

SIGUSR1 sends it into a busy loop. `make units-test` freezes whole clouds.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from cloud.supervision import systemd_of, watched


def spin() -> None:
    while True:
        pass


async def main() -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, spin)
    async with watched(systemd_of(os.environ, os.getpid()), "at nowhere", lambda: asyncio.sleep(0)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
