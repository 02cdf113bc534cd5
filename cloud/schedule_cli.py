"""The commands of `leveret schedule`, which ask the cloud that runs on the data.

Exit codes: 0 it is done; 2 wrong use, no such schedule, what cannot be understood, or no cloud; 3 there are too many.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import msgspec
import typer

from cloud.options import ConfigFile, DataDir, Url, accounts_of, configured, out, wrong

if TYPE_CHECKING:
    import httpx

READ_S = 60.0
REFUSED = 3
PATH = "/api/schedules"

schedule = typer.Typer(no_args_is_help=True, help="Schedules: make, look at, leave out, pause, run, remove.")

Name = Annotated[str, typer.Argument(help="words of its name that no other schedule has, or its id")]
Json = Annotated[bool, typer.Option("--json", help="print the result as JSON")]


@schedule.command()
def add(
    request: Annotated[str, typer.Argument(help='"every weekday at eight, read me my unread mail"')],
    when: Annotated[str, typer.Option("--when", help="its times, when the request does not name them")] = "",
    zone: Annotated[str, typer.Option("--zone", help="IANA zone that it stays in (default: the person's)")] = "",
    overlap: Annotated[str, typer.Option("--overlap", help="while a run goes on: skip, queue or together")] = "",
    late: Annotated[float | None, typer.Option("--late", help="minutes by which it may be begun late")] = None,
    patience: Annotated[float | None, typer.Option("--patience", help="minutes that its question waits")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what it would do, and keep nothing")] = False,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Keep a request for its times. It is understood at once; what is missing is said."""
    given: dict[str, Any] = {"text": request, "when": when, "zone": zone}
    given |= {"overlap": overlap} if overlap else {}
    given |= {"late_s": late * 60} if late is not None else {}
    given |= {"patience_s": patience * 60} if patience is not None else {}
    with asking(url, config, data_dir) as ask:
        made = ask("POST", f"{PATH}/preview" if dry_run else PATH, given)
    show_result(made, as_json, lambda: _one(made, kept=not dry_run))


@schedule.command("list")
def list_schedules(as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """List the schedules with their next times."""
    with asking(url, config, data_dir) as ask:
        found = ask("GET", PATH)
    show_result(found, as_json, lambda: _all(found["schedules"]))


@schedule.command()
def show(name: Name, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Show a schedule: what it does, its next five times, and what became of the last ones."""
    with asking(url, config, data_dir) as ask:
        found = ask("GET", f"{PATH}/{quote(name, safe='')}")

    def words() -> None:
        _one(found)
        for past in found["history"]:
            _say(f"  {_date(past['due_at'])}  {past['ended'] or past['status']}  {past['sentence']}".rstrip())

    show_result(found, as_json, words)


@schedule.command()
def pause(
    name: Name, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None
) -> None:
    """Let a schedule rest until it is resumed."""
    _done(name, "pause", "is paused", as_json, url, config, data_dir)


@schedule.command()
def resume(
    name: Name, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None
) -> None:
    """Let a paused schedule go on, or bring back a removed one by its id; nothing is made up for."""
    _done(name, "resume", "goes on", as_json, url, config, data_dir)


@schedule.command()
def skip(name: Name, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Leave a schedule out the next time."""
    _done(name, "skip", "is left out once", as_json, url, config, data_dir, {})


@schedule.command()
def run(name: Name, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Begin a schedule now, beside its times."""
    with asking(url, config, data_dir) as ask:
        found = ask("POST", f"{PATH}/{quote(name, safe='')}/run")
    show_result(found, as_json, lambda: _say(f"begun as task {found['task']}"))


@schedule.command()
def remove(
    name: Name, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None
) -> None:
    """Remove a schedule; `leveret schedule resume` with its id brings it back."""
    with asking(url, config, data_dir) as ask:
        found = ask("DELETE", f"{PATH}/{quote(name, safe='')}")
    show_result(found, as_json, lambda: _say(f"“{found['name']}” is removed ({found['id']})"))


Ask = Callable[..., Any]


@contextmanager
def asking(url: str, config: Path | None, data_dir: Path | None) -> Iterator[Ask]:
    """Calls the cloud's API: method, path and body give the JSON of its answer. Raises Unreachable; ends the command
    with a sentence for what the cloud refuses."""
    import httpx

    from cloud.talking import Address, Refused, Unreachable, address_of

    chosen = configured(config, data_dir=data_dir)
    address = Address(url) if url else address_of(chosen.data_dir)
    headers = {"authorization": f"Bearer {accounts_of(chosen).open()}"}

    def ask(method: str, path: str, given: Mapping[str, Any] | None = None) -> Any:
        answer: httpx.Response = client.request(method, path, json=given)
        if answer.is_error:
            raise Refused(answer)
        return answer.json()

    with httpx.Client(base_url=address.url, headers=headers, timeout=READ_S, verify=address.trust()) as client:
        try:
            yield ask
        except httpx.HTTPError as error:
            raise Unreachable(f"the cloud at {address.url} does not answer: {error}") from error
        except Refused as refused:
            wrong.print(f"leveret: {refused}", style="red", highlight=False, markup=False, soft_wrap=True)
            raise typer.Exit(REFUSED if refused.status == 409 else 2) from refused


def show_result(result: Any, as_json: bool, words: Callable[[], None]) -> None:
    """Prints a result, in words or as one line of JSON."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        words()


def _done(
    name: str,
    act: str,
    what: str,
    as_json: bool,
    url: str,
    config: Path | None,
    data_dir: Path | None,
    given: Mapping[str, Any] | None = None,
) -> None:
    with asking(url, config, data_dir) as ask:
        found = ask("POST", f"{PATH}/{quote(name, safe='')}/{act}", given)

    def words() -> None:
        following = f"; next {found['next'][0]['words']}" if found["next"] else ""
        _say(f"“{found['name']}” {what}{following}")

    show_result(found, as_json, words)


def _all(schedules: list[dict[str, Any]]) -> None:
    if not schedules:
        _say('Nothing is scheduled. For example: leveret schedule add "every weekday at eight, read my notes"')
    for one in schedules:
        following = "paused" if one["paused"] else f"next {one['next'][0]['words']}" if one["next"] else "over"
        _say(f"{one['name']}: {one['when']}; {following}")


def _one(one: dict[str, Any], *, kept: bool = True) -> None:
    _say(f"{one['name']}{'' if kept else ' (nothing is kept)'}", "bold")
    state = "  paused" if one["paused"] else "  removed" if one["ended"] else ""
    _say(f"  {one['when']}, by the clock in {one['in_zone']}{state}")
    for each in one["next"]:
        _say(f"  {each['wall'].replace('T', ' ')[:16]}  {each['words']}", "dim")
    if one["effect"] == "irreversible":
        _say(f"  it asks each time, and waits {one['patience_s'] / 60:.0f} minutes for an answer")
    _say(
        f"  may begin {one['late_s'] / 60:.0f} minutes late; while a run goes on: {one['overlap']}; id {one['id']}",
        "dim",
    )


def _say(words: str, style: str = "") -> None:
    out.print(words, style=style or None, highlight=False, markup=False, soft_wrap=True)


def _date(seconds: float) -> str:
    from datetime import datetime

    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")
