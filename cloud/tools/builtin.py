"""Everything built in, and the two tools that speak of Leveret itself: what it can do, and what it just said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from cloud.history.archive import Archive
from cloud.lam.toolbox import Card, Outcome, Row, Run, Tool, Toolbox, example, plain_description
from cloud.people.belongings import Belongings
from cloud.people.changes import Changes
from cloud.people.memory import Memory
from cloud.store import Store
from cloud.tasks.timers import Timers
from cloud.tools.clocks import CLOCK_TOOLS
from cloud.tools.journal import JournalTools
from cloud.tools.lists import ListTools
from cloud.tools.notes import NoteTools
from cloud.tools.recounting import RecountTools
from cloud.tools.spoken import SpokenTool
from cloud.tools.sums import SUM_TOOLS
from cloud.tools.timers import TimerTools
from language.entities import Value

CancelOthers = Callable[[str, str], Awaitable[int]]  # person, the task that asks -> how many were stopped

TOLD_FIRST = ("set_timer", "set_alarm", "take_note", "time")


def add_builtins(
    toolbox: Toolbox,
    *,
    store: Store,
    memory: Memory,
    timers: Timers,
    belongings: Belongings,
    archive: Archive,
    cancel_others: CancelOthers,
) -> None:
    """Adds every built-in tool."""
    built: tuple[Tool, ...] = (
        *TimerTools(timers).tools(),
        *NoteTools(store).tools(),
        *ListTools(belongings.lists).tools(),
        *JournalTools(belongings.journal).tools(),
        *RecountTools(archive).tools(),
        undo_tool(belongings.changes),
        *CLOCK_TOOLS,
        *SUM_TOOLS,
        stop_tool(timers, cancel_others),
        help_tool(toolbox),
        repeat_tool(memory),
    )
    for tool in sorted(built, key=lambda tool: tool.name not in TOLD_FIRST):
        toolbox.add(tool)


def stop_tool(timers: Timers, cancel_others: CancelOthers) -> SpokenTool:
    """Calls a halt to what rings and to what is being done."""

    async def work(arguments: Mapping[str, Value], run: Run) -> Outcome:
        silenced = await timers.stop_ringing(run.person)
        stopped = await cancel_others(run.person, run.task)
        sentence = "Stopped." if stopped else "Okay." if silenced else "There is nothing to stop."
        return Outcome(status="done", sentence=sentence)

    return SpokenTool(
        name="stop",
        description="stop what I am doing",
        utterances=(
            "[please] (stop|cancel|abort) [it|that|everything] [please]",
            "(enough|that's enough)",
            "[no] never mind",
            "forget (it|about it)",
            "(leave|drop) it",
        ),
        effect="reversible",
        work=work,
    )


def undo_tool(changes: Changes) -> SpokenTool:
    """Takes back the last change of a list or of the journal."""

    async def work(arguments: Mapping[str, Value], run: Run) -> Outcome:
        words = await changes.undo(run.person, f"{run.task}-{run.step}")
        sentence = f"Undone: {words}." if words is not None else "There is nothing to undo."
        return Outcome(status="done", sentence=sentence)

    return SpokenTool(
        name="undo",
        description="undo the last change of a list or the journal",
        utterances=(
            "undo [that|it|the last change]",
            "put (that|it|them) back",
            "bring (that|it|them) back",
        ),
        effect="reversible",
        work=work,
    )


def help_tool(toolbox: Toolbox) -> SpokenTool:
    """Answers from what is in the Toolbox when it is asked."""

    async def work(arguments: Mapping[str, Value], run: Run) -> Outcome:
        rows = tuple(Row(plain_description(tool), example(tool, run.now())) for tool in toolbox.by_importance())
        return Outcome(status="done", sentence=toolbox.abilities(), card=Card(title="I can", rows=rows))

    return SpokenTool(
        name="help",
        description="say what I can do",
        utterances=(
            "what can you do",
            "what can i (say|ask) [you]",
            "help [me]",
            "what do you (do|know)",
            "how do you work",
        ),
        work=work,
    )


def repeat_tool(memory: Memory) -> SpokenTool:
    """Says the last thing again."""

    async def work(arguments: Mapping[str, Value], run: Run) -> Outcome:
        said = await memory.last_said(run.person)
        return Outcome(status="done", sentence=said or "I have not said anything yet.")

    return SpokenTool(
        name="repeat",
        description="say it again",
        utterances=(
            "(say|repeat) (that|it) again",
            "repeat (that|it)",
            "what did you say",
            "come again",
            "(sorry|pardon) [me]",
        ),
        work=work,
    )
