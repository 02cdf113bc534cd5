"""`leveret`: the cloud's command line."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from browser.errors import BrowserError
from cloud.config import Config, sites_of
from cloud.errors import CloudError
from cloud.history.errors import HistoryError
from cloud.history_cli.commands import history
from cloud.options import ConfigFile, DataDir, Url, accounts_of, configured, out, wrong
from cloud.people.accounts import OWNER, write_secret
from cloud.schedule_cli import schedule
from cloud.skill_cli.commands import skill
from cloud.speech.errors import SpeechError
from cloud.tasks.errors import TasksError
from cloud.tools.errors import ShelfError
from teach_mode.errors import TeachError

if TYPE_CHECKING:  # a store's engine is not loaded to pair a device
    from cloud.people.vault import Kind, Vault

program = typer.Typer(no_args_is_help=True, add_completion=False, help="Hold a button, say it, and it is done.")
vault = typer.Typer(no_args_is_help=True, help="The owner's passwords, one-time codes and card numbers.")
program.add_typer(skill, name="skill")
program.add_typer(history, name="history")
program.add_typer(schedule, name="schedule")
program.add_typer(vault, name="vault")
# What says by itself what is wrong and what to do.
TELLING = (CloudError, SpeechError, TasksError, ShelfError, TeachError, BrowserError, HistoryError)


def _tell_version(wanted: bool) -> None:
    if wanted:
        out.print(version("leveret"))
        raise typer.Exit


@program.callback()
def leveret(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="say the version, and end")
    ] = False,
) -> None:
    """Hold a button, say it, and it is done."""


@program.command()
def serve(
    config: ConfigFile = None,
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on; 0 takes a free one")] = None,
    site: Annotated[list[str] | None, typer.Option(help="name=address of a site that skills act on")] = None,
    allow_local: Annotated[list[str] | None, typer.Option(help="host:port on loopback that browsers may reach")] = None,
    skills: Annotated[list[Path] | None, typer.Option(help="a skill file, or a folder of them")] = None,
    log: Annotated[str | None, typer.Option(help="console or json")] = None,
) -> None:
    """Run the cloud: gateway, runner and portal. Stops at Ctrl+C or SIGTERM."""
    from cloud.app import run

    flags: dict[str, Any] = {"data_dir": data_dir, "host": host, "port": port, "log": log}
    flags |= {"sites": sites_of(site) if site else None, "allow_local": allow_local or None, "skills": skills or None}
    code = run(configured(config, **flags), lambda url: print(msgspec.json.encode({"url": url}).decode(), flush=True))
    if code:
        raise typer.Exit(code)


@program.command()
def update(
    check: Annotated[bool, typer.Option("--check", help="say what could be had, and bring nothing")] = False,
    source: Annotated[str, typer.Option("--from", help="a bundle, a folder, or an address")] = "",
    status: Annotated[bool, typer.Option("--status", help="say which release runs, and how far an update is")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="end an update that is on its way")] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="go back to the release before this one")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the result as one JSON line")] = False,
    root: Annotated[str, typer.Option(help="the folder of the program (default: the one that this runs from)")] = "",
) -> None:
    """Bring the newest signed release that fits. It is taken when nothing goes on, its databases saved before."""
    from release.command import main as bring

    said = {"--check": check, "--status": status, "--cancel": cancel, "--rollback": rollback, "--json": as_json}
    line = [name for name, wanted in said.items() if wanted]
    line += [part for name, value in (("--from", source), ("--root", root)) if value for part in (name, value)]
    raise typer.Exit(bring("leveret update", "cloud", line))


@program.command()
def pair(
    name: Annotated[str, typer.Argument(help="what to call the device")],
    write: Annotated[Path | None, typer.Option(help="write the key file here instead of printing it")] = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Pair a device. Its key file goes onto the device; whoever has it is the device."""
    device = accounts_of(configured(config, data_dir=data_dir)).pair(name)
    text = msgspec.json.encode({"device": device.id, "key": device.key}).decode()
    if write is None:
        sys.stdout.write(text + "\n")
    else:
        write_secret(write, text + "\n")
        out.print(f"{device.id} is paired; its key is in {write}")


@program.command()
def devices(config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """List the paired devices."""
    for device in accounts_of(configured(config, data_dir=data_dir)).devices():
        locked = "  locked: somebody has a copy of it" if device.frozen else ""
        out.print(f"{device.id}  {device.name}  since {device.paired_at}{locked}", highlight=False)


@program.command()
def revoke(device: str, config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Take a device's key back; a connected one is put out within two seconds."""
    accounts_of(configured(config, data_dir=data_dir)).revoke(device)
    out.print(f"{device} is not paired any more")


@program.command()
def token(config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Print the owner's token, with which the portal and the API are entered."""
    sys.stdout.write(accounts_of(configured(config, data_dir=data_dir)).open() + "\n")


@vault.command("list")
def list_secrets(config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """List what is kept, without the values."""

    async def listed() -> None:
        async with vault_of(configured(config, data_dir=data_dir)) as opened:
            for entry in await opened.names(OWNER):
                where = ", ".join(entry.origins)
                out.print(f"{entry.name}  {entry.kind}  on {where}", highlight=False, soft_wrap=True)

    asyncio.run(listed())


@vault.command("add")
def add_secret(
    name: Annotated[str, typer.Argument(help="what a skill calls it")],
    origin: Annotated[list[str], typer.Option(help="where it may be typed, such as https://shop.example")],
    kind: Annotated[str, typer.Option(help="password, one_time_code, card or text")] = "password",
    any_field: Annotated[bool, typer.Option("--any-field", help="let it into fields of every kind")] = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Keep a secret. It is asked for, or read from the standard input; it is never an argument."""
    chosen = configured(config, data_dir=data_dir)
    value = typer.prompt(name, hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")

    async def added() -> None:
        async with vault_of(chosen) as opened:
            kept: Kind = kind  # type: ignore[assignment]  # put() says what kinds there are
            entry = await opened.put(OWNER, name, value, kind=kept, origins=origin, any_field=any_field)
        out.print(f"{entry.name} is kept for {', '.join(entry.origins)}", highlight=False, soft_wrap=True)

    asyncio.run(added())


@vault.command("remove")
def remove_secret(
    name: Annotated[str, typer.Argument(help="which one")] = "",
    everything: Annotated[bool, typer.Option("--all", help="all secrets and sessions, and the key to them")] = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Forget a secret; with --all everything, so that no copy of the store can be read either."""
    if bool(name) == everything:
        raise typer.BadParameter("name a secret, or say --all")

    async def removed() -> None:
        async with vault_of(configured(config, data_dir=data_dir)) as opened:
            await (opened.shred(OWNER) if everything else opened.remove(OWNER, name))
        out.print("the vault is empty" if everything else f"{name} is forgotten", highlight=False)

    asyncio.run(removed())


@vault.command("rotate")
def rotate_key(config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Make a new key for the vault; what is kept stays as it is. Works beside a running cloud."""

    async def rotated() -> None:
        async with vault_of(configured(config, data_dir=data_dir)) as opened:
            out.print(f"the vault has a new key; data keys wrapped anew: {await opened.rotate()}", highlight=False)

    asyncio.run(rotated())


@program.command()
def say(
    text: str,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Type a request to the running cloud, watch it being done, and answer its questions."""
    from cloud.talking import Address, Talk, address_of

    chosen = configured(config, data_dir=data_dir)
    owner = accounts_of(chosen).open()
    address = Address(url) if url else address_of(chosen.data_dir)
    raise typer.Exit(asyncio.run(Talk(address, owner, out).request(text)))


@program.command()
def health(config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Ask the cloud that runs on this data whether it takes requests; 0 if it does."""
    from cloud.talking import address_of, check_health

    address = address_of(configured(config, data_dir=data_dir).data_dir)
    check_health(address)
    out.print(f"{address.url} takes requests", highlight=False)


@program.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def demo(context: typer.Context) -> None:
    """Town, cloud and a simulated device: a spoken sentence becomes an order. Takes the flags of examples.demo."""
    raise typer.Exit(subprocess.call([sys.executable, "-m", "examples.demo", *context.args]))


@program.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def install(
    context: typer.Context, what: Annotated[str, typer.Argument(metavar="device|cloud", help="what to install")]
) -> None:
    """Install device or cloud as a service. Takes --dry-run, --root DIR, --no-start, --again."""
    from installer.command import main as installer

    raise typer.Exit(installer(["install", what, *context.args]))


@program.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def uninstall(
    context: typer.Context, what: Annotated[str, typer.Argument(metavar="device|cloud", help="what to remove")]
) -> None:
    """Undo that; what was kept stays. Takes --dry-run, --root DIR, --purge."""
    from installer.command import main as installer

    raise typer.Exit(installer(["uninstall", what, *context.args]))


@asynccontextmanager
async def vault_of(config: Config) -> AsyncIterator[Vault]:
    """The vault in the configured folder, whether or not the cloud is running."""
    from cloud.clock import utc_seconds
    from cloud.people.keys import keys_of
    from cloud.people.vault import Vault
    from cloud.store import Store, file_url, insert_new, persons

    config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = keys_of(config.data_dir / "people", config.vault_key_file, os.environ)
    keys.open()
    store = await Store.open(file_url(config.data_dir / "leveret.db"))
    try:
        async with store.write() as connection:
            row = {"id": OWNER, "name": config.owner.name, "zone": config.timezone, "created_at": utc_seconds()}
            await insert_new(connection, persons, row)
        yield Vault(store, keys, utc_seconds)
    finally:
        await store.close()


def main() -> None:
    """The console script. What we know how to explain ends in one line, without a traceback."""
    try:
        program()
    except TELLING as error:
        explain(error)
    except BaseExceptionGroup as group:
        # What ends a running cloud comes in groups.
        told, others = group.split(TELLING)
        if told is None or others is not None:
            raise
        explain(*leaves(told))


def leaves(group: BaseExceptionGroup[Exception]) -> list[Exception]:
    """The errors in a group, without its folds."""
    found: list[Exception] = []
    for one in group.exceptions:
        found += leaves(one) if isinstance(one, BaseExceptionGroup) else [one]
    return found


def explain(*errors: Exception) -> None:
    """Says what is wrong, and ends with 2."""
    for error in errors:
        wrong.print(f"leveret: {error}", style="red", highlight=False, soft_wrap=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
