"""The irreversible act: judged on what the site says, read once more, clicked at most once, and never again."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import msgspec

from browser.conditions import Condition, ReadBack, Sighting
from browser.deadline import Deadline
from browser.errors import BrowserError, ElementChanged, ElementMissing
from browser.fingerprint import Fingerprint
from browser.page import Page
from language.entities import Value
from teach_mode.doing import bringing_about
from teach_mode.errors import ReplayError, StepNotTrue, StepRefused
from teach_mode.evidence import LOOK_MS, Found, count, find_evidence
from teach_mode.interfaces import Act, Gate, Settled, SiteSays
from teach_mode.rereading import MONEY, Reread, Rereading
from teach_mode.sent import asked_along, fields_of
from teach_mode.sight import Sight
from teach_mode.skill import Confirm, Skill, Step, Target
from teach_mode.templates import MOST_CHARS, one_line, render, render_all

# How often a person is asked again because the page changed after the yes.
MOST_ASKED = 3
# The element right before the click is the one judged a moment ago.
THE_SAME = 0.97
AIM_MS = 10_000
# How long what covers the element may take to go away, and then how long the click may take to land.
READY_MS = 5_000
CLICK_MS = 2_000
# A number by itself; the digits of a code ("A-2207") are none.
NUMBER = re.compile(r"(?<!\w)(?<!\w-)\d[\d,.]*")
GATEWAY_ERRORS = frozenset(("error 502", "error 504"))
ANSWER_MS = 30_000
# What a server answers to a request that it understood and did not carry out.
REFUSED = frozenset((409, 412, 422))
# How long it may take to see whether the site offers the same on other terms.
OFFER_MS = 3_000

T = TypeVar("T")
OpenPage = Callable[[], Awaitable[Page]]
MakeAct = Callable[[Step, Sighting, str, tuple[SiteSays, ...]], Act]


class Once:
    """One run's irreversible acts. `open_page` gives a second tab of the same context for counting evidence while the
    person is asked; without it nothing is counted before, and what happened in a crash cannot be told by counting."""

    def __init__(self, page: Page, gate: Gate, sight: Sight, skill: Skill, open_page: OpenPage | None) -> None:
        self._page = page
        self._gate = gate
        self._sight = sight
        self._skill = skill
        self._open_page = open_page
        self._moved: dict[str, Reread] = {}
        self._refusal = ""  # in a sentence, why the site did not do what was agreed
        self._anew = False  # whether the history, as counted before the act, shows its items another way than taught

    async def do(
        self, step: Step, target: Target, values: dict[str, Value], make_act: MakeAct, deadline: Deadline
    ) -> Settled:
        """Do the step once. What the site said goes into `values`. Raises ReplayError when no click happened."""
        read = tuple(self._back(confirm, values) for confirm in step.confirms)
        for _ in range(MOST_ASKED):
            sighting = await self._sight.aim(step, target, read, deadline.sooner_of(AIM_MS))
            read = self._along(step, read, values)
            unsaid = any(map(says_nothing, step.confirms, sighting.texts))
            anew = await self._read_anew(step, read, sighting, values, deadline.sooner_of(AIM_MS)) if unsaid else read
            if anew != read:
                read = anew
                sighting = await self._sight.aim(step, target, read, deadline.sooner_of(AIM_MS))
            if not self._skill.may_be_at(sighting.origin):
                raise StepNotTrue(f"{step.id}: this stands on {sighting.origin}, where it may not act", step=step.id)
            says = self._site_says(step, sighting, values)
            form = ReadBack(frame=sighting.seen.frame, form=True)
            try:
                filled = (await self._look(sighting, (form,), deadline)).texts
            except (ElementMissing, ElementChanged):
                continue
            sent = fields_of(filled[0], says)
            act = self._noticed(make_act(step, sighting, "", (*says, *sent)), step)
            act = msgspec.structs.replace(act, question=self._refusal + asked_along(act.question, sent))
            before = await self._ask(act, step, values)
            judged = msgspec.structs.replace(sighting, texts=sighting.texts + filled)
            if await self._still_so(act, step, before, judged, (*read, form), deadline):
                settled = await self._click(act, step, sighting, before, values, deadline)
                if settled.result != "failed" or not await self._is_offered_anew(step, target, read, sighting):
                    return settled
        raise StepNotTrue(f"{step.id}: the page kept changing after the yes", step=step.id)

    async def _is_offered_anew(self, step: Step, target: Target, read: tuple[ReadBack, ...], agreed: Sighting) -> bool:
        """Whether the site, which said why it did not do what was agreed, offers it now on other terms: a price that
        had expired. Then the person is asked about those."""
        if not self._refusal:
            return False
        try:
            now = await self._sight.aim(step, target, read, Deadline.after_ms(OFFER_MS))
        except (BrowserError, ReplayError):
            return False
        return now.texts != agreed.texts and not any(map(says_nothing, step.confirms, now.texts))

    def _back(self, confirm: Confirm, values: dict[str, Value]) -> ReadBack:
        """What to read; where it is a step's own element that was found elsewhere, there."""
        moved = self._sight.healer.along(confirm)
        if moved is not None:
            confirm = msgspec.structs.replace(confirm, locators=moved.locators, frame=moved.fingerprint.frame)
        there: Confirm = render_all(confirm, values)
        return ReadBack(locators=there.locators, frame=there.frame)

    def _along(self, step: Step, read: tuple[ReadBack, ...], values: dict[str, Value]) -> tuple[ReadBack, ...]:
        """The read-backs, where the element itself was found elsewhere in this very step."""
        return tuple(
            self._back(confirm, values) if self._sight.healer.along(confirm) is not None else back
            for confirm, back in zip(step.confirms, read, strict=True)
        )

    def _noticed(self, act: Act, step: Step) -> Act:
        """The act with what the person must know when the site is not as it was taught."""
        titles = {one.name: one.title for one in step.confirms}
        minded = [
            f"the {titles[name].lower()} now stands under “{now.title}”"
            if now.title != titles[name]
            else f"the {titles[name].lower()} was found elsewhere on the page"
            for name, now in self._moved.items()
            if name in titles
        ]
        new = self._sight.healer.notice(step)
        if new is not None:
            act = msgspec.structs.replace(act, read_backs=(*act.read_backs, new))
            minded.append(f"the button now says {new.text}")
        for was, now_said in self._sight.healer.guards_said_otherwise:
            minded.append(f"where it said “{was}” it now says “{now_said}”")
        if not minded:
            return act
        return msgspec.structs.replace(act, question=f"{act.question} Mind, the site has changed: {'; '.join(minded)}.")

    async def _read_anew(
        self, step: Step, read: tuple[ReadBack, ...], sighting: Sighting, values: dict[str, Value], deadline: Deadline
    ) -> tuple[ReadBack, ...]:
        """The read-backs, those that were not found looked for elsewhere on the page."""
        rereading = Rereading(self._page, self._skill, values, deadline)
        anew = []
        for confirm, back, text in zip(step.confirms, read, sighting.texts, strict=True):
            moved = await rereading.find(confirm) if says_nothing(confirm, text) else None
            if moved is not None:
                self._moved[confirm.name] = moved
                self._sight.healer.reread(step, confirm.name, moved)
            anew.append(moved.back(values) if moved is not None else back)
        return tuple(anew)

    def _site_says(self, step: Step, sighting: Sighting, values: dict[str, Value]) -> tuple[SiteSays, ...]:
        says = []
        for confirm, text in zip(step.confirms, sighting.texts, strict=True):
            words, title = one_line(text or ""), confirm.title.lower()
            if says_nothing(confirm, words):
                raise StepNotTrue(f"{step.id}: the site does not say the {title}", step=step.id)
            if len(words) > MOST_CHARS:
                raise StepNotTrue(
                    f"{step.id}: the site makes a speech of the {title}; it was not clicked", step=step.id
                )
            expected = render(confirm.expect, values)
            if expected and not stands_in(expected, words):
                wrong = f"{title} should be {expected}, but the site says {words}; it was not clicked"
                raise StepNotTrue(f"{step.id}: {wrong}", step=step.id, site_says=words)
            values[confirm.name] = words
            moved = self._moved.get(confirm.name)
            says.append(_said(confirm, words, moved.title if moved is not None else confirm.title))
        return tuple(says)

    async def _ask(self, act: Act, step: Step, values: dict[str, Value]) -> int | None:
        async with alongside(self._count(step, dict(values))) as counting:
            permit = await self._gate.judge(act)
            if not permit.go:
                raise StepRefused(f"{step.id}: {permit.sentence or permit.rule}", step=step.id, rule=permit.rule)
            return await counting

    async def _count(self, step: Step, values: dict[str, Value]) -> int | None:
        if self._open_page is None or step.evidence is None:
            return None
        try:
            page = await self._open_page()
            counted = await count(self._skill, step.evidence, values, page, Deadline.after_ms(LOOK_MS))
            # After a failure the tab is left to its context: closing it in the middle of a load may never return.
            await page.close()
        except BrowserError:
            return None
        self._anew = counted is not None and counted.anew
        return counted.items if counted is not None else None

    async def _look(self, sighting: Sighting, read: Sequence[ReadBack], deadline: Deadline) -> Sighting:
        """The same element and what is read, in one evaluate. Raises ElementMissing, ElementChanged."""
        return await self._page.verify(sighting, sighting.seen, read=read, at_least=THE_SAME, deadline=deadline)

    async def _evidence(self, step: Step, values: dict[str, Value], before: int | None, *, beside: bool) -> Found:
        """What the site's history shows; `beside`: looked up in a tab of its own, so that the site's answer stays."""
        given, page = _given(self._skill, values), self._page
        if beside and step.evidence is not None and self._open_page is not None:
            page = await self._open_page()
        found = await find_evidence(self._skill, given, page, before, anew=self._anew, step=step.id)
        if page is not self._page:
            with contextlib.suppress(BrowserError):
                await page.close()
        return found

    async def _ready(self, step: Step, sighting: Sighting, deadline: Deadline) -> None:
        async with self._sight.passage.keeping_clear(self._page, step, sighting):
            await self._page.ready(sighting, deadline=deadline)

    async def _still_so(
        self,
        act: Act,
        step: Step,
        before: int | None,
        sighting: Sighting,
        read: tuple[ReadBack, ...],
        deadline: Deadline,
    ) -> bool:
        """Whether the click may go out: the intent is written, and the page, read again in one evaluate, says the same
        and has nothing on the element, which stands where it stood. A click that had to wait would land on a page that
        nobody read: what must be waited for is waited for first, and the page is read after it."""
        try:
            await self._gate.intend(act, before)
            again = await self._look(sighting, read, deadline)
            if not again.lands or again.seen.box != sighting.seen.box:
                await self._ready(step, sighting, deadline.sooner_of(READY_MS))
                again = await self._look(sighting, read, deadline)
            if again.texts == sighting.texts and again.origin == sighting.origin and _same(again.seen, sighting.seen):
                return True
        except (ElementMissing, ElementChanged):
            pass
        except (asyncio.CancelledError, BrowserError):
            await asyncio.shield(self._gate.withdraw(act))
            raise
        await self._gate.withdraw(act)
        return False

    async def _click(
        self,
        act: Act,
        step: Step,
        sighting: Sighting,
        before: int | None,
        values: dict[str, Value],
        deadline: Deadline,
    ) -> Settled:
        try:
            settled = await self._click_and_see(step, sighting, before, values, deadline)
        except asyncio.CancelledError:
            gone = Settled(result="unknown", seen="cancelled while the site was answering", before=before)
            await asyncio.shield(self._gate.settled(act, gone))
            raise
        await self._gate.settled(act, settled)
        return settled

    async def _click_and_see(
        self, step: Step, sighting: Sighting, before: int | None, values: dict[str, Value], deadline: Deadline
    ) -> Settled:
        answer_by = deadline.sooner_of(ANSWER_MS)
        clicked = False
        try:
            async with bringing_about(step, self._page, None, values, None, answer_by):
                await self._page.click(sighting, follow=False, deadline=answer_by.sooner_of(CLICK_MS))
                clicked = True
            if step.postcondition is not None:
                after: Condition = render_all(step.postcondition, values)
                await self._sight.expect(step, after, "expected", answer_by, "postcondition")
        except (BrowserError, ReplayError) as error:
            said = error.site_says if isinstance(error, ReplayError) else ""
            # A click that timed out may have gone out all the same; and a gateway's error is no answer of the shop.
            sure = clicked or isinstance(error, ElementMissing)
            answered = sure and said not in GATEWAY_ERRORS and (bool(said) or not answer_by.passed)
            refused = answered and bool(said) and await self._page.status(deadline=answer_by) in REFUSED
            said = await self._sight.alert() or said if refused else said
            found = await self._evidence(step, values, before, beside=bool(said))
            sure_no = refused and (step.evidence is None or not step.evidence.whole)
            settled = _weigh(found, said or str(error), answered, sure_no)
            self._refusal = f"The site says: {said} " if said and settled.result == "failed" else ""
            return settled
        return Settled(result="done", url=self._page.url, before=before)


def _weigh(found: Found, seen: str, answered: bool, refused: bool) -> Settled:
    """The truth after a click without its confirmation. No new item proves a failure only once the site answered;
    `refused`: where it has no page of all items, it answered that it did not take the request."""
    if found.happened:
        result = "done"
    elif (found.happened is False and answered) or refused:
        result = "failed"
    else:
        result = "unknown"
    return Settled(result=result, seen=seen, url=found.url, before=found.before, after=found.after)  # type: ignore[arg-type]


def says_nothing(confirm: Confirm, text: str | None) -> bool:
    """Whether the site does not say what it should: nothing, or not one number for an amount."""
    return not text or (confirm.kind == "amount" and len(MONEY.findall(text) or NUMBER.findall(text)) != 1)


def _said(confirm: Confirm, words: str, title: str) -> SiteSays:
    return SiteSays(name=confirm.name, text=words, title=title, kind=confirm.kind, capped=confirm.capped)


def _given(skill: Skill, values: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if skill.parameter(name) is not None}


def stands_in(expected: str, said: str) -> bool:
    """Whether the words of `expected` stand in `said`, whole and in a row; case and punctuation do not count."""
    wanted, words = _bare(expected), _bare(said)
    return any(words[start : start + len(wanted)] == wanted for start in range(len(words) - len(wanted) + 1))


def _bare(text: str) -> list[str]:
    return [word for word in (part.strip(".,;!?()") for part in text.casefold().split()) if word]


def _same(now: Fingerprint, then: Fingerprint) -> bool:
    """Whether it says and does what it did, to the letter; where it stands, and what is around it, may differ."""
    return msgspec.structs.replace(now, box=then.box, neighbours=then.neighbours) == then


@contextlib.asynccontextmanager
async def alongside(work: Coroutine[Any, Any, T]) -> AsyncIterator[asyncio.Task[T]]:
    """Run `work` beside the body; it never outlives it."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # Whoever wanted to know has awaited it.
