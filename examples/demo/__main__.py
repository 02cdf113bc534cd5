"""`python -m examples.demo`: what `make run` does. With --serve everything is left running instead."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

import msgspec
from rich.console import Console

from examples.demo import film, flyer
from examples.demo.person import person
from examples.demo.result import result_of
from examples.demo.run import Attempt, Request, Run, frames_of, pair
from examples.demo.stage import Stage, StageError, stage
from examples.demo.timeline import Timeline
from examples.town.town import SITES

SAY = "order a large pepperoni pizza"
FLYER = "flyer"
out = Console(highlight=False)


def arguments() -> argparse.Namespace:
    """What stands on the command line; SAY, TEXT and SEE in the environment come from `make`."""
    parser = argparse.ArgumentParser(prog="python -m examples.demo", description=__doc__)
    parser.add_argument("--say", default=os.environ.get("SAY") or SAY, help="what the person says")
    parser.add_argument("--text", default=os.environ.get("TEXT") or "", help="what the person types instead")
    parser.add_argument(
        "--see", default=os.environ.get("SEE") or "", help="a photo that goes with it; `flyer`: the bistro's own flyer"
    )
    parser.add_argument("--out", type=Path, default=Path("out"), help="where everything is written (default: out)")
    parser.add_argument("--serve", action="store_true", help="leave town and cloud running; print the addresses")
    given = parser.parse_args()
    if given.see not in ("", FLYER) and not Path(given.see).is_file():
        parser.error(f"no picture at {given.see}")
    return given


async def demo(options: argparse.Namespace) -> int:
    """One request; 0 only when it was done."""
    folder: Path = cleared(options.out)
    timeline = Timeline(out)
    timeline.line("starting", "a town, a cloud and a device")
    async with stage(folder) as stand:
        see = Path(options.see) if options.see else None
        if options.see == FLYER:
            see = await asyncio.to_thread(flyer.draw, stand.town.bistro, folder / "flyer.png")
        async with person(stand.device_url, pair(stand), folder, see=see) as somebody:
            timeline.line("ready", f"town {stand.town.town}   cloud {stand.cloud}")
            request = Request(text=options.text or options.say, typed=bool(options.text))
            run = await Attempt(stand, somebody, timeline).make(request)
        frames = film.collect(frames_of(stand), folder / "film")
        film.sheet(frames, folder / "film.png")
    result = result_of(run)
    (folder / "result.json").write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2))
    show(run, result, folder, len(frames))
    return 0 if run.is_done else 1


def cleared(folder: Path) -> Path:
    """The folder, without the pictures and the logs of an earlier run."""
    for log in folder.glob("*.log"):
        log.unlink()
    for name in ("screens", "film"):
        shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def show(run: Run, result: dict[str, object], folder: Path, frames: int) -> None:
    """The end of it: what now stands in the ledger, and where everything lies."""
    out.print()
    for row in run.ledger:
        out.print("The ledger has a new row:", style="bold")
        for name, value in row.items():
            if value not in ("", [], None):
                out.print(f"  {name:<10} {value}")
    if not run.ledger:
        out.print("Nothing was ordered.", style="dim")
    out.print(f"reply      {result['reply']}", style="bold")
    timings = result["timings_ms"]
    assert isinstance(timings, dict)
    out.print("timings    " + "  ".join(f"{name} {value:.0f} ms" for name, value in timings.items()))
    out.print(f"heard      {folder / 'reply.wav'}     seen  {folder / 'screens'}/")
    out.print(f"browser    {folder / 'film.png'} ({frames} frames)     all  {folder / 'result.json'}")


async def serve(options: argparse.Namespace) -> int:
    """Town and cloud until Ctrl+C."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    folder: Path = cleared(options.out / "serve")
    async with stage(folder, keep_data=True) as stand:
        addresses(stand)
        await stop.wait()
    return 0


def addresses(stand: Stage) -> None:
    """Where everything is, each on one line, so that it can be copied."""
    for line in (
        f"portal   {stand.cloud}/      sign in with  {stand.token}",
        f"town     {stand.town.town}",
        *(f"  {name:<12} {getattr(stand.town, name)}" for name in SITES),
        f"ledger   {stand.town.ledger}",
        f"pair     leveret pair NAME --data-dir {stand.data_dir} --write NAME.key",
        f"device   leveret-device --simulated --cloud {stand.device_url} --key-file NAME.key --say order.wav",
    ):
        out.print(line, soft_wrap=True)
    out.print("Ctrl+C stops everything.", style="dim")


def main() -> int:
    """Exit status."""
    options = arguments()
    try:
        return asyncio.run(serve(options) if options.serve else demo(options))
    except StageError as error:
        out.print(f"demo: {error}", style="bold red")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
