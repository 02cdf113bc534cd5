"""What a lesson becomes by what is shown and said. Pure."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.demonstration import Shown, ShownStep
from teach_mode.errors import LessonRefused
from teach_mode.lesson import commands
from teach_mode.lesson.commands import Command
from teach_mode.lesson.state import Effect, Picked, RunOver, Seen, State, step
from teach_mode.lesson.told import proposed, told
from teach_mode.skill import Target

NOW = "2026-11-23T14:00:00"
SITE = "http://shop.localhost:8123"


def shown(name: str, action: Any = "click", value: str = "", called: str = "") -> ShownStep:
    called = called or name
    target = Target(
        locators=(Locator(kind=LocatorKind.ROLE, value="button", name=called, exact=True),),
        fingerprint=Fingerprint(role="button", name=called, tag="button"),
    )
    return ShownStep(id=name, action=action, url=f"{SITE}/", shown=Shown(target=target), value=value)


class Lesson:
    """A state that inputs are given to; `did` are the effects of the last one."""

    def __init__(self) -> None:
        self.state = State()
        self.did: tuple[Effect, ...] = ()

    def give(self, *given: Any) -> None:
        for one in given:
            self.state, self.did = step(self.state, one, NOW)

    def see(self, *steps: ShownStep) -> None:
        self.give(*(Seen(shown=one, base=SITE) for one in steps))

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.state.steps]

    @property
    def does(self) -> list[str]:
        return [effect.do for effect in self.did]


@pytest.fixture
def lesson() -> Lesson:
    made = Lesson()
    made.give(commands.Begin(sentence="send it"))
    made.see(shown("a"), shown("b"), shown("c"))
    return made


def test_beginning_records_and_needs_a_sentence() -> None:
    lesson = Lesson()
    with pytest.raises(LessonRefused, match="say first"):
        lesson.give(commands.Begin(sentence="  "))
    lesson.give(commands.Begin(sentence="send it"))
    assert (lesson.state.recording, lesson.does) == (True, ["record", "propose"])


def test_a_step_that_is_told_again_is_revised_in_its_place(lesson: Lesson) -> None:
    lesson.see(shown("b", called="better"))
    assert lesson.ids == ["a", "b", "c"]
    assert lesson.state.steps[1].shown.target.fingerprint.name == "better"  # type: ignore[union-attr]


def test_what_was_taken_out_stays_out_when_the_recorder_tells_more_of_it(lesson: Lesson) -> None:
    lesson.give(commands.Delete(step="c"))
    lesson.see(shown("c", called="more"))
    assert lesson.ids == ["a", "b"]


def test_undo_goes_back_one_change_after_another_and_keeps_the_undone_out(lesson: Lesson) -> None:
    lesson.give(commands.Delete(step="a"), commands.Undo())
    assert lesson.ids == ["a", "b", "c"]
    lesson.give(commands.Undo())
    lesson.see(shown("c", called="late"))
    assert lesson.ids == ["a", "b"]
    lesson.give(commands.Undo(), commands.Undo())
    with pytest.raises(LessonRefused, match="nothing to undo"):
        lesson.give(commands.Undo())


def test_steps_are_moved_and_inserted(lesson: Lesson) -> None:
    lesson.give(commands.Move(step="c", to=0))
    assert lesson.ids == ["c", "a", "b"]
    lesson.give(commands.Insert(after="c"))
    lesson.see(shown("x"), shown("y"))
    assert lesson.ids == ["c", "x", "y", "a", "b"]
    lesson.give(commands.Insert(after=""))
    lesson.see(shown("z"))
    assert lesson.ids[-1] == "z"


def test_a_step_that_is_done_again_takes_the_place_of_the_old_one_and_nothing_follows_it(lesson: Lesson) -> None:
    lesson.give(commands.Redo(step="b"))
    assert (lesson.state.recording, lesson.does) == (True, ["record"])
    lesson.see(shown("new", "fill", "L"))
    lesson.see(shown("new", "fill", "Large"))
    assert lesson.ids == ["a", "new", "c"]
    lesson.see(shown("after"))
    assert (lesson.ids, lesson.state.recording, lesson.does) == (["a", "new", "c"], False, ["rest"])
    assert lesson.state.steps[1].value == "Large"


def test_pointing_adds_a_step_and_ends(lesson: Lesson) -> None:
    lesson.give(commands.Pick(want="read"))
    assert lesson.state.picking == "read"
    lesson.give(Picked(shown=shown("p", "read", "answer"), base=SITE))
    assert (lesson.ids[-1], lesson.state.picking) == ("p", None)
    lesson.give(commands.Pick(want="wait"))
    with pytest.raises(LessonRefused, match="nothing to point at"):
        lesson.give(Picked(shown=None))


def test_while_a_run_goes_on_the_steps_are_left_alone(lesson: Lesson) -> None:
    lesson.give(commands.Run(to="b"))
    assert lesson.does == ["rest", "run"]
    for given in (commands.Delete(step="a"), commands.Record(on=True), commands.Run()):
        with pytest.raises(LessonRefused, match="being done"):
            lesson.give(given)
    lesson.give(commands.Stop())
    assert lesson.does == ["stop"]
    lesson.give(RunOver(), commands.Delete(step="a"))
    assert lesson.ids == ["b", "c"]


def test_a_second_demonstration_begins_with_no_steps_and_keeps_the_first(lesson: Lesson) -> None:
    lesson.give(commands.Begin(sentence="send another"))
    assert lesson.ids == []
    lesson.see(shown("a"))
    assert [len(take.steps) for take in lesson.state.takes] == [3, 1]
    lesson.give(commands.Forget(take=0))
    assert [take.sentence for take in lesson.state.takes] == ["send another"]


def test_nothing_shown_is_nothing_to_save_and_no_step_is_made_up() -> None:
    lesson = Lesson()
    with pytest.raises(LessonRefused, match="begin first"):
        lesson.give(commands.Record(on=True))
    lesson.give(commands.Begin(sentence="send it"))
    with pytest.raises(LessonRefused, match="nothing was shown"):
        lesson.give(commands.Save())
    for given in (commands.Delete(step="x"), commands.Redo(step="x"), commands.Run(to="x")):
        with pytest.raises(LessonRefused, match="there is no step 'x'"):
            lesson.give(given)


def test_the_steps_are_told_in_words_with_what_was_decided(lesson: Lesson) -> None:
    lesson.see(shown("d", "fill", "Ada", called="Name"))
    seen = told(lesson.state, proposed(lesson.state))
    assert [one.words for one in seen.steps] == ["Click “a”", "Click “b”", "Click “c”", "Type “Ada” into “Name”"]
    assert seen.skill is not None
    assert seen.steps[3].markable == "value"


def test_an_edit_of_a_step_that_is_gone_is_left_out(lesson: Lesson) -> None:
    lesson.see(shown("d", "fill", "Ada", called="Name"))
    edit: Any = msgspec.convert({"type": "mark_parameter", "step": "d", "name": "who"}, commands.Edit)
    lesson.give(commands.Change(edit=edit))
    made = proposed(lesson.state)
    assert made is not None and made.skill.parameter("who") is not None
    lesson.give(commands.Delete(step="d"))
    made = proposed(lesson.state)
    assert made is not None and made.skill.parameters == ()


@pytest.mark.parametrize(
    "sent", ['{"type":"begin"}', '{"type":"delete","step":1}', '{"type":"run","values":[]}', '{"type":"own"}', "{}"]
)
def test_a_command_that_does_not_fit_is_refused_with_the_reason(sent: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(sent, type=Command)
