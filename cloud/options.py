"""What the commands of `leveret` share: where the data is, how it is configured, and where they print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cloud.config import Config, load
from cloud.people.accounts import Accounts

out = Console()
wrong = Console(stderr=True)

ConfigFile = Annotated[Path | None, typer.Option("--config", help="TOML file (also LEVERET_CONFIG)")]
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="where everything is kept (default: data)")]
Url = Annotated[str, typer.Option("--url", help="the cloud's address (default: the one that runs on this data)")]


def configured(path: Path | None, **flags: Any) -> Config:
    """The configuration from file, environment and flags."""
    named = os.environ.get("LEVERET_CONFIG")
    return load(path or (Path(named) if named else None), os.environ, flags)


def accounts_of(config: Config) -> Accounts:
    """The accounts in the configured folder."""
    return Accounts(config.data_dir / "people")
