"""`leveret-device boot`: the lines for config.txt that this device needs, by its build and the pins of its settings."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from device.boot import PATH, boot_lines
from device.builds import NONE, SIMULATED, pins_of, wired_of
from device.config import Config, device_of, read_config
from device.errors import ConfigError
from device.wiring import Wired, wiring


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="leveret-device boot",
        description=f"Print the lines that this device needs in {PATH}: buses and drivers switched on, and every pin"
        " quiet until the firmware has it. It changes nothing.",
    )
    made.add_argument("--config", type=Path, help="settings, a TOML file: its build and its pins")
    made.add_argument("--build", help="what the device is made of: whisplay, discrete")
    return made


def wired_so(config: Config) -> Wired:
    """How the device of these settings is wired; raises ConfigError."""
    if config.build == SIMULATED:
        raise ConfigError("a simulated device has no config.txt; --build names a real one")
    pins = pins_of(device_of(config))
    return replace(wired_of(config.build), pins={name: pin for name, pin in pins.items() if pin != NONE})


def main(argv: Sequence[str]) -> int:
    """0 done; 2 wrong setting."""
    flags = parser().parse_args(argv)
    path = flags.config or (
        Path(os.environ["LEVERET_DEVICE_CONFIG"]) if "LEVERET_DEVICE_CONFIG" in os.environ else None
    )
    try:
        lines = boot_lines(wiring(), wired_so(read_config(path, os.environ, {"build": flags.build})))
    except ConfigError as error:
        sys.stderr.write(f"leveret-device: {error}\n")
        return 2
    sys.stdout.write("\n".join(lines) + "\n")
    return 0
