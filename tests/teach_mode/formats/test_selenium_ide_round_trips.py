"""Skill to `.side` to skill: what the table calls kept is there again, conditions, loops and variables included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.checks import check
from teach_mode.formats.registry import export_skill, import_skill
from teach_mode.formats.reports import Note
from teach_mode.formats.selenium_ide.locators import ways_of
from teach_mode.skill import DialogAnswer, Entry, Loop, Origins, Parameter, Skill, Step, Target, When
from tests.teach_mode.formats.making import skills

VALUES = {"many": ("one", "two")}


def there_and_back(skill: Skill) -> tuple[Skill, tuple[Note, ...]]:
    exported = export_skill(skill, "selenium-ide", VALUES)
    [found] = import_skill(exported.data, "skill.side", "selenium-ide")
    return found.skill, exported.notes


def nameable(locators: Iterable[Locator]) -> set[Locator]:
    return {one for one in locators if ways_of(one)}


def left_out(step: Step, notes: Sequence[Note]) -> bool:
    """Whether the export says that a step as a whole is not in the file."""
    told = ("left out", "has no command", "has no code")
    return any(note.step == step.id and any(word in note.words for word in told) for note in notes)


def seen(condition: Condition | None) -> list[Condition]:
    """A condition as it comes back: in its parts, each by one locator that Selenium knows."""
    if condition is None:
        return []
    parts = [Condition(url=condition.url)] if condition.url else []
    for name in ("visible", "hidden"):
        if found := nameable(getattr(condition, name)):
            surest = sorted(getattr(condition, name), key=lambda one: not any(way.sure for way in ways_of(one)))
            parts.append(Condition(**{name: (next(one for one in surest if one in found),), "frame": condition.frame}))
    texts = (Locator(kind=LocatorKind.TEXT, value=condition.text),) if condition.text else ()
    return [*parts, *([Condition(visible=texts, frame=condition.frame)] if texts else [])]


def flat(skill: Skill) -> list[dict[str, Any]]:
    """What is done and waited for, in order, as far as the table calls it kept."""
    rows: list[dict[str, Any]] = []
    loops = {loop.first: loop for loop in skill.loops}
    for step in skill.steps:
        once = step.for_each or (loops[step.id].for_each if step.id in loops else "")
        rows += [{"waits": one} for one in seen(step.wait)]
        if step.action not in ("wait", "assert"):
            row: dict[str, Any] = {"action": step.action, "for_each": once, "saves": step.saves}
            row |= {"value": "" if step.secret else step.value, "secret": bool(step.secret), "dialog": step.dialog}
            when = step.when or When()
            page = step.target.locators if step.optional and step.target else None
            asked = Condition(visible=page, frame=step.target.fingerprint.frame) if page and step.target else when.page
            row |= {"given": when.given, "equals": when.equals, "page": seen(asked)}
            row["target"] = nameable(step.target.locators) if step.target else set()
            row["frame"] = step.target.fingerprint.frame if step.target else ()
            rows.append(row)
        rows += [{"waits": one} for one in seen(step.postcondition)]
    return rows


def without_first(row: dict[str, Any]) -> dict[str, Any]:
    """Without what an import adds: that the first of several is meant."""
    target = row.get("target", set())
    kept = {one for one in target if one.nth != 0 or replace(one, nth=None) not in target}
    return {**row, "target": kept} if "target" in row else row


@given(skill=skills())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_called_kept_comes_back(skill: Skill) -> None:
    back, notes = there_and_back(skill)
    kept = tuple(step for step in skill.steps if not left_out(step, notes))
    wanted = flat(replace(skill, steps=kept))
    assert list(map(without_first, flat(back))) == list(map(without_first, wanted))
    assert (back.name, back.base, back.entry.url) == (skill.name, skill.base, skill.entry.url)


def css(value: str) -> tuple[Locator, ...]:
    return (Locator(kind=LocatorKind.CSS, value=value),)


def at(value: str, *frame: str) -> Target:
    return Target(locators=css(value), fingerprint=Fingerprint(frame=frame, tag="a", partial=True))


def with_steps(*steps: Step, **more: Any) -> Skill:
    made = Skill(
        format=1,
        name="whole_skill",
        description="do it all",
        base="https://shop.example",
        origins=Origins(navigate=("shop.example",)),
        entry=Entry(url="{site}/start"),
        steps=steps,
        utterances=("do it all",),
        parameters=(
            Parameter(name="kind", kind="text", default="four-cheese"),
            Parameter(name="many", kind="text", many=True, required=False),
        ),
        **more,
    )
    check(made)
    return made


def essence(step: Step) -> dict[str, Any]:
    """A step without its name, looks and what an import adds."""
    row = without_first({"target": set(step.target.locators) if step.target else set()})
    frame = step.target.fingerprint.frame if step.target else ()
    rest = (step.action, step.value, step.tab, step.opens, step.saves, step.until, step.changes, step.most)
    return row | {"frame": frame, "rest": rest, "dialog": step.dialog, "postcondition": step.postcondition}


def assert_same_steps(skill: Skill) -> Skill:
    back, notes = there_and_back(skill)
    assert not [note for note in notes if note.step], notes
    assert list(map(essence, back.steps)) == list(map(essence, skill.steps))
    return back


def test_tabs_frames_and_dialogs_come_back() -> None:
    assert_same_steps(
        with_steps(
            Step(id="open", action="click", target=at("#pop"), opens="manual"),
            Step(id="read", action="read", target=at("h1", "name=top", "index=1"), tab="manual", saves="title"),
            Step(id="type", action="fill", target=at("#q", "name=top"), tab="manual", value="{kind} {title} {{x}}"),
            Step(id="shut", action="close", tab="manual", effect="read"),
            Step(
                id="gone",
                action="click",
                target=at("#gone", "url={site}/box"),
                dialog=DialogAnswer(accept=True, message="Delete {kind}?", text="yes"),
                postcondition=Condition(url="*/gone/{kind}"),
            ),
        )
    )


def test_a_repetition_and_a_loop_of_several_steps_come_back() -> None:
    steps = (
        Step(
            id="turn",
            action="click",
            target=at(".next"),
            until=Condition(visible=css('[title="{kind}"]')),
            changes=css("#month"),
            most=20,
        ),
        Step(id="tick", action="check", target=at('[value="{item}"]')),
        Step(id="add", action="click", target=at("#add-{item|upper}")),
    )
    back = assert_same_steps(with_steps(*steps, loops=(Loop(first="tick", last="add", for_each="many"),)))
    [loop] = back.loops
    ids = [step.id for step in back.steps]
    assert (ids.index(loop.first), ids.index(loop.last), loop.for_each) == (1, 2, "many")


def test_whether_a_list_is_empty_is_asked_there_too() -> None:
    some = Step(id="some", action="click", target=at("#some"), when=When(given="many"))
    back, _ = there_and_back(with_steps(some))
    assert back.steps[0].when == When(given="many")
    assert [(one.name, one.many) for one in back.parameters] == [("many", True)]


def test_what_is_made_of_a_value_is_made_of_it_again_or_told() -> None:
    words = Step(id="words", action="fill", target=at("#a"), value="{kind|title}, {kind|upper}")
    back = assert_same_steps(with_steps(words))
    assert [(one.name, one.default) for one in back.parameters] == [("kind", "four-cheese")]
    fixed = with_steps(replace(words, value="{kind|default:tea}"))
    [note] = export_skill(fixed, "selenium-ide").notes
    assert "{kind|default:tea} is worked out here" in note.words


def test_a_date_is_picked_and_not_typed() -> None:
    looks = Fingerprint(tag="input", attributes={"type": "date"}, partial=True)
    day = Step(id="day", action="fill", target=Target(locators=css('[name="day"]'), fingerprint=looks), value="{kind}!")
    exported = export_skill(with_steps(day), "selenium-ide")
    assert b"dispatchEvent" in exported.data and not exported.notes
    [step] = there_and_back(with_steps(day))[0].steps
    assert (step.action, step.value) == ("fill", "{kind}!")


def test_where_it_starts_is_put_right_in_the_file_too() -> None:
    entry = Entry(
        url="{site}/start",
        condition=Condition(visible=css("#empty")),
        reconcile=(Step(id="clear", action="click", target=at("#clear")),),
    )
    back, _ = there_and_back(replace(with_steps(Step(id="go", action="click", target=at("#go"))), entry=entry))
    clear, again, wait, go = back.steps
    assert (clear.action, clear.when) == ("click", When(page=Condition(hidden=css("#empty"))))
    assert (again.action, again.value, again.when) == ("goto", "{site}/start", clear.when)
    assert (wait.wait, go.action) == (Condition(visible=css("#empty")), "click")


def test_the_answer_comes_back_when_it_tells_what_was_read() -> None:
    read = Step(id="read", action="read", target=at("#number"), saves="number", effect="read")
    told = replace(with_steps(read), read_back="Order {number} [[{kind}]].")
    assert there_and_back(told)[0].read_back == told.read_back
    silent = replace(told, read_back="Done.")
    assert there_and_back(silent)[0].read_back == ""


def test_a_secret_is_in_no_file() -> None:
    typed = Step(id="type", action="fill", target=at("#pin"), secret="door code")
    exported = export_skill(with_steps(typed), "selenium-ide")
    assert b"put the door code here" in exported.data
    assert any("door code" in note.words for note in exported.notes)
