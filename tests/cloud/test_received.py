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


def test_what_comes_right_after_is_written_a_second_later_or_at_the_end(tmp_path: Path) -> None:
    path, now_s = tmp_path / "received.json", [0.0]
    received = Received(path, lambda: now_s[0])
    for cursor in (7, 8, 9):
        received.note("hare", cursor)
    assert Received(path).of("hare", 3) == 7
    now_s[0] = 1.0
    received.note("hare", 9)
    assert Received(path).of("hare", 3) == 9
    received.note("other", 10)
    received.write()
    assert Received(path).of("other", 3) == 10
