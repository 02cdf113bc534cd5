"""The shelf: versions that are never written again, and a Toolbox that knows at once what was saved."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from cloud.tools.errors import SkillNameTaken, SkillOfFile, SkillUnknown, VersionUnknown
from cloud.tools.shelf import Shelf
from cloud.tools.versions import Whence
from teach_mode.checks import read_skill, write_skill
from teach_mode.errors import SkillContradictory, SkillError
from teach_mode.skill import Skill

PIZZA = Path(__file__).parents[3] / "examples" / "skills" / "pizza.json"


@pytest.fixture(scope="module")
def pizza() -> Skill:
    return read_skill(PIZZA)


def described(skill: Skill, words: str) -> Skill:
    return msgspec.structs.replace(skill, description=words)


def test_each_save_is_a_new_version_and_the_newest_is_current(tmp_path: Path, pizza: Skill) -> None:
    shelf = Shelf(tmp_path, clock=lambda: 1000.0)
    with pytest.raises(SkillUnknown):
        shelf.current(pizza.name)
    assert shelf.save(described(pizza, "one"), why="taught").version == 1
    before = (tmp_path / pizza.name / "0001" / "skill.json").read_bytes()
    pictures = {"order-before.jpg": b"old", "order-after.jpg": b"new"}
    saved = shelf.save(described(pizza, "two"), why="healed", note="the button moved", pictures=pictures)
    assert saved.version == 2
    assert shelf.current(pizza.name) == saved
    assert shelf.read(pizza.name, 1).description == "one"
    assert (tmp_path / pizza.name / "0001" / "skill.json").read_bytes() == before
    second, first = shelf.versions(pizza.name)
    assert (second.number, second.why, second.note, second.from_version) == (2, "healed", "the button moved", 1)
    assert second.pictures == ("order-after.jpg", "order-before.jpg")
    assert (first.number, first.why, first.saved_at, first.problem) == (1, "taught", 1000.0, "")
    assert shelf.picture(pizza.name, 2, "order-before.jpg") == b"old"
    assert shelf.picture(pizza.name, 1, "order-before.jpg") is None
    assert shelf.picture(pizza.name, 2, "../skill.json") is None
    assert Shelf(tmp_path).current(pizza.name) == saved


def test_going_back_is_a_copy_with_a_new_number(tmp_path: Path, pizza: Skill) -> None:
    shelf = Shelf(tmp_path)
    shelf.save(described(pizza, "one"), why="taught")
    shelf.save(described(pizza, "two"), why="edited")
    again = shelf.revert(pizza.name, 1)
    assert (again.version, again.description) == (3, "one")
    assert [(one.number, one.why, one.from_version) for one in shelf.versions(pizza.name)] == [
        (3, "reverted", 1),
        (2, "edited", 1),
        (1, "taught", 0),
    ]
    with pytest.raises(VersionUnknown):
        shelf.revert(pizza.name, 9)


@pytest.mark.parametrize("moment", ["write", "rename"])
def test_a_crash_while_saving_leaves_the_old_version_current(
    tmp_path: Path, pizza: Skill, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    shelf = Shelf(tmp_path)
    shelf.save(described(pizza, "one"), why="taught")

    def power_cut(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(*((os, "fsync") if moment == "write" else (Path, "rename")), power_cut)
        with pytest.raises(KeyboardInterrupt):
            shelf.save(described(pizza, "two"), why="edited")
    later = Shelf(tmp_path)
    assert later.current(pizza.name).description == "one"
    assert [path.name for path in (tmp_path / pizza.name).iterdir()] == ["0001"]
    assert later.save(described(pizza, "two"), why="edited").version == 2


def test_a_version_broken_by_hand_is_named_left_alone_and_not_used(tmp_path: Path, pizza: Skill) -> None:
    shelf = Shelf(tmp_path)
    shelf.save(described(pizza, "one"), why="taught")
    shelf.save(described(pizza, "two"), why="edited")
    path = tmp_path / pizza.name / "0002" / "skill.json"
    broken = path.read_bytes().replace(b'"description"', b'"descripshun"')
    path.write_bytes(broken)
    assert shelf.current(pizza.name).description == "one"
    second, first = shelf.versions(pizza.name)
    assert "unknown field 'descripshun'" in second.problem
    assert not first.problem
    with pytest.raises(SkillError, match="descripshun"):
        shelf.revert(pizza.name, 2)
    assert shelf.save(described(pizza, "three"), why="edited").version == 3
    assert path.read_bytes() == broken


def test_a_version_that_says_it_is_another_one_is_refused(tmp_path: Path, pizza: Skill) -> None:
    shelf = Shelf(tmp_path)
    shelf.save(pizza, why="taught")
    path = tmp_path / pizza.name / "0001" / "skill.json"
    path.write_bytes(write_skill(msgspec.structs.replace(pizza, version=7)))
    with pytest.raises(SkillContradictory, match="version 7"):
        shelf.current(pizza.name)


def test_what_does_not_hold_together_is_not_saved(tmp_path: Path, pizza: Skill) -> None:
    shelf = Shelf(tmp_path, reserved=["time"])
    with pytest.raises(SkillContradictory):
        shelf.save(msgspec.structs.replace(pizza, steps=()), why="taught")
    with pytest.raises(SkillContradictory):
        shelf.save(msgspec.structs.replace(pizza, name="../evil"), why="taught")
    with pytest.raises(SkillNameTaken):
        shelf.save(msgspec.structs.replace(pizza, name="time"), why="taught")
    with pytest.raises(ValueError, match="name for a picture"):
        shelf.save(pizza, why="taught", pictures={"../x.jpg": b""})
    assert shelf.names() == ()


def test_the_first_save_over_a_configured_file_keeps_the_files_skill_too(tmp_path: Path, pizza: Skill) -> None:
    told: list[tuple[str, Skill | None]] = []
    file = msgspec.structs.replace(pizza, version=4)
    shelf = Shelf(tmp_path, files={pizza.name: file}, changed=lambda name, skill: told.append((name, skill)))
    assert (shelf.names(), shelf.current(pizza.name)) == ((pizza.name,), file)
    assert [(one.number, one.why) for one in shelf.versions(pizza.name)] == [(4, "file")]
    with pytest.raises(SkillOfFile):
        shelf.remove(pizza.name)
    healed = shelf.save(described(pizza, "healed"), why="healed")
    assert healed.version == 5
    assert [(one.number, one.why, one.from_version) for one in shelf.versions(pizza.name)] == [
        (5, "healed", 4),
        (4, "file", 0),
    ]
    assert shelf.read(pizza.name, 4) == file
    shelf.remove(pizza.name)
    assert shelf.current(pizza.name) == file
    assert told == [(pizza.name, healed), (pizza.name, file)]


def test_a_skill_that_is_removed_is_gone_with_all_its_versions(tmp_path: Path, pizza: Skill) -> None:
    told: list[str] = []
    shelf = Shelf(tmp_path, changed=lambda name, skill: told.append(f"{name} {skill and skill.version}"))
    shelf.save(pizza, why="taught")
    shelf.remove(pizza.name)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [".removed"]
    shelf.forget(pizza.name)
    assert not [*(tmp_path / ".removed").iterdir()]
    assert told == [f"{pizza.name} 1", f"{pizza.name} None"]
    with pytest.raises(SkillUnknown):
        shelf.remove(pizza.name)


def test_what_is_saved_under_a_removed_name_goes_on_counting(tmp_path: Path, pizza: Skill) -> None:
    shelf = Shelf(tmp_path)
    shelf.save(described(pizza, "one"), why="taught")
    shelf.save(described(pizza, "two"), why="edited")
    shelf.remove(pizza.name)
    (tmp_path / ".last-cut").write_text("half")  # a crash while another one was removed
    shelf = Shelf(tmp_path)
    assert shelf.names() == ()
    assert shelf.save(described(pizza, "other"), why="taught").version == 3
    with pytest.raises(VersionUnknown):
        shelf.read(pizza.name, 2)
    shelf.remove(pizza.name)
    file = msgspec.structs.replace(pizza, version=1)
    shelf = Shelf(tmp_path, files={pizza.name: file})
    assert shelf.current(pizza.name) == file
    assert shelf.save(described(pizza, "mine"), why="edited").version == 4
    assert [one.number for one in shelf.versions(pizza.name)] == [4, 1]


def test_files_that_a_skill_uploads_go_along_with_it_until_it_is_taught_anew(tmp_path: Path, pizza: Skill) -> None:
    shelf = Shelf(tmp_path)
    step = msgspec.structs.replace(pizza.steps[0], id="give", action="upload", value="my cv.pdf", postcondition=None)
    giving = msgspec.structs.replace(pizza, steps=(step, *pizza.steps))
    shelf.save(giving, why="taught", files={"my cv.pdf": b"one"})
    shelf.save(described(giving, "healed"), why="healed")
    shelf.save(giving, why="taught", files={"my cv.pdf": b"two"})
    shelf.revert(pizza.name, 1)
    found = [(shelf.files(pizza.name, number) / "my cv.pdf").read_bytes() for number in (1, 2, 3, 4)]
    assert found == [b"one", b"one", b"two", b"one"]
    with pytest.raises(ValueError, match="name for a file"):
        shelf.save(giving, why="taught", files={"../x": b""})


def test_a_removal_is_undone_with_all_versions_also_after_a_start(tmp_path: Path, pizza: Skill) -> None:
    told: list[tuple[str, int | None]] = []
    shelf = Shelf(tmp_path)
    shelf.save(described(pizza, "one"), why="taught", pictures={"pay.jpg": b"seen"})
    shelf.save(described(pizza, "two"), why="edited")
    shelf.remove(pizza.name)
    shelf = Shelf(tmp_path, changed=lambda name, skill: told.append((name, skill and skill.version)))
    assert [(one.name, one.versions) for one in shelf.removed()] == [(pizza.name, 2)]
    assert shelf.restore(pizza.name).description == "two"
    assert told == [(pizza.name, 2)] and shelf.removed() == ()
    assert shelf.picture(pizza.name, 1, "pay.jpg") == b"seen"
    with pytest.raises(SkillUnknown):
        shelf.restore(pizza.name)


def test_what_was_saved_meanwhile_stays_the_newest_when_a_removal_is_undone(tmp_path: Path, pizza: Skill) -> None:
    file = msgspec.structs.replace(pizza, version=1)
    shelf = Shelf(tmp_path, files={pizza.name: file})
    shelf.save(described(pizza, "mine"), why="edited")
    shelf.remove(pizza.name)
    shelf.save(described(pizza, "new"), why="taught")
    assert shelf.restore(pizza.name).description == "new"
    assert [(one.number, one.why) for one in shelf.versions(pizza.name)] == [(3, "taught"), (2, "edited"), (1, "file")]


def test_what_was_removed_long_ago_is_gone_for_good(tmp_path: Path, pizza: Skill) -> None:
    now = [1_000_000.0]
    shelf = Shelf(tmp_path, clock=lambda: now[0])
    shelf.save(pizza, why="taught")
    shelf.remove(pizza.name)
    (gone,) = shelf.removed()
    now[0] = gone.until - 1
    assert Shelf(tmp_path, clock=lambda: now[0]).removed() == (gone,)
    now[0] = gone.until
    assert Shelf(tmp_path, clock=lambda: now[0]).removed() == ()


def test_whence_a_version_came_is_kept_with_it(tmp_path: Path, pizza: Skill) -> None:
    shelf = Shelf(tmp_path)
    whence = Whence(surface="run", task="t1")
    shelf.save(pizza, why="healed", whence=whence)
    shelf.revert(pizza.name, 1, surface="portal")
    assert [one.whence for one in shelf.versions(pizza.name)] == [Whence(surface="portal"), whence]
