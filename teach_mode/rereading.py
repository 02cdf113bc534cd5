"""A read-back that is no longer where it was taught: the amount under a label that means the same, or the very words
that are expected, elsewhere on the page. For sure or not at all."""

from __future__ import annotations

import re

import msgspec

from browser.conditions import ReadBack
from browser.deadline import Deadline
from browser.errors import ActionTimeout, ElementMissing
from browser.locators import Locator, LocatorKind
from browser.page import Page
from browser.wording import SAME_MEANING, words_alike
from teach_mode.skill import Confirm
from teach_mode.templates import one_line

MONEY = re.compile(r"(?:[$€£¥]\s?\d[\d,]*(?:\.\d\d)?|\d[\d,]*[.,]\d\d(?!\d)(?:\s?[$€£¥])?)")
LABEL_WORDS = 4
MOST_LABELS = 8
READ_MS = 300


class Reread(msgspec.Struct, frozen=True, kw_only=True):
    """Where a read-back is now, and the words that it stands under there ("Amount due")."""

    back: ReadBack
    title: str


async def reread(page: Page, confirm: Confirm, expected: str, deadline: Deadline) -> Reread | None:
    """Where a read-back that its locators do not find can be read now; `confirm` and `expected` have their places
    filled. None when that is not sure. Raises BrowserError."""
    if confirm.kind == "amount" or confirm.capped:
        return await _amount(page, confirm, deadline)
    if expected:
        there = Locator(kind=LocatorKind.TEXT, value=expected)
        if await _said(page, (there,), confirm.frame):
            return Reread(back=ReadBack(locators=(there,), frame=confirm.frame), title=confirm.title)
    return None


async def _amount(page: Page, confirm: Confirm, deadline: Deadline) -> Reread | None:
    """The one amount that stands after labels that mean what the taught one did; none when they name several."""
    snapshot = await page.snapshot(deadline=deadline)
    texts = dict.fromkeys(one_line(one.text) for one in snapshot.elements if one.visible and one.frame == confirm.frame)
    labels = [text for text in texts if 0 < len(text.split()) <= LABEL_WORDS and _means(confirm.title, text)]
    found: dict[str, Reread] = {}
    for label in sorted(labels, key=lambda text: -words_alike(confirm.title, text))[:MOST_LABELS]:
        back = ReadBack(locators=after(label), frame=confirm.frame)
        said = await _said(page, back.locators, confirm.frame)
        if len(MONEY.findall(said)) == 1:
            found.setdefault(MONEY.findall(said)[0], Reread(back=back, title=label))
    return next(iter(found.values())) if len(found) == 1 else None


def _means(taught: str, label: str) -> bool:
    return words_alike(taught, label.rstrip(" :")) >= SAME_MEANING


async def _said(page: Page, locators: tuple[Locator, ...], frame: tuple[str, ...]) -> str:
    try:
        return await page.read(locators, frame=frame, deadline=Deadline.after_ms(READ_MS))
    except (ElementMissing, ActionTimeout):
        return ""


def after(label: str) -> tuple[Locator, ...]:
    """What stands after a label: beside it, or next in the document."""
    quoted = f'"{label}"' if '"' not in label else f"'{label}'"
    called = f"//*[normalize-space(.)={quoted}]"
    return (
        Locator(kind=LocatorKind.XPATH, value=f"{called}/following-sibling::*[1]"),
        Locator(kind=LocatorKind.XPATH, value=f"{called}/following::*[normalize-space(.)!=''][1]", nth=0),
    )
