"""The composition root: the cloud is put together here, from its ground and its brain to its doors, and run."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
import structlog
from msgspec import Struct
from starlette.applications import Starlette
from starlette.routing import BaseRoute, WebSocketRoute

from cloud import engines, logs
from cloud.brain import Brain, brain_of, model_of
from cloud.clock import Clock, fresh_id, utc_seconds
from cloud.commands import CancelTask
from cloud.config import Config
from cloud.desk import Works
from cloud.ear import Heard
from cloud.gateway import Gateway
from cloud.ground import Ground, ground_of
from cloud.homes import command_of, home_of
from cloud.lam.goals import Question
from cloud.lam.questions import answer_book
from cloud.metrics import Metrics
from cloud.people.accounts import PairedDevice
from cloud.people.exchange import fingerprint_of
from cloud.people.pairings import Pairings
from cloud.people.tickets import Tickets
from cloud.portal.api import Portal
from cloud.portal.chaining import Chaining
from cloud.portal.devices import Devices
from cloud.portal.doors import Doors
from cloud.portal.engines import Speech
from cloud.portal.exporting import Exports
from cloud.portal.history import History
from cloud.portal.http import routes
from cloud.portal.importing import Imports
from cloud.portal.journal import JournalRoom
from cloud.portal.lists import ListRoom
from cloud.portal.pages import Pages
from cloud.portal.pairing import Pairing
from cloud.portal.reading import Reading
from cloud.portal.schedules import Schedules
from cloud.portal.sharing import Sharing
from cloud.portal.skills import Skills
from cloud.portal.starting import Starting
from cloud.portal.studio import Studio
from cloud.portal.vault import Secrets
from cloud.received import Received
from cloud.replacing import replaced
from cloud.runner import Runner
from cloud.serving import Tls, bind, serving, url_of
from cloud.speech.weights import Hub, usual_address
from cloud.standing import Standing
from cloud.supervision import systemd_of, watched
from cloud.talking import note_address
from cloud.tasks.errors import RunnerBusy
from cloud.tools.errors import ShelfBusy
from cloud.tools.ownership import owning
from cloud.turns import Turns
from release.child import EXIT_SWITCH, Parent
from wire import opus

log = structlog.get_logger()


class Cloud(Struct, frozen=True, kw_only=True):
    """A running cloud."""

    url: str
    ground: Ground
    brain: Brain
    gateway: Gateway
    metrics: Metrics

    @property
    def at_rest(self) -> bool:
        """Nothing goes on that an end of this process would cut, or make somebody wait."""
        return not self.brain.runner.running and self.gateway.at_rest and not self.brain.lessons.open

    async def answers(self) -> None:
        """Comes back while the cloud lives, and is reached. Raises what is in the way."""
        await self.beat()
        async with httpx.AsyncClient(trust_env=False) as client:
            (await client.get(f"{self.url}/health")).raise_for_status()

    async def beat(self) -> None:
        """Comes back while the cloud lives: once through the store, once through the runner's engine."""
        await self.ground.events.cursor()
        await self.brain.runner.beat()


@asynccontextmanager
async def running(
    config: Config,
    *,
    clock: Clock = utc_seconds,
    speech: engines.Engines | None = None,
    redactor: logs.Redactor | None = None,
) -> AsyncIterator[Cloud]:
    """A cloud for as long as the block runs; nothing of it is left afterwards. `speech` replaces configured engines.

    Raises ConfigError, LaunchError (no browser), RunnerBusy (another cloud runs on this data).
    """
    redactor = redactor or logs.Redactor()
    async with AsyncExitStack() as stack:
        tls = _tls(config)
        listening = bind(config.host, config.port)
        stack.callback(listening.close)
        await stack.enter_async_context(_its_skills(config))
        ground = await ground_of(config, clock, speech or engines.choose(config, redactor.register), redactor, stack)
        model = model_of(config, redactor)
        if model is not None:
            stack.push_async_callback(model.close)
        brain = await brain_of(ground, model)
        stack.push_async_callback(brain.lessons.close)
        metrics = Metrics()
        gateway = _gateway(ground, brain, metrics)
        closing = asyncio.Event()
        portal = _portal(ground, brain, gateway, metrics, closing)
        app = Starlette(routes=[*portal, WebSocketRoute("/device", gateway.serve)])

        background = await stack.enter_async_context(asyncio.TaskGroup())
        ready = asyncio.Event()
        # The gateway listens to the log before the runner takes up what was left, so that nothing of it goes unheard.
        telling = background.create_task(gateway.run(await ground.events.cursor(), ready), name="gateway")
        stack.callback(telling.cancel)
        await ready.wait()
        await brain.runner.start()
        stack.push_async_callback(brain.runner.stop)
        await _take_up(ground.turns, brain.runner)
        preparing = background.create_task(ground.engines.prepare(), name="sentences said often")
        stack.callback(preparing.cancel)
        for upgrade in _upgrades(ground, brain, gateway):
            stack.callback(background.create_task(upgrade, name="stronger engine").cancel)
        loops = ((brain.timers.run(), "timers"), (brain.firings.run(), "schedules"), (brain.keeper.run(), "history"))
        for loop, name in loops:
            stack.callback(background.create_task(loop, name=name).cancel)
        await stack.enter_async_context(serving(app, listening, tls))
        stack.callback(closing.set)
        stack.callback(gateway.close)
        stack.callback(brain.lessons.farewell)
        stack.callback(brain.handovers.farewell)
        url = url_of(listening, tls)
        note = note_address(config.data_dir, url, config.certificate)
        stack.callback(note.unlink, missing_ok=True)
        log.info("ready", url=url, tools=len(brain.toolbox), stt=ground.engines.stt.name, tts=ground.engines.tts.name)
        yield Cloud(url=url, ground=ground, brain=brain, gateway=gateway, metrics=metrics)
        log.info("stopping")


@asynccontextmanager
async def _its_skills(config: Config) -> AsyncIterator[None]:
    try:
        async with owning(config.data_dir, "cloud"):
            yield
    except ShelfBusy as error:
        raise RunnerBusy(f"{error}, or take another data folder") from error


def _tls(config: Config) -> Tls | None:
    if not config.certificate:
        return None
    tls = Tls(certificate=Path(config.certificate).resolve(), key=Path(config.certificate_key))
    tls.check()
    return tls


def _upgrades(ground: Ground, brain: Brain, gateway: Gateway) -> list[Coroutine[Any, Any, None]]:
    """What brings stronger engines into use, between turns that no task waits for."""
    upgrades = ground.engines.upgrades
    if not upgrades:
        return []
    hub = Hub(ground.config.weights.hub or usual_address())

    def at_rest() -> bool:
        return not brain.runner.running and gateway.at_rest

    return [upgrade.run(hub, at_rest) for upgrade in upgrades]


def _gateway(ground: Ground, brain: Brain, metrics: Metrics) -> Gateway:
    standing = Standing(brain.runner, brain.timers, ground.config.owner.name, ground.clock)
    works = Works(
        stt=ground.engines.stt,
        tts=ground.engines.tts,
        turns=ground.turns,
        pictures=ground.pictures,
        submit=brain.runner.submit,
        stop_ringing=brain.timers.stop_ringing,
        set_timer=standing.take_over,
        weigh=partial(_weigh, ground, brain),
        expect=partial(_expect, ground, brain),
        metrics=metrics,
    )
    if reason := opus.missing():
        log.info("no_opus", reason=reason)
    return Gateway(
        ground.accounts,
        ground.events,
        works,
        standing.snapshot,
        standing.home,
        received=Received(ground.config.data_dir / "received.json"),
        tickets=Tickets(ground.accounts.folder / "devices", ground.clock),
        stop_work=partial(_stop_work, brain.runner),
        most_devices=ground.config.limits.devices,
        formats=opus.formats(),
    )


async def _expect(ground: Ground, brain: Brain) -> None:
    """What can be said in this minute, and in the next one when that is near."""
    now = datetime.fromtimestamp(ground.clock(), ground.config.zone)
    for moment in (now, now + timedelta(seconds=15)):
        await asyncio.to_thread(ground.engines.corrector.expect, brain.toolbox.phrasebook(), moment)


async def _weigh(ground: Ground, brain: Brain, heard: Heard) -> tuple[tuple[str, float], ...]:
    """What can be said now: requests, and answers to the question that was on the screen."""
    books = [brain.toolbox.phrasebook()]
    ask = await brain.runner.asks.get(heard.ask) if heard.ask else None
    if ask is not None and "question" in ask.data:
        question = msgspec.convert(ask.data["question"], Question)
        books.append(answer_book(question, brain.toolbox.get(question.tool, question.version)))
    now = datetime.fromtimestamp(ground.clock(), ground.config.zone)
    return await ground.engines.weigh(heard, books, now, ground.config.limits.weigh_s)


def _portal(
    ground: Ground, brain: Brain, gateway: Gateway, metrics: Metrics, closing: asyncio.Event
) -> list[BaseRoute]:
    """All that is answered over HTTP: one room a noun."""
    config = ground.config
    doors = Doors(ground.accounts, (config.host, *config.names), clock=ground.clock)
    portal = Portal(
        doors=doors,
        events=ground.events,
        reading=Reading(ground.events, brain.runner.asks, config.data_dir / "tasks"),
        toolbox=brain.toolbox,
        metrics=metrics,
        submit=brain.runner.submit,
        ready=lambda: not closing.is_set(),
        closing=closing,
        fresh_id=fresh_id,
    )
    skills = Skills(
        doors=doors,
        shelf=brain.shelf,
        toolbox=brain.toolbox,
        now=lambda: datetime.fromtimestamp(ground.clock(), config.zone),
    )
    imports = Imports(doors=doors, shelf=brain.shelf, toolbox=brain.toolbox, now=skills.now)
    chaining = Chaining(doors=doors, shelf=brain.shelf, mind=brain.mind, now=skills.now)
    exports = Exports(doors=doors, shelf=brain.shelf, now=skills.now)
    sharing = Sharing(
        doors=doors,
        shelf=brain.shelf,
        memory=ground.memory,
        people=ground.accounts.folder,
        clock=ground.clock,
    )
    starting = Starting(
        doors=doors,
        toolbox=brain.toolbox,
        reading=portal.reading,
        submit=brain.runner.submit,
        fresh_id=fresh_id,
        now=skills.now,
    )
    schedules = Schedules(
        doors=doors,
        records=brain.schedules,
        maker=brain.maker,
        zone_of=brain.firings.zone_of,
        run_now=brain.firings.run_now,
        clock=ground.clock,
    )
    devices = Devices(doors=doors, accounts=ground.accounts, tickets=gateway.tickets, revoke=gateway.revoke)
    own_certificate = partial(fingerprint_of, config.certificate)
    pairing = Pairing(
        doors=doors,
        accounts=ground.accounts,
        pairings=Pairings(time.monotonic, certificate=own_certificate),
        tickets=gateway.tickets,
        events=ground.events,
        certificate=own_certificate,
    )
    secrets = Secrets(doors=doors, vault=ground.vault, connections=ground.connections)
    studio = Studio(doors=doors, lessons=brain.lessons, handovers=brain.handovers)
    speech = Speech(doors=doors, engines=ground.engines)
    history = History(
        doors=doors,
        archive=brain.archive,
        accounts=ground.accounts,
        vault=ground.vault,
        kept=config.history,
        wake=brain.keeper.wake,
        hide=ground.redactor.cleaned,
        clock=ground.clock,
    )
    skilled = (skills, imports, exports, sharing, starting, chaining)
    own = brain.belongings
    lists = ListRoom(doors=doors, lists=own.lists, changes=own.changes, fresh_id=fresh_id)
    journal = JournalRoom(doors=doors, journal=own.journal, now=skills.now, fresh_id=fresh_id)
    kept = (lists, journal, history, schedules)
    rooms = (Pages(), portal, *skilled, devices, pairing, secrets, studio, speech, *kept)
    return [*routes(doors, rooms), *pairing.device_routes()]


async def _stop_work(runner: Runner, device: PairedDevice) -> None:
    """What a device asked for that is not trusted any more is stopped, before its next act."""
    for task in await runner.tasks.open_ones(device.person):
        if home_of(task.device, task.turn).device == device.id:
            await runner.submit(CancelTask(person=device.person, task=task.id))


async def _take_up(turns: Turns, runner: Runner) -> None:
    """Turns that were acknowledged just before an earlier process died."""
    for turn in await turns.unsubmitted():
        log.info("turn_taken_up", key=turn.key)
        await runner.submit(command_of(turn))
        await turns.mark_submitted(turn.key)


def run(config: Config, on_ready: Callable[[str], None]) -> int:
    """Runs the cloud until SIGINT or SIGTERM; the exit code. `on_ready` is told its address.

    What it writes is its user's alone.
    """
    os.umask(0o077)
    redactor = logs.Redactor()
    logs.set_up(redactor, form=config.log, level=config.log_level)

    async def main() -> int:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        async with running(config, redactor=redactor) as cloud:
            on_ready(cloud.url)
            async with watched(systemd_of(os.environ, os.getpid()), f"at {cloud.url}", cloud.beat):
                return await _until(stop, cloud)

    return asyncio.run(main())


async def _until(stop: asyncio.Event, cloud: Cloud) -> int:
    """0 when it is stopped, 76 to make room for a release that is ready."""
    ends: set[asyncio.Task[Any]] = {asyncio.create_task(stop.wait(), name="stop")}
    if (parent := Parent.of(os.environ)) is not None:
        watching = replaced(parent, cloud.answers, lambda: cloud.at_rest)
        ends.add(asyncio.create_task(watching, name="release"))
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            if end.done():
                end.result()
    finally:
        for end in ends:
            end.cancel()
        await asyncio.wait(ends)
    return 0 if stop.is_set() else EXIT_SWITCH
