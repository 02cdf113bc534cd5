"""What can go wrong with tasks.

TasksError
├── TasksFull       no room for another running task; the person is told
├── LeaseLost       another runner holds what this one was about to write
├── RunnerBusy      another process already runs the tasks of this data folder
├── ActBarred       an irreversible act that must not be made (again)
├── TimersFull      the person has as many timers as one may have
└── TaskGone        no such task
"""

from __future__ import annotations


class TasksError(Exception):
    """Root of the errors of tasks."""

    code = "tasks"


class TasksFull(TasksError):
    """No room for another running task."""

    code = "tasks_full"


class LeaseLost(TasksError):
    """Another runner holds what this one was about to write."""

    code = "lease_lost"


class RunnerBusy(TasksError):
    """Another process already runs the tasks of this data folder."""

    code = "runner_busy"


class ActBarred(TasksError):
    """An earlier intent stands in the way of an act: it may have happened already."""

    code = "act_barred"


class TaskGone(TasksError, LookupError):
    """No such task."""

    code = "task_gone"


class TimersFull(TasksError):
    """The person has as many timers as one may have."""

    code = "timers_full"
