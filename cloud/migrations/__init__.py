"""The history of the store's tables, applied when it opens."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData

FOLDER = Path(__file__).parent


def configuration(connection: Connection, tables: MetaData) -> Config:
    """Alembic's settings, bound to an open connection and to the tables that the code describes."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes.update(connection=connection, metadata=tables)
    return config


def upgrade(connection: Connection, tables: MetaData) -> None:
    """Brings the tables up to date within the caller's transaction."""
    command.upgrade(configuration(connection, tables), "head")
