"""A read-back that is no longer where it was taught: the amount under a label that means the same, the element that it
was by its own words, or the very words that are expected, elsewhere on the page. For sure or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from browser.conditions import ReadBack, Sighting
from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.page import Page
from browser.wording import SAME_MEANING, words_alike
from language.entities import Value
from teach_mode.claims import says_still
from teach_mode.retarget import still_says
from teach_mode.seeking import seek, target_of
from teach_mode.skill import Confirm, Skill, Target
from teach_mode.templates import literal, one_line, render, render_all

MONEY = re.compile(r"(?:[$€£¥]\s?\d[\d,]*(?:\.\d\d)?|\d[\d,]*[.,]\d\d(?!\d)(?:\s?[$€£¥])?)")
# A price after a name, with what stands between them.
PRICE = rf"(?P<gap>[\s,;:·–—|(-]*)(?:from |for )?{MONEY.pattern}\)?\s*"
PRICE_END = re.compile(rf"{PRICE}$")
LABEL_WORDS = 4
MOST_LABELS = 8


class Reread(msgspec.Struct, frozen=True, kw_only=True):
    """Where a read-back is now, a template, and the words that it stands under there ("Amount due")."""

    new: Target
    title: str

    def back(self, values: Mapping[str, Value]) -> ReadBack:
        """What to read."""
        new: Target = render_all(self.new, values)
        return ReadBack(locators=new.locators, frame=new.fingerprint.frame)


class Rereading:
    """Looks for what a page says elsewhere now. One look at the page serves all amounts."""

    def __init__(self, page: Page, skill: Skill, values: Mapping[str, Value], deadline: Deadline) -> None:
        self._page = page
        self._skill = skill
        self._values = values
        self._deadline = deadline
        self._labels: dict[tuple[str, ...], list[str]] | None = None

    async def find(self, confirm: Confirm) -> Reread | None:
        """Where a read-back, a template, can be read now. None when that is not sure. Raises BrowserError."""
        if confirm.kind == "amount" or confirm.capped:
            return await self._amount(confirm)
        if confirm.looks is not None and (found := await self._element(confirm, confirm.looks)) is not None:
            return found
        if confirm.expect:
            there = Locator(kind=LocatorKind.TEXT, value=render(confirm.expect, self._values))
            frame = tuple(render(one, self._values) for one in confirm.frame)
            there_now = ReadBack(locators=(there,), frame=frame)
            if any(await self._page.said_now((there_now,), deadline=self._deadline)):
                new = (msgspec.structs.replace(there, value=confirm.expect),)
                return _reread(confirm, new, confirm.title)
        return None

    async def _amount(self, confirm: Confirm) -> Reread | None:
        """The one amount that stands after labels that mean what the taught one did; none when they name several."""
        frame = tuple(render(one, self._values) for one in confirm.frame)
        title = render(confirm.title, self._values)
        labels = [text for text in await self._texts(frame) if _means(title, text)]
        found: dict[str, str] = {}
        likest = sorted(labels, key=lambda text: -words_alike(title, text))[:MOST_LABELS]
        backs = [ReadBack(locators=after(label), frame=frame) for label in likest]
        said = await self._page.said_now(backs, deadline=self._deadline)
        for label, text in zip(likest, said, strict=True):
            amounts = MONEY.findall(text or "")
            if len(amounts) == 1:
                found.setdefault(amounts[0], label)
        if len(found) != 1:
            return None
        [label] = found.values()
        new = tuple(msgspec.structs.replace(one, value=literal(one.value)) for one in after(label))
        return _reread(confirm, new, label)

    async def _texts(self, frame: tuple[str, ...]) -> list[str]:
        """What may be labels in a frame, each once."""
        if self._labels is None:
            self._labels = {}
            for one in (await self._page.snapshot(deadline=self._deadline)).elements:
                text = one_line(one.text)
                known = self._labels.setdefault(one.frame, [])
                if one.visible and 0 < len(text.split()) <= LABEL_WORDS and text not in known:
                    known.append(text)
        return self._labels.get(frame, [])

    async def _element(self, confirm: Confirm, looks: Fingerprint) -> Reread | None:
        """The element itself, as strictly as what cannot be undone is found."""
        raw = Target(locators=confirm.locators, fingerprint=looks)
        taught: Target = render_all(raw, self._values)

        def fits(one: Sighting) -> bool:
            says = says_still(taught.fingerprint, one.seen, strictly=True, numbers=False)
            return (
                one.visible and says and self._skill.may_be_at(one.origin) and still_says(one.seen, raw, self._values)
            )

        found = await seek(self._page, taught, irreversible=True, ranker=None, deadline=self._deadline, fits=fits)
        if found.sighting is None:
            return None
        new = await target_of(self._page, found.sighting, raw, self._values, self._deadline)
        seen = found.sighting.seen
        return Reread(new=new, title=one_line(seen.label or seen.name or confirm.title)) if new is not None else None


def _reread(confirm: Confirm, locators: tuple[Locator, ...], title: str) -> Reread:
    looks = Fingerprint(frame=confirm.frame)
    return Reread(new=Target(locators=locators, fingerprint=looks), title=title)


def _means(taught: str, label: str) -> bool:
    return words_alike(taught, label.rstrip(" :")) >= SAME_MEANING


def after(label: str) -> tuple[Locator, ...]:
    """What stands after a label: beside it, or next in the document."""
    quoted = f'"{label}"' if '"' not in label else f"'{label}'"
    called = f"//*[normalize-space(.)={quoted}]"
    return (
        Locator(kind=LocatorKind.XPATH, value=f"{called}/following-sibling::*[1]"),
        Locator(kind=LocatorKind.XPATH, value=f"{called}/following::*[normalize-space(.)!=''][1]"),
    )
