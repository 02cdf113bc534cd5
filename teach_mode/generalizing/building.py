"""The skill and its chips, from columns, what was found in them, and the parameters. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec.structs import replace

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.demonstration import ShownStep
from teach_mode.generalizing.afterwards import afterwards, came, counter_at_nothing, saved_name
from teach_mode.generalizing.beats import signing_in
from teach_mode.generalizing.committing import confirms_of, is_committing, question_of
from teach_mode.generalizing.ground import Ground, step_ids
from teach_mode.generalizing.history import evidence_of
from teach_mode.generalizing.proposal import Chip, ChipKind
from teach_mode.generalizing.rounds import Round
from teach_mode.generalizing.rules import is_the_command
from teach_mode.generalizing.sameness import called
from teach_mode.generalizing.turning import heading_of, turning, ways_around, ways_turned
from teach_mode.generalizing.weaving import (
    Piece,
    names_value,
    pieces_first,
    weave,
    weave_apart,
    weave_locator,
    weave_one_of_several,
    weave_reading,
    weave_suggestion,
    weave_target,
)
from teach_mode.obstacles import puts_a_notice_aside
from teach_mode.skill import GIVEN, Confirm, Entry, Loop, Step, Target, When
from teach_mode.uploads import PHOTO_PLACE, is_image
from teach_mode.verbatim import address, asked

_READING = frozenset(("goto", "wait", "assert", "read"))
_LOOKING = frozenset(("wait", "assert"))


def build(ground: Ground) -> tuple[tuple[Step, ...], tuple[Chip, ...], tuple[Loop, ...]]:
    """The steps in their order, what is to be said of each, and which of them are done again and again."""
    steps: list[Step] = []
    chips: list[Chip] = []
    loops: dict[str, Loop] = {}
    door = signing_in(ground.columns)
    for index, step_id in enumerate(step_ids(ground.columns)):
        made = _Made(ground, index, step_id, door)
        done = made.steps()
        around = made.column.round
        if around is not None:
            loop = made.loop(around, done[0])
            loops[around.first] = replace(loops.get(around.first, loop), last=done[-1].id)
        steps += done
        chips += made.chips
    return tuple(steps), tuple(chips), tuple(loops.values())


class _Made:
    """The steps and chips of one column."""

    def __init__(self, ground: Ground, index: int, step_id: str, door: frozenset[int]) -> None:
        self.ground = ground
        self.index = index
        self.id = step_id
        self.column = ground.columns[index]
        self.number, self.beat = self.column.base
        self.own = ground.at(index)
        self.door = door
        self.signs_in = index in door
        self.chips: list[Chip] = []

    def steps(self) -> list[Step]:
        """One step, or several where a beat of several is none that can be repeated."""
        if self.beat.way == "each" and any(one.parameter.many for one in self.own):
            return [self._for_each()]
        if self.beat.way == "turn" and (turning := self._until()) is not None:
            return [turning]
        made = [turn] if (turn := self._unturned()) is not None else []
        for count, shown in enumerate(self.beat.steps):
            self.id = self.id if not count else f"{step_ids([self.column])[0]}-{count + 1}"
            made.append(self._once(shown))
        return made

    def chip(
        self, kind: ChipKind, evidence: str, *, field: Literal["value", "target", ""] = "", parameter: str = ""
    ) -> None:
        """Say something of this column."""
        shown = tuple(step.id for _, beat in self.column.shown for step in (*beat.steps, *beat.again))
        self.chips.append(
            Chip(step=self.id, kind=kind, evidence=evidence, field=field, parameter=parameter, shown=shown)
        )

    def loop(self, around: Round, first: Step) -> Loop:
        """The loop of this column's rounds, if it begins with it; every step of it says that it is looped."""
        known = self.ground.listed(around)
        name = known.name if known is not None else ""
        times = "each row of the page" if around.rows is not None else f"{len(around.values)} values"
        self.chip("loop", f"you did it for {times}: {', '.join(around.values)}", parameter=name)
        if around.rows is None:
            return Loop(first=first.id, last=first.id, for_each=name)
        frame = first.target.fingerprint.frame if first.target is not None else ()
        return Loop(first=first.id, last=first.id, rows=(weave_locator(around.rows.locator, ()),), frame=frame)

    def _plain(self, shown: ShownStep) -> Step:
        return replace(_plain(self.ground.plain[self.number][shown.id], shown), id=self.id)

    def _for_each(self) -> Step:
        known = next(one for one in self.own if one.parameter.many)
        shown = self.beat.first
        values = known.values[self.number]
        first = values[0] if isinstance(values, tuple) and values else ""
        pieces = known.pieces(self.number, first)
        target = weave_one_of_several(shown.shown.target, pieces) if shown.shown else None
        self.chip("parameter", known.found[0].why, field="target", parameter=known.name)
        self.chip("loop", f"done for each of {known.name.replace('_', ' ')}", parameter=known.name)
        return replace(self._plain(shown), target=target, for_each=known.name, postcondition=None)

    def _until(self) -> Step | None:
        """Turning to the month of a day that the next step chooses."""
        chosen = self.ground.at(self.index + 1) if self.index + 1 < len(self.ground.columns) else ()
        known = next((one for one in chosen if one.parameter.kind in ("date", "when")), None)
        pressed = self.beat.first.shown
        if known is None or pressed is None:
            return None
        number, then = self.ground.columns[self.index + 1].base
        heading = heading_of(known, number, [*self.beat.steps, *then.steps])
        if heading is None:
            return None
        turns = len(self.beat.steps)
        self.chip("loop", f"you turned {turns} times, to the month of the day", parameter=known.name)
        around = then.first.shown.calendar if then.first.shown is not None else None
        return turning(self._plain(self.beat.first), ways_turned(pressed, around), heading)

    def _unturned(self) -> Step | None:
        """Turning where nobody turned, when the calendar names its month and says how to go on."""
        chosen = [one for one in self.own if one.parameter.kind in ("date", "when")]
        before = self.ground.columns[self.index - 1].base[1].way if self.index else "once"
        heading = heading_of(chosen[0], self.number, self.beat.steps) if chosen else None
        if before == "turn" or heading is None or self.beat.first.action != "click" or self.beat.first.shown is None:
            return None
        ways = ways_around(self.beat.first.shown)
        if ways is None:
            return None
        name = next((text for text in (ways[0].fingerprint.name, ways[0].fingerprint.text) if text), "a button")
        self.chip("loop", f"the calendar names its month, and “{name}” turns it", parameter=chosen[0].name)
        return turning(Step(id=f"{self.id}-month", action="click"), ways, heading)

    def _once(self, shown: ShownStep) -> Step:
        items = self.ground.items(self.index, self.number)
        pieces = pieces_first((*items, *self.ground.pieces(self.number, self.own)))
        step = self._plain(shown)
        step = replace(step, postcondition=afterwards(step.postcondition, pieces))
        dialog = asked(shown.change.dialogs)
        if step.dialog is not None and dialog is not None:
            said = replace(step.dialog, message=weave(dialog.message, pieces), text=weave(dialog.text, pieces))
            step = replace(step, dialog=said)
        step = self._with_target(step, shown, pieces)
        value_of = [one for one in self.own if any(p.column == self.index and p.field == "value" for p in one.places)]
        if value_of:
            own = pieces_first((*items, *(piece for one in value_of for piece in one.pieces(self.number))))
            step = replace(step, value=weave(shown.value, own))
        step = self._secret(step)
        step = self._file(step, shown)
        self._say_places(shown)
        step = self._maybe(step)
        if self.ground.marks.irreversible.get(self.id, is_committing(shown)) and step.target is not None:
            step = self._irreversible(step, shown)
        return step

    def _with_target(self, step: Step, shown: ShownStep, pieces: Sequence[Piece]) -> Step:
        if shown.shown is None:
            return step
        target = shown.shown.target
        depends = any(p.column == self.index and p.field == "target" for one in self.own for p in one.places)
        depends = depends or (self.column.varies and shown.action not in ("fill", "select"))
        if (
            step.action == "read"
            and (read := weave_reading(target, [one for one in pieces if not one.whole])) is not None
        ):
            made = read
        elif depends:
            made = weave_one_of_several(target, pieces) or weave_target(target, pieces)
        elif (suggested := self._suggestion(target)) is not None:
            made = suggested
        elif names_value(target, echo := [piece for piece in pieces if not piece.whole]):
            made = weave_one_of_several(target, echo) or weave_target(target, echo)
        else:
            made = weave_apart(target, echo)
            if self._follows_a_value() and not any(called(shown.shown)):
                made = replace(made, fingerprint=replace(made.fingerprint, neighbours=(), within=()))
        made = _by_place(made) if step.action == "read" else made
        onto = weave_target(shown.onto.target, pieces) if shown.onto is not None else None
        return step if step.action in _LOOKING else replace(step, target=made, onto=onto)

    def _follows_a_value(self) -> bool:
        """Whether what stands on the page, around an element without words, may be another value's."""
        return any(place.column < self.index for one in self.ground.known for place in one.places)

    def _suggestion(self, target: Target) -> Target | None:
        """A suggestion that came up for what was typed in the step before; not the button that the sentence presses."""
        if is_the_command(target.fingerprint.name, self.ground.demonstrations[self.number].sentence):
            return None
        before = self.ground.at(self.index - 1) if self.index else ()
        for known in before:
            if known.parameter.kind in ("text", "name"):
                for piece in known.pieces(self.number):
                    if (made := weave_suggestion(target, piece)) is not None:
                        self.chip("parameter", f"it holds “{piece.written}”", field="target", parameter=known.name)
                        return made
        return None

    def _secret(self, step: Step) -> Step:
        secret = next((one for one in self.ground.found if one.column == self.index and one.kind == "secret"), None)
        if secret is None:
            return step
        kind = self.beat.first.secret or "password"
        name = secret.name or kind
        self.chip("secret", secret.why, field="value", parameter=name)
        return replace(step, value="", secret=name)

    def _file(self, step: Step, shown: ShownStep) -> Step:
        """What an upload gives: a picture is another one each time, any other file is kept with the skill."""
        if step.action != "upload":
            return step
        names = shown.value.splitlines()
        if self.ground.marks.photo.get(self.id, all(map(is_image, names))):
            why = "a picture is another one each time: it is the photo that is taken with the request"
            self.chip("photo", why, field="value")
            return replace(step, value=PHOTO_PLACE)
        self.chip("constant", f"the file “{', '.join(names)}” is kept with the skill", field="value")
        return step

    def _say_places(self, shown: ShownStep) -> None:
        for known in self.own:
            for place, found in zip(known.places, known.found, strict=True):
                if place.column == self.index:
                    self.chip("parameter", found.why, field=place.field, parameter=known.name)
        told = any(chip.field for chip in self.chips)
        if not told and shown.value and shown.action in ("fill", "select"):
            self.chip("constant", f"nothing says that “{shown.value}” changes", field="value")

    def _maybe(self, step: Step) -> Step:
        """A step that was not done in every demonstration, or that the person calls optional."""
        why = self._why_optional()
        optional = self.ground.marks.optional.get(self.id, bool(why))
        given = next((one.name for one in self.own if not one.parameter.required and one.parameter.default is None), "")
        if given and not any(chip.kind == "optional" for chip in self.chips):
            self.chip("optional", f"done when there is a value for {given.replace('_', ' ')}", parameter=given)
            return replace(step, when=When(given=given))
        if not optional or step.target is None:
            return step
        self.chip("optional", f"{why or 'you said so'}: done when its element is there")
        return replace(step, optional=True)

    def _why_optional(self) -> str:
        """Why a step may be left out, "" where it may not."""
        done, of = len(self.column.shown), len(self.column.beats)
        first = self.beat.first
        if done < of:
            return f"done {done} of {of} times"
        if self.signs_in:
            return "it signs you in"
        if first.action == "hover":
            return "it shows what may be to be seen anyway"
        notice = first.shown is not None and puts_a_notice_aside(first.shown.target.fingerprint)
        return "a notice about cookies" if notice else ""

    def _irreversible(self, step: Step, shown: ShownStep) -> Step:
        pieces = self.ground.pieces(self.number, self.ground.known)
        signed_in = {one.name for one in self.ground.known if all(place.column in self.door for place in one.places)}
        told = [piece for piece in pieces if not any(piece.place.startswith(f"{{{name}") for name in signed_in)]
        confirms = self._free(confirms_of(shown, told, self._filled_here()))
        evidence = evidence_of(self.ground.columns, self.index, self.ground.demonstrations[self.number], pieces)
        button = next((text for text in called(shown.shown) if text), "") if shown.shown else ""
        self.chip("irreversible", f"“{button}” commits you" if button else "it commits you")
        for confirm in confirms:
            self.chip("confirm", f"the page says it near the button: {confirm.title}", parameter=confirm.name)
        if evidence is None:
            self.chip("irreversible", "no page was shown that lists what was done, so a lost answer stays unknown")
        after = step.postcondition or came(shown.change, pieces)
        gone = Condition(hidden=step.target.locators) if step.target else None
        return replace(
            step,
            effect="irreversible",
            confirms=confirms,
            question=question_of(shown, confirms, self.ground.about),
            evidence=evidence,
            postcondition=after or gone,
            when=None,
            optional=False,
        )

    def _free(self, confirms: Sequence[Confirm]) -> tuple[Confirm, ...]:
        """With names that no parameter has."""
        taken = {one.name for one in self.ground.known} | GIVEN
        made = []
        for confirm in confirms:
            name, number = confirm.name, 2
            while name in taken:
                name, number = f"{confirm.name}_{number}" if number > 2 else f"{confirm.name}_said", number + 1
            taken.add(name)
            made.append(replace(confirm, name=name))
        return tuple(made)

    def _filled_here(self) -> list[ShownStep]:
        """The fields filled since the page last changed, and still there."""
        filled: list[ShownStep] = []
        for column in self.ground.columns[: self.index]:
            beat = column.beats[self.number]
            for shown in beat.steps if beat else ():
                filled = [one for one in filled if not shown.change.url and not _left(one, shown)]
                filled += [shown] if shown.action == "fill" and not shown.change.url else []
        return filled


def _left(filled: ShownStep, later: ShownStep) -> bool:
    """Whether a later step took away the field that was filled."""
    return filled.shown is not None and bool({*filled.shown.target.locators} & {*later.change.left})


def _plain(step: Step, shown: ShownStep) -> Step:
    """A step word for word; what is read gets a name, what is looked for is waited for."""
    step = replace(step, effect="read") if shown.action in _READING else step
    if shown.action == "read":
        return replace(step, value="", saves=saved_name(shown), postcondition=None)
    if shown.action in _LOOKING and step.target is not None:
        looks = step.target.fingerprint
        seen = Condition(visible=_by_words(step.target), frame=looks.frame, looks=looks)
        return replace(step, value="", target=None, wait=seen, postcondition=None)
    return step


def _by_words(target: Target) -> tuple[Locator, ...]:
    """What is looked for is found by what it says: where it stands, another thing may stand."""
    worded = tuple(one for one in target.locators if one.kind not in (LocatorKind.CSS, LocatorKind.XPATH))
    return worded or target.locators


def _by_place(target: Target) -> Target:
    """What is read is found by where it is, if it can be: it says another thing the next time."""
    placed = tuple(one for one in target.locators if one.kind in (LocatorKind.CSS, LocatorKind.TESTID))
    return replace(target, locators=placed) if placed else target


def entry_of(ground: Ground) -> Entry:
    """Where it starts; and what must be true there: that a counter of the page stood at nothing and then counted."""
    first = ground.columns[0].base[1].first
    opened = ground.demonstrations[0].steps[0]
    at = next((one.value for one in (first, opened) if one.action == "goto"), first.url)
    url = address(at, ground.demonstrations[0].base)
    return Entry(url=url, condition=counter_at_nothing(ground.columns))
