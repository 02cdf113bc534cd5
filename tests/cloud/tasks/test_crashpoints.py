from __future__ import annotations

import os
import signal
import subprocess
import sys

PROGRAM = "from cloud.tasks.crashpoints import reached; reached('after-click'); reached('after-intent'); print('alive')"


def run(point: str) -> tuple[int, str]:
    environment = {**os.environ, "LEVERET_CRASH_AT": point}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=180
    )
    return done.returncode, done.stdout.strip()


def test_a_process_dies_where_it_was_told_and_nowhere_else() -> None:
    assert run("after-intent") == (-signal.SIGKILL, "")
    assert run("") == (0, "alive")
    assert run("before-episode-end") == (0, "alive")
