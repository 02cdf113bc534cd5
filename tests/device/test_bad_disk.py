"""A disk that is really full, and one that is really read-only: everything says so, and the next turn works."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.device.cloud_of_tests import Cloud

ROOT = Path(__file__).parents[2]


def may_mount() -> bool:
    """Mounts of one's own can be had here."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False, capture_output=True
    )
    return tried.returncode == 0


async def test_on_a_disk_that_is_full_or_read_only_each_write_says_so_and_the_next_turn_works(tmp_path: Path) -> None:
    if not may_mount():
        pytest.skip("this machine gives nobody mounts of their own")
    async with Cloud().open() as cloud:
        child = await asyncio.create_subprocess_exec(
            *("unshare", "-rm", sys.executable, "-m", "tests.device.on_a_bad_disk", str(tmp_path), cloud.address),
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        out, _ = await child.communicate()
    told = msgspec.json.decode(out)
    for disk, reason in (("full", "No space left on device"), ("read-only", "Read-only file system")):
        day = told[disk]
        assert {name: reason in sentence for name, sentence in day["said"].items()} == dict.fromkeys(day["said"], True)
        assert day["whole"], "what was kept before is still there"
        assert day["committed"], "a turn goes through"
