"""Reading skill files: every way in which one can be wrong is named, with its place and the next step."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import inspect

from language import templates as utterances
from language.errors import MalformedTemplate
from teach_mode.calls import own_problems
from teach_mode.errors import (
    SkillContradictory,
    SkillFormatUnknown,
    SkillOriginRefused,
    SkillUnknownField,
    SkillUnreadable,
    TemplateError,
)
from teach_mode.skill import FORMAT, GIVEN, TARGETLESS, Skill, Step, Target
from teach_mode.templates import names_in
from teach_mode.uploads import problems_of

_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_ID = re.compile(r"[a-z][a-z0-9_-]*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SLOT_IN_UTTERANCE = re.compile(r"\{([^{}]*)\}")


def read_skill(path: Path) -> Skill:
    """The skill in a file. Raises SkillError leaves; OSError when the file cannot be read."""
    return parse_skill(path.read_bytes(), path.name)


def parse_skill(data: bytes, name: str = "skill") -> Skill:
    """The skill in `data`, checked through. `name` is the file's, for messages."""
    try:
        raw = json.loads(data)
    except ValueError as error:
        raise SkillUnreadable(f"{name}: this is not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise SkillUnreadable(f"{name}: a skill file holds one JSON object, not {type(raw).__name__}")
    if raw.get("format") != FORMAT:
        raise SkillFormatUnknown(f'{name}: "format" is {raw.get("format")!r}; this version reads format {FORMAT}')
    _refuse_unknown_fields(raw, _fields_of_a_skill(), "$", name)
    for key in ("base", "origins", "entry", "steps") if raw.get("steps") or not raw.get("calls") else ():
        if key not in raw:
            raise SkillUnreadable(f"{name}: Object missing required field `{key}`")
    try:
        skill = msgspec.convert(raw, Skill)
    except msgspec.ValidationError as error:
        raise SkillUnreadable(f"{name}: {error}") from error
    check(skill, name)
    return skill


def write_skill(skill: Skill) -> bytes:
    """The skill as a file, in the order of its fields, so that versions can be compared line by line."""
    return msgspec.json.format(msgspec.json.encode(skill), indent=2) + b"\n"


@cache
def _fields_of_a_skill() -> inspect.Type:
    """What a skill file may hold; found out once, which takes longer than reading a file."""
    return inspect.type_info(Skill)


def _refuse_unknown_fields(raw: Any, kind: inspect.Type, path: str, file: str) -> None:
    if isinstance(kind, inspect.UnionType):
        for one in kind.types:
            if isinstance(one, inspect.StructType) and isinstance(raw, dict):
                _refuse_unknown_fields(raw, one, path, file)
    elif isinstance(kind, inspect.VarTupleType) and isinstance(raw, list):
        for number, item in enumerate(raw):
            _refuse_unknown_fields(item, kind.item_type, f"{path}[{number}]", file)
    elif isinstance(kind, inspect.StructType) and isinstance(raw, dict):
        known = {one.encode_name: one.type for one in kind.fields}
        for key, value in raw.items():
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
                raise SkillUnknownField(f"{file}: unknown field {key!r} at {path}; {hint}")
            _refuse_unknown_fields(value, known[key], f"{path}.{key}", file)


def check(skill: Skill, name: str = "") -> None:
    """Raises SkillContradictory or SkillOriginRefused when the parts of a skill do not hold together."""
    name = name or skill.name
    for problem in _origin_problems(skill):
        raise SkillOriginRefused(f"{name}: {problem}")
    for problem in _problems(skill):
        raise SkillContradictory(f"{name}: {problem}")


def all_problems(skill: Skill) -> tuple[str, ...]:
    """All that does not hold together, where `check` names the first of it."""
    return (*_origin_problems(skill), *_problems(skill))


def _origin_problems(skill: Skill) -> Iterator[str]:
    if not skill.steps and skill.calls:
        if skill.base or skill.site or skill.origins.navigate or skill.origins.load:
            yield "it has no steps of its own, so no page and no host: what it calls has its own"
        return
    for host in (*skill.origins.navigate, *skill.origins.load):
        if not _HOST.fullmatch(host):
            yield f"origins: {host!r} is no host name; write it in lower case, without scheme, port or wildcard"
    base = urlsplit(skill.base)
    if base.scheme not in ("http", "https") or base.username is not None or base.query or base.fragment:
        yield f"base: {skill.base!r} is no http or https address"
    if base.hostname not in skill.origins.navigate:
        yield f"base: {base.hostname} is not in origins.navigate"
    addresses = [("entry.url", skill.entry.url)]
    addresses += [(f"step {step.id!r}", step.value) for step in skill.all_steps if step.action == "goto"]
    addresses += [(f"evidence of {step.id!r}", step.evidence.url) for step in skill.all_steps if step.evidence]
    for where, template in addresses:
        if template.startswith("{site}") and template[6:7] in ("", "/", "?"):
            continue
        if "{" in urlsplit(template).netloc:
            yield f"{where}: {template!r} takes its host from a value; start it with {{site}} or a host of the list"
        elif not skill.may_be_at(template):
            yield f"{where}: {template!r} leads to a place that origins.navigate does not name"


def _problems(skill: Skill) -> Iterator[str]:
    if not _NAME.fullmatch(skill.name):
        yield f"name: {skill.name!r} must be a lower-case word with _ between its parts"
    if not skill.steps and not skill.calls:
        yield "steps: there are none"
    if not skill.steps and (skill.entry.url or skill.entry.reconcile or skill.loops or skill.read_back):
        yield "steps: there are none, so there is no `entry`, no loop and nothing to read back"
    yield from _parameter_problems(skill)
    yield from _twice("step id", (step.id for step in skill.all_steps))
    yield from _tab_problems(skill)
    yield from _loop_problems(skill)
    known = {parameter.name for parameter in skill.parameters} | GIVEN
    for step in skill.all_steps:
        for problem in _step_problems(skill, step, known):
            yield f"step {step.id!r}: {problem}"
        known |= {confirm.name for confirm in step.confirms} | ({step.saves, step.downloads} - {""})
    yield from _template_problems("read_back", skill.read_back, known)
    yield from own_problems(skill)
    weights = {"read": 0, "reversible": 1, "irreversible": 2}
    worst = max((step.effect for step in skill.all_steps), key=weights.__getitem__, default="read")
    if weights[skill.effect] < weights[worst]:
        yield f"effect: the skill says {skill.effect}, but one of its steps is {worst}"


def _parameter_problems(skill: Skill) -> Iterator[str]:
    yield from _twice("parameter", (parameter.name for parameter in skill.parameters))
    for parameter in skill.parameters:
        if not _NAME.fullmatch(parameter.name) or parameter.name in GIVEN:
            yield f"parameter {parameter.name!r}: not a name that can be used; take a lower-case word"
        if parameter.kind == "choice" and not parameter.choices:
            yield f"parameter {parameter.name!r}: a choice needs choices"
        may_be_missing = parameter.source == "request" and parameter.required and parameter.default is None
        if may_be_missing and not parameter.question:
            yield f"parameter {parameter.name!r}: it can be missing, so it needs a question"
    asked = [parameter for parameter in skill.parameters if parameter.source == "request"]
    for utterance in skill.utterances:
        for slot in _SLOT_IN_UTTERANCE.findall(utterance):
            if slot not in {parameter.name for parameter in asked}:
                yield f"utterance {utterance!r}: {{{slot}}} is no parameter of the request"
        try:
            utterances.check(utterances.parse(utterance), asked)
        except MalformedTemplate as error:
            yield f"utterances: {error}"


def _step_problems(skill: Skill, step: Step, known: set[str]) -> Iterator[str]:
    if not _ID.fullmatch(step.id):
        yield "its id must be a lower-case word with - between its parts"
    if step.target is None and step.action not in TARGETLESS:
        yield f"{step.action} needs a target"
    if step.target is not None and not step.target.locators:
        yield "its target has no locators"
    if (step.action == "drag") != (step.onto is not None):
        yield "drag, and only drag, needs `onto`"
    if step.action in ("wait", "assert") and step.wait is None:
        yield f"{step.action} needs `wait`"
    if (step.action == "read") != bool(step.saves):
        yield "read, and only read, needs `saves`"
    if step.many and (step.action != "read" or step.wait is None or not (step.wait.visible or step.wait.text)):
        yield "many is for a read whose `wait` sees something on the page, so that a list may be empty"
    if step.secret and (step.action != "fill" or step.value):
        yield "a secret is filled, in place of a value"
    if step.action == "upload":
        yield from problems_of(step)
    if step.one_time and not step.secret:
        yield "one_time says what kind of secret is typed, and there is no `secret`"
    yield from _outcome_problems(step)
    if step.effect == "irreversible":
        yield from _irreversible_problems(skill, step)
    if step.for_each:
        parameter = skill.parameter(step.for_each)
        if parameter is None or not parameter.many:
            yield f"for_each: {step.for_each!r} is no parameter with many values"
    if bool(step.until) != bool(step.changes):
        yield "until needs `changes`, and the other way round"
    if step.turn is not None and (not step.until or step.target is None or not step.turn.back.locators):
        yield "turn needs `until`, a target, and locators of what goes back"
    if step.when is not None:
        for name in {step.when.given, *step.when.equals} - {""} - known:
            yield f"when: there is no value {name!r}"
    for name in ({step.saves, step.downloads} | {confirm.name for confirm in step.confirms}) - {""}:
        if not _NAME.fullmatch(name) or name in GIVEN or skill.parameter(name) is not None:
            yield f"the name {name!r} is taken or cannot be used for what is read"
    for where, template in _templates(step):
        yield from _template_problems(where, template, known)
    confirmed = known | {confirm.name for confirm in step.confirms}
    yield from _template_problems("question", step.question, confirmed)


def _outcome_problems(step: Step) -> Iterator[str]:
    for where, tab in (("tab", step.tab), ("opens", step.opens)):
        if tab and not _ID.fullmatch(tab):
            yield f"{where}: {tab!r} must be a lower-case word with - between its parts"
    if step.action in ("wait", "assert", "read", "close") and (step.opens or step.dialog or step.downloads):
        yield f"{step.action} opens no tab, brings up no dialog and downloads nothing"
    if step.action == "close" and (not step.tab or step.target or step.postcondition):
        yield "close is for a further `tab`, and leaves nothing to be looked at"
    if step.action == "scroll" and step.target is None and not step.value:
        yield "scroll needs a target, or a `value` in px"
    if step.optional and (step.target is None or step.effect == "irreversible"):
        yield "optional needs a target, and nothing irreversible"


def _tab_problems(skill: Skill) -> Iterator[str]:
    for steps in (skill.entry.reconcile, skill.steps):
        open_tabs: set[str | None] = {""}
        for step in steps:
            if step.tab not in open_tabs:
                yield f"step {step.id!r}: no step before it opens the tab {step.tab!r}"
            open_tabs |= {step.opens}
            open_tabs -= {step.tab or None} if step.action == "close" else set()


def _loop_problems(skill: Skill) -> Iterator[str]:
    ids = [step.id for step in skill.steps]
    done = 0
    for loop in skill.loops:
        where = f"loop from {loop.first!r}"
        for name in {loop.first, loop.last} - {*ids}:
            yield f"{where}: there is no step {name!r}"
            return
        first, after = ids.index(loop.first), ids.index(loop.last) + 1
        if after <= first or first < done:
            yield f"{where}: loops are in the order of the steps, one after the other"
        done = max(done, after)
        if bool(loop.for_each) == bool(loop.rows):
            yield f"{where}: it goes over `for_each` or over `rows`"
        parameter = skill.parameter(loop.for_each) if loop.for_each else None
        if loop.for_each and (parameter is None or not parameter.many):
            yield f"{where}: {loop.for_each!r} is no parameter with many values"
        if loop.most < 1:
            yield f"{where}: `most` is at least 1"
        for step in skill.steps[first:after]:
            if step.effect == "irreversible" or step.for_each:
                yield f"{where}: {step.id!r} is irreversible or a loop itself; it stands outside"


def _irreversible_problems(skill: Skill, step: Step) -> Iterator[str]:
    if step in skill.entry.reconcile:
        yield "reconciling may not do anything irreversible"
    if not step.confirms or not step.question:
        yield "an irreversible step needs `confirms` and a `question`"
    if step.postcondition is None:
        yield "an irreversible step needs a `postcondition`"
    if step.for_each or step.until:
        yield "an irreversible step is done once: no for_each, no until"
    if step.action != "click":
        yield f"an irreversible step is a click; {step.action} is not done once for sure"
    if step.opens or step.downloads:
        yield "an irreversible step opens no tab and downloads nothing"
    if step.dialog is not None and not step.dialog.message:
        yield "a dialog on the way to something irreversible needs its `message`"
    if step.target is not None and not (step.target.fingerprint.role or step.target.fingerprint.tag):
        yield "an irreversible step needs a fingerprint"
    yield from _twice("confirm", (confirm.name for confirm in step.confirms))
    try:
        asked = names_in(step.question)
    except TemplateError:
        return  # told with the other templates
    for confirm in step.confirms:
        if (confirm.capped or confirm.kind == "amount") and confirm.name not in asked:
            yield f"the question must say what it costs: put {{{confirm.name}}} into it"


def _templates(step: Step) -> Iterator[tuple[str, str]]:
    yield "value", step.value
    for confirm in step.confirms:
        yield f"confirm {confirm.name!r}", confirm.expect
        for text in _texts(msgspec.to_builtins(confirm.looks)):
            yield f"confirm {confirm.name!r}", text
    if step.evidence is not None:
        for text in _texts(msgspec.to_builtins(step.evidence)):
            yield "evidence", text
    if step.turn is not None:
        yield "turn", step.turn.month
    back = step.turn.back if step.turn is not None else None
    for where, target in (("target", step.target), ("onto", step.onto), ("turn", back)):
        if isinstance(target, Target):
            for text in _texts(msgspec.to_builtins(target)):
                yield where, text
    if step.dialog is not None:
        yield from (("dialog", text) for text in (step.dialog.text, step.dialog.message))
    for text in _texts(msgspec.to_builtins((step.problems, step.changes, step.changes_looks))):
        yield "problems or changes", text
    conditions = {"wait": step.wait, "postcondition": step.postcondition, "until": step.until}
    conditions["when"] = step.when.page if step.when is not None else None
    for where, condition in conditions.items():
        if condition is not None:
            for text in _texts(msgspec.to_builtins(condition)):
                yield where, text


def _texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for one in thing.values():
            yield from _texts(one)
    elif isinstance(thing, (list, tuple)):
        for one in thing:
            yield from _texts(one)


def _template_problems(where: str, template: str, known: set[str]) -> Iterator[str]:
    try:
        names = names_in(template)
    except TemplateError as error:
        yield f"{where}: {error}"
        return
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            yield f"{where}: there is no value {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{what} {name!r} stands twice"
        seen.add(name)
