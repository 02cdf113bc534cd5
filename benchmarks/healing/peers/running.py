"""Runs the peers over the cases: makes their environments, starts each once, reads what they used."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from benchmarks.healing.cases import Case
from benchmarks.healing.contestants import Answer
from benchmarks.healing.environments import modules_of, node, python_of
from benchmarks.healing.looking import address
from benchmarks.healing.progress import Progress
from benchmarks.healing.running import FetchFailed
from benchmarks.healing.store import CACHE, name_of
from browser.launch import account, find_chromium

HERE = Path(__file__).parent
LOOK_S = 2.0


class Peer(msgspec.Struct, frozen=True):
    """A peer: its name, its program here, what its environment holds, and whether that is npm's."""

    name: str
    program: str
    requirements: tuple[str, ...]
    node: bool

    @property
    def beside(self) -> str:
        """The file here that its program shares with another."""
        return "pages.mjs" if self.node else "sessions.py"


# The slowest first, since two run at a time.
PEERS_THAT_RUN = (
    Peer(
        "@puppeteer/replay",
        "replay.mjs",
        ("@puppeteer/replay@3.1.3", "puppeteer-core@24.43.1", "esbuild@0.28.2", "chrome-devtools-frontend@1.0.1705227"),
        True,
    ),
    Peer("workflow-use", "workflow_use_steps.py", ("workflow-use==0.2.11", "browser-use==0.11.13"), False),
    Peer(
        "Selenium IDE's runtime",
        "side.mjs",
        ("@seleniumhq/side-runtime@4.0.13", "@seleniumhq/side-model@4.0.13", "@medv/finder@4.0.2", "esbuild@0.28.2"),
        True,
    ),
    Peer("browser-use", "browser_use_rerun.py", ("browser-use==0.13.14",), False),
)


class Task(msgspec.Struct, frozen=True):
    """One case as a peer's program gets it."""

    id: str
    before: str
    after: str
    sought: str


def answers_of(
    peer: Peer, cases: Sequence[Case], base: str, patience_s: float, progress: Progress
) -> dict[str, Answer]:
    """What a peer used in each case: those kept from before, and as many more as it can do in the time.

    What is answered is kept in the cache, by the peer's program, its packages and the pages. Raises FetchFailed when it
    does not install or run.
    """
    keys = {case.id: _key(peer, case) for case in cases}
    kept = _kept(peer)
    fresh = [case for case in drawn(cases) if keys[case.id] not in kept]
    if fresh:
        kept |= {
            keys[name]: used
            for name, used in _asked(peer, fresh, base, patience_s, partial(progress, peer.name, of=len(fresh))).items()
        }
        _kept_file(peer).parent.mkdir(parents=True, exist_ok=True)
        _kept_file(peer).write_bytes(msgspec.json.encode(kept))
    return {case.id: Answer(kept[key], kept[key], 1.0) for case in cases if (key := keys[case.id]) in kept}


def drawn(cases: Sequence[Case]) -> list[Case]:
    """The cases in a drawn order, page by page: one page of every family, then a second one of each, and so on. So
    those that a peer had time for are a fair draw of all families and kinds."""
    turns: dict[str, int] = {}
    taken: Counter[str] = Counter()
    for case in sorted(cases, key=lambda case: name_of(case.before.id)):
        if case.before.id not in turns:
            turns[case.before.id] = taken[case.family]
            taken[case.family] += 1
    return sorted(cases, key=lambda case: (turns[case.before.id], name_of(case.before.id), case.after.id, case.sought))


def _key(peer: Peer, case: Case) -> str:
    code = "".join((HERE / name).read_text(encoding="utf-8") for name in (peer.program, peer.beside))
    return name_of(code, *peer.requirements, case.before.id, case.after.id, case.sought)


def _kept_file(peer: Peer) -> Path:
    return CACHE / "answers" / f"{peer.program}.json"


def _kept(peer: Peer) -> dict[str, str]:
    file = _kept_file(peer)
    return msgspec.json.decode(file.read_bytes(), type=dict[str, str]) if file.exists() else {}


def _asked(
    peer: Peer, cases: Sequence[Case], base: str, patience_s: float, told: Callable[[int], None]
) -> dict[str, str]:
    """The places used, by the cases that were done in time."""
    name = peer.program.partition(".")[0]
    if peer.node:
        folder, runs = modules_of(name, peer.requirements), node()
    else:
        python = python_of(name, peer.requirements)
        folder, runs = python.parents[1], str(python)
    tasks = [
        Task(
            str(number),
            base + address(case.before.place, case.before.id),
            base + address(case.after.place, case.after.id),
            case.sought,
        )
        for number, case in enumerate(cases)
    ]
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "tasks.json"
        given = {
            "chromium": str(find_chromium("", "", account())),
            "chromedriver": shutil.which("chromedriver") or "",
            "places": str(HERE.parent / "places.js"),
            "cases": tasks,
        }
        if peer.program == "side.mjs" and not given["chromedriver"]:
            raise FetchFailed("chromedriver is missing: apt-get install chromium-driver")
        file.write_bytes(msgspec.json.encode(given))
        lines = _started([runs, str(HERE / peer.program), str(file)], folder, Path(place), patience_s, told)
    return {cases[int(line["id"])].id: line["used"] for line in lines}


def _started(
    command: Sequence[str], folder: Path, place: Path, patience_s: float, told: Callable[[int], None]
) -> list[dict[str, str]]:
    """The lines that a peer's program prints until it ends or its time is over. Raises FetchFailed for none at all."""
    log, output = folder / "peer.log", place / "answers.jsonl"
    with log.open("w", encoding="utf-8") as errors, output.open("w", encoding="utf-8") as answers:
        process = subprocess.Popen(command, cwd=folder, stdout=answers, stderr=errors, start_new_session=True)
        ends = time.monotonic() + patience_s
        try:
            while process.poll() is None and time.monotonic() < ends:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK_S)
                told(output.read_bytes().count(b"\n"))
        finally:
            for number in _family(process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            process.wait()
    whole = output.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
    lines = [json.loads(line) for line in whole if line.startswith("{")]
    if not lines:
        said = log.read_text(encoding="utf-8").strip().splitlines()
        raise FetchFailed(f"did nothing: {said[-1] if said else 'no word'}")
    return lines


def _family(process: int) -> list[int]:
    """A process and all that it started, and they: browsers are in groups of their own."""
    below: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            below.setdefault(int(status.read_text().rpartition(")")[2].split()[1]), []).append(int(status.parent.name))
    family = [process]
    for number in family:
        family += below.get(number, [])
    return family
