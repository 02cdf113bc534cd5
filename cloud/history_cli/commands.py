"""The commands of `leveret history`.

Exit codes: 0 it is done, or found; 1 nothing was found; 2 wrong use, no such run, or a file that is no trace; 3 it
cannot be done now, or was declined.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

import msgspec
import typer

from cloud.options import ConfigFile, DataDir, Url, configured, out, wrong
from cloud.skill_cli.doing import DONE, REFUSED, WRONG, print_json

if TYPE_CHECKING:
    from cloud.history_cli.telling import Telling
    from cloud.skill_cli.connecting import Skills

NOTHING = 1
LAST = "last"
history = typer.Typer(no_args_is_help=True, help="What was done in your name: find, look at, hand on, forget.")

Run = Annotated[str, typer.Argument(help="a run, as `leveret history list` has it, or: last")]
Json = Annotated[bool, typer.Option("--json", help="print the result as JSON")]
Since = Annotated[str, typer.Option("--since", help="the first day, such as 2026-11-23")]
Until = Annotated[str, typer.Option("--until", help="the last day")]
Tool = Annotated[str, typer.Option("--tool", help="the skill or tool that was used")]
Status = Annotated[str, typer.Option("--status", help="how it ended: done, failed, refused, declined, unknown …")]
BegunBy = Annotated[str, typer.Option("--by", help="device, portal, command line, schedule or studio")]
Device = Annotated[str, typer.Option("--device", help="the device that it was said to")]
Most = Annotated[int, typer.Option("--most", help="how many, the newest first", min=1, max=200)]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]


@history.command("list")
def list_runs(
    since: Since = "",
    until: Until = "",
    tool: Tool = "",
    status: Status = "",
    by: BegunBy = "",
    device: Device = "",
    most: Most = 30,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """List the newest runs, those that are being done first."""
    wanted = {"since": since, "until": until, "tool": tool, "status": status, "began_by": by, "device": device}
    _do(_found("", wanted, most), as_json, url, config, data_dir)


@history.command()
def search(
    words: Annotated[list[str], typer.Argument(help="what was said, done, typed, read or answered, in any order")],
    since: Since = "",
    until: Until = "",
    tool: Tool = "",
    status: Status = "",
    by: BegunBy = "",
    device: Device = "",
    most: Most = 30,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Find runs by words; the last one may be unfinished."""
    wanted = {"since": since, "until": until, "tool": tool, "status": status, "began_by": by, "device": device}
    _do(_found(" ".join(words), wanted, most), as_json, url, config, data_dir)


@history.command()
def show(run: Run, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Tell a run: each step with its time and verdict, questions and answers, what the site showed."""

    async def work(told: _Told) -> int:
        from cloud.history.story import RunStory

        found = await told.history.get(f"/api/history/{await told.run(run)}")
        told.show(found, lambda: told.telling.story(msgspec.convert(found, RunStory)))
        return DONE

    _do(work, as_json, url, config, data_dir)


@history.command()
def export(
    run: Run,
    to: Annotated[Path | None, typer.Option(help="where to save it (default: a name of its own, here)")] = None,
    pictures: Annotated[bool, typer.Option(help="with the pictures of the pages")] = True,
    values: Annotated[bool, typer.Option(help="with what was said, typed, read and answered; without, no pictures")] = (
        True
    ),
    yes: Yes = False,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Save a run as a trace file, which can be opened elsewhere. What is in it is said first."""

    async def work(told: _Told) -> int:
        at = f"/api/history/{await told.run(run)}/trace"
        asked = "?" + urlencode({"pictures": "yes" if pictures else "no", "values": "yes" if values else "no"})
        about = await told.history.get(f"{at}/about{asked}")
        wrong.print(about["words"], highlight=False, markup=False, soft_wrap=True)
        if not yes and sys.stdin.isatty() and not typer.confirm("Save it?", err=True):
            return REFUSED
        place = to or Path(about["name"])
        data = await told.history.file(at + asked)
        await asyncio.to_thread(place.write_bytes, data)
        told.show({**about, "file": str(place)}, lambda: told.telling.say(f"saved as {place}, {len(data)} bytes"))
        return DONE

    _do(work, as_json, url, config, data_dir)


@history.command("open")
def open_trace(
    file: Annotated[Path, typer.Argument(help="a .leveret-trace", exists=True, dir_okay=False)],
    pictures: Annotated[Path | None, typer.Option(help="a folder to put its pictures into")] = None,
    as_json: Json = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Show a trace file that somebody sent. Nothing in it is run or kept."""
    from cloud.history.trace import MOST_BYTES, read_trace
    from cloud.history_cli.telling import Telling

    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    trace = read_trace(data)
    if pictures is not None:
        for name, (offset, size) in trace.places.items():
            place = pictures / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data[offset : offset + size])
    if as_json:
        print_json({"manifest": trace.manifest, "run": trace.story})
        return
    telling = Telling(out, configured(config, data_dir=data_dir).zone)
    made = telling.when(trace.manifest.made)
    telling.say(f"From a file, not from your history: made by {trace.manifest.by}, {made}.", "yellow")
    telling.say(f"It says of itself: “{trace.manifest.words}”", "yellow")
    telling.story(trace.story)


@history.command()
def forget(
    run: Annotated[str, typer.Argument(help="a run, or: last")] = "",
    everything: Annotated[bool, typer.Option("--all", help="every run that has ended")] = False,
    yes: Yes = False,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Forget a run, with its pictures and all that was said. For ten minutes it can be restored."""
    if bool(run) == everything:
        raise typer.BadParameter("name a run, or say --all")

    async def work(told: _Told) -> int:
        one = "" if everything else await told.run(run)
        what = "every run that has ended" if everything else f"run {one}"
        if not yes and not (sys.stdin.isatty() and typer.confirm(f"Forget {what}?", err=True)):
            wrong.print(f"leveret: {what} is not forgotten; say --yes", style="red", highlight=False)
            return REFUSED
        path = "/api/history/forget" if everything else f"/api/history/{one}/forget"
        answer = await told.history.post(path, {"everything": True} if everything else {})
        until = told.telling.when(answer["until"])
        told.show(answer, lambda: told.telling.say(f"forgotten: {what}; until {until}: leveret history restore"))
        return DONE

    _do(work, as_json, url, config, data_dir)


@history.command()
def restore(
    run: Annotated[str, typer.Argument(help="a run (default: all that can be)")] = "",
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Take back what was forgotten, while it can be."""

    async def work(told: _Told) -> int:
        answer = await told.history.post("/api/history/take-back", {"run": run})
        told.show(answer, lambda: told.telling.say(f"restored: {answer['count']}"))
        return DONE if answer["count"] else NOTHING

    _do(work, as_json, url, config, data_dir)


class _Told:
    """What a command works with."""

    def __init__(self, history: Skills, telling: Telling, as_json: bool) -> None:
        self.history = history
        self.telling = telling
        self._as_json = as_json

    async def run(self, named: str) -> str:
        """The run's own name, as it stands in an address."""
        if named != LAST:
            return quote(named, safe="")
        found = await self.history.get("/api/history?most=1")
        return str(found["runs"][0]["task"]) if found["runs"] else "none"

    def show(self, result: Any, words: Callable[[], None]) -> None:
        """The result as JSON, or in words."""
        if self._as_json:
            print_json(result)
        else:
            words()


Work = Callable[[_Told], Coroutine[Any, Any, int]]


def _found(words: str, wanted: dict[str, str], most: int) -> Work:
    async def work(told: _Told) -> int:
        given = {name: value for name, value in wanted.items() if value}
        zone = told.telling.zone
        for name, days in (("since", 0), ("until", 1)):
            if name in given:
                given[name] = str(_midnight(given[name], days, zone))
        asked = urlencode({**given, "words": words, "most": most})
        found = await told.history.get(f"/api/history?{asked}")
        if words or given:
            found["under_way"] = []
        some = bool(found["runs"] or found["under_way"])
        told.show(found, lambda: told.telling.runs(found) if some else told.telling.say("nothing was found"))
        return DONE if some else NOTHING

    return work


def _midnight(day: str, days: int, zone: Any) -> float:
    try:
        return (datetime.fromisoformat(day).replace(tzinfo=zone) + timedelta(days=days)).timestamp()
    except ValueError as error:
        raise typer.BadParameter(f"{day!r} is no day; write one such as 2026-11-23") from error


def _do(work: Work, as_json: bool, url: str, config: Path | None, data_dir: Path | None) -> None:
    from cloud.history_cli.reaching import history_of
    from cloud.history_cli.telling import Telling
    from cloud.talking import Refused

    chosen = configured(config, data_dir=data_dir)

    async def done() -> int:
        async with history_of(chosen, url) as reached:
            return await work(_Told(reached, Telling(out, chosen.zone), as_json))

    try:
        code = asyncio.run(done())
    except Refused as error:
        code = REFUSED if error.status in (401, 403, 409) else WRONG
        if as_json:
            print_json({"code": error.code, "error": str(error)})
        else:
            wrong.print(f"leveret: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(code)
