"""What understands and does, built on the ground: mind, runner, skills, lessons."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cloud import logs
from cloud.clock import fresh_id
from cloud.config import Config, read_key
from cloud.errors import ConfigError
from cloud.ground import Ground
from cloud.handovers import Handovers
from cloud.history.archive import Archive
from cloud.history.keeping import Keeper
from cloud.history.sweeping import Sweeper
from cloud.lam.learning import Learning
from cloud.lam.mind import Mind
from cloud.lam.toolbox import Toolbox
from cloud.lessons import Lessons
from cloud.models.chat import ChatModel
from cloud.people.belongings import Belongings, belongings_of
from cloud.runner import Limits, Runner
from cloud.schedules.firing import Firings
from cloud.schedules.making import Maker
from cloud.schedules.records import Records
from cloud.shelving import shelf_of
from cloud.sources.fetching import Fetching
from cloud.tasks.timers import Timers
from cloud.tools import gate
from cloud.tools.builtin import add_builtins
from cloud.tools.healings import Healings
from cloud.tools.ranking import ModelRanker
from cloud.tools.schedules import ScheduleTools, put_into
from cloud.tools.shelf import Shelf
from cloud.tools.sources import source_tools
from cloud.tools.teaching import Teaching
from cloud.trials import Trials


class Brain(Struct, frozen=True, kw_only=True):
    """What understands and does."""

    toolbox: Toolbox
    mind: Mind
    runner: Runner
    timers: Timers
    schedules: Records
    firings: Firings
    maker: Maker
    belongings: Belongings
    shelf: Shelf
    lessons: Lessons
    trials: Trials
    handovers: Handovers
    archive: Archive
    keeper: Keeper


def model_of(config: Config, redactor: logs.Redactor) -> ChatModel | None:
    """The model that the configuration names, if it names one. Raises ConfigError."""
    endpoint = config.model
    if not endpoint.url:
        return None
    key = read_key(endpoint.key_file, "model.key_file")
    if key:
        redactor.register(key)
    return ChatModel(base_url=endpoint.url, model=endpoint.model, key=key, hide=redactor.hide)


async def brain_of(ground: Ground, model: ChatModel | None) -> Brain:
    """What thinks with this model, or with the embedded one alone. Raises ConfigError, SkillError."""
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
        limits=Limits(
            tasks=config.limits.tasks,
            ask_s=config.limits.ask_s,
            task_s=config.limits.task_s,
            long_s=config.limits.long_s,
        ),
    )
    timers = Timers(ground.events, ground.clock)
    belongings = belongings_of(ground.store, ground.clock, folder=config.data_dir, taken=ground.pictures)
    archive = Archive(ground.events, config.data_dir / "tasks")
    add_builtins(
        toolbox,
        store=ground.store,
        memory=ground.memory,
        timers=timers,
        belongings=belongings,
        archive=archive,
        cancel_others=runner.cancel_others,
    )
    for tool in source_tools(config.sources, _fetching(ground)):
        if toolbox.get(tool.name) is not None:
            raise ConfigError(f"sources.{tool.name}: a tool of that name is built in; call the source otherwise")
        toolbox.add(tool)
    schedules, firings = _schedules(ground, toolbox, runner)
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
        kept=lambda name, version: shelf.files(name, version),
        pictures=ground.pictures,
    )
    trials = Trials(
        runner,
        ground.events,
        ground.pool,
        acts,
        folder=config.data_dir / "tasks",
        zone=config.zone,
        fresh_id=fresh_id,
        cap=config.owner.spending_cap,
    )
    runner.look_up_trials(trials.look)
    shelf = shelf_of(config, toolbox, pool=ground.pool, desk=acts, clock=ground.clock)
    healings.open(shelf)
    return Brain(
        toolbox=toolbox,
        mind=mind,
        runner=runner,
        timers=timers,
        schedules=schedules,
        firings=firings,
        maker=Maker(mind, ground.clock, zone=config.zone, fresh_id=fresh_id),
        belongings=belongings,
        shelf=shelf,
        lessons=_lessons(ground, toolbox, shelf, acts, trials),
        trials=trials,
        handovers=handovers,
        archive=archive,
        keeper=_keeper(ground, runner, archive),
    )


def _schedules(ground: Ground, toolbox: Toolbox, runner: Runner) -> tuple[Records, Firings]:
    """What is kept for its times, what begins it then, and the tools that speak of it."""
    records = Records(ground.events)
    firings = Firings(
        records,
        ground.events,
        ground.clock,
        zone=ground.config.zone,
        toolbox=toolbox,
        submit=runner.submit,
        changed=lambda schedules: put_into(toolbox, tools, schedules),
        has_room=lambda: runner.has_room,
        knows=lambda device: any(one.id == device for one in ground.accounts.devices()),
    )
    tools = ScheduleTools(records=records, toolbox=toolbox, zone_of=firings.zone_of, put_now=firings.put_now)
    toolbox.add(tools.adder())
    put_into(toolbox, tools, ())
    return records, firings


def _keeper(ground: Ground, runner: Runner, archive: Archive) -> Keeper:
    """What keeps the history, told of each run that ends."""
    kept = ground.config.history
    sweeper = Sweeper(
        ground.events,
        ground.config.data_dir / "tasks",
        keep_days=kept.keep_days,
        most_bytes=kept.pictures_mb * 1_000_000,
        forget_photo=ground.pictures.forget,
        forget_work=runner.forget,
    )
    keeper = Keeper(archive, sweeper, ground.clock)
    runner.tasks.on_end = keeper.wake
    return keeper


def _fetching(ground: Ground) -> Fetching:
    """What asks the configured sources, each with its key. Raises ConfigError."""
    config, keys = ground.config, {}
    for name, source in config.sources.items():
        keys[name] = read_key(source.key_file, f"sources.{name}.key_file")
        if keys[name]:
            ground.redactor.register(keys[name])
    return Fetching(config.allow_local, ground.clock, keys)


def _lessons(ground: Ground, toolbox: Toolbox, shelf: Shelf, acts: gate.Desk, trials: Trials) -> Lessons:
    teaching = Teaching(
        shelf=shelf,
        toolbox=toolbox,
        vault=ground.vault,
        clock=ground.clock,
        now=lambda: datetime.fromtimestamp(ground.clock(), ground.config.zone),
        cap=ground.config.owner.spending_cap,
        ranker=acts.ranker,
        watch_code=acts.watch_code,
        trial=trials.run,
    )
    return Lessons(ground.pool, teaching.house, folder=ground.config.data_dir / "lessons", fresh_id=fresh_id)
