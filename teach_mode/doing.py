"""One step's act on a tab, and what it brings about there: a dialog that is answered, a tab, a file."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

from browser.actions import Button
from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.dialogs import DialogSeen, dismiss
from browser.errors import ActionTimeout, PageGone
from browser.page import Page
from language.entities import Value
from teach_mode.choosing import choose
from teach_mode.errors import SecretRefused, StepFailed, StepNotTrue, StepRefused
from teach_mode.interfaces import Files, Secrets
from teach_mode.sight import Sight
from teach_mode.skill import DialogAnswer, Step
from teach_mode.templates import render_all
from teach_mode.uploads import PHOTO

# A dialog that names nothing asks about what was pressed, whatever its words.
_SURE = re.compile(
    r"(?:(?:are you )?(?:really |quite |absolutely )?sure|really|please confirm|confirm|continue|proceed"
    r"|(?:do you )?(?:really )?want to (?:continue|proceed|do this|do that))"
)
# How long an element may be blocked where the skill knows how the site says why.
BLOCKED_MS = 3_000
BUTTONS: dict[str, Button] = {"right_click": "right", "middle_click": "middle"}


class Tabs:
    """The tabs of one run, by the names that its steps give them; "" is the first."""

    def __init__(self, first: Page) -> None:
        self._pages = {"": first}

    def at(self, step: Step) -> Page:
        """Where the step is done. Raises StepFailed when that tab is not open."""
        page = self._pages.get(step.tab)
        if page is None or page.closed:
            raise StepFailed(f"{step.id}: the tab {step.tab!r} is not open", step=step.id)
        return page

    def add(self, name: str, page: Page) -> None:
        """A tab that was opened."""
        self._pages[name] = page


class _Answer:
    """Answers the dialog that a step expects, once; every other one gets a no. Where the step can be undone, "Are you
    sure?" is the one expected, too."""

    def __init__(self, answer: DialogAnswer, step: Step) -> None:
        self._answer = answer
        self._lenient = step.effect != "irreversible"
        self._heard = asyncio.Event()
        self._last = ""

    def __call__(self, seen: DialogSeen) -> str | None:
        self._last = seen.message
        meant = _says(self._answer.message, seen.message) or (self._lenient and _only_asks(seen))
        if self._heard.is_set() or seen.kind == "beforeunload" or not meant:
            return dismiss(seen)
        self._heard.set()
        return self._answer.text if self._answer.accept else None

    async def heard(self, step: Step, deadline: Deadline) -> None:
        try:
            async with asyncio.timeout(deadline.left_ms() / 1000):
                await self._heard.wait()
        except TimeoutError as error:
            wanted = f"the dialog {self._answer.message!r}" if self._answer.message else "a dialog"
            seen = f"the page says: {self._last}" if self._last else "none came"
            raise StepNotTrue(
                f"{step.id}: expected {wanted}, but {seen}", step=step.id, site_says=self._last
            ) from error


def _only_asks(seen: DialogSeen) -> bool:
    words = " ".join(re.findall(r"[^\W\d_]+", seen.message.casefold()))
    return seen.kind == "confirm" and _SURE.fullmatch(words) is not None


def _says(wanted: str, said: str) -> bool:
    return " ".join(wanted.split()).casefold() in " ".join(said.split()).casefold()


@contextlib.asynccontextmanager
async def bringing_about(
    step: Step, page: Page, tabs: Tabs | None, values: dict[str, Value], folder: Path | None, deadline: Deadline
) -> AsyncIterator[None]:
    """The act is inside; afterwards its dialog was answered, its tab is among `tabs`, its file in `folder` and the
    file's name in `values`. Raises StepNotTrue, BrowserError."""
    if step.dialog is None and not step.opens and not step.downloads:
        yield
        return
    answer = _Answer(render_all(step.dialog, values), step) if step.dialog is not None else None
    async with contextlib.AsyncExitStack() as stack:
        if answer is not None:
            stack.enter_context(page.answering(answer))
        file = None
        if step.downloads:
            if folder is None:
                raise StepFailed(f"{step.id}: brings a file, and this run has no folder for it", step=step.id)
            file = await stack.enter_async_context(page.downloading())
        if step.opens:
            page.forget_popups()
        yield
        if answer is not None:
            await answer.heard(step, deadline)
        if file is not None and folder is not None:
            values[step.downloads] = (await file.keep(folder, deadline)).name
        if step.opens and step.action != "goto" and tabs is not None:
            tabs.add(step.opens, await page.popup(deadline=deadline))


class Hands:
    """Does a step's act on the element that was found for it. The vault may take until `deadline`, the run's own: a
    person may have to be asked."""

    def __init__(self, sight: Sight, secrets: Secrets | None, files: Files | None, deadline: Deadline) -> None:
        self._sight = sight
        self._secrets = secrets
        self._files = files
        self._deadline = deadline

    async def act(
        self, step: Step, page: Page, at: Sighting, value: str, onto: Sighting | None, limit: Deadline
    ) -> None:
        """Do it. Raises BrowserError, StepRefused, StepFailed."""
        match step.action:
            case "click" | "double_click" | "right_click" | "middle_click":
                await self._click(step, page, at, limit)
            case "fill" if step.secret:
                await self._fill_secret(step, page, at)
            case "fill" if at.seen.tag == "select":  # what other tools call a change
                await choose(page, at, value, limit)
            case "fill":
                await page.fill(at, value, deadline=limit)
            case "select":
                await choose(page, at, value, limit)
            case "check" if at.seen.tag == "select":
                await page.select(at, value, deadline=limit)
            case "check" | "uncheck":
                await page.check(at, step.action == "check", deadline=limit)
            case "press":
                await page.press(value, at, deadline=limit)
            case "hover":
                await page.hover(at, deadline=limit)
            case "scroll":
                await page.scroll(px_of(step, value), at, deadline=limit)
            case "upload":
                await page.upload(at, [await self._file(step, name) for name in value.splitlines()], deadline=limit)
            case "drag" if onto is not None:
                await page.drag(at, onto, deadline=limit)
            case _:
                raise StepFailed(f"{step.id}: there is no way to {step.action} an element", step=step.id)

    async def _file(self, step: Step, name: str) -> Path:
        found = await self._files.give(name) if self._files is not None else None
        if found is None:
            lacks = "a photo that was taken with the request" if name == PHOTO else f"the file {name!r}"
            raise StepFailed(f"{step.id}: needs {lacks}, and there is none", step=step.id)
        return found

    async def _click(self, step: Step, page: Page, at: Sighting, limit: Deadline) -> None:
        """Click once it lands. While it does not, the site is asked why; a site that only is slow is waited for."""
        follow = step.postcondition is None or not step.problems
        count = 2 if step.action == "double_click" else 1
        button = BUTTONS.get(step.action, "left")
        while True:
            soon = limit.sooner_of(BLOCKED_MS) if step.problems else limit
            try:
                return await page.click(at, count=count, button=button, follow=follow, deadline=soon)
            except ActionTimeout:
                # A click that waits for what it leads to may have landed, and is never made again.
                if follow or limit.passed or await self._sight.site_says(step):
                    raise
            except PageGone:
                # A further tab that the click closed has done what it was for.
                if not step.tab or not page.closed or step.postcondition is not None:
                    raise
                return None

    async def _fill_secret(self, step: Step, page: Page, at: Sighting) -> None:
        if self._secrets is None:
            raise StepRefused(
                f"{step.id}: needs the secret {step.secret!r}, and there is no vault", step=step.id, rule="no_vault"
            )
        try:
            await self._secrets.type_into(page, at, step.secret, origin=at.origin, deadline=self._deadline)
        except SecretRefused as error:
            says = error.sentence
            raise StepRefused(f"{step.id}: {says}", step=step.id, rule=error.rule, sentence=says) from None


def px_of(step: Step, value: str) -> int:
    """How far to scroll; 0 brings the element into view. Raises StepFailed."""
    try:
        return int(value or "0")
    except ValueError as error:
        raise StepFailed(f"{step.id}: {value!r} is no number of px to scroll by", step=step.id) from error
