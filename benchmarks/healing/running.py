"""Programs that fetch and build: run to their end, or said why not."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

PATIENCE_S = 600


class FetchFailed(Exception):
    """A package could not be had or built; the message says which and why."""


def run(command: Sequence[str], what: str, folder: Path | None = None) -> str:
    """What a program prints. Raises FetchFailed with the last line of its complaint."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FetchFailed(f"{what}: {error}") from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise FetchFailed(f"{what}: {said[-1] if said else f'exit code {done.returncode}'}")
    return done.stdout
