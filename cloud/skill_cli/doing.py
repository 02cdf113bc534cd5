"""How a command of `leveret skill` is done: told where, answered in words or as JSON, ended with a code."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import typer

from cloud.options import configured, out, wrong

if TYPE_CHECKING:
    from cloud.skill_cli.connecting import Skills

# It is done, or it holds; it did not hold, or the run did not end well; wrong use, a file that is no skill, or nobody
# to ask; refused, declined, or not answered.
DONE, FAILED, WRONG, REFUSED = 0, 1, 2, 3
# How a run's end is told by the exit code; what is not here failed.
ENDS = {"done": DONE} | dict.fromkeys(("refused", "declined", "expired", "cancelled"), REFUSED)


def values_of(given: list[str] | None) -> dict[str, Any]:
    """NAME=VALUE each; a name that comes again is a list."""
    values: dict[str, Any] = {}
    for one in given or ():
        name, mark, value = one.partition("=")
        if not mark or not name:
            raise typer.BadParameter(f"{one!r} is no value; write --value name=value")
        if name in values:
            before = values[name]
            values[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            values[name] = value
    return values


class Told:
    """What a command was told: configuration, where, and how to answer."""

    def __init__(self, url: str, config: Path | None, data_dir: Path | None, as_json: bool) -> None:
        from cloud.skill_cli.telling import Telling

        self.config = configured(config, data_dir=data_dir)
        self.as_json = as_json
        self.telling = Telling(out, self.config.zone)
        self._url = url

    def skills(self) -> AbstractAsyncContextManager[Skills]:
        """The skills, for as long as the block runs."""
        from cloud.skill_cli.connecting import skills_of

        return skills_of(self.config, self._url)

    def show(self, result: Any, words: Callable[[], None]) -> None:
        """The result as JSON, or in words."""
        if self.as_json:
            print_json(result)
        else:
            words()


def print_json(result: Any) -> None:
    """Onto the standard output, for programs."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n")


def do(
    work: Callable[[Told], Coroutine[Any, Any, int]],
    as_json: bool,
    url: str,
    config: Path | None,
    data_dir: Path | None,
) -> None:
    from cloud.talking import Refused

    try:
        with _errors_alone():
            code = asyncio.run(work(Told(url, config, data_dir, as_json)))
    except Refused as error:
        code = REFUSED if error.status in (401, 403, 409) else WRONG
        if as_json:
            print_json({"code": error.code, "error": str(error)})
        else:
            wrong.print(f"leveret: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(code)


@contextmanager
def _errors_alone() -> Iterator[None]:
    """What the shelf logs is no part of an answer."""
    import structlog

    before = structlog.get_config()
    errors = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=errors, logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        yield
    finally:
        structlog.configure(**before)
