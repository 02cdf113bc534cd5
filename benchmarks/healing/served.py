"""Programs with a server of their own: a release is installed, started on loopback, and its pages are kept as files.

Each page is rendered by its own scripts, its style sheets are written into it, and it is frozen; so a release becomes a
folder of HTML files, as the other packages are.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from playwright.async_api import Error as PlaywrightError

from benchmarks.healing.environments import modules_of, node, python_of
from benchmarks.healing.looking import TAKE_OVER, a_page, chromium, frozen_html, open_page
from benchmarks.healing.packages import Package, Release
from benchmarks.healing.running import FetchFailed, run
from benchmarks.healing.store import DATA

START_S = 120.0
# Pictures do not come along: they keep the room that they took.
KEEP_SIZES = "() => { for (const img of document.images) { img.width = img.width; img.height = img.height; } }"


class Program(msgspec.Struct, frozen=True):
    """How a program is started, and its pages by the names of their files.

    `start` gets the environment's python or `node_modules`, the release, the folder of its data and a port; it gives
    the command. `shown` is a selector of what is seen once a page is there. `login` is a name and password, with a
    colon between.
    """

    start: Callable[[str, Release, Path, int], Sequence[str]]
    pages: Mapping[str, str]
    shown: str = "a"
    login: str = ""


# A script's own first line may name the folder in which it was built.
def _script(python: str, name: str) -> tuple[str, str]:
    return python, str(Path(python).with_name(name))


def _trac(python: str, release: Release, home: Path, port: int) -> Sequence[str]:
    admin = (*_script(python, "trac-admin"), str(home))
    run([*admin, "initenv", "Ferry", "sqlite:db/trac.db"], "trac-admin")
    run([*admin, "permission", "add", "anonymous", "TRAC_ADMIN"], "trac-admin")
    return [*_script(python, "tracd"), "--hostname", "127.0.0.1", "--port", str(port), "-s", str(home)]


def _roundup(python: str, release: Release, home: Path, port: int) -> Sequence[str]:
    admin = (*_script(python, "roundup-admin"), "-i", str(home))
    run([*admin, "install", release.variant, "anydbm"], "roundup-admin")
    config = home / "config.ini"
    wanted = {"#web": f"web = http://127.0.0.1:{port}/", "#domain": "domain = example.org", "#host": "host = localhost"}
    lines = [wanted.get(line.partition(" =")[0], line) for line in config.read_text(encoding="utf-8").splitlines()]
    config.write_text("\n".join(lines), encoding="utf-8")
    run([*admin, "initialise", "admin"], "roundup-admin")
    return [python, str(DATA / "served" / "roundup_wsgi.py"), str(port), str(home)]


def _gradio(python: str, release: Release, home: Path, port: int) -> Sequence[str]:
    return [python, str(DATA / "served" / "gradio_forms.py"), str(port)]


def _node_red(modules: str, release: Release, home: Path, port: int) -> Sequence[str]:
    home.mkdir()
    settings = {"editorTheme": {"tours": False}, "telemetry": {"enabled": False}}
    (home / "settings.js").write_text(f"module.exports = {json.dumps(settings)}", encoding="utf-8")
    return [node(), f"{modules}/node-red/red.js", "--userDir", str(home), "--port", str(port)]


def _verdaccio(modules: str, release: Release, home: Path, port: int) -> Sequence[str]:
    home.mkdir()
    config = {
        "storage": str(home / "storage"), "auth": {"htpasswd": {"file": str(home / "htpasswd")}}, "uplinks": {},
        "packages": {"**": {"access": "$all", "publish": "$all"}}, "web": {"title": "Ferry"},
    }  # fmt: skip
    (home / "config.yaml").write_text(json.dumps(config), encoding="utf-8")
    for name in ("ferry", "ferry-booking", "harbour-clock"):
        folder = home / "storage" / name
        folder.mkdir(parents=True)
        (folder / "package.json").write_text(json.dumps(_manifest(name)), encoding="utf-8")
    (home / "storage" / ".verdaccio-db.json").write_text(
        json.dumps({"list": ["ferry", "ferry-booking", "harbour-clock"], "secret": "0" * 32}), encoding="utf-8"
    )
    return [node(), f"{modules}/verdaccio/bin/verdaccio", "-c", str(home / "config.yaml"), "-l", f"127.0.0.1:{port}"]


def _manifest(name: str) -> dict[str, object]:
    person = {"name": "Ada Example", "email": "ada@example.org"}
    about = {
        "name": name, "description": f"Times and tickets of the {name}", "license": "MIT", "author": person,
        "maintainers": [person], "keywords": ["ferry", "times"], "homepage": "https://example.org/ferry",
        "repository": {"type": "git", "url": "https://example.org/ada/ferry.git"},
        "bugs": {"url": "https://example.org/ada/ferry/issues"},
    }  # fmt: skip
    versions = {
        version: {
            **about,
            "version": version,
            "readme": "# Ferry\n\nTimes and tickets.",
            "dependencies": {"harbour-clock": "^1.0.0"},
            "dist": {
                "tarball": f"http://127.0.0.1/{name}/-/{name}-{version}.tgz",
                "shasum": "0" * 40,
            },
        }
        for version in ("1.0.0", "1.1.0")
    }
    return {
        **about, "readme": "# Ferry\n\nTimes and tickets.", "versions": versions, "dist-tags": {"latest": "1.1.0"},
        "time": {"created": "2026-01-01T00:00:00.000Z", "modified": "2026-02-01T00:00:00.000Z",
                 "1.0.0": "2026-01-01T00:00:00.000Z", "1.1.0": "2026-02-01T00:00:00.000Z"},
        "_distfiles": {}, "_attachments": {}, "_uplinks": {}, "_rev": "1-0",
    }  # fmt: skip


PROGRAMS: Mapping[str, Program] = {
    "trac": Program(
        _trac,
        {
            "wiki": "/wiki", "wiki-edit": "/wiki/WikiStart?action=edit", "timeline": "/timeline", "roadmap": "/roadmap",
            "newticket": "/newticket", "query": "/query", "reports": "/report", "report": "/report/1",
            "search": "/search", "preferences": "/prefs", "admin": "/admin/general/basics",
            "milestone": "/milestone/milestone1", "components": "/admin/ticket/components",
        },
    ),
    "roundup": Program(
        _roundup,
        {
            "home": "/", "issues": "/issue?@template=index", "new-issue": "/issue?@template=item",
            "search": "/issue?@template=search", "new-user": "/user?@template=item",
            "user": "/user1", "keyword": "/keyword?@template=item",
            "queries": "/query?@template=edit", "users": "/user",
        },
        login="admin:admin",
    ),
    "gradio": Program(_gradio, {"form": "/form/", "settings": "/settings/"}, shown="button"),
    "node-red": Program(_node_red, {"editor": "/"}, shown=".red-ui-palette-node"),
    "verdaccio": Program(_verdaccio, {"packages": "/", "package": "/-/web/detail/ferry"}, shown="a[href*=ferry]"),
}  # fmt: skip


def keep_pages(package: Package, release: Release, folder: Path) -> Path:
    """A folder below `folder` with the pages of a release as HTML files. Raises FetchFailed."""
    program, kept = PROGRAMS[package.name], folder / "kept"
    kept.mkdir()
    name = f"served-{package.name}-{release.version}"
    if package.kind == "python":
        place = str(python_of(name, (f"{package.name}=={release.version}", *release.beside)))
    else:
        place = str(modules_of(name, (f"{package.name}@{release.version}",), release.beside) / "node_modules")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _started(program.start(place, release, folder / "home", port), folder, port):
        try:
            asyncio.run(_keep(program, f"http://127.0.0.1:{port}", kept))
        except PlaywrightError as error:
            raise FetchFailed(f"{name}: {error.message.splitlines()[0]}") from error
    return kept


async def _keep(program: Program, base: str, kept: Path) -> None:
    async with chromium() as browser:
        for name, path in program.pages.items():
            async with a_page(browser) as tab:
                if program.login:
                    basic = base64.b64encode(program.login.encode()).decode()
                    await tab.set_extra_http_headers({"authorization": f"Basic {basic}"})
                await open_page(tab, base + path)
                await tab.wait_for_selector(program.shown, timeout=START_S * 1000)
                await tab.evaluate(TAKE_OVER)
                await tab.evaluate(KEEP_SIZES)
                (kept / f"{name}.html").write_text(await frozen_html(tab), encoding="utf-8")


@contextlib.contextmanager
def _started(command: Sequence[str], folder: Path, port: int) -> Iterator[None]:
    """The program runs and answers until the block ends."""
    log = folder / "server.log"
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_SSR_MODE": "False", "HOME": str(folder)}
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, cwd=folder, stdout=said, stderr=said, env=environment, start_new_session=True
        )
        try:
            if not _answers(process, port):
                raise FetchFailed(
                    f"{Path(command[0]).name}: {(log.read_text(encoding='utf-8').splitlines() or ['no word'])[-1]}"
                )
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    ends = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < ends:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=START_S).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
            continue
        return True
    return False
