"""A lesson: a person shows a task in a browser that is theirs alone, and makes a skill of it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from playwright.async_api import Error as PlaywrightError

from browser.context import TaskContext
from browser.deadline import Deadline
from browser.errors import BrowserError
from browser.live.dialogs import LiveDialogs
from browser.live.errands import Errands
from browser.live.inputs import Drawn, Input, Size
from browser.live.shown import Refused
from browser.live.view import LiveView
from browser.live.viewer import Viewer
from browser.page import Page
from browser.pool import Pool
from browser.sending import sending
from language.entities import Value
from teach_mode.errors import EditRefused, LessonRefused, TeachError
from teach_mode.generalize import Proposal, apply
from teach_mode.interfaces import Ranker, Secrets
from teach_mode.lesson import state as states
from teach_mode.lesson.camera import Camera, base_of
from teach_mode.lesson.commands import Agree, Change, Command, Point, Run, Save
from teach_mode.lesson.running import (
    Judge,
    LessonGate,
    Record,
    Trial,
    end_of,
    part_of,
    told_of,
    unrecorded,
    values_for,
)
from teach_mode.lesson.state import Effect, Picked, RunOver, State
from teach_mode.lesson.told import Aim, Aimed, Answered, Question, RunTold, Saved, Told, proposed, told
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed, StepEvent
from teach_mode.skill import Skill
from teach_mode.traces import Traces
from teach_mode.uploads import Folder, is_image, kept_by

RUN_MS = 300_000.0
# How long the page of a finished run is shown when nobody closes it.
LOOK_S = 300.0
# What a person does between "begin" and the first moment of the recording.
MOST_HELD = 1000


class House(Struct, frozen=True, kw_only=True):
    """What a lesson asks of the house above: rules for acts, a shelf for skills, the local time, secrets, and to do its
    trials so that their acts are on record."""

    judge: Judge
    save: Callable[[Skill, Mapping[str, bytes], Mapping[str, bytes], str], Saved]
    now: Callable[[], datetime]
    secrets: Callable[[], AbstractAsyncContextManager[Secrets | None]] = contextlib.nullcontext
    ranker: Ranker | None = None
    trial: Callable[[Skill, Mapping[str, Value], Trial], Awaitable[Replayed]] = unrecorded


class Lesson:
    """Owns a browser context of its own, the view of it, and the state. `folder` is removed with it."""

    def __init__(self, pool: Pool, task: TaskContext, view: LiveView, folder: Path, house: House) -> None:
        self.task = task
        self.view = view
        self._own = view
        self._pool = pool
        self._folder = folder
        self._files = folder / "files"  # what the person gave
        self._house = house
        self._stack = AsyncExitStack()
        self._viewer: Viewer | None = None
        self._state = State()
        self._proposal: Proposal | None = None
        self._problem: TeachError | None = None
        self._camera = Camera(task, tell=self._tell, seen=self._given, now=house.now)
        view.vouching = self._camera.vouching
        self._question: tuple[Question, asyncio.Future[bool]] | None = None
        self._running: asyncio.Task[None] | None = None
        self._looked = asyncio.Event()
        self._held: deque[Input] | None = None
        self._errands = Errands(self._tell, TeachError)

    @classmethod
    async def open(cls, pool: Pool, folder: Path, house: House) -> Lesson:
        """A lesson with one empty tab. It may go nowhere until an address is typed; what pages load is not bound, as
        nobody can know yet which hosts a site needs. Raises LaunchError."""
        async with AsyncExitStack() as stack:
            dialogs = LiveDialogs()
            local = tuple(f"{one.host}:{one.port}" if one.port else one.host for one in pool.allow_local)
            task = await stack.enter_async_context(pool.context(navigate=(), load=("*", *local), dialogs=dialogs))
            view = LiveView(task, dialogs, folder=folder / "files", roam=True, local=pool.allow_local)
            stack.push_async_callback(view.close)
            await task.new_page()
            lesson = cls(pool, task, view, folder, house)
            lesson._stack = stack.pop_all()
            return lesson

    # the viewer

    async def attach(self, viewer: Viewer) -> None:
        """From now on this viewer sees and acts, and is told all that there is."""
        self._viewer = viewer
        self._show_state()
        self._camera.tell_all()
        if self._question is not None:
            viewer.tell(self._question[0])
        await self.view.attach(viewer)

    async def detach(self, viewer: Viewer) -> None:
        """The viewer left."""
        if self._viewer is viewer:
            self._viewer = None
        await self.view.detach(viewer)

    def take(self, given: Input | Command | Point) -> None:
        """Take what the viewer sent; returns at once."""
        if isinstance(given, Command):
            self._given(given)
        elif self._state.running and not isinstance(given, (Drawn, Size)):
            return  # The steps are being done: the person looks on.
        elif isinstance(given, Point):
            self._errands.soon(self._pick(given) if given.take else self._aim(given))
        elif self._held is not None and not isinstance(given, (Drawn, Size)):
            self._held.append(given)  # It is done as soon as it is recorded; beyond the bound the oldest is lost.
        else:
            self.view.take(given)

    def take_bytes(self, data: bytes) -> None:
        """Take the next piece of files that were announced."""
        self.view.take_bytes(data)

    # the state

    def _given(self, given: states.Input) -> None:
        try:
            if isinstance(given, Change) and self._proposal is not None:
                apply(self._proposal, given.edit)  # what would not hold together is refused, and changes nothing
            self._state, effects = states.step(self._state, given, self._house.now().isoformat(timespec="seconds"))
        except (LessonRefused, EditRefused) as error:
            self._tell(Refused(code=error.code, why=str(error)))
            self._show_state()
            return
        for effect in effects:
            self._do(effect)
        self._show_state()

    def _do(self, effect: Effect) -> None:
        match effect:
            case Effect(do="record"):
                self._held = self._held or deque(maxlen=MOST_HELD)
                self._errands.soon(self._roll())
            case Effect(do="rest"):
                self._errands.soon(self._rest())
            case Effect(do="propose"):
                self._propose()
            case Effect(do="stop"):
                self._stop()
            case Effect(do="run", command=Run() as run):
                self._running = self._errands.soon(self._run(run))
            case Effect(do="agree", command=Agree() as agree):
                self._agree(agree)
            case Effect(do="save", command=Save() as save):
                self._errands.soon(self._save(save))

    async def _roll(self) -> None:
        try:
            await self._camera.roll(len(self._state.takes), self.view.page)
        finally:
            held, self._held = self._held, None
            for given in held or ():
                self.view.take(given)

    async def _rest(self) -> None:
        await self.view.finish()
        if not self._state.recording:
            await self._camera.rest()

    def _propose(self) -> None:
        try:
            self._proposal, self._problem = proposed(self._state), None
        except TeachError as error:
            self._proposal, self._problem = None, error

    def _show_state(self) -> None:
        self._tell(told(self._state, self._proposal, self._problem))

    async def _aim(self, at: Point) -> None:
        page = self.view.page
        around: tuple[Aimed, ...] = ()
        try:
            if page is not None and self._state.picking:
                around = await self._camera.around(page, at.x, at.y)
        except (BrowserError, PlaywrightError):
            pass  # The page went elsewhere: nothing is there any more. Whoever asked is told so, and asks again.
        finally:
            self._tell(Aim(x=at.x, y=at.y, around=around))

    async def _pick(self, at: Point) -> None:
        want = self._state.picking
        page = self.view.page
        if want is None or page is None:
            return
        shown = await self._camera.point(page, want, at.x, at.y, at.wider)
        self._given(Picked(shown=shown, base=base_of(shown) if shown is not None else ""))

    # saving

    async def _save(self, save: Save) -> None:
        if self._proposal is None:
            raise self._problem or LessonRefused("nothing was shown yet")
        skill, pictures = self._proposal.skill, self._camera.pictures_of(told(self._state, self._proposal).steps)
        files = await asyncio.to_thread(self._given_files, skill)
        self._tell(await asyncio.to_thread(self._house.save, skill, pictures, files, save.note))

    def _given_files(self, skill: Skill) -> dict[str, bytes]:
        """The files that the skill gives each time. Raises LessonRefused when one was given in an earlier lesson."""
        found = {name: self._files / name for name in kept_by(skill)}
        if missing := [name for name, file in found.items() if not file.is_file()]:
            raise LessonRefused(f"the file {missing[0]!r} is not here any more: give it again, then save")
        return {name: file.read_bytes() for name, file in found.items()}

    def _shown_photo(self) -> Path | None:
        """The picture that was given last: it stands for the photo of a request."""
        images = [file for file in self._files.glob("*") if is_image(file.name)]
        return max(images, key=lambda file: file.stat().st_mtime_ns, default=None)

    # running

    async def _run(self, run: Run) -> None:
        try:
            if self._proposal is None:
                raise self._problem or LessonRefused("there is nothing to run yet")
            values = values_for(self._proposal, run.values, self._house.now())
            if run.to:
                await self._run_here(part_of(self._proposal.skill, self._step_of(run.to)), values)
            else:
                await self._run_afresh(self._proposal.skill, values)
        finally:
            self._running = None
            self._given(RunOver())

    def _step_of(self, shown: str) -> str:
        found = next(step for step in told(self._state, self._proposal).steps if step.id == shown)
        return found.step

    async def _run_here(self, skill: Skill, values: dict[str, Value]) -> None:
        page = self.view.page or await self.task.new_page()
        await self._replay(page, self.task, skill, values)

    async def _run_afresh(self, skill: Skill, values: dict[str, Value]) -> None:
        self._looked.clear()
        async with AsyncExitStack() as stack:
            task = await stack.enter_async_context(self._pool.context(navigate=skill.navigates, load=skill.loads))
            view = LiveView(task, LiveDialogs(), folder=self._folder / "files", roam=False)
            stack.push_async_callback(view.close)
            page = await task.new_page()
            await self._look_at(view)
            stack.push_async_callback(self._look_at, self._own)
            await self._replay(page, task, skill, values)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._looked.wait()

    async def _replay(self, page: Page, task: TaskContext, skill: Skill, values: dict[str, Value]) -> None:
        ran: list[tuple[LessonGate, Traces]] = []

        async def trial(record: Record | None) -> Replayed:
            gate = LessonGate(skill, self._house.judge, self._ask, record)
            traces = Traces(skill, record.changed) if record is not None else Traces(skill)
            ran.append((gate, traces))

            def on_event(event: StepEvent) -> None:
                traces.take(event)
                self._tell(told_of(event))

            async with self._house.secrets() as secrets:
                replay = Replay(
                    page,
                    gate,
                    ranker=self._house.ranker,
                    secrets=secrets,
                    open_page=task.new_page,
                    folder=self._folder / "downloads",
                    files=Folder(self._files, self._shown_photo()),
                    on_event=on_event,
                )
                with sending(task, traces.sent):
                    return await replay.run(skill, values, Deadline.after_ms(RUN_MS))

        replayed = await self._house.trial(skill, values, trial)
        gate, traces = ran[-1]
        self._tell(end_of(replayed, gate.sentence, traces.halt()))

    async def _look_at(self, view: LiveView) -> None:
        viewer = self._viewer
        if viewer is not None:
            await self.view.detach(viewer)
        self.view = view
        if viewer is not None and self._viewer is viewer:
            await view.attach(viewer)

    async def _ask(self, question: Question) -> bool:
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._question = (question, future)
        self._tell(question)
        try:
            return await future
        finally:
            self._question = None
            self._tell(Answered(digest=question.digest))

    def _agree(self, given: Agree) -> None:
        question, future = self._question or (None, None)
        if question is None or future is None or question.digest != given.digest or future.done():
            self._tell(Refused(code="not_asked", why="this is not asked any more"))
            return
        future.set_result(given.yes)

    def _stop(self) -> None:
        self._looked.set()
        if self._running is not None and not self._running.done():
            self._running.cancel()

    # the rest

    def _tell(self, message: Told | Refused | RunTold) -> None:
        if self._viewer is not None:
            self._viewer.tell(message)

    async def close(self) -> None:
        """Closes the browser context and forgets what was uploaded; again is harmless."""
        self._viewer = None
        await self._errands.close()
        await self._camera.close()
        await self._stack.aclose()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
