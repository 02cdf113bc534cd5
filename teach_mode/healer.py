"""Finding a step's element again in the course of a run: when to look, what is done with what was found, and what was
learnt of it in the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from browser import frames
from browser.candidates import leaf, leaf_back
from browser.conditions import Condition, ReadBack, Sighting
from browser.deadline import Deadline
from browser.errors import ActionTimeout, BrowserError, ElementError, ElementMissing, PageGone, SnapshotError
from browser.eyes import changed
from browser.fingerprint import Box, Fingerprint
from browser.judging import wordless
from browser.outline import bounds, outlined
from browser.page import Page
from browser.stillness import Stillness
from language.entities import Value
from teach_mode.interfaces import Ranker, SiteSays
from teach_mode.parts import CONDITIONS, Element, Part, guards, looking_at, moved, names, of_confirm, sought
from teach_mode.rereading import Reread
from teach_mode.retarget import can_take, is_named, still_says, value_of
from teach_mode.retelling import retold
from teach_mode.rewording import reworded
from teach_mode.seeking import Found, seek, target_of
from teach_mode.skill import Confirm, Skill, Step, Target
from teach_mode.templates import MOST_CHARS, one_line, render_all

# How long the page may take to come to rest, once the element had its time.
REST_MS = 3_000
LOOK_MS = 2_000
# How many screens of a long list are looked through, and how long one may take to fill.
MOST_SCREENS = 40
SCREEN_MS = 250
# How many are shown to the person when none is sure.
SHOWN = 5
NOTICE = "new_button"


class Likely(msgspec.Struct, frozen=True, kw_only=True):
    """An element that might be the lost one, for the person to pick from. `box` is where it is on the picture, in px;
    `target` what the step would have in its place. `text` is all that it says, for a step that reads."""

    words: str
    score: float
    box: Box | None
    target: Target
    text: str = ""


class Healed(msgspec.Struct, frozen=True, kw_only=True):
    """An element that was found elsewhere and acted on, looked for or read. `words` are its own, or those that what is
    read stands under.

    `new` is None when no locator of it would serve other values. Only what was `confirmed`, by what the step brought
    about, is fit to be kept. `before` and `after` are pictures (JPEG), of the element as it was taught and of the page
    with the new one outlined; empty when there is none.
    """

    step: str
    part: Part
    old: Target
    new: Target | None
    score: float
    margin: float
    words: str
    confirmed: bool = False
    before: bytes = b""
    after: bytes = b""


class Healer:
    """Of one run. `values` are the run's, shared with it. `looked`: the last search saw a whole page at rest, so that
    another one would find nothing else. `gone`: nothing on such a page could be what was looked for by its words."""

    def __init__(self, skill: Skill, values: Mapping[str, Value], ranker: Ranker | None) -> None:
        self._skill = skill
        self._values = values
        self._ranker = ranker
        self._found: dict[tuple[str, Part], Healed] = {}
        self._likely: Found | None = None
        self._likely_of = ("", "")  # the step and the part of it that it is about
        self._leafed: set[tuple[str, Part]] = set()
        self.looked = True
        self.gone = False

    @property
    def healed(self) -> tuple[Healed, ...]:
        """What was found elsewhere so far."""
        return tuple(self._found.values())

    def latest(self, step: Step, part: Part) -> Target | None:
        """A part of the step, a template, as it was found in this run."""
        healed = self._found.get((step.id, part))
        return healed.new if healed is not None else None

    def along(self, confirm: Confirm) -> Target | None:
        """Where a read-back is that is the element of a step of this run, which was found elsewhere."""
        there = (one.new for one in self._found.values() if one.part == "target" and names(confirm, one.old))
        return next(there, None)

    def confirm(self, step: Step) -> None:
        """What the step should bring about did come, said as it was taught: what was found for it is the right one."""
        if (step.id, "postcondition") not in self._found:
            self._confirm(lambda key: key[0] == step.id and key[1] in ("target", "onto"))

    def confirm_all(self) -> None:
        """The run came to its good end: so were the conditions on the way the right ones, and what rests on them."""
        worded = {step for step, part in self._found if part == "postcondition"}
        self._confirm(lambda key: key[1] not in ("target", "onto") or key[0] in worded)

    def _confirm(self, which: Callable[[tuple[str, Part]], bool]) -> None:
        for key, healed in self._found.items():
            if which(key):
                self._found[key] = msgspec.structs.replace(healed, confirmed=True)

    def now(self, step: Step, part: Part, condition: Condition) -> Condition:
        """A condition, its places filled, with what it looks for where this run found it."""
        new = self.latest(step, part)
        if new is not None:
            condition = looking_at(condition, render_all(new, self._values))
        healed = self._found.get((step.id, "target"))
        if healed is not None and healed.new is not None:
            old: Target = render_all(healed.old, self._values)
            condition = moved(condition, old.locators, render_all(healed.new, self._values))
        return condition

    async def reword(
        self, page: Page, step: Step, part: Part, stillness: Stillness, deadline: Deadline
    ) -> Target | None:
        """What a condition of the step looks for, or what changes in its loop, once the page is at rest: as it is said
        now, its places filled. None: not for sure. Raises BrowserError."""
        raw = sought(self._skill, step.id, part)
        self.gone = False
        if raw is None or not await stillness.still(page.playwright.main_frame, deadline.sooner_of(REST_MS)):
            return None
        found = await reworded(
            page,
            self._skill,
            raw,
            self._values,
            strictly=guards(self._skill, step, part),
            changing=part == "changes",
            ranker=self._ranker,
            deadline=deadline.sooner_of(LOOK_MS),
        )
        self.gone = found.gone
        if found.new is None or found.at is None:
            return None
        after = await outlined(page.playwright, found.at, deadline.sooner_of(LOOK_MS))
        choice, words = found.choice, called(found.at.seen)
        self._keep(step, part, raw, found.new, score=choice.score, margin=choice.margin, words=words, after=after)
        new: Target = render_all(found.new, self._values)
        return new

    def reread(self, step: Step, name: str, found: Reread) -> None:
        """A read-back of the step was found elsewhere."""
        old = sought(self._skill, step.id, of_confirm(name))
        if old is not None:
            self._keep(step, of_confirm(name), old, found.new, score=1.0, margin=1.0, words=found.title)

    def _keep(self, step: Step, part: Part, old: Target, new: Target | None, **about: Any) -> None:
        self._found[step.id, part] = Healed(step=step.id, part=part, old=old, new=new, **about)

    @property
    def guards_said_otherwise(self) -> tuple[tuple[str, str], ...]:
        """What stands before acts that cannot be undone and is said otherwise now: as it was taught, and as it is."""
        steps = {step.id: step for step in self._skill.all_steps}
        found = []
        for (step, part), healed in self._found.items():
            one = steps.get(step, Step(id=step, action="goto"))
            if part in (*CONDITIONS, "condition") and guards(self._skill, one, part):
                old: Target = render_all(healed.old, self._values)
                found.append((called(old.fingerprint), healed.words))
        return tuple(found)

    def notice(self, step: Step) -> SiteSays | None:
        """What a person must know before an irreversible act on an element that was not taught."""
        healed = self._found.get((step.id, "target"))
        if healed is None or healed.confirmed:
            return None
        taught: Target = render_all(healed.old, self._values)
        was = taught.fingerprint.name or taught.fingerprint.text or taught.fingerprint.label
        same = one_line(was)[:MOST_CHARS] == healed.words
        text = f"“{healed.words}”, at another place" if same else f"“{healed.words}”; it was taught as “{was}”"
        return SiteSays(name=NOTICE, title="New button", text=one_line(text)[:MOST_CHARS])

    async def heal(
        self,
        page: Page,
        step: Step,
        part: Element,
        stillness: Stillness,
        read: Sequence[ReadBack],
        at_least: float,
        deadline: Deadline,
    ) -> Sighting | None:
        """The step's element, once the page is at rest: found elsewhere, or further down a list. Raises PageGone."""
        raw = step.target if part == "target" else step.onto
        if raw is None or step.secret:
            return None
        target: Target = render_all(raw, self._values)
        self.looked = False
        if not await stillness.still(page.playwright.main_frame, deadline.sooner_of(REST_MS)):
            return None
        first_look = (step.id, part) not in self._leafed
        self._leafed.add((step.id, part))
        if first_look and (further := await self._further_down(page, target, read, at_least, deadline, lists=True)):
            return further
        found = await self._sought(page, step, raw, target, deadline.sooner_of(LOOK_MS))
        if found.sighting is None and step.action == "read":
            bare = msgspec.structs.replace(target, fingerprint=wordless(target.fingerprint))
            found = await self._sought(page, step, raw, bare, deadline.sooner_of(LOOK_MS))
            if found.sighting is None:
                found = await self._retold(page, step, raw, found, deadline.sooner_of(LOOK_MS))
        if found.complete or self._likely_of != (step.id, part):  # a look that was cut off takes back none before it
            self._likely, self._likely_of = found, (step.id, part)
        self.looked = found.complete
        if found.sighting is not None:
            return await self._taken(page, step, part, raw, found, read, deadline)
        return await self._further_down(page, target, read, at_least, deadline, lists=False) if first_look else None

    async def _sought(self, page: Page, step: Step, raw: Target, target: Target, deadline: Deadline) -> Found:
        return await seek(
            page,
            target,
            irreversible=step.effect == "irreversible",
            ranker=self._ranker,
            deadline=deadline,
            fits=lambda one: self._fits(step, raw, one),
            named=is_named(raw),
        )

    async def _retold(self, page: Page, step: Step, raw: Target, found: Found, deadline: Deadline) -> Found:
        """What is to be read, where only its kind of text tells it."""
        asked = [value_of(one.target, self._values) for one in self._before(step) if one.target]
        try:
            snapshot = await page.snapshot(deadline=deadline)
            ref = retold(raw, self._values, [one for one in asked if one], snapshot.elements)
            at = await page.at(snapshot, ref, deadline=deadline) if ref else None
        except (ElementError, ActionTimeout, SnapshotError):
            return found
        if at is None or snapshot.truncated or not self._skill.may_be_at(at.origin):
            return found
        sure = msgspec.structs.replace(found.choice, score=1.0, margin=1.0, reason="sure")
        return msgspec.structs.replace(found, sighting=at, choice=sure)

    def _before(self, step: Step) -> tuple[Step, ...]:
        steps = self._skill.steps
        return steps[: steps.index(step)] if step in steps else ()

    def _fits(self, step: Step, raw: Target, one: Sighting) -> bool:
        if step.effect != "irreversible" and is_named(raw):  # It is told by its own words, whatever stands around it.
            raw = msgspec.structs.replace(raw, fingerprint=msgspec.structs.replace(raw.fingerprint, neighbours=()))
        return (
            self._skill.may_be_at(one.origin) and can_take(step, one.seen) and still_says(one.seen, raw, self._values)
        )

    async def _taken(
        self,
        page: Page,
        step: Step,
        part: Element,
        raw: Target,
        found: Found,
        read: Sequence[ReadBack],
        deadline: Deadline,
    ) -> Sighting | None:
        at = found.sighting
        if at is None:
            return None
        try:
            new = await target_of(page, at, raw, self._values, deadline)
            after = await outlined(page.playwright, at, deadline.sooner_of(LOOK_MS))
            mine = render_all(raw, self._values).locators
            there = render_all(new, self._values).locators if new else ()
            backs = [ReadBack(locators=there, frame=at.seen.frame) if one.locators == mine else one for one in read]
            fresh = await page.verify(at, at.seen, read=backs, at_least=0.9, deadline=deadline)
        except (ElementError, ActionTimeout):
            self.looked = False  # It went away while it was looked at: the page was not at rest.
            return None
        choice, words = found.choice, called(fresh.seen)
        self._keep(step, part, raw, new, score=choice.score, margin=choice.margin, words=words, after=after)
        return msgspec.structs.replace(fresh, similarity=found.choice.score)

    async def _further_down(
        self,
        page: Page,
        target: Target,
        read: Sequence[ReadBack],
        at_least: float,
        deadline: Deadline,
        *,
        lists: bool,
    ) -> Sighting | None:
        """The element of a list, or page, that only makes what it shows: scrolled on, and back when it is not there."""
        frame = frames.resolve(page.playwright.main_frame, target.fingerprint.frame)
        if frame is None:
            return None
        moved = False
        try:
            for _ in range(MOST_SCREENS):
                if deadline.passed or not await leaf(frame, deadline, lists=lists):
                    break
                moved = True
                await changed(frame, deadline.sooner_of(SCREEN_MS))
                try:
                    return await page.find(
                        target.locators,
                        target.fingerprint,
                        read=read,
                        at_least=at_least,
                        deadline=deadline.sooner_of(SCREEN_MS),
                    )
                except (ElementError, ActionTimeout):
                    continue
            if moved:
                await leaf_back(frame, deadline)
        except (ElementMissing, ActionTimeout):
            return None  # The frame was replaced.
        return None

    async def likely(
        self, page: Page, step: Step, part: Element, deadline: Deadline
    ) -> tuple[tuple[Likely, ...], bytes]:
        """What the person may pick from, and a picture of the page (JPEG). Raises PageGone."""
        raw = step.target if part == "target" else step.onto
        if raw is None or step.secret:
            return (), b""
        found = self._likely if self._likely_of == (step.id, part) else None
        if found is None or not found.complete:  # the page was never at rest, or never for long enough
            try:
                found = await self._sought(page, step, raw, render_all(raw, self._values), deadline)
            except PageGone:
                raise
            except BrowserError:
                return (), b""
        shown = []
        scores = [score for _, score in found.choice.ranked]
        for one, score in list(zip(found.likely, scores, strict=True))[:SHOWN]:
            try:
                target = await target_of(page, one, raw, self._values, deadline)
                box = await bounds(one, deadline)
            except BrowserError:
                continue
            if target is not None:
                text = await self._said(page, target, deadline) if step.action == "read" else ""
                shown.append(Likely(words=called(one.seen), score=score, box=box, target=target, text=text))
        try:
            picture = await page.screenshot(deadline=deadline)
        except BrowserError:
            picture = b""
        return tuple(shown), picture

    async def _said(self, page: Page, target: Target, deadline: Deadline) -> str:
        there: Target = render_all(target, self._values)
        try:
            return await page.read(there.locators, frame=there.fingerprint.frame, deadline=deadline)
        except BrowserError:
            return ""


def called(seen: Fingerprint) -> str:
    """An element in few words: 'Place order'."""
    return one_line(seen.name or seen.label or seen.text)[:MOST_CHARS] or seen.role or seen.tag
