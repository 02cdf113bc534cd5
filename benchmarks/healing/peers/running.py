"""Runs the peers over the cases: makes their environments, starts each once, hears from the pages what they used."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.healing.cases import Case
from benchmarks.healing.contestants import Answer
from benchmarks.healing.fetching import npm
from benchmarks.healing.looking import address
from benchmarks.healing.manuals import environment
from benchmarks.healing.running import FetchFailed, run
from benchmarks.healing.serving import Server
from benchmarks.healing.store import PEERS
from browser.launch import account, find_chromium

HERE = Path(__file__).parent
PATIENCE_S = 900


class Peer(msgspec.Struct, frozen=True):
    """A peer: its name, its program here, what its environment holds, and whether that is npm's."""

    name: str
    program: str
    requirements: tuple[str, ...]
    node: bool


PEERS_THAT_RUN = (
    Peer(
        "@puppeteer/replay",
        "replay.mjs",
        ("@puppeteer/replay@3.1.3", "puppeteer-core@24.43.1", "esbuild@0.28.2", "chrome-devtools-frontend@1.0.1705227"),
        True,
    ),
    Peer(
        "Selenium IDE's runtime",
        "side.mjs",
        ("@seleniumhq/side-runtime@4.0.13", "@seleniumhq/side-model@4.0.13", "@medv/finder@4.0.2", "esbuild@0.28.2"),
        True,
    ),
    Peer("browser-use", "browser_use_rerun.py", ("browser-use==0.13.14",), False),
    Peer("workflow-use", "workflow_use_steps.py", ("workflow-use==0.2.11", "browser-use==0.11.13"), False),
)


class Task(msgspec.Struct, frozen=True):
    """One case as a peer's program gets it."""

    id: str
    before: str
    after: str
    sought: str


def answers_of(peer: Peer, cases: Sequence[Case], server: Server) -> dict[str, Answer]:
    """What a peer used in each case. Raises FetchFailed when it cannot be installed or does not run."""
    folder, command = _node(peer) if peer.node else _python(peer)
    tag = peer.program.partition(".")[0]
    tasks = []
    for number, case in enumerate(cases):
        name = f"{tag}-{number}"
        before = server.address + address(case.before.place, case.before.id)
        after = server.address + address(case.after.place, case.after.id, name)
        tasks.append(Task(name, before, after, case.sought))
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "tasks.json"
        given = {
            "chromium": str(find_chromium("", "", account())),
            "chromedriver": shutil.which("chromedriver") or "",
            "places": str(HERE.parent / "places.js"),
            "cases": tasks,
        }
        if peer.program == "side.mjs" and not given["chromedriver"]:
            raise FetchFailed("chromedriver is missing: apt-get install chromium-driver")
        file.write_bytes(msgspec.json.encode(given))
        said = _started([*command, str(HERE / peer.program), str(file)], folder, peer.name)
    told = {line["id"]: line for line in said}
    found = {}
    for case, task in zip(cases, tasks, strict=True):
        used = server.used(task.id)[:1] or [told.get(task.id, {}).get("used", "")]
        found[case.id] = Answer(used[0], used[0], 1.0)
    return found


def _started(command: Sequence[str], folder: Path, name: str) -> list[dict[str, str]]:
    log = PEERS / f"{name.strip('@').replace('/', '-').replace(' ', '-')}.log"
    try:
        with log.open("w", encoding="utf-8") as errors:
            done = subprocess.run(
                command, cwd=folder, stdout=subprocess.PIPE, stderr=errors, text=True, timeout=PATIENCE_S
            )
    except subprocess.TimeoutExpired as error:
        raise FetchFailed(f"did not end within {PATIENCE_S} s") from error
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        said = log.read_text(encoding="utf-8").strip().splitlines()
        raise FetchFailed(f"ended with {done.returncode}: {said[-1] if said else 'no word'}")
    return lines


def _node(peer: Peer) -> tuple[Path, list[str]]:
    own = PEERS / peer.program.partition(".")[0]
    wanted = " ".join(peer.requirements)
    ready = own / ".ready"
    if not ready.exists() or ready.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir(parents=True)
        (own / "package.json").write_text('{"private": true}', encoding="utf-8")
        run([npm(), "install", "--silent", "--ignore-scripts", "--no-audit", *peer.requirements], peer.name, own)
        ready.write_text(wanted, encoding="utf-8")
    beside = Path(npm()).parent / "node"
    return own, [str(beside) if beside.exists() else "node"]


def _python(peer: Peer) -> tuple[Path, list[str]]:
    own = environment(peer.program.partition(".")[0], peer.requirements)
    return own, [str(own / "bin" / "python")]
