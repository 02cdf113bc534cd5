"""The durable engine: DBOS over its own SQLite file. It restarts what a dead process left, and skips steps it did.

It knows no tasks: it is given one workflow function, whose only argument is a task's id. DBOS keeps one instance a
process, so there is one running Engine a process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import Engine as SyncEngine
from sqlalchemy import create_engine, event

if TYPE_CHECKING:
    from dbos import DBOSConfig

T = TypeVar("T")
Workflow = Callable[[str], Coroutine[Any, Any, None]]

# Recovery takes up workflows of this version alone. Raise it only when tasks in flight cannot go on under new code.
VERSION = "1"
EXECUTOR = "runner"
WORKFLOW = "leveret.task"
WAKE_S = 0.05
# DBOS gives up after this many; ours gives up sooner, and tells the person.
MOST_RECOVERIES = 50
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


class Engine:
    """Runs `workflow`, a plain async function, once a task id; after a crash again, with the finished steps kept."""

    def __init__(self, database: Path, workflow: Workflow, *, version: str = VERSION) -> None:
        self._database = database
        self._workflow = workflow
        self._version = version
        self._started: Workflow | None = None
        self._store: SyncEngine | None = None

    async def start(self) -> None:
        """Opens the engine's database and takes up what a dead process left unfinished."""
        from dbos import DBOS

        self._database.parent.mkdir(parents=True, exist_ok=True)
        self._store = self._open()
        DBOS(config=self._config())
        self._started = DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_RECOVERIES)(self._workflow)
        DBOS.launch()

    def _config(self) -> DBOSConfig:
        return {
            "name": "leveret",
            "system_database_url": f"sqlite:///{self._database}",
            "system_database_engine": self._store,
            "application_version": self._version,
            "executor_id": EXECUTOR,
            "notification_listener_polling_interval_sec": WAKE_S,
            "log_level": "ERROR",
            "enable_otlp": False,
        }

    def _open(self) -> SyncEngine:
        """WAL without a sync a commit: a power cut may undo the last steps, which are then done again.

        What must not be done again has a record of its own, which is synced (`cloud.tasks.intents`).
        """
        engine = create_engine(f"sqlite:///{self._database}")

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            connection.isolation_level = "IMMEDIATE"
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")

        return engine

    async def run(self, task: str) -> None:
        """Starts the workflow of a task; one that is running, or has run, is left alone."""
        from dbos import DBOS, SetWorkflowID

        if self._started is None:
            raise RuntimeError("the engine is not started")
        with SetWorkflowID(task):
            await DBOS.start_workflow_async(self._started, task)

    async def state(self, task: str) -> str:
        """`none`, `live` (running, or to be recovered) or `ended`."""
        from dbos import DBOS

        status = await DBOS.get_workflow_status_async(task)
        if status is None:
            return "none"
        return "ended" if status.status in ENDED else "live"

    async def forget(self, tasks: Sequence[str]) -> None:
        """Removes what is kept of the work of tasks that have ended."""
        from dbos import DBOS

        if self._started is not None and tasks:
            await DBOS.delete_workflows_async(list(tasks))

    async def stop(self) -> None:
        """Stops taking up work. Workflows that did not end stay as they are, for the next start."""
        from dbos import DBOS

        self._started = None
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        if self._store is not None:
            self._store.dispose()
        # DBOS lends the loop its thread pool, and has just shut that down.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(thread_name_prefix="leveret"))


async def durable(name: str, kind: type[T], work: Callable[[], Awaitable[T]]) -> T:
    """Within a workflow: does `work`, unless an earlier run of this workflow did; then its stored result comes back.

    Stored as JSON, so that newer code can read it. Cancellation is not stored: the step runs again.
    """
    from dbos import DBOS

    async def step() -> str:
        return msgspec.json.encode(await work()).decode()

    stored = await DBOS.run_step_async({"name": name}, step)
    return msgspec.json.decode(stored, type=kind)
