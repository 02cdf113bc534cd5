"""Runs the peers over the cases: makes their environments, starts each once, hears from the pages what they used."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.healing.cases import Case
from benchmarks.healing.contestants import Answer
from benchmarks.healing.fetching import npm
from benchmarks.healing.looking import address, name_of
from benchmarks.healing.manuals import environment
from benchmarks.healing.running import FetchFailed, run
from benchmarks.healing.serving import Server
from benchmarks.healing.store import CACHE, PEERS
from browser.launch import account, find_chromium

HERE = Path(__file__).parent


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


def answers_of(peer: Peer, cases: Sequence[Case], server: Server, *, most: int, patience_s: float) -> dict[str, Answer]:
    """What a peer used in each case that it was asked about: those kept from before, and at most `most` more.

    The cases come in a drawn order, so that those asked about are a fair draw of all. What is answered is kept in the
    cache, by the peer's program, its packages and the pages. Raises FetchFailed when it does not install or run.
    """
    keys = {case.id: _key(peer, case) for case in cases}
    kept = _kept(peer)
    order = sorted(cases, key=lambda case: keys[case.id])
    fresh = [case for case in order if keys[case.id] not in kept][:most]
    if fresh:
        kept |= {keys[name]: used for name, used in _asked(peer, fresh, server, patience_s).items()}
        _kept_file(peer).parent.mkdir(parents=True, exist_ok=True)
        _kept_file(peer).write_bytes(msgspec.json.encode(kept))
    return {case.id: Answer(kept[key], kept[key], 1.0) for case in cases if (key := keys[case.id]) in kept}


def _key(peer: Peer, case: Case) -> str:
    program = (HERE / peer.program).read_text(encoding="utf-8")
    return name_of(program, *peer.requirements, case.before.id, case.after.id, case.sought)


def _kept_file(peer: Peer) -> Path:
    return CACHE / "answers" / f"{peer.program}.json"


def _kept(peer: Peer) -> dict[str, str]:
    file = _kept_file(peer)
    return msgspec.json.decode(file.read_bytes(), type=dict[str, str]) if file.exists() else {}


def _asked(peer: Peer, cases: Sequence[Case], server: Server, patience_s: float) -> dict[str, str]:
    """The places used, by the cases that were done in time."""
    folder, command = _node(peer) if peer.node else _python(peer)
    tag = name_of(peer.program, *(case.id for case in cases))
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
        told = {
            line["id"]: line for line in _started([*command, str(HERE / peer.program), str(file)], folder, patience_s)
        }
    pressed = {task.id: server.used(task.id)[:1] for task in tasks}
    return {
        case.id: (pressed[task.id] or [told[task.id].get("used", "")])[0]
        for case, task in zip(cases, tasks, strict=True)
        if task.id in told
    }


def _started(command: Sequence[str], folder: Path, patience_s: float) -> list[dict[str, str]]:
    """The lines that a peer's program prints until it ends or its time is over. Raises FetchFailed for none at all."""
    log = folder / "peer.log"
    with log.open("w", encoding="utf-8") as errors, tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=errors, start_new_session=True)
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        output.seek(0)
        lines = [json.loads(line) for line in output.read().decode().splitlines() if line.startswith("{")]
    if not lines:
        said = log.read_text(encoding="utf-8").strip().splitlines()
        raise FetchFailed(f"did nothing: {said[-1] if said else 'no word'}")
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
