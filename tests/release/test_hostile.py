"""U3: what was tampered with, is not meant for this machine, or would do harm, is refused with a reason."""

from __future__ import annotations

import os
import random
import tracemalloc
from pathlib import Path

import pytest
from msgspec.structs import replace

from release.boot.place import Place
from release.settings import Settings
from release.sources import Folder
from release.status import Status
from release.trust import Keys, public_of
from release.updater import Updater
from tests.release.bundles import FILES, STRANGER, bundle, hostile, write
from tests.release.disk import tree_of
from tests.release.journeys import JOURNEYS, PRIMARY, SETTINGS, SPARE, lay

HOSTILE = hostile(PRIMARY)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    return lay(tmp_path, JOURNEYS[0])


def brought(root: Path, data: bytes, settings: Settings = SETTINGS) -> Status:
    (root.parent / "try").mkdir(exist_ok=True)
    path = write(root.parent / "try", data)
    return Updater(Place(root), settings, "device").bring(Folder(path))


def left(root: Path) -> dict[str, bytes | str]:
    told = {name: data for name, data in tree_of(root).items() if not name.startswith("/incoming")}
    assert not (root / "incoming" / "ready.json").exists()
    return told


@pytest.mark.parametrize("name", HOSTILE)
def test_what_must_not_be_taken_is_refused_with_a_reason_and_leaves_nothing(root: Path, name: str) -> None:
    before = left(root)
    data, code = HOSTILE[name]
    told = brought(root, data)
    assert told.code == code, told
    assert told.stage in ("failed", "up_to_date") and told.sentence.endswith(".") and len(told.sentence) > 40
    assert left(root) == before and not (root.parent / "etc").exists()
    assert brought(root, bundle(PRIMARY, FILES)).stage == "ready"


def test_a_bomb_takes_no_memory(root: Path) -> None:
    data, _ = HOSTILE["a bomb"]
    brought(root, bundle(STRANGER, FILES))
    tracemalloc.start()
    try:
        brought(root, data)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_no_bundle_with_a_bit_flipped_is_taken(root: Path) -> None:
    good, dice = bundle(PRIMARY, FILES), random.Random(1)
    for _ in range(80):
        bit = dice.randrange(len(good) * 8)
        changed = bytearray(good)
        changed[bit // 8] ^= 1 << bit % 8
        assert brought(root, bytes(changed)).stage == "failed", bit
    assert brought(root, good).stage == "ready"


def test_either_key_may_sign_and_one_that_was_taken_back_may_not(root: Path) -> None:
    assert brought(root, bundle(SPARE, FILES)).stage == "ready"
    lost = replace(SETTINGS, revoked=(public_of(PRIMARY).hex(),))
    told = brought(root, bundle(PRIMARY, FILES, version="0.9", counter=9), lost)
    assert told.code == "not_trusted" and "taken back" in told.sentence
    assert brought(root, bundle(SPARE, FILES, version="0.9", counter=9), lost).stage == "ready"
    told = brought(root, bundle(PRIMARY, FILES, version="0.9", counter=9), Settings())
    assert told.code == "not_trusted" and "No key is trusted" in told.sentence


def test_a_manifest_of_another_kind_of_signature_is_no_release() -> None:
    """The same key signs other things, too: only what says that it is a release counts as one."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from release.errors import NotTrusted
    from release.trust import Signature, check

    bare = Signature(public_of(PRIMARY), Ed25519PrivateKey.from_private_bytes(PRIMARY).sign(b"{}"))
    with pytest.raises(NotTrusted):
        check(Keys(trusted=(public_of(PRIMARY),)), bare, b"{}")


def test_a_beta_is_taken_by_whoever_wants_betas(root: Path) -> None:
    beta = bundle(PRIMARY, FILES, channel="beta")
    assert brought(root, beta).code == "not_meant"
    assert brought(root, beta, replace(SETTINGS, channel="beta")).stage == "ready"


def test_hardware_must_be_the_one_that_is_here(root: Path) -> None:
    only = bundle(PRIMARY, FILES, hardware=("whisplay", "discrete"))
    assert brought(root, only).code == "not_meant"
    assert brought(root, only, replace(SETTINGS, hardware="whisplay")).stage == "ready"


def test_the_counter_does_not_fall_when_the_program_forgets_it(root: Path) -> None:
    """What the program's account can write decides nothing about what is older."""
    assert brought(root, bundle(STRANGER, FILES)).code == "not_trusted"
    state = root / "chosen" / "state.json"
    state.write_text(state.read_text().replace('"counter": 7', '"counter": 1'))
    assert brought(root, bundle(PRIMARY, FILES, version="0.5", counter=5)).code == "not_newer"


def test_a_disk_without_room_is_said_before_anything_is_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = os.statvfs_result((4096, 4096, 1000, 10, 10, 1000, 10, 10, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda path: full)
    before = left(root)
    told = brought(root, bundle(PRIMARY, FILES))
    assert told.code == "no_room" and "MB are needed" in told.sentence and left(root) == before
