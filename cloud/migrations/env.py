"""What Alembic runs. It only ever works on the connection that `cloud.migrations.upgrade` hands over."""

from __future__ import annotations

from alembic import context

attributes = context.config.attributes
connection = attributes["connection"]
context.configure(
    connection=connection, target_metadata=attributes["metadata"], render_as_batch=connection.dialect.name == "sqlite"
)
context.run_migrations()
