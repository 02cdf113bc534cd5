"""The command `leveret-device check`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from device.builds import SIMULATED
from device.check import plan
from device.check.asking import AtTerminal, Nobody, Person
from device.check.desk import Desk
from device.check.findings import Report, plain, text
from device.check.making import Make, real
from device.check.stand import Stand
from device.config import Config, Key, device_of, read_config, read_key
from device.errors import ConfigError


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="leveret-device check",
        description="Try each part of this device, one after the other, and print a report that can be pasted into an"
        " issue: nothing secret is in it. Stop the device itself first. Exit code 1 when something does not work.",
    )
    made.add_argument("--config", type=Path, help="settings, a TOML file")
    made.add_argument("--cloud", help="address of the cloud, wss://host/device")
    made.add_argument("--key-file", type=Path, help="what `leveret pair` wrote")
    made.add_argument("--plain", action="store_true", default=None, help="allow ws:// to another machine")
    made.add_argument("--build", help="what the device is made of: whisplay, discrete, simulated")
    made.add_argument("--simulated", action="store_true", help="simulated parts, and somebody who does what is asked")
    made.add_argument("--only", action="append", default=[], choices=plan.NAMES, help="this check; may be repeated")
    made.add_argument("--yes", action="store_true", help="nobody is there: ask nothing, and judge what can be judged")
    made.add_argument("--json", action="store_true", help="print the report as one JSON line")
    return made


def main(argv: Sequence[str]) -> int:
    """0: nothing is bad; 1: something is; 2: wrong setting."""
    flags = parser().parse_args(argv)
    try:
        config = settings_from(flags, os.environ)
        report = asyncio.run(checked(flags, config))
    except KeyboardInterrupt:
        return 130
    except ConfigError as error:
        sys.stderr.write(f"leveret-device: {error}\n")
        return 2
    sys.stdout.write((json.dumps(plain(report)) if flags.json else text(report)) + "\n")
    return 0 if report.passed else 1


def settings_from(flags: argparse.Namespace, environ: Mapping[str, str]) -> Config:
    """The settings; raises ConfigError."""
    path = flags.config or (Path(environ["LEVERET_DEVICE_CONFIG"]) if "LEVERET_DEVICE_CONFIG" in environ else None)
    told = {name: getattr(flags, name) for name in ("cloud", "key_file", "plain", "build")}
    return read_config(path, environ, told)


async def checked(flags: argparse.Namespace, config: Config) -> Report:
    """Do the checks."""
    simulated = flags.simulated or config.build == SIMULATED
    names = tuple(flags.only) or plan.NAMES
    key, no_key = _key(config)
    with ExitStack() as held:
        person: Person
        make: Make
        if simulated:
            desk = Desk(say=None if flags.json else AtTerminal().tell)
            person, make = Nobody() if flags.yes else desk, desk.make()
        else:
            person, make = Nobody() if flags.yes else AtTerminal(), real(device_of(config), held)
        stand = held.enter_context(Stand(config, make, person, key=key, no_key=no_key))
        found = await plan.run(stand, names)
    return Report(
        software=f"leveret {_version()} on Python {platform.python_version()}",
        build=SIMULATED if simulated else config.build,
        made=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        checks=found,
    )


def _key(config: Config) -> tuple[Key | None, str]:
    try:
        return read_key(config.key_file), ""
    except ConfigError as error:
        return None, str(error)


def _version() -> str:
    try:
        return metadata.version("leveret")
    except metadata.PackageNotFoundError:
        return "of unknown version"
