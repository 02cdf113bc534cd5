"""What the updater does, what it tells, and where releases come from."""

from __future__ import annotations

import functools
import http.server
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from release import index
from release.__main__ import main
from release.boot.kept import Kept
from release.boot.place import Place
from release.errors import NoPlace
from release.settings import read
from release.sources import Folder, Web
from release.status import Status, status_of
from release.trust import public_of
from release.updater import Updater, cancel
from tests.release.bundles import FILES, STRANGER, bundle
from tests.release.journeys import JOURNEYS, NEW, OLD, PRIMARY, SETTINGS, lay, supervise


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    return lay(tmp_path, JOURNEYS[0])


@pytest.fixture
def stick(tmp_path: Path, root: Path) -> Path:
    return tmp_path / "stick"


def updater(root: Path, **rest: object) -> Updater:
    return Updater(Place(root), SETTINGS, "device", **rest)  # type: ignore[arg-type]


def test_the_newest_that_fits_is_taken_from_a_stick(root: Path, stick: Path) -> None:
    (stick / "beta.leveret").write_bytes(bundle(PRIMARY, FILES, counter=20, channel="beta"))
    (stick / "later.leveret").write_bytes(bundle(PRIMARY, FILES, counter=9))
    (stick / "strange.leveret").write_bytes(bundle(STRANGER, FILES, counter=30))
    (stick / "broken.leveret").write_bytes(b"leveret release\n")
    (stick / "note.txt").write_text("hello")
    assert updater(root).look(Folder(stick)).release == "0.8-9"
    assert updater(root).bring(Folder(stick)).release == "0.8-9"


def test_progress_is_told_from_stage_to_stage(root: Path, stick: Path) -> None:
    told: list[Status] = []
    clock = iter(range(10_000))
    one = updater(root, on_status=told.append, now=lambda: float(next(clock)))
    one.bring(Folder(stick))
    assert [stage.value for stage in one.stages] == [
        "looking", "reading", "unpacking", "placing", "offering", "ready",
    ]  # fmt: skip
    some = [one for one in told if one.of_bytes]
    assert some and some[-1].done_bytes == some[-1].of_bytes
    assert status_of(Place(root)) == told[-1] and "0.8-8 is ready" in told[-1].sentence


def test_an_update_that_is_cancelled_changes_nothing(root: Path, stick: Path) -> None:
    asked = iter([False, False, False, True])
    told = updater(root, cancelled=lambda: next(asked)).bring(Folder(stick))
    assert told.stage == "cancelled" and not Place(root).offer() and Place(root).names() == [OLD]
    assert updater(root).bring(Folder(stick)).stage == "ready"
    assert not (root / "incoming" / "unpacking").exists() or not list((root / "incoming" / "unpacking").iterdir())
    assert not cancel(Place(root))


def test_what_is_ready_already_is_not_brought_again(root: Path, stick: Path) -> None:
    updater(root).bring(Folder(stick))
    one = updater(root)
    assert one.bring(Folder(stick)).stage == "ready"
    assert [stage.value for stage in one.stages] == ["looking", "reading", "offering", "ready"]


def test_only_what_is_needed_stays(root: Path, stick: Path) -> None:
    updater(root).bring(Folder(stick))
    supervise(root)
    assert sorted(Place(root).names()) == [OLD, NEW]
    (stick / "later.leveret").write_bytes(bundle(PRIMARY, FILES, version="0.9", counter=9))
    assert updater(root).bring(Folder(stick)).release == "0.9-9"
    place = Place(root)
    place.keep(replace_kept(place, good="0.9-9", previous=NEW, counter=9))
    assert updater(root).bring(Folder(stick)).stage == "up_to_date"
    assert sorted(place.names()) == [NEW, "0.9-9"] and place.offer() is None


def replace_kept(place: Place, **changes: object) -> Kept:
    import dataclasses

    kept = place.read()
    assert kept is not None
    return dataclasses.replace(kept, **changes)  # type: ignore[arg-type]


def test_the_release_before_is_had_again_on_wish_and_the_newer_one_does_not_come_back(root: Path, stick: Path) -> None:
    with pytest.raises(NoPlace, match="no release before"):
        updater(root).back()
    updater(root).bring(Folder(stick))
    supervise(root)
    assert updater(root).back().release == OLD
    offer = Place(root).offer()
    assert offer is not None and offer.back


def test_a_release_that_is_being_tried_is_waited_for(root: Path, stick: Path) -> None:
    place = Place(root)
    place.keep(replace_kept(place, trying=NEW, tries=1))
    told = updater(root).bring(Folder(stick))
    assert told.stage == "failed" and "being tried" in told.sentence


def test_a_program_without_releases_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoPlace, match="not installed with them"):
        updater(tmp_path)


def test_a_stick_that_is_not_there_is_said(root: Path, tmp_path: Path) -> None:
    told = updater(root).bring(Folder(tmp_path / "nowhere"))
    assert told.code == "no_source" and "plugged in" in told.sentence
    (tmp_path / "empty").mkdir()
    assert "There is no release in" in updater(root).bring(Folder(tmp_path / "empty")).sentence


# The web --------------------------------------------------------------------------------------------------------------


class Server(http.server.ThreadingHTTPServer):
    """A folder on the web, whose connections break when `breaks` says so."""

    breaks = 0
    ranges: list[str]
    daemon_threads = True
    block_on_close = True


class Handler(http.server.SimpleHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data, wanted = path.read_bytes(), self.headers.get("Range", "")
        at = int(wanted.removeprefix("bytes=").rstrip("-") or 0)
        self.server.ranges.append(wanted)
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(data) - at))
        self.end_headers()
        if path.suffix == ".leveret" and self.server.breaks:
            self.server.breaks -= 1
            self.wfile.write(data[at : at + 150])
            self.close_connection = True
            return
        self.wfile.write(data[at:])

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server(stick: Path) -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), functools.partial(Handler, directory=str(stick)))
    made.ranges = []
    serving = threading.Thread(target=made.serve_forever, args=(0.01,))
    serving.start()
    yield made
    made.shutdown()
    serving.join()
    made.server_close()


def web(server: Server) -> Web:
    return Web(f"http://127.0.0.1:{server.server_address[1]}")


def test_a_release_comes_from_the_web(root: Path, stick: Path, server: Server) -> None:
    (stick / "later.leveret").write_bytes(bundle(PRIMARY, FILES, counter=9, channel="beta"))
    assert index.write(stick) == 2
    assert updater(root).look(web(server)).release == NEW
    assert updater(root).bring(web(server)).release == NEW


def test_a_connection_that_breaks_is_taken_up_where_it_broke(root: Path, stick: Path, server: Server) -> None:
    index.write(stick)
    server.breaks = 3
    assert updater(root).bring(web(server)).stage == "ready"
    assert "bytes=150-" in server.ranges and "bytes=450-" in server.ranges


def test_a_connection_that_always_breaks_is_given_up(root: Path, stick: Path, server: Server) -> None:
    index.write(stick)
    server.breaks = 1000
    (stick / "new.leveret").write_bytes(bundle(PRIMARY, {"lib/a": os.urandom(40_000)}))
    told = updater(root).bring(web(server))
    assert told.code == "no_source" and "again and again" in told.sentence


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<html>Sign in</html>", "signing in"),
        (b'{"format":1,"releases":[{"program":"device"}]}', "cannot be read"),
        (b" " * (2 << 20), "larger than"),
        (b'{"format":1,"releases":[]}', "There is no release"),
    ],
)
def test_an_index_that_is_none_is_said(root: Path, stick: Path, server: Server, data: bytes, why: str) -> None:
    (stick / "index.json").write_bytes(data)
    told = updater(root).bring(web(server))
    assert told.code == "no_source" and why in told.sentence


def test_an_index_leads_nowhere_but_beside_itself(root: Path, stick: Path, server: Server) -> None:
    index.write(stick)
    text = (stick / "index.json").read_text()
    (stick / "index.json").write_text(text.replace("new.leveret", "../secret/new.leveret"))
    assert updater(root).bring(web(server)).code == "no_source"


def test_who_does_not_answer_is_said(root: Path) -> None:
    told = updater(root).bring(Web("http://127.0.0.1:9/"))
    assert told.code == "no_source" and "Is the network up?" in told.sentence


def test_who_takes_the_call_and_says_nothing_is_given_up(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        one = updater(root)
        told = one.bring(Web(address, patience_s=0.1))
    assert told.code == "no_source" and "does not answer" in told.sentence
    assert [stage.value for stage in one.stages] == ["looking", "failed"]


def test_a_release_that_comes_too_slowly_is_given_up(root: Path, stick: Path) -> None:
    clock = iter(range(0, 10**9, 3600))
    one = updater(root, now=lambda: float(next(clock)))
    told = one.bring(Folder(stick))
    assert told.code == "no_source" and "too slowly" in told.sentence
    assert [stage.value for stage in one.stages] == ["looking", "reading", "unpacking", "failed"]
    assert Place(root).names() == [OLD]


def test_a_release_that_is_not_what_was_announced_counts_as_what_is_signed(
    root: Path, stick: Path, server: Server
) -> None:
    (stick / "new.leveret").write_bytes(bundle(PRIMARY, FILES, counter=6))
    index.write(stick)
    text = (stick / "index.json").read_text()
    (stick / "index.json").write_text(text.replace('"counter":6', '"counter":60'))
    assert updater(root).bring(web(server)).code == "not_newer"


# What its owner writes ------------------------------------------------------------------------------------------------


def test_settings_of_updates_are_read_and_wrong_ones_are_said(tmp_path: Path) -> None:
    assert read(tmp_path) == replace(SETTINGS, primary="", spare="")
    path = tmp_path / "update.toml"
    path.write_text(f'address = "https://example.org/leveret"\nprimary = "{public_of(PRIMARY).hex()}"\nrevoked = []\n')
    assert read(tmp_path).keys.trusted == (public_of(PRIMARY),)
    for wrong in ('primary = "abc"', 'channel = "nightly"', 'colour = "green"', 'address = "ftp://a/"', "x", "\udcff"):
        path.write_bytes(wrong.encode(errors="surrogateescape"))
        with pytest.raises(NoPlace, match=r"update\.toml"):
            read(tmp_path)


# The maker's side -----------------------------------------------------------------------------------------------------


def test_an_owner_makes_signs_and_looks_at_a_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree, made = tmp_path / "tree", tmp_path / "one.leveret"
    (tree / "bin").mkdir(parents=True)
    (tree / "bin" / "leveret-device").write_text("#!/bin/sh\n")
    (tree / "bin" / "leveret-device").chmod(0o755)
    key, other = tmp_path / "key", tmp_path / "other"
    assert main(["key", str(key)]) == 0 and main(["key", str(other)]) == 0
    mine, others = capsys.readouterr().out.split()
    assert key.stat().st_mode & 0o777 == 0o600 and main(["key", str(key)]) == 1
    line = ["make", str(tree), str(made), "--program", "device", "--version", "0.2.0", "--counter", "9"]
    assert main([*line, "--key", str(key)]) == 0
    first = made.read_bytes()
    assert main([*line, "--key", str(key)]) == 0 and made.read_bytes() == first
    assert main(["verify", str(made), "--trust", mine]) == 0
    assert main(["verify", str(made), "--trust", others]) == 1
    assert main(["sign", str(made), "--key", str(other)]) == 0
    assert main(["verify", str(made), "--trust", others]) == 0
    assert main([*line]) == 0 and main(["verify", str(made), "--trust", mine]) == 1
    assert main(["index", str(tmp_path)]) == 0 and (tmp_path / "index.json").exists()
    assert main(["lay", str(tmp_path / "root"), str(tree)]) == 0
    assert (tmp_path / "root" / "current" / "bin" / "leveret-device").exists()
    assert (tmp_path / "root" / "boot" / "__main__.py").exists()
    assert "0.2.0-9" in capsys.readouterr().out


def test_what_is_no_plain_file_is_not_packed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "link").symlink_to("/etc/passwd")
    line = ["make", str(tree), str(tmp_path / "a.leveret"), "--program", "device", "--version", "1", "--counter", "1"]
    assert main(line) == 1 and "no plain file" in capsys.readouterr().err
    assert main([*line[:-2], "--counter", "0"]) == 1
    assert main(["verify", str(tmp_path / "nothing"), "--trust", "00"]) == 1
    assert main(["verify", str(tmp_path / "nothing"), "--trust", "green"]) == 1
