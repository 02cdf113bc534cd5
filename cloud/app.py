"""The composition root: everything that the cloud is made of is built here, and handed to the rest."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
import structlog
from msgspec import Struct
from starlette.applications import Starlette
from starlette.routing import BaseRoute, WebSocketRoute

from browser.pool import Pool, PoolConfig
from cloud import engines, logs
from cloud.clock import Clock, fresh_id, utc_seconds
from cloud.config import Config
from cloud.desk import Works
from cloud.ear import Heard
from cloud.errors import ConfigError
from cloud.events import EventLog
from cloud.gateway import Gateway
from cloud.handovers import Handovers
from cloud.homes import command_of
from cloud.lam.goals import Question
from cloud.lam.learning import Learning
from cloud.lam.mind import Mind
from cloud.lam.questions import answer_book
from cloud.lam.toolbox import Toolbox
from cloud.lessons import Lessons
from cloud.metrics import Metrics
from cloud.models.chat import ChatModel
from cloud.people.accounts import OWNER, Accounts
from cloud.people.connections import Connections
from cloud.people.keys import keys_of
from cloud.people.memory import SPENDING_CAP, Memory
from cloud.people.vault import Vault
from cloud.portal.api import Portal
from cloud.portal.devices import Devices
from cloud.portal.doors import Doors
from cloud.portal.http import routes
from cloud.portal.pages import Pages
from cloud.portal.reading import Reading
from cloud.portal.skills import Skills
from cloud.portal.studio import Studio
from cloud.portal.vault import Secrets
from cloud.received import Received
from cloud.runner import Limits, Runner
from cloud.serving import bind, serving, url_of
from cloud.standing import Standing
from cloud.store import Store, file_url, persons, put
from cloud.talking import note_address
from cloud.tasks.schedules import Schedules
from cloud.tools import gate
from cloud.tools.builtin import add_builtins
from cloud.tools.healings import Healings
from cloud.tools.ranking import ModelRanker
from cloud.tools.register import Register
from cloud.tools.shelf import Shelf
from cloud.tools.skills import bound
from cloud.tools.teaching import Teaching
from cloud.turns import Pictures, Turns
from teach_mode.checks import read_skill

log = structlog.get_logger()


class Ground(Struct, frozen=True, kw_only=True):
    """What everything stands on: configuration, clock, store, engines, browser."""

    config: Config
    clock: Clock
    accounts: Accounts
    store: Store
    events: EventLog
    memory: Memory
    vault: Vault
    connections: Connections
    redactor: logs.Redactor
    pictures: Pictures
    turns: Turns
    engines: engines.Engines
    pool: Pool


class Brain(Struct, frozen=True, kw_only=True):
    """What understands and does."""

    toolbox: Toolbox
    mind: Mind
    runner: Runner
    schedules: Schedules
    shelf: Shelf
    lessons: Lessons
    handovers: Handovers


class Cloud(Struct, frozen=True, kw_only=True):
    """A running cloud."""

    url: str
    ground: Ground
    brain: Brain
    gateway: Gateway
    metrics: Metrics


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
        listening = bind(config.host, config.port)
        stack.callback(listening.close)
        ground = await _ground(config, clock, speech or engines.choose(config.stt, config.tts), redactor, stack)
        model = _model(config, redactor)
        if model is not None:
            stack.push_async_callback(model.close)
        brain = await _brain(ground, model)
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
        ringing = background.create_task(brain.schedules.run(), name="schedules")
        stack.callback(ringing.cancel)
        await stack.enter_async_context(serving(app, listening))
        stack.callback(closing.set)
        stack.callback(gateway.close)
        stack.callback(brain.lessons.farewell)
        stack.callback(brain.handovers.farewell)
        url = url_of(listening)
        note = note_address(config.data_dir, url)
        stack.callback(note.unlink, missing_ok=True)
        log.info("ready", url=url, tools=len(brain.toolbox), stt=ground.engines.stt.name, tts=ground.engines.tts.name)
        yield Cloud(url=url, ground=ground, brain=brain, gateway=gateway, metrics=metrics)
        log.info("stopping")


async def _ground(
    config: Config,
    clock: Clock,
    speech: engines.Engines,
    redactor: logs.Redactor,
    stack: AsyncExitStack,
) -> Ground:
    config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    watch = redactor.register
    accounts = Accounts(config.data_dir / "people", watch=watch)
    accounts.open()
    keys = keys_of(config.data_dir / "people", config.vault_key_file, os.environ, watch)
    keys.open()
    store = await Store.open(file_url(config.data_dir / "leveret.db"))
    stack.push_async_callback(store.close)
    stack.push_async_callback(speech.close)
    browser = PoolConfig(
        state_dir=config.data_dir / "browser", allow_local=config.allow_local, chromium=config.chromium
    )
    pool = Pool(browser)
    stack.push_async_callback(pool.close)
    async with asyncio.TaskGroup() as warming:
        warming.create_task(speech.ready())
        warming.create_task(pool.start())
    ground = Ground(
        config=config,
        clock=clock,
        accounts=accounts,
        store=store,
        events=EventLog(store, clock, hide=redactor.cleaned),
        memory=Memory(store, clock),
        vault=Vault(store, keys, clock, watch=watch),
        connections=Connections(store, keys, clock, watch=redactor.register_passing),
        redactor=redactor,
        pictures=Pictures(config.data_dir / "pictures", max_bytes=config.limits.picture_bytes),
        turns=Turns(store, clock),
        engines=speech,
        pool=pool,
    )
    await _introduce(ground)
    return ground


async def _introduce(ground: Ground) -> None:
    """The owner's row, and what the configuration says of the owner."""
    owner = ground.config.owner
    row = {"id": OWNER, "name": owner.name, "zone": ground.config.timezone, "created_at": ground.clock()}
    async with ground.store.write() as connection:
        await put(connection, persons, row)
    known = {"name": owner.name, "address": owner.address, "phone": owner.phone, "email": owner.email}
    await ground.memory.remember(OWNER, {key: value for key, value in known.items() if value})
    await ground.memory.remember(OWNER, {SPENDING_CAP: owner.spending_cap})


def _model(config: Config, redactor: logs.Redactor) -> ChatModel | None:
    """The model that the configuration names, if it names one. Raises ConfigError."""
    endpoint = config.model
    if not endpoint.url:
        return None
    try:
        key = Path(endpoint.key_file).read_text(encoding="utf-8").strip() if endpoint.key_file else ""
    except OSError as error:
        raise ConfigError(f"model.key_file: cannot read {endpoint.key_file}: {error.strerror}") from error
    if key:
        redactor.register(key)
    return ChatModel(base_url=endpoint.url, model=endpoint.model, key=key, hide=redactor.hide)


async def _brain(ground: Ground, model: ChatModel | None) -> Brain:
    config, speech = ground.config, ground.engines
    toolbox = Toolbox()
    learning = Learning(ground.store, ground.memory, toolbox, ground.clock)
    await learning.load()
    mind = Mind(
        toolbox,
        speech.corrector,
        memory=ground.memory,
        learning=learning,
        read_text=speech.reader,
        model=model,
    )
    runner = Runner(
        mind,
        ground.events,
        folder=config.data_dir,
        pictures=ground.pictures,
        zone=config.zone,
        limits=Limits(tasks=config.limits.tasks, ask_s=config.limits.ask_s, task_s=config.limits.task_s),
    )
    schedules = Schedules(ground.events, ground.clock)
    add_builtins(
        toolbox,
        store=ground.store,
        memory=ground.memory,
        schedules=schedules,
        cancel_others=runner.cancel_others,
    )
    healings = Healings()
    handovers = Handovers()
    acts = gate.Desk(
        judge_act=mind.judge_act,
        asks=runner.asks,
        intents=runner.intents,
        ask_s=config.limits.ask_s,
        vault=ground.vault,
        connections=ground.connections,
        showing=handovers.showing,
        watch_code=ground.redactor.register_passing,
        hide=ground.redactor.hide,
        ranker=ModelRanker(model) if model is not None else None,
        healings=healings,
    )
    shelf = _shelf(ground, toolbox, acts)
    healings.open(shelf)
    return Brain(
        toolbox=toolbox,
        mind=mind,
        runner=runner,
        schedules=schedules,
        shelf=shelf,
        lessons=_lessons(ground, toolbox, shelf, acts),
        handovers=handovers,
    )


def _shelf(ground: Ground, toolbox: Toolbox, acts: gate.Desk) -> Shelf:
    """Skills of files and of the shelf, put into the toolbox now and whenever one changes. Raises SkillError."""
    config = ground.config
    files = {skill.name: skill for skill in map(read_skill, skill_files(config.skills))}
    for skill in files.values():
        bound(skill, config.sites)
    register = Register(toolbox, sites=config.sites, pool=ground.pool, desk=acts)
    reserved = [tool.name for tool in toolbox]
    shelf = Shelf(
        config.data_dir / "skills", files=files, reserved=reserved, changed=register.changed, clock=ground.clock
    )
    register.open(shelf)
    return shelf


def _lessons(ground: Ground, toolbox: Toolbox, shelf: Shelf, acts: gate.Desk) -> Lessons:
    teaching = Teaching(
        shelf=shelf,
        toolbox=toolbox,
        vault=ground.vault,
        clock=ground.clock,
        now=lambda: datetime.fromtimestamp(ground.clock(), ground.config.zone),
        cap=ground.config.owner.spending_cap,
        ranker=acts.ranker,
        watch_code=acts.watch_code,
    )
    return Lessons(ground.pool, teaching.house, folder=ground.config.data_dir / "lessons", fresh_id=fresh_id)


def _gateway(ground: Ground, brain: Brain, metrics: Metrics) -> Gateway:
    standing = Standing(brain.runner, brain.schedules, ground.config.owner.name)
    works = Works(
        stt=ground.engines.stt,
        tts=ground.engines.tts,
        turns=ground.turns,
        pictures=ground.pictures,
        submit=brain.runner.submit,
        stop_ringing=brain.schedules.stop_ringing,
        weigh=partial(_weigh, ground, brain),
        metrics=metrics,
    )
    return Gateway(
        ground.accounts,
        ground.events,
        works,
        standing.snapshot,
        standing.home,
        received=Received(ground.config.data_dir / "received.json"),
        most_devices=ground.config.limits.devices,
    )


async def _weigh(ground: Ground, brain: Brain, heard: Heard) -> tuple[tuple[str, float], ...]:
    """What can be said now: requests, and answers to the question that was on the screen."""
    books = [brain.toolbox.phrasebook()]
    ask = await brain.runner.asks.get(heard.ask) if heard.ask else None
    if ask is not None and "question" in ask.data:
        question = msgspec.convert(ask.data["question"], Question)
        books.append(answer_book(question, brain.toolbox.get(question.tool)))
    now = datetime.fromtimestamp(ground.clock(), ground.config.zone)
    return await ground.engines.weigh(heard, books, now)


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
    devices = Devices(doors=doors, accounts=ground.accounts, revoke=gateway.revoke)
    secrets = Secrets(doors=doors, vault=ground.vault, connections=ground.connections)
    studio = Studio(doors=doors, lessons=brain.lessons, handovers=brain.handovers)
    return routes(doors, (Pages(), portal, skills, devices, secrets, studio))


async def _take_up(turns: Turns, runner: Runner) -> None:
    """Turns that were acknowledged just before an earlier process died."""
    for turn in await turns.unsubmitted():
        log.info("turn_taken_up", key=turn.key)
        await runner.submit(command_of(turn))
        await turns.mark_submitted(turn.key)


def skill_files(places: Iterable[Path]) -> list[Path]:
    """Skill files: those named, and all in the folders named. Raises ConfigError for what is not there."""
    found: list[Path] = []
    for place in places:
        if not place.exists():
            raise ConfigError(f"skills: there is no {place}")
        found.extend(sorted(place.glob("*.json")) if place.is_dir() else [place])
    return found


def run(config: Config, on_ready: Callable[[str], None]) -> None:
    """Runs the cloud until SIGINT or SIGTERM. `on_ready` is told its address. What it writes is its user's alone."""
    os.umask(0o077)
    redactor = logs.Redactor()
    logs.set_up(redactor, form=config.log, level=config.log_level)

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        async with running(config, redactor=redactor) as cloud:
            on_ready(cloud.url)
            await stop.wait()

    asyncio.run(main())
