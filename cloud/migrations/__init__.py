"""The history of the store's tables, applied when it opens."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from cloud.errors import StoreNewer

FOLDER = Path(__file__).parent


def configuration(connection: Connection, tables: MetaData) -> Config:
    """Alembic's settings, bound to an open connection and to the tables that the code describes."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes.update(connection=connection, metadata=tables)
    return config


def upgrade(connection: Connection, tables: MetaData) -> None:
    """Brings the tables up to date within the caller's transaction. Raises StoreNewer."""
    config = configuration(connection, tables)
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise StoreNewer(
            f"the data is of a later version than this one ({', '.join(unknown)}): start that version again, "
            "or put back the backup that was made before it came"
        )
    command.upgrade(config, "head")
