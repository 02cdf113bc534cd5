"""How far devices have heard."""

from pathlib import Path

from cloud.received import Received


def test_what_was_noted_is_known_to_the_next_gateway(tmp_path: Path) -> None:
    path = tmp_path / "received.json"
    Received(path).note("hare", 7)
    assert Received(path).of("hare", 3) == 7
    assert Received(path).of("other", 3) == 3


def test_a_torn_file_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "received.json"
    path.write_bytes(b'{"hare": 7')
    assert Received(path).of("hare", 3) == 3


def test_nothing_is_written_when_nothing_is_new(tmp_path: Path) -> None:
    path = tmp_path / "received.json"
    received = Received(path)
    received.note("hare", 7)
    path.unlink()
    received.note("hare", 7)
    assert not path.exists()
