"""From demonstrations and the person's edits to a proposal that holds together. Pure.

A proposal is made anew from its demonstrations and all edits, in their order: what the person marked goes before every
rule, names and kinds are changed next, and what is written by hand (questions, utterances, read-backs) last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from language.entities import Value
from teach_mode.checks import check
from teach_mode.demonstration import Demonstration, ShownStep
from teach_mode.errors import DemonstrationEmpty, EditRefused, SkillError
from teach_mode.generalizing import proposal as edits
from teach_mode.generalizing.beats import Column, align, beats_of
from teach_mode.generalizing.building import build, entry_of
from teach_mode.generalizing.committing import is_committing
from teach_mode.generalizing.finding import Found, Marked, find
from teach_mode.generalizing.ground import Ground, Marks, step_ids
from teach_mode.generalizing.parameters import Known, parameters_of, question_for
from teach_mode.generalizing.proposal import Chip, Edit, Proposal
from teach_mode.generalizing.rounds import stretches_of
from teach_mode.generalizing.rules import moment
from teach_mode.generalizing.sameness import called
from teach_mode.generalizing.sentence import Sentence
from teach_mode.generalizing.weaving import weave, weave_one_of_several
from teach_mode.generalizing.wording import about_of, description_of, name_of_skill, utterances_of
from teach_mode.skill import FORMAT, Origins, Skill, Step

_WEIGHTS = {"read": 0, "reversible": 1, "irreversible": 2}
_PLACE_NAME = r"\{%s(?=[|}])"


def proposed(demonstrations: tuple[Demonstration, ...], *, name: str = "", made: tuple[Edit, ...] = ()) -> Proposal:
    """The proposal with all edits made. Raises DemonstrationEmpty, SkillError; EditRefused for what is not there."""
    if not demonstrations or not all(demonstration.steps for demonstration in demonstrations):
        raise DemonstrationEmpty("nothing was shown: do the task once, then save it")
    sentences = [Sentence(one.sentence, _moment(one)) for one in demonstrations]
    columns = _columns(demonstrations, sentences, _said_of(made))
    found, known = _found(columns, sentences, made)
    known = _renamed(known, made)
    ground = Ground(
        demonstrations=demonstrations,
        columns=tuple(columns),
        found=tuple(found),
        known=known,
        about=about_of(sentences[0], known),
        marks=_marks(columns, made),
    )
    steps, chips, loops = build(ground)
    skill = replace(_skill(ground, sentences, steps, name), loops=loops)
    chips += tuple(_reading_chips(skill))
    for edit in made:
        skill = _by_hand(skill, edit)
    check(skill)
    return Proposal(
        skill=skill,
        chips=_still(chips, skill),
        values=_values(known, len(demonstrations)),
        demonstrations=demonstrations,
        edits=made,
    )


def apply(proposal: Proposal, edit: Edit) -> Proposal:
    """The proposal with one edit more. Raises EditRefused, with the reason."""
    name = proposal.skill.name
    try:
        return proposed(proposal.demonstrations, name=name, made=(*proposal.edits, edit))
    except SkillError as error:
        raise EditRefused(f"this does not hold together: {error}") from error


def _moment(demonstration: Demonstration) -> datetime:
    return datetime.fromisoformat(demonstration.made_at).replace(tzinfo=None)


def _said_of(made: Sequence[Edit]) -> frozenset[str]:
    """The steps of which the person said what they are, so that they are no part of a loop."""
    told = (edits.MarkParameter, edits.MarkConstant, edits.MarkSecret)
    return frozenset(
        edit.step
        for edit in made
        if isinstance(edit, told) or (isinstance(edit, edits.MarkIrreversible) and edit.irreversible)
    )


def _columns(
    demonstrations: Sequence[Demonstration], sentences: Sequence[Sentence], told: frozenset[str]
) -> list[Column]:
    """The beats of all demonstrations side by side. What commits, and the steps in `told`, are in no rounds."""
    beats = []
    for demonstration, sentence in zip(demonstrations, sentences, strict=True):
        steps = _acted(demonstration)
        rounds = [
            one
            for one in stretches_of(steps, sentence)
            if not any(step.id in told or is_committing(step) for step in steps[one.start : one.end])
        ]
        beats.append(beats_of(steps, rounds))

    def alike(number: int) -> Callable[[ShownStep, ShownStep], bool]:
        def both_said(one: ShownStep, other: ShownStep) -> bool:
            said = _is_said(one, sentences[0]) and _is_said(other, sentences[number])
            return said or _are_moments(one, sentences[0], other, sentences[number])

        return both_said

    return align(beats, [alike(number) for number in range(1, len(beats))])


def _acted(demonstration: Demonstration) -> tuple[ShownStep, ...]:
    """The steps without the one that only opens the first page: the skill's entry does that."""
    first, *rest = demonstration.steps
    return tuple(rest) if first.action == "goto" and rest and rest[0].action != "goto" else demonstration.steps


def _are_moments(one: ShownStep, sentence: Sentence, other: ShownStep, second: Sentence) -> bool:
    """Whether both choose a day, or both a time, that their sentences say."""
    chosen = [moment(step, said.says_whens()) for step, said in ((one, sentence), (other, second))]
    return chosen[0] is not None and chosen[1] is not None and chosen[0][0] == chosen[1][0]


def _is_said(step: ShownStep, sentence: Sentence) -> bool:
    texts = (step.value, *called(step.shown)) if step.shown else (step.value,)
    return any(sentence.says_words(text) for text in texts if text)


def _found(
    columns: Sequence[Column], sentences: Sequence[Sentence], made: Sequence[Edit]
) -> tuple[list[Found], tuple[Known, ...]]:
    """What is found, without what no way to name the element could follow."""
    marks = _marked(columns, made)
    while True:
        found = find(columns, sentences, marks)
        known = parameters_of(found, columns, sentences)
        lost = [index for index in range(len(columns)) if _cannot_follow(index, columns, known)]
        if not lost:
            return found, known
        marks |= {index: Marked(field="target", kind="constant") for index in lost}


def _cannot_follow(index: int, columns: Sequence[Column], known: Sequence[Known]) -> bool:
    number, beat = columns[index].base
    for one in known:
        value = one.values[number]
        item = value[0] if isinstance(value, tuple) and value else None
        pieces = one.pieces(number, item)
        for place in one.places:
            if place.column != index or beat.first.shown is None:
                continue
            if place.field == "target" and weave_one_of_several(beat.first.shown.target, pieces) is None:
                return True
            if place.field == "value" and "{" not in weave(beat.first.value, pieces).replace("{{", ""):
                return True
    return False


def _marked(columns: Sequence[Column], made: Sequence[Edit]) -> dict[int, Marked]:
    places = {step_id: index for index, step_id in enumerate(step_ids(columns))}
    marks: dict[int, Marked] = {}
    for edit in made:
        if isinstance(edit, edits.MarkParameter):
            marks[_place(places, edit.step)] = Marked(field=edit.field, kind=edit.kind, name=edit.name)
        elif isinstance(edit, edits.MarkConstant):
            marks[_place(places, edit.step)] = Marked(field=edit.field, kind="constant")
        elif isinstance(edit, edits.MarkSecret):
            marks[_place(places, edit.step)] = Marked(field="value", kind="secret", name=edit.secret)
    return marks


def _marks(columns: Sequence[Column], made: Sequence[Edit]) -> Marks:
    places = {step_id: index for index, step_id in enumerate(step_ids(columns))}
    irreversible, optional, photo = dict[str, bool](), dict[str, bool](), dict[str, bool]()
    for edit in made:
        if isinstance(edit, edits.MarkIrreversible):
            _place(places, edit.step)
            irreversible[edit.step] = edit.irreversible
        elif isinstance(edit, edits.MarkOptional):
            _place(places, edit.step)
            optional[edit.step] = edit.optional
        elif isinstance(edit, edits.TakePhoto):
            _place(places, edit.step)
            photo[edit.step] = edit.photo
    return Marks(irreversible=irreversible, optional=optional, photo=photo)


def _place(places: dict[str, int], step: str) -> int:
    if step not in places:
        raise EditRefused(f"there is no step {step!r}: there are {', '.join(places)}")
    return places[step]


def _renamed(known: tuple[Known, ...], made: Sequence[Edit]) -> tuple[Known, ...]:
    for edit in made:
        if isinstance(edit, (edits.Rename, edits.Retype)):
            names = [one.name for one in known]
            if edit.parameter not in names:
                raise EditRefused(f"there is no parameter {edit.parameter!r}: there are {', '.join(names) or 'none'}")
            index = names.index(edit.parameter)
            known = (*known[:index], _edited(known[index], edit), *known[index + 1 :])
    return known


def _edited(one: Known, edit: edits.Rename | edits.Retype) -> Known:
    slot = one.parameter
    if isinstance(edit, edits.Rename):
        old, new = slot.name.replace("_", " "), edit.to.replace("_", " ")
        return replace(one, parameter=replace(slot, name=edit.to, question=slot.question.replace(old, new)))
    changed: dict[str, Any] = {
        key: value
        for key, value in (
            ("kind", edit.kind),
            ("question", edit.question),
            ("required", edit.required),
            ("default", edit.default),
        )
        if value is not None
    }
    slot = replace(slot, **changed)
    if slot.required and slot.default is None and not slot.question:
        slot = replace(slot, question=question_for(slot))
    return replace(one, parameter=slot)


def _skill(ground: Ground, sentences: Sequence[Sentence], steps: tuple[Step, ...], name: str) -> Skill:
    first = ground.demonstrations[0]
    base = urlsplit(first.base)
    worst = max((step.effect for step in steps), key=_WEIGHTS.__getitem__)
    hosts = tuple(dict.fromkeys(host for one in ground.demonstrations for host in one.navigated))
    loads = tuple(dict.fromkeys(host for one in ground.demonstrations for host in one.loaded))
    navigate = (base.hostname or "", *(host for host in hosts if host != base.hostname))
    saved = [step.saves for step in steps if step.saves]
    return Skill(
        format=FORMAT,
        name=name or name_of_skill(sentences[0], ground.known),
        description=description_of(sentences[0], ground.known),
        base=f"{base.scheme}://{base.netloc}",
        origins=Origins(navigate=navigate, load=tuple(host for host in loads if host not in navigate)),
        entry=entry_of(ground),
        steps=steps,
        utterances=utterances_of(sentences, ground.known),
        parameters=tuple(one.parameter for one in ground.known),
        effect=worst,
        read_back=", ".join(f"{{{name}}}" for name in saved) + "." if saved else "",
    )


def _reading_chips(skill: Skill) -> list[Chip]:
    return [
        Chip(step=step.id, kind="read_back", evidence="you said to read this back", parameter=step.saves)
        for step in skill.steps
        if step.saves
    ]


def _values(known: Sequence[Known], demonstrations: int) -> tuple[dict[str, Value], ...]:
    return tuple(
        {one.name: value for one in known if (value := one.values[number]) is not None}
        for number in range(demonstrations)
    )


def _still(chips: Sequence[Chip], skill: Skill) -> tuple[Chip, ...]:
    """The chips without those of confirms that were dropped, and with those that were added."""
    confirms = {(step.id, one.name) for step in skill.steps for one in step.confirms}
    kept = tuple(chip for chip in chips if chip.kind != "confirm" or (chip.step, chip.parameter) in confirms)
    told = {(chip.step, chip.parameter) for chip in kept if chip.kind == "confirm"}
    added = sorted(confirms - told)
    return kept + tuple(
        Chip(step=step, kind="confirm", evidence="you added it", parameter=name) for step, name in added
    )


def _by_hand(skill: Skill, edit: Edit) -> Skill:
    """What is written by hand."""
    match edit:
        case edits.SetUtterances(utterances=utterances):
            return replace(skill, utterances=utterances)
        case edits.SetReadBack(read_back=read_back):
            return replace(skill, read_back=read_back)
        case edits.SetEntry(condition=condition):
            return replace(skill, entry=replace(skill.entry, condition=condition))
        case edits.SetDescription():
            name, description = edit.name or skill.name, edit.description or skill.description
            return replace(skill, name=name, description=description)
        case edits.SetQuestion(step=step, question=question):
            return _with_step(skill, step, lambda one: replace(one, question=question))
        case edits.AddConfirm(step=step, confirm=confirm):
            return _with_step(skill, step, lambda one: replace(one, confirms=(*one.confirms, confirm)))
        case edits.DropConfirm(step=step, confirm=name):
            return _with_step(skill, step, lambda one: _without(one, name))
        case edits.Rename(parameter=old, to=new):
            return _with_texts(skill, old, new)
        case _:
            return skill


def _with_step(skill: Skill, step: str, change: Callable[[Step], Step]) -> Skill:
    if step not in [one.id for one in skill.steps]:
        raise EditRefused(f"there is no step {step!r}")
    return replace(skill, steps=tuple(change(one) if one.id == step else one for one in skill.steps))


def _without(step: Step, name: str) -> Step:
    if name not in [one.name for one in step.confirms]:
        raise EditRefused(f"step {step.id!r} has no read-back {name!r}")
    said = re.compile(r"(?:, )?[^,.{}]*\{" + name + r"\}")
    question = said.sub("", step.question).replace("says:,", "says:")
    return replace(step, confirms=tuple(one for one in step.confirms if one.name != name), question=question)


def _with_texts(skill: Skill, old: str, new: str) -> Skill:
    """What was written by hand before a parameter got another name."""
    place = re.compile(_PLACE_NAME % re.escape(old))
    texts = {"utterances": tuple(place.sub("{" + new, one) for one in skill.utterances)}
    return replace(skill, read_back=place.sub("{" + new, skill.read_back), **texts)
